"""The measures of one action as its page shows them: the one that stands, and those it corrects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from actionplans.gaps import may_plan
from actionplans.measure_models import Measure, State
from actionplans.measure_reading import StageCount, counts_of, known_on
from actionplans.measure_words import (
    EffectWord,
    VerdictLine,
    WindowLine,
    changes_url,
    effect_word,
    fixed_facts,
    history_note,
    verdict_lines,
    window_lines,
)
from actionplans.models import Action
from journeys.access import Access
from journeys.months import period_text
from journeys.rights import Right


@dataclass(frozen=True, slots=True)
class MeasureCard:
    measure: Measure
    word: EffectWord | None
    before: str
    after: str
    baseline: str
    facts: list[tuple[str, str]]
    stages: list[str]
    windows: list[WindowLine]
    verdicts: list[VerdictLine]
    closed_at: datetime | None
    known_on: date
    history: str
    changes_url: str

    @property
    def is_due(self) -> bool:
        return self.measure.state is State.DUE

    @property
    def is_dropped(self) -> bool:
        return self.measure.state is State.DROPPED


def may_see_effects(access: Access) -> bool:
    """The figures of a verdict are scores of every location it was measured at."""
    return access.may(Right.SEE_SCORES) and access.reading_location_ids is None


def measures_context(action: Action, access: Access) -> dict[str, Any]:
    """What the section of an action's page needs."""
    measures = list(Measure.objects.with_parts().filter(action=action))
    # Of the one that stands alone: corrections add no queries.
    counts = counts_of(measures[0]) if measures else []
    cards = [_card(one, action, access, counts if one is measures[0] else []) for one in measures]
    return {
        "card": cards[0] if cards else None,
        "older": cards[1:],
        "may_see_figures": may_see_effects(access),
        "may_measure": may_plan(access) and _may_be_fixed(action, measures),
    }


def _may_be_fixed(action: Action, measures: list[Measure]) -> bool:
    if measures:
        return action.status != Action.Status.DROPPED
    return action.status in (Action.Status.TODO, Action.Status.BLOCKED)


def _card(
    measure: Measure, action: Action, access: Access, counts: list[StageCount]
) -> MeasureCard:
    closed = measure.outcome
    return MeasureCard(
        measure=measure,
        word=effect_word(measure),
        before=period_text(measure.before_from, measure.before_to),
        after=period_text(measure.after_from, measure.after_to),
        baseline=period_text(measure.baseline_from, measure.baseline_to)
        if measure.baseline_from
        else "",
        facts=fixed_facts(measure),
        stages=[one.stage.name for one in measure.measured_stages.all()],
        windows=window_lines(measure, counts),
        verdicts=verdict_lines(measure, counts) if closed else [],
        closed_at=closed.closed_at if closed else None,
        known_on=known_on(measure),
        history=history_note(measure),
        changes_url=changes_url(measure, access.programme.slug, action.stage.journey.key),
    )
