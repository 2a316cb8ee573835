"""What belongs to an action: who takes part, what it waits for, its sub-tasks, files and comments.

And what belongs to a person who has actions: their calendar, and the letters they got or don't want.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FOLDER = "action-files"


class ActionPerson(models.Model):
    """Somebody's part in an action besides its owner, who alone is accountable (A)."""

    class Part(models.TextChoices):
        RESPONSIBLE = "R", _("Responsible: does the work")
        CONSULTED = "C", _("Consulted: is asked before")
        INFORMED = "I", _("Informed: is told after")

    action = models.ForeignKey(
        "actionplans.Action", on_delete=models.CASCADE, related_name="people"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="action_parts",
        verbose_name=_("person"),
    )
    part = models.CharField(_("part"), max_length=1, choices=Part)

    class Meta:
        verbose_name = _("part in an action")
        verbose_name_plural = _("parts in actions")
        # R before C before I.
        ordering = ("-part", "person__name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("action", "person", "part"), name="action_person_once_a_part"
            ),
            models.CheckConstraint(
                condition=Q(part__in=("R", "C", "I")), name="action_person_part_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.part}"


class ActionDependency(models.Model):
    """`action` waits for `needs`; that there is no circle is `action_parts.add_dependency`'s care."""

    action = models.ForeignKey("actionplans.Action", on_delete=models.CASCADE, related_name="waits")
    needs = models.ForeignKey(
        "actionplans.Action", on_delete=models.CASCADE, related_name="awaited_by"
    )

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        ordering = ("needs__due_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("action", "needs"), name="action_dependency_once"),
            models.CheckConstraint(
                condition=~Q(action=F("needs")), name="action_waits_for_another"
            ),
        )

    def __str__(self) -> str:
        return f"{self.action_id} \N{LEFTWARDS ARROW} {self.needs_id}"


class SubTask(models.Model):
    """A line of the checklist of an action."""

    action = models.ForeignKey("actionplans.Action", on_delete=models.CASCADE, related_name="tasks")
    position = models.PositiveIntegerField()
    text = models.CharField(_("sub-task"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    done_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("sub-task")
        verbose_name_plural = _("sub-tasks")
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="sub_task_says_something"),
        )

    def __str__(self) -> str:
        return self.text


def place_of(file: ActionFile, _name: str) -> str:
    """Never the name that a reader sees: it may hold anything."""
    return f"{FOLDER}/{file.pk}"


class ActionFile(models.Model):
    """A document that somebody attached; its bytes are private media, served by a view that checks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action = models.ForeignKey("actionplans.Action", on_delete=models.CASCADE, related_name="files")
    file = models.FileField(_("file"), upload_to=place_of)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("file of an action")
        verbose_name_plural = _("files of actions")
        ordering = ("added_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(file=""), name="action_file_has_name_and_bytes"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ActionComment(models.Model):
    LONGEST: ClassVar = 2000

    action = models.ForeignKey(
        "actionplans.Action", on_delete=models.CASCADE, related_name="comments"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.CharField(_("comment"), max_length=LONGEST)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("comment on an action")
        verbose_name_plural = _("comments on actions")
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="action_comment_says_something"),
        )

    def __str__(self) -> str:
        return self.text


class ActionMention(models.Model):
    """A comment names somebody. `mailed_at` is claimed by the one who mails: once, whatever repeats."""

    comment = models.ForeignKey(ActionComment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("comment", "person"), name="action_mention_once_a_comment"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.comment}"


class CalendarFeed(models.Model):
    """The address at which a person's calendar reads their due dates. Only its digest is kept."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(revoked_at=None), name="calendar_feed_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.created_at:%Y-%m-%d}"


class ActionLetter(models.Model):
    """What a letter told somebody of an action: of the same date it is told once."""

    class Kind(models.TextChoices):
        DUE = "due", _("Due soon")
        LATE = "late", _("Late")
        ESCALATED = "escalated", _("Blocked for long")

    action = models.ForeignKey(
        "actionplans.Action", on_delete=models.CASCADE, related_name="letters"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    # The due date, or the day since when it is blocked: a date that moved is told of anew.
    about_on = models.DateField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("action", "person", "kind", "about_on"), name="action_letter_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.action_id}"


class LetterChoice(models.Model):
    """Whether a person wants letters before a date is due; without a row they do."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="letter_choice",
    )
    before_due = models.BooleanField(_("letters before an action is due"), default=True)

    def __str__(self) -> str:
        return f"{self.person}: {self.before_due}"
