"""Fixing what an action is measured by, before it starts: nobody chooses the window that suits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from actionplans.measure_models import Measure, MeasuredPlace, MeasuredStage
from actionplans.measure_reading import first_day, last_day
from actionplans.models import Action
from actionplans.planning import PlanRefused
from journeys.audit import record
from journeys.models import Location, Stage
from observations.selection import Comparison, Selection

BEGUN = (Action.Status.DOING, Action.Status.DONE)


def standing_measure(action: Action) -> Measure | None:
    """The one that no other corrects."""
    rows = Measure.objects.with_parts().filter(action=action, replaced_by=None)
    return rows.order_by("-pk").first()


@transaction.atomic
def fix_measure(
    *,
    action: Action,
    actor: User | None,
    stages: Sequence[Stage],
    comparison: Comparison,
    starts_on: date,
    planned_n: int | None = None,
    why: str = "",
    at: datetime | None = None,
) -> Measure:
    """A first measure, or one that corrects the one that stands; the old one is kept.

    `comparison` is what the verdict will be read from. Raises PlanRefused.
    """
    action = Action.objects.select_for_update().get(pk=action.pk)
    former = standing_measure(action)
    at = at or timezone.now()
    today = timezone.localdate(at)
    errors = (
        _too_late(action, starts_on, former, today)
        | _start_errors(comparison, starts_on, today)
        | _stage_errors(action, stages)
    )
    if former and not why.strip():
        errors["why"] = _("Say what is corrected, and why.")
    if errors:
        raise PlanRefused(errors)
    before, after = _months(comparison.before), _months(comparison.after)
    baseline = _months(comparison.baseline)
    measure = Measure.objects.create(
        action=action,
        replaces=former,
        why=why.strip() if former else "",
        methods=list(comparison.before.methods),
        starts_on=starts_on,
        before_from=before[0],
        before_to=before[1],
        after_from=after[0],
        after_to=after[1],
        baseline_from=baseline[0],
        baseline_to=baseline[1],
        planned_n=planned_n,
        fixed_by=actor,
        fixed_at=at,
    )
    MeasuredStage.objects.bulk_create(MeasuredStage(measure=measure, stage=one) for one in stages)
    _keep_places(measure, comparison)
    record(programme=action.programme, actor=actor, verb="fixed the measure of", subject=action)
    return measure


def _months(window: Selection | None) -> tuple[str, str]:
    """Empty without a window."""
    return ((window.first_month or ""), (window.last_month or "")) if window else ("", "")


def _keep_places(measure: Measure, comparison: Comparison) -> None:
    """By code: those named, and the control's; none where every location is meant."""
    codes = [*(comparison.before.locations or ()), *comparison.control]
    locations = Location.objects.filter(programme=measure.action.programme, code__in=codes)
    MeasuredPlace.objects.bulk_create(
        MeasuredPlace(measure=measure, location=one, is_control=one.code in comparison.control)
        for one in locations
    )


def _too_late(
    action: Action, starts_on: date, former: Measure | None, today: date
) -> dict[str, str]:
    """What was started without a measure is not measured afterwards."""
    if action.status == Action.Status.DROPPED:
        return {"": _("The action was dropped: there is nothing to measure.")}
    if former is not None:
        return {}
    if action.status in BEGUN:
        return {
            "": _(
                "The action has started without a measure. One that is fixed afterwards can be chosen to"
                " suit: it proves nothing."
            )
        }
    if starts_on < today:
        return {"starts_on": _("A measure is fixed before the action starts: this day has passed.")}
    return {}


def _start_errors(comparison: Comparison, starts_on: date, today: date) -> dict[str, str]:
    """Whatever is held against the window after lies before the start, and that lies before it."""
    after_from = str(comparison.after.first_month)
    errors = {}
    if first_day(after_from) <= today:
        errors["after"] = _(
            "The window after has begun: what it holds may have been seen. The measure is frozen; a"
            " correction needs a window that is still to come."
        )
    elif starts_on > first_day(after_from):
        errors["after"] = _("The window after begins once the action has started, not before.")
    for name, window in (("before", comparison.before), ("baseline", comparison.baseline)):
        if window is not None and starts_on <= last_day(str(window.last_month)):
            errors[name] = _("This window must be over when the action starts.")
    return errors


def _stage_errors(action: Action, stages: Iterable[Stage]) -> dict[str, str]:
    journey = action.stage.journey_id
    if not stages:
        return {"stages": _("Choose a stage.")}
    if any(one.journey_id != journey or not one.in_perimeter for one in stages):
        return {"stages": _("Only stages of the action's journey, in its perimeter, are measured.")}
    return {}
