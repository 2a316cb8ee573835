"""The tablets that bring observations, the codes that let them in, and copies of what they begin."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models import Location, Programme


class Device(models.Model):
    """A tablet of a programme, held to its locations. It is nobody: who observed stands in the record.

    Enrolled again (another browser, cleared data) it stays this row: what it brought remains its own.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="devices")
    # What the tablet knows itself by; it may make it before it is enrolled.
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80)
    locations: models.ManyToManyField[Location, Location] = models.ManyToManyField(
        Location, verbose_name=_("locations"), related_name="devices"
    )
    # Without it, nothing of a mystery visit is told to it: it may lie in the store's own hands.
    takes_mystery_visits = models.BooleanField(_("used for mystery visits"), default=False)
    # SHA-256 of its token, which the tablet alone keeps; empty until it is enrolled.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    enrolled_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    # As it last said of itself, written once a minute at most.
    last_seen_at = models.DateTimeField(null=True, editable=False)
    client_version = models.CharField(max_length=40, blank=True, editable=False)
    queue_length = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "uuid"), name="device_uuid_unique_in_programme"
            ),
            models.UniqueConstraint(
                fields=("programme", "name"),
                name="device_name_unique_in_programme",
                violation_error_message=_("Another device has this name."),
            ),
            models.UniqueConstraint(
                fields=("digest",), condition=~Q(digest=""), name="device_token_unique"
            ),
            models.CheckConstraint(
                condition=Q(digest="") | Q(enrolled_at__isnull=False),
                name="device_token_once_enrolled",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_enrolled(self) -> bool:
        return bool(self.digest) and self.revoked_at is None


class EnrolmentCode(models.Model):
    """Lets one tablet in, once, as the device it was made for. Only its digest is kept."""

    LIFETIME: ClassVar = timedelta(hours=24)

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField(editable=False)
    used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("enrolment code")
        verbose_name_plural = _("enrolment codes")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.device} {self.created_at:%Y-%m-%d}"


class Draft(models.Model):
    """The last copy of a visit that was begun and is not sent, in case the tablet loses it.

    Its text is kept as it came: nobody reads it but a tablet that takes the visit up again.
    """

    LIFETIME: ClassVar = timedelta(days=30)

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="drafts")
    uuid = models.UUIDField()
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True, related_name="drafts")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Where the visit takes place, once that is known.
    location = models.ForeignKey(Location, on_delete=models.SET_NULL, null=True, related_name="+")
    # By the tablet's clock, which tells the newer of two copies; `stored_at` is by ours.
    saved_at = models.DateTimeField()
    stored_at = models.DateTimeField(default=timezone.now)
    # JSON text of the body, because a JSON column refuses some of what it must hold.
    body = models.TextField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ("stored_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "uuid"), name="draft_uuid_unique_in_programme"
            ),
        )
        indexes = (models.Index(fields=("stored_at",), name="draft_by_age"),)

    def __str__(self) -> str:
        return str(self.uuid)
