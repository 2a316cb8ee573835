"""What an action is measured by, fixed before it starts; and what came of it, frozen when its window closes.

A measure is never changed: a correction is another one that names it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actionplans.measure_querysets import MeasureQuerySet
from journeys.models import Location, Stage
from journeys.models.perimeter import month_validator


class State(StrEnum):
    """Where a measure stands."""

    WAITING = "waiting"  # its window has not begun: it may still be corrected
    OPEN = "open"
    DUE = "due"  # the window is over, the verdict about to be computed
    CLOSED = "closed"
    DROPPED = "dropped"


def _month_of(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m}"


def _month(name: Any, *, blank: bool = False) -> models.CharField[str, str]:
    return models.CharField(name, max_length=7, blank=blank, validators=[month_validator])


class Measure(models.Model):
    """Two windows of whole months, "2026-03", both ends included; the action starts between them.

    No method named is every method, no place every location.
    """

    action = models.ForeignKey(
        "actionplans.Action", on_delete=models.CASCADE, related_name="measures"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="replaced_by"
    )
    # Why it replaces another.
    why = models.CharField(_("why it is corrected"), max_length=500, blank=True)
    methods = models.JSONField(default=list)
    starts_on = models.DateField(_("start of the action"))
    before_from = _month(_("before: first month"))
    before_to = _month(_("before: last month"))
    after_from = _month(_("after: first month"))
    after_to = _month(_("after: last month"))
    # A window before the action that was not used for choosing it.
    baseline_from = _month(_("second baseline: first month"), blank=True)
    baseline_to = _month(_("second baseline: last month"), blank=True)
    # Observations a stage that each wave was planned to bring.
    planned_n = models.PositiveIntegerField(_("planned observations a wave"), null=True, blank=True)
    fixed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    fixed_at = models.DateTimeField(default=timezone.now, editable=False)

    stages = models.ManyToManyField(Stage, through="MeasuredStage", related_name="+")

    objects: ClassVar = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure of an action")
        verbose_name_plural = _("measures of actions")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("action",), condition=Q(replaces=None), name="measure_first_of_action"
            ),
            models.CheckConstraint(
                condition=Q(
                    before_from__lte=F("before_to"),
                    after_from__gt=F("before_to"),
                    after_to__gte=F("after_from"),
                ),
                name="measure_windows_apart",
            ),
            models.CheckConstraint(
                condition=Q(baseline_from="", baseline_to="")
                | (
                    Q(baseline_from__gt="", baseline_from__lte=F("baseline_to"))
                    & Q(baseline_to__lt=F("after_from"))
                    & (Q(baseline_to__lt=F("before_from")) | Q(baseline_from__gt=F("before_to")))
                ),
                name="measure_baseline_apart",
            ),
            models.CheckConstraint(
                condition=Q(planned_n=None) | Q(planned_n__gt=0), name="measure_plans_something"
            ),
        )

    def __str__(self) -> str:
        return f"{self.action}: {self.before_from} \N{RIGHTWARDS ARROW} {self.after_to}"

    @property
    def next(self) -> Measure | None:
        """The one that corrects it."""
        return getattr(self, "replaced_by", None)

    @property
    def outcome(self) -> MeasureResult | None:
        return getattr(self, "result", None)

    @property
    def state(self) -> State:
        """Wants `result` and `replaced_by` selected.

        Corrected before its window began, it is no measure any more; later, it is told to its end:
        nobody drops a result that they see coming.
        """
        if self.outcome is not None:
            return State.CLOSED
        if self.next is not None and _month_of(self.next.fixed_at) < self.after_from:
            return State.DROPPED
        month = f"{timezone.localdate():%Y-%m}"
        if month < self.after_from:
            return State.WAITING
        return State.OPEN if month <= self.after_to else State.DUE


class MeasuredStage(models.Model):
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="measured_stages")
    stage = models.ForeignKey(Stage, on_delete=models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("measure of an action")
        verbose_name_plural = _("measures of actions")
        ordering = ("stage__position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("measure", "stage"), name="measured_stage_once"),
        )


class MeasuredPlace(models.Model):
    """A location acted on, or one where nothing is done: once, so never both."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="places")
    location = models.ForeignKey(Location, on_delete=models.RESTRICT, related_name="+")
    is_control = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("measure of an action")
        verbose_name_plural = _("measures of actions")
        ordering = ("location__code", "pk")
        constraints = (
            models.UniqueConstraint(fields=("measure", "location"), name="measured_place_once"),
        )


class MeasureResult(models.Model):
    """What the measure said on the day its window closed; never changed, whatever arrives.

    `figures` holds each stage as the changes API answers it; `n` the observations of its windows
    then.
    """

    measure = models.OneToOneField(Measure, on_delete=models.CASCADE, related_name="result")
    figures = models.JSONField()
    n = models.PositiveIntegerField()
    closed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("effect of an action, measured")
        verbose_name_plural = _("effects of actions, measured")

    def __str__(self) -> str:
        return f"{self.measure}"
