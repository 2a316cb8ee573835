"""The verdict of a measured action, computed once, on the first day after its window."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from actionplans.measure_models import Measure, MeasureResult, State
from actionplans.measure_reading import (
    StageCount,
    comparison_of,
    counts_of,
    first_day,
    journey_of,
    last_day,
)
from actionplans.measuring import BEGUN
from journeys.audit import record
from observations.change_documents import stage_change_document
from observations.changes import ChangeSheet, read_changes
from scoring.change import StageChange, Withheld


class NotAsPlanned(StrEnum):
    """What the action's own history says against its windows. It is said, and changes no verdict:

    people note the start of an action when they come to it.
    """

    NEVER_STARTED = "never_started"
    STARTED_TOO_EARLY = "started_too_early"  # within what it is held against
    STARTED_TOO_LATE = "started_too_late"  # within the window after


def due_measures() -> list[int]:
    rows = Measure.objects.over().with_parts()
    return [measure.pk for measure in rows if measure.state is State.DUE]


@transaction.atomic
def close_measure(pk: int) -> bool:
    """Freeze what the measure says, unless that is done, too early, or something is not counted yet.

    The verdict is that of `read_changes`, as the changes page computes it.
    """
    measure = Measure.objects.select_for_update(of=("self",)).with_parts().get(pk=pk)
    if measure.state is not State.DUE:
        return False
    sheet = read_changes(journey_of(measure), comparison_of(measure))
    if sheet.pending:
        return False
    counts = counts_of(measure)
    MeasureResult.objects.create(
        measure=measure,
        figures=_figures(measure, sheet, counts),
        n=sum(one.total for one in counts),
    )
    action = measure.action
    record(programme=action.programme, actor=None, verb="measured", subject=action)
    return True


def _figures(measure: Measure, sheet: ChangeSheet, counts: list[StageCount]) -> dict[str, Any]:
    history = not_as_planned(measure)
    measured = {one.stage.key: one.stage for one in measure.measured_stages.all()}
    compared = {one.stage: one for one in sheet.stages}
    # A stage that is scored no more, or never was, has nothing in common with itself.
    lost = Withheld.DIFFERENT_FRAMEWORK
    changes = [compared.get(key, StageChange(key, excluded_because=lost)) for key in measured]
    return {
        "journey": sheet.journey.key,
        "framework_version": sheet.framework.version if sheet.framework else None,
        "versions": list(sheet.common_ground.versions) if sheet.common_ground else [],
        "not_as_planned": history.value if history else None,
        "stages": [
            stage_change_document(one)
            | {
                "name": measured[one.stage].name,
                "needed_each": _needed_each(sheet, measured[one.stage].criticality),
                "ends": _ends(one),
            }
            for one in changes
        ],
        "counted": {one.stage: dict(one.n) for one in counts},
    }


def _needed_each(sheet: ChangeSheet, criticality: int) -> int:
    """How many observations each window needs."""
    return sheet.framework.thresholds.observations_needed(criticality) if sheet.framework else 0


def _ends(one: StageChange) -> dict[str, list[float] | None]:
    """The intervals as they are; the document rounds them for people."""
    named = {
        "interval": one.interval,
        "control_interval": one.control_interval,
        "did_interval": one.did_interval,
        "baseline_interval": one.baseline_interval,
        "before_interval": one.before_interval,
        "after_interval": one.after_interval,
    }
    return {name: None if value is None else list(value) for name, value in named.items()}


def not_as_planned(measure: Measure) -> NotAsPlanned | None:
    """Whether the action started between the windows, as its history says."""
    first = measure.action.updates.filter(status__in=BEGUN).order_by("created_at", "pk").first()
    if first is None:
        return NotAsPlanned.NEVER_STARTED
    started_on = timezone.localdate(first.created_at)
    ends = [measure.before_to, measure.baseline_to] if measure.baseline_to else [measure.before_to]
    if started_on <= last_day(max(ends)):
        return NotAsPlanned.STARTED_TOO_EARLY
    return NotAsPlanned.STARTED_TOO_LATE if started_on > first_day(measure.after_from) else None
