"""The shapes of the observation calls, for the OpenAPI document; the rules stand in `documents.py`."""

from __future__ import annotations

from rest_framework import serializers


class MediaItem(serializers.Serializer[object]):
    id = serializers.UUIDField()
    interaction = serializers.CharField(required=False, allow_null=True)
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    type = serializers.CharField()


class ObservationDocument(serializers.Serializer[object]):
    id = serializers.UUIDField()
    journey = serializers.CharField()
    framework_version = serializers.IntegerField()
    method = serializers.CharField()
    location = serializers.CharField(required=False, allow_null=True)
    channel = serializers.CharField(required=False, allow_null=True)
    observed_at = serializers.DateTimeField()
    observer = serializers.CharField(required=False, allow_null=True)
    customer = serializers.CharField(required=False, allow_null=True)
    answers = serializers.DictField(help_text="interaction key: points of a level, “NA” or “NO”")
    notes = serializers.DictField(child=serializers.CharField(), required=False)
    comment = serializers.CharField(required=False)
    media = MediaItem(many=True, required=False)
    base_revision = serializers.IntegerField(required=False)
    forked_from = serializers.UUIDField(required=False)
    visit = serializers.CharField(required=False)
    started_at = serializers.DateTimeField(required=False)
    duration_s = serializers.IntegerField(required=False)
    device_time = serializers.DateTimeField(required=False)


class Receipt(serializers.Serializer[object]):
    id = serializers.UUIDField()
    sha256 = serializers.CharField()
    revision = serializers.IntegerField(allow_null=True)
    missing_media = serializers.ListField(child=serializers.UUIDField())


class FieldProblem(serializers.Serializer[object]):
    path = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[object]):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]


class SyncRequest(serializers.Serializer[object]):
    observations = ObservationDocument(many=True)


class SyncResult(Receipt):
    status = serializers.ChoiceField(
        choices=[
            "created",
            "unchanged",
            "revised",
            "conflict",
            "withdrawn",
            "quarantined",
            "forbidden",
        ]
    )
    errors = FieldProblem(many=True)  # type: ignore[assignment]  # a field, not the property


class SyncResponse(serializers.Serializer[object]):
    results = SyncResult(many=True)


class EnrolmentRequest(serializers.Serializer[object]):
    code = serializers.CharField(help_text="XXXX-XXXX, in any case, with or without dash")
    device = serializers.UUIDField(
        required=False, allow_null=True, help_text="what the tablet knows itself by"
    )


class FieldDevice(serializers.Serializer[object]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class FieldProgramme(serializers.Serializer[object]):
    slug = serializers.CharField()
    name = serializers.CharField()
    language = serializers.CharField()


class FieldLocation(serializers.Serializer[object]):
    code = serializers.CharField()
    name = serializers.CharField()
    region = serializers.CharField()


class Enrolment(serializers.Serializer[object]):
    token = serializers.CharField()
    device = FieldDevice()
    programme = FieldProgramme()
    locations = FieldLocation(many=True)


class DraftDocument(serializers.Serializer[object]):
    id = serializers.UUIDField()
    saved_at = serializers.DateTimeField()
    journey = serializers.CharField(required=False)
    framework_version = serializers.IntegerField(required=False)
    document = serializers.DictField(help_text="the observation so far")
    place = serializers.JSONField(required=False, help_text="the tablet's own, 2 kB at most")


class DraftReceipt(serializers.Serializer[object]):
    id = serializers.UUIDField()
    saved_at = serializers.DateTimeField()


class ListedDraft(DraftDocument):
    device = FieldDevice(allow_null=True, help_text="the tablet that it came from")


class DraftList(serializers.Serializer[object]):
    drafts = ListedDraft(many=True)
