"""Stages as they would read had an action been in place: facts in, scores before and after out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journeys.models import Stage
from observations.answer_patterns import patterns_of
from observations.cells import (
    facts_of,
    items_of,
    reading_counts,
    shares_in,
    within,
)
from observations.models import Reading
from observations.remembering import keep, recall
from observations.replay_memory import Outcome, address
from observations.scores import ScoreSheet
from observations.selection import Selection
from scoring.classify import CellRow, ReadingRow, StageFacts, StageScore, score_journey
from scoring.models import Framework
from scoring.replay import (
    Counts,
    Effect,
    StageReplay,
    Tally,
    counts_with_effects,
    unknown_effects,
)
from scoring.scale import Item, score_reading

NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The effects of one action on one stage."""

    stage: str
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stage before and after, and what becomes of the observations that `before` is read from.

    `unknown` are effects on an interaction or a level that the version does not score: then
    nothing is replayed, and `after` is None.
    """

    before: StageScore
    after: StageScore | None
    tally: Tally = NOTHING
    unknown: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ground:
    """All that a score is read with, except its cells."""

    stages: tuple[Stage, ...]
    items: list[Item]
    facts: list[StageFacts]
    rules: dict[str, Any]
    counts: Mapping[str, Counts]

    def read(
        self, stage: str, cells: Sequence[CellRow], effects: Sequence[Effect] = ()
    ) -> StageScore:
        """The stage among all others, which have no cells here: the ends of the journey count."""
        own = [item for item in self.items if item.stage == stage]
        reading = score_journey(
            stages=self.facts,
            cells=cells,
            readings=list(_readings(stage, own, self.counts, effects)),
            **self.rules,
        )
        return next(one for one in reading.stages if one.stage == stage)


def replay(sheet: ScoreSheet, wanted: Sequence[Wanted]) -> list[Replayed | None]:
    """Each of `wanted` under the selection of the sheet; None for a stage that it does not score.

    The number of queries is fixed. `before` is read from the same observations as `after`, so that
    their difference is exact while observations still wait to be folded.
    """
    scored = {stage.key for stage in sheet.stages}
    if sheet.framework is None or not any(one.stage in scored for one in wanted):
        return [None] * len(wanted)
    ground = _ground(sheet, sheet.framework)
    places = [number for number, one in enumerate(wanted) if one.stage in scored]
    unknown = {place: unknown_effects(ground.items, wanted[place].effects) for place in places}
    asked = [
        Wanted(wanted[place].stage, () if unknown[place] else wanted[place].effects)
        for place in places
    ]
    outcomes = _outcomes(sheet, ground.items, asked)
    found: list[Replayed | None] = [None] * len(wanted)
    for place, one in zip(places, asked, strict=True):
        found[place] = _read(ground, one, outcomes[one], unknown[place])
    return found


def _read(
    ground: _Ground, wanted: Wanted, outcome: Outcome, unknown: tuple[Effect, ...]
) -> Replayed:
    before = ground.read(wanted.stage, outcome.before)
    if unknown:
        return Replayed(before, None, unknown=unknown)
    return Replayed(
        before,
        ground.read(wanted.stage, outcome.after, wanted.effects),
        tally=_tally(before, outcome.tallies),
    )


def _tally(before: StageScore, tallies: Mapping[str, Tally]) -> Tally:
    """Over the methods that the score is read from: those used, or all where none is."""
    basis = [method for method in before.methods if method.used] or before.methods
    methods = {method.method for method in basis if not method.aggregated}
    return sum((tallies[method] for method in methods), NOTHING)


def _outcomes(
    sheet: ScoreSheet, items: list[Item], wanted: Iterable[Wanted]
) -> dict[Wanted, Outcome]:
    """Each once; only those that are not kept ask for the observations, all in one query."""
    if sheet.selection.channel:
        assert sheet.framework is not None
        # All its channels, because the gate is the stage's.
        items = items_of(sheet.framework, Selection())
    addresses = {one: address(sheet, one.stage, items, one.effects) for one in wanted}
    kept = recall(one for one in addresses.values() if one)
    found = {one: kept[at] for one, at in addresses.items() if at in kept}
    missing = _replays(sheet, items, [one for one in addresses if one not in found])
    keep({at: missing[one] for one, at in addresses.items() if at and one in missing})
    return found | missing


def _ground(sheet: ScoreSheet, framework: Framework) -> _Ground:
    return _Ground(
        stages=sheet.stages,
        items=sheet.items,
        facts=facts_of(sheet.journey, sheet.stages, sheet.items),
        rules={
            "pools": sheet.pools,
            "shares": shares_in(sheet.journey, sheet.selection),
            "method_weights": sheet.journey.programme.method_weights,
            "thresholds": framework.thresholds,
        },
        counts=_counts(framework, sheet.selection),
    )


def _replays(
    sheet: ScoreSheet, items: list[Item], wanted: Iterable[Wanted]
) -> dict[Wanted, Outcome]:
    """Every stage in one query over the facts."""
    framework, selection = sheet.framework, sheet.selection
    assert framework is not None
    by_stage: dict[str, list[Wanted]] = {}
    for one in wanted:
        by_stage.setdefault(one.stage, []).append(one)
    replays = {
        stage: StageReplay(
            items,
            stage=stage,
            thresholds=framework.thresholds,
            wanted=[one.effects for one in ones],
            channel=selection.channel,
        )
        for stage, ones in by_stage.items()
    }
    keys = {stage: [item.key for item in items if item.stage == stage] for stage in replays}
    for stage, pattern in patterns_of(framework, selection, keys):
        replays[stage].add(pattern)
    return {
        one: Outcome(done.before(), done.after(place), done.tallies(place))
        for stage, done in replays.items()
        for place, one in enumerate(by_stage[stage])
    }


def _counts(framework: Framework, selection: Selection) -> dict[str, Counts]:
    """The aggregated readings by method."""
    rows = Reading.objects.filter(within(selection), framework=framework)
    return {method: counts for (method,), counts in reading_counts(rows, "method").items()}


def _readings(
    stage: str, items: Sequence[Item], counts: Mapping[str, Counts], effects: Sequence[Effect]
) -> Iterable[ReadingRow]:
    for method in sorted(counts):
        sums = score_reading(items, counts_with_effects(counts[method], effects))
        if sums is not None:
            yield ReadingRow(stage, method, sums)
