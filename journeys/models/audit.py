"""What was changed, by whom, when: written at the point of change, never edited."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from journeys.models.programme import Programme


class AuditEntry(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="audit_entries")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    # {field: [before, after]} where the change has fields.
    changes = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("programme", "-created_at"), name="audit_by_programme"),)

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
