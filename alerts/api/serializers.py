"""The shape of the feed, for the OpenAPI document: one field a column, in the order of the table."""

from __future__ import annotations

from rest_framework import serializers

from alerts.feed import Place


class FeedRow(serializers.Serializer[object]):
    journey = serializers.CharField()
    journey_name = serializers.CharField()
    segment = serializers.CharField()
    segment_name = serializers.CharField()
    stage = serializers.CharField(
        allow_null=True, help_text="Null for the journey score, and so are the next four."
    )
    stage_name = serializers.CharField(allow_null=True)
    stage_number = serializers.IntegerField(allow_null=True)
    phase = serializers.ChoiceField(choices=["before", "during", "after"], allow_null=True)
    is_moment_of_truth = serializers.BooleanField(allow_null=True)
    place_kind = serializers.ChoiceField(choices=Place.values)
    place = serializers.CharField(
        allow_null=True, help_text="The code of a location, the name of a region; null for all."
    )
    place_name = serializers.CharField(allow_null=True)
    wave = serializers.CharField(allow_null=True, help_text="Null for all months.")
    wave_name = serializers.CharField(allow_null=True)
    method = serializers.CharField(allow_null=True, help_text="Null for all methods together.")
    framework_version = serializers.IntegerField(allow_null=True)
    n = serializers.IntegerField()
    score = serializers.CharField(allow_null=True)
    score_low = serializers.FloatField(allow_null=True)
    score_high = serializers.FloatField(allow_null=True)
    target = serializers.CharField(allow_null=True)
    gap = serializers.CharField(allow_null=True)
    gap_low = serializers.FloatField(allow_null=True)
    gap_high = serializers.FloatField(allow_null=True)
    label = serializers.ChoiceField(  # type: ignore[assignment]  # a field of the document
        choices=["disappointing", "neutral", "enchantment", "insufficient"],
        allow_null=True,
        help_text="Null for the journey score, which has no class; and so is the certainty.",
    )
    certainty = serializers.ChoiceField(choices=["confirmed", "to_confirm", "-"], allow_null=True)
    evidence = serializers.ChoiceField(choices=["A", "B", "C", "D"])
    flags = serializers.CharField(help_text="Separated by spaces; empty for none.")
    pending = serializers.IntegerField()


class FeedPage(serializers.Serializer[object]):
    rows = FeedRow(many=True)
    next = serializers.CharField(allow_null=True)
