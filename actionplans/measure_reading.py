"""What a measure is read from: its windows as a comparison, and how many observations they hold."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from actionplans.measure_models import Measure
from journeys.models import Journey
from observations.cells import within
from observations.selection import Comparison, Selection
from scoring.models import StageCell

BEFORE, AFTER, CONTROL_BEFORE, CONTROL_AFTER, BASELINE = (
    "before",
    "after",
    "control_before",
    "control_after",
    "baseline",
)


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many observations of a stage came in each window, and no more than that."""

    stage: str
    n: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.n.values())


def first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    day = first_day(month)
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def known_on(measure: Measure) -> date:
    """The day on which the verdict is computed: the first after the window."""
    last = last_day(measure.after_to)
    return date.fromordinal(last.toordinal() + 1)


def journey_of(measure: Measure) -> Journey:
    """With what a comparison reads of it."""
    rows = Journey.objects.select_related("programme", "segment").prefetch_related("stages")
    journey: Journey = rows.get(stages__actions=measure.action_id)
    return journey


def comparison_of(measure: Measure) -> Comparison:
    """The measure as the changes page and the API read it."""
    places = list(measure.places.all())
    acted_on = tuple(one.location.code for one in places if not one.is_control)
    control = tuple(one.location.code for one in places if one.is_control)

    def window(first: str, last: str) -> Selection:
        return Selection(first, last, methods=tuple(measure.methods), locations=acted_on or None)

    return Comparison(
        before=window(measure.before_from, measure.before_to),
        after=window(measure.after_from, measure.after_to),
        control=control,
        baseline=window(measure.baseline_from, measure.baseline_to)
        if measure.baseline_from
        else None,
    )


def address_of(measure: Measure) -> dict[str, str]:
    """The same as parameters of the changes page and of its API."""
    asked = comparison_of(measure)
    named = {
        "before_from": measure.before_from,
        "before_to": measure.before_to,
        "after_from": measure.after_from,
        "after_to": measure.after_to,
        "baseline_from": measure.baseline_from,
        "baseline_to": measure.baseline_to,
        "control": ",".join(asked.control),
        "method": ",".join(measure.methods),
        "location": ",".join(asked.before.locations or ()),
    }
    return {name: value for name, value in named.items() if value}


def counts_of(measure: Measure) -> list[StageCount]:
    """Of each measured stage, one query a window; in every framework version."""
    stages = [one.stage for one in measure.measured_stages.all()]
    asked = comparison_of(measure)
    names = (
        (BEFORE, AFTER, CONTROL_BEFORE, CONTROL_AFTER)
        if asked.control
        else (BEFORE, AFTER, BASELINE)
    )
    found: dict[str, dict[str, int]] = {stage.key: {} for stage in stages}
    for name, window in zip(names, asked.windows, strict=False):
        rows = (
            StageCell.objects.filter(within(window), stage__in=stages, channel=None)
            .values_list("stage__key")
            .annotate(total=Sum("n"))
        )
        seen = {key: max(0, int(total)) for key, total in rows}
        for key, counted in found.items():
            counted[name] = seen.get(key, 0)
    return [StageCount(key, counted) for key, counted in found.items()]
