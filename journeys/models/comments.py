"""What people say to each other about a stage or a touchpoint, and whom they mean."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models.journey import Journey


class Comment(models.Model):
    """A remark, or a reply to one (`parent`, one level), about a row of the map.

    The row is named by kind and number, and not by a foreign key: what is said about a row that is
    deleted stays, and is there again when undo brings the row back under its old number.
    """

    class Part(models.TextChoices):
        STAGES = "stages", _("Stage")
        TOUCHPOINTS = "touchpoints", _("Touchpoint")

    LONGEST: ClassVar = 2000

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="comments")
    part = models.CharField(max_length=12, choices=Part)
    row = models.PositiveBigIntegerField()
    # What the row was called, for when it is gone.
    row_name = models.CharField(max_length=120)
    # RESTRICT: a remark with replies is emptied, never deleted (see `commenting.delete_comment`).
    parent = models.ForeignKey("self", on_delete=models.RESTRICT, null=True, related_name="replies")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.CharField(_("comment"), max_length=LONGEST)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("created_at", "pk")
        indexes = (models.Index(fields=("journey", "part", "row"), name="comment_of_a_row"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(part__in=("stages", "touchpoints")), name="comment_on_a_known_part"
            ),
            models.CheckConstraint(
                condition=Q(Q(deleted_at=None), ~Q(text="")) | Q(deleted_at__isnull=False, text=""),
                name="comment_empty_only_if_deleted",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(resolved_at=None), name="comment_reply_not_resolved"
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None) | Q(resolved_at__isnull=False),
                name="comment_resolved_by_with_time",
            ),
        )

    def __str__(self) -> str:
        return self.text


class Mention(models.Model):
    """A comment names a member. `mailed_at` is claimed by the one who mails: once, whatever repeats."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions"
    )
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-comment__created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("comment", "person"), name="mention_once_a_comment"),
        )
        indexes = (
            models.Index(fields=("person",), condition=Q(seen_at=None), name="mention_unseen"),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.comment}"
