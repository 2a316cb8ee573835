"""What a location answers to the report of a visit: it was read, and what it says about it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Acknowledgement(models.Model):
    """Somebody has read one revision; a correction is a new one, and asks to be read again."""

    revision = models.ForeignKey(
        "observations.Revision", on_delete=models.CASCADE, related_name="acknowledgements"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        ordering = ("acknowledged_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("revision", "person"), name="acknowledgement_once_a_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.revision} {self.person}"


class ReportComment(models.Model):
    """A remark about an observation, or a reply to one (`parent`, one level)."""

    LONGEST: ClassVar = 2000

    observation = models.ForeignKey(
        "observations.Observation", on_delete=models.CASCADE, related_name="comments"
    )
    # CASCADE only with the observation itself: a remark is emptied, never deleted.
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.CharField(_("comment"), max_length=LONGEST)
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("comment on a report")
        verbose_name_plural = _("comments on reports")
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(~Q(text=""), removed_at=None) | Q(text="", removed_at__isnull=False),
                name="report_comment_empty_only_if_removed",
            ),
        )

    def __str__(self) -> str:
        return self.text
