"""Step 5: gaps that people picked, what they recommend, and the actions that somebody owns."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import actionplans.action_models
import actionplans.measure_models
import actionplans.pattern_models
import actionplans.workshop_models  # noqa: F401 - tables of this app
from actionplans.querysets import ActionQuerySet, RecommendationQuerySet
from journeys.models import Channel, Programme, Stage
from journeys.models.perimeter import key_validator
from scoring.replay import Effect


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

    objects: ClassVar = RecommendationQuerySet.as_manager()

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
    # The third of stage x segment x channel; the segment is the journey's.
    channel = models.ForeignKey(
        Channel,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("channel"),
    )
    title = models.CharField(_("action"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        related_name="actions",
        verbose_name=_("owner"),
    )
    department = models.CharField(_("department"), max_length=80, blank=True)
    start_on = models.DateField(_("start date"), null=True, blank=True)
    due_on = models.DateField(_("due date"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.TODO)
    # Late is a matter of dates; blocked is what somebody says, with the reason and since when.
    blocked_reason = models.CharField(max_length=300, blank=True, editable=False)
    blocked_on = models.DateField(null=True, editable=False)
    # R8: a project that the client had before the programme.
    is_existing = models.BooleanField(_("existing project"), default=False)
    dimension = models.CharField(_("dimension"), max_length=10, choices=Dimension)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.IMPROVEMENT)
    reach_bp = models.PositiveIntegerField(
        _("cases it can reach"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(10_000)],
        help_text=_("Part of the customers of the stage, in basis points."),
    )
    # Tenths of a person-day: half a day is 5.
    effort_tenths = models.PositiveIntegerField(_("effort"), null=True, blank=True)
    cost_cents = models.PositiveBigIntegerField(_("cost"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(reach_bp=None) | Q(reach_bp__lte=10_000),
                name="action_reaches_at_most_all",
            ),
            models.CheckConstraint(
                condition=Q(start_on=None) | Q(start_on__lte=F("due_on")),
                name="action_starts_before_it_is_due",
                violation_error_message=_("It can't start after it is due."),
            ),
            models.CheckConstraint(
                condition=(Q(status="blocked", blocked_on__isnull=False) & ~Q(blocked_reason=""))
                | (~Q(status="blocked") & Q(blocked_on=None, blocked_reason="")),
                name="action_blocked_for_a_reason",
            ),
        )
        indexes = (models.Index(fields=("programme", "status", "due_on"), name="action_of_a_plan"),)

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

    @property
    def is_blocked(self) -> bool:
        return self.status == self.Status.BLOCKED

    @property
    def tasks_done(self) -> int:
        """Prefetched for lists."""
        return sum(task.done_at is not None for task in self.tasks.all())

    @property
    def waiting_for(self) -> list[Action]:
        """What it needs and what is still open; of a finished action nothing. Prefetched for lists."""
        if not self.is_open:
            return []
        return [one.needs for one in self.waits.all() if one.needs.is_open]

    @property
    def begins_on(self) -> date:
        """The first day that is known of it."""
        return self.start_on or self.due_on

    @property
    def begins_before(self) -> list[Action]:
        """What it waits for and what is due only after it begins. Prefetched for lists."""
        return [needed for needed in self.waiting_for if self.begins_on < needed.due_on]


class ActionEffect(models.Model):
    """What an action changes for customers: answers of one interaction become a better level.

    The key, not the row: a key means the same thing in every version of the journey, and the
    replay reads the version that was observed.
    """

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="effects")
    interaction = models.CharField(_("interaction"), max_length=40, validators=[key_validator])
    # Null is every level below `to_points`.
    from_points = models.SmallIntegerField(_("from"), null=True, blank=True)
    to_points = models.SmallIntegerField(_("to"))

    class Meta:
        verbose_name = _("effect of an action")
        verbose_name_plural = _("effects of actions")
        ordering = ("interaction", F("from_points").asc(nulls_first=True), "pk")
        constraints = (
            # Coalesced, because both engines hold two nulls to be different.
            models.UniqueConstraint(
                F("action"),
                F("interaction"),
                Coalesce("from_points", 9),
                name="action_effect_once_a_level",
            ),
            models.CheckConstraint(
                condition=Q(from_points=None) | Q(from_points__lt=F("to_points")),
                name="action_effect_improves",
            ),
            models.CheckConstraint(
                condition=Q(to_points__gte=-2, to_points__lte=3)
                & (Q(from_points=None) | Q(from_points__gte=-3)),
                name="action_effect_on_the_scale",
            ),
        )

    def __str__(self) -> str:
        before = "<" if self.from_points is None else f"{self.from_points:+d}"
        return f"{self.interaction}: {before} \N{RIGHTWARDS ARROW} {self.to_points:+d}"

    def as_effect(self) -> Effect:
        return Effect(self.interaction, self.from_points, self.to_points)


class DayRate(models.Model):
    """What a person-day costs in a programme: it turns the cost of an action into days of effort."""

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="day_rate")
    cents = models.PositiveBigIntegerField(_("day rate"))
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("day rate")
        verbose_name_plural = _("day rates")
        constraints = (
            models.CheckConstraint(condition=Q(cents__gt=0), name="day_rate_is_not_free"),
        )

    def __str__(self) -> str:
        return f"{self.programme}: {self.cents}"


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
