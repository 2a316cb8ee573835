"""What a person changed on a map, kept so that they can take it back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from journeys.models.journey import Journey


class MapEdit(models.Model):
    """One step of a person on one map; undone steps stay to be redone until the next new one."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="edits")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="map_edits"
    )
    # As in the history: a plain past tense, and what it was done to.
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    # [{"model": "need", "row": 7, "before": {field: value} or null, "after": ...}], null: not there.
    changes = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    # When it was last taken, taken back or done again: what other people's open maps ask for.
    changed_at = models.DateTimeField(default=timezone.now)
    # The open page in which it was: the person's other pages ask for it as well. Empty elsewhere.
    tab = models.CharField(max_length=40, blank=True, default="")
    # Taken back and then overtaken by a new step: nobody's to redo, kept until all maps know.
    is_dropped = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("journey", "author"), name="map_edit_of_a_person"),
            models.Index(fields=("journey", "changed_at"), name="map_edit_by_change"),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
