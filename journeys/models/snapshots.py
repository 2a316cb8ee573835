"""The map of a journey as it was at a moment that somebody named."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models.journey import Journey


class Snapshot(models.Model):
    """`document` has the shape that `journeys/map_bundle.py` writes and reads."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="snapshots")
    name = models.CharField(_("name"), max_length=120)
    document = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="snapshots"
    )
    made_at = models.DateTimeField(default=timezone.now)
    # Taken by a restore, so that nothing is lost by it.
    is_automatic = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ("-pk",)
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="snapshot_has_a_name"),)

    def __str__(self) -> str:
        return self.name
