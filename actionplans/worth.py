"""What actions are worth now: their effects replayed, their impact beside their effort."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from actionplans.effect import (
    Quadrant,
    StageImpact,
    effort_days,
    impact,
    per_day,
    quadrants,
    stage_delta,
    stage_impact,
)
from actionplans.gaps import delights_of, is_basics_first, perimeter_journeys, whole_sheet
from actionplans.models import Action, DayRate
from actionplans.priority import tier_row
from journeys.access import Access
from observations.replays import Replayed, Wanted, replay
from observations.scores import ScoreSheet
from scoring.classify import Label
from scoring.replay import Tally


class Missing(StrEnum):
    """Why there is no impact, or nothing to divide it by."""

    NO_EFFECT = "no_effect"
    NOT_SCORED = "not_scored"
    UNKNOWN_LEVEL = "unknown_level"
    NOT_MEASURED = "not_measured"
    NO_REACH = "no_reach"
    NO_EFFORT = "no_effort"
    NO_DAY_RATE = "no_day_rate"


@dataclass(frozen=True, slots=True)
class Worth:
    """One action; `missing` says first what the impact lacks, then what the effort lacks.

    `replayed` is None where nothing can be replayed.
    """

    action: Action
    replayed: Replayed | None
    stage: StageImpact | None
    effort: Fraction | None
    missing: tuple[Missing, ...]
    basics_first: bool

    @property
    def impact(self) -> Fraction | None:
        return None if self.stage is None else impact([self.stage])

    @property
    def per_day(self) -> Fraction | None:
        return per_day(self.impact, self.effort)

    @property
    def delta(self) -> Fraction | None:
        """The change of the stage's score, wherever the action reaches all its cases."""
        if self.replayed is None or self.replayed.after is None:
            return None
        return stage_delta(self.replayed.before, self.replayed.after)

    @property
    def tally(self) -> Tally:
        return Tally() if self.replayed is None else self.replayed.tally

    @property
    def released(self) -> int:
        return self.tally.released


def worth_of(
    actions: Sequence[Action], access: Access, *, day_rate: int | None
) -> dict[int, Worth]:
    """{action id: worth} over all that this person may see; effects should be prefetched.

    The number of queries grows with the journeys where something is to be said, not with the
    actions.
    """
    by_journey: dict[int, list[Action]] = {}
    for action in actions:
        by_journey.setdefault(action.stage.journey_id, []).append(action)
    wanted = {key for key, rows in by_journey.items() if any(map(_asks_for_scores, rows))}
    journeys = perimeter_journeys(access) if wanted else []
    sheets = [whole_sheet(journey, access) for journey in journeys if journey.pk in wanted]
    delights = delights_of(sheets)
    found: dict[int, Worth] = {}
    for sheet in sheets:
        rows = by_journey.pop(sheet.journey.pk)
        own = delights.get(sheet.journey.pk, frozenset())
        found |= _worth_on(sheet, rows, own, day_rate)
    for row in (row for rows in by_journey.values() for row in rows):
        found[row.pk] = _worth(row, None, day_rate, basics_first=False)
    return found


def _asks_for_scores(action: Action) -> bool:
    return bool(action.effects.all()) or action.kind == Action.Kind.INNOVATION


def worth_on(
    sheet: ScoreSheet, actions: Sequence[Action], *, day_rate: int | None
) -> dict[int, Worth]:
    """The actions of the journey of one sheet, under its selection."""
    delights = delights_of([sheet]).get(sheet.journey.pk, frozenset())
    return _worth_on(sheet, actions, delights, day_rate)


def _worth_on(
    sheet: ScoreSheet, rows: Sequence[Action], delights: frozenset[str], day_rate: int | None
) -> dict[int, Worth]:
    wanted = [
        Wanted(row.stage.key, tuple(one.as_effect() for one in row.effects.all())) for row in rows
    ]
    asked = [number for number, one in enumerate(wanted) if one.effects]
    replays = dict(zip(asked, replay(sheet, [wanted[number] for number in asked]), strict=True))
    tiers = {score.stage: tier_row(score) for score in sheet.reading.stages}
    return {
        row.pk: _worth(
            row,
            replays.get(number),
            day_rate,
            basics_first=is_basics_first(tiers.get(row.stage.key), row, delights),
        )
        for number, row in enumerate(rows)
    }


def by_worth(actions: Iterable[Action], worths: Mapping[int, Worth]) -> list[Action]:
    """The most impact for the effort first, then by impact; without either last, by due date."""

    def key(action: Action) -> tuple[Fraction, Fraction, date, int]:
        worth = worths[action.pk]
        return (
            -(worth.per_day or Fraction(0)),
            -(worth.impact or Fraction(0)),
            action.due_on,
            action.pk,
        )

    return sorted(actions, key=key)


def quadrants_of(worths: Mapping[int, Worth]) -> dict[int, Quadrant]:
    """Those with a known impact and effort, by the medians of these; dropped ones are no measure."""
    return quadrants(
        {
            pk: (worth.impact, worth.effort)
            for pk, worth in worths.items()
            if worth.impact is not None
            and worth.effort is not None
            and worth.action.status != Action.Status.DROPPED
        }
    )


def day_rate_of(access: Access) -> int | None:
    """In cents; None where the programme has none."""
    rate = DayRate.objects.filter(programme=access.programme).first()
    return rate.cents if rate else None


def _worth(
    action: Action, replayed: Replayed | None, day_rate: int | None, *, basics_first: bool
) -> Worth:
    stage = None
    if replayed is not None and replayed.after is not None and action.reach_bp is not None:
        stage = stage_impact(replayed.before, replayed.after, reach_bp=action.reach_bp)
    effort = effort_days(action.effort_tenths, action.cost_cents, day_rate)
    lacks = (_lacks_impact(action, replayed), _lacks_effort(action, effort))
    missing = tuple(filter(None, lacks))
    return Worth(action, replayed, stage, effort, missing, basics_first)


def _lacks_impact(action: Action, replayed: Replayed | None) -> Missing | None:
    if not action.effects.all():
        return Missing.NO_EFFECT
    if replayed is None:
        return Missing.NOT_SCORED
    if replayed.unknown:
        return Missing.UNKNOWN_LEVEL
    if replayed.before.label is Label.INSUFFICIENT:
        return Missing.NOT_MEASURED
    return Missing.NO_REACH if action.reach_bp is None else None


def _lacks_effort(action: Action, effort: Fraction | None) -> Missing | None:
    if effort is not None:
        return None if effort else Missing.NO_EFFORT
    return Missing.NO_DAY_RATE if action.cost_cents else Missing.NO_EFFORT
