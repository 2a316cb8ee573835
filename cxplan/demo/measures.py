"""How the effect of some of the demo's actions is measured, fixed in its past as `fix_measure` has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from accounts.models import User
from actionplans.measure_closing import close_measure
from actionplans.measure_models import Measure, MeasureResult
from actionplans.measure_reading import known_on
from actionplans.measuring import fix_measure
from actionplans.models import Action
from journeys.access import access_of
from journeys.models import Programme
from observations.selection import read_comparison


def fix_demo_measure(action: Action, facts: Mapping[str, Any], *, actor: User) -> Measure:
    """As the person at that time could have done: nothing is let through that the rules refuse."""
    journey = action.stage.journey
    asked = {
        f"{window}_{end}": month
        for window, months in facts["windows"].items()
        for end, month in zip(("from", "to"), months, strict=True)
    }
    lists = {name: ",".join(facts.get(name, ())) for name in ("control", "location", "method")}
    # Fixed while it was still to be done, whatever became of it since.
    status, action.status = action.status, Action.Status.TODO
    action.save(update_fields=["status"])
    measure = fix_measure(
        action=action,
        actor=actor,
        stages=[action.stage],
        comparison=read_comparison(
            asked | lists, journey=journey, access=access_of(actor, action.programme)
        ),
        starts_on=date.fromisoformat(facts["starts_on"]),
        planned_n=facts["planned_n"],
        at=_nine(date.fromisoformat(facts["fixed_on"])),
    )
    action.status = status
    action.save(update_fields=["status"])
    return measure


def close_measures(programme: Programme) -> None:
    """Those whose window is over today, dated when the clock would have done it."""
    for measure in Measure.objects.over().filter(action__programme=programme):
        if close_measure(measure.pk):
            at = min(_nine(known_on(measure)), timezone.now())
            MeasureResult.objects.filter(measure=measure).update(closed_at=at)


def _nine(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=timezone.get_default_timezone())
