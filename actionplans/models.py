"""Step 5: gaps that people picked, what they recommend, and the actions that somebody owns."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actionplans.querysets import ActionQuerySet
from journeys.models import Programme, Stage


class Priority(models.Model):
    """A gap somebody picked, with its figures at that moment; the order itself is always computed."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="priorities")
    stage = models.ForeignKey(Stage, on_delete=models.RESTRICT, related_name="priorities")
    # The stage's entry of the scores API when it was picked, with its filters.
    figures = models.JSONField(default=dict)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    picked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("picked gap")
        verbose_name_plural = _("picked gaps")
        ordering = ("-picked_at", "-pk")

    def __str__(self) -> str:
        return f"{self.stage}"


class Recommendation(models.Model):
    """What should change in a stage, before it is split into actions."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="recommendations"
    )
    priority = models.ForeignKey(
        Priority, on_delete=models.CASCADE, related_name="recommendations", null=True, blank=True
    )
    stage = models.ForeignKey(Stage, on_delete=models.RESTRICT, related_name="recommendations")
    text = models.TextField(_("recommendation"), max_length=2000)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.text[:80]


class Action(models.Model):
    class Status(models.TextChoices):
        TODO = "todo", _("To do")
        DOING = "doing", _("In progress")
        BLOCKED = "blocked", _("Blocked")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    class Dimension(models.TextChoices):
        """The three operational dimensions of R88."""

        PROCESS = "process", _("Process")
        TOOL = "tool", _("Tool")
        SKILL = "skill", _("Skill")

    class Kind(models.TextChoices):
        """R92: both are needed."""

        IMPROVEMENT = "improvement", _("Improvement")
        INNOVATION = "innovation", _("Innovation")

    OPEN: ClassVar = (Status.TODO, Status.DOING, Status.BLOCKED)

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="actions")
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="actions", null=True, blank=True
    )
    stage = models.ForeignKey(
        Stage, on_delete=models.RESTRICT, related_name="actions", verbose_name=_("stage")
    )
    title = models.CharField(_("action"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        related_name="actions",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due date"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.TODO)
    dimension = models.CharField(_("dimension"), max_length=10, choices=Dimension)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.IMPROVEMENT)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ("due_on", "pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("actionplans:action-detail", args=[self.programme.slug, self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()


class ActionUpdate(models.Model):
    """One step in the life of an action: who changed its status, and what they said."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="updates")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    status = models.CharField(_("status"), max_length=10, choices=Action.Status)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=("todo", "doing", "blocked", "done", "dropped")),
                name="action_update_status_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.action}: {self.status}"
