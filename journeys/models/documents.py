"""Files that take a while to make: asked for, made by a worker, fetched, and gone after a day."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models.programme import Programme
from journeys.models.sharing import ShareLink

LIFETIME = timedelta(days=1)
FOLDER = "documents"


def place_of(document: Document, _name: str) -> str:
    """Never the name that a reader sees: it may hold anything."""
    return f"{FOLDER}/{document.pk}"


def in_a_day() -> datetime:
    return timezone.now() + LIFETIME


class Document(models.Model):
    """For the one person who asked, or for whoever holds the link through which it was asked for."""

    class State(models.TextChoices):
        WAITING = "waiting"
        MAKING = "making"
        READY = "ready"
        FAILED = "failed"

    UNFINISHED: ClassVar = (State.WAITING, State.MAKING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    # Where it was asked for: to go back to, and to ask again. Of a link, relative to its page.
    origin = models.TextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="documents"
    )
    link = models.ForeignKey(
        ShareLink, on_delete=models.CASCADE, null=True, related_name="documents"
    )
    # What whoever asked could see when it was made (`documents.reach_of`).
    reach = models.JSONField(default=dict, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to=place_of, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(default=in_a_day, editable=False)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("expires_at",), name="document_by_expiry"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(asked_by=None, link__isnull=False)
                | Q(asked_by__isnull=False, link=None),
                name="document_for_a_person_or_a_link",
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="document_progress_at_most_100"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | ~Q(file="") & ~Q(file_name=""),
                name="document_ready_has_a_file",
            ),
        )

    def __str__(self) -> str:
        return self.file_name or self.kind

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED
