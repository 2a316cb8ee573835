"""The plan over time: stages are rows, so that all are seen to advance at the same pace (R90).

Where a bar stands across is its dates; where it stands down the page is its stage and its due date,
which nobody can drag.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from actionplans.models import Action
from journeys.models import Stage

MOST_BARS: Final = 12  # of one stage
MOST_NAMES: Final = 6  # of months above it, on a narrow screen
SHORTEST: Final = timedelta(days=90)
WITHOUT_A_START: Final = timedelta(days=6)
NARROWEST: Final = 0.8  # %, to be seen and taken hold of
LONGEST: Final = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole months from `first` until before `end`."""

    first: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    def at(self, day: date) -> float:
        """The place of a day in % of the width, kept within it."""
        return min(100.0, max(0.0, 100 * (day - self.first).days / self.days))

    def place(self, day: date) -> str:
        return f"{self.at(day):.3f}%"

    @property
    def months(self) -> list[tuple[date, str, bool]]:
        """The first day of each month with its place, and whether there is room to name it."""
        days = []
        month = self.first
        while month < self.end:
            days.append(month)
            month = next_month(month)
        every = -(-len(days) // MOST_NAMES)
        return [(day, self.place(day), number % every == 0) for number, day in enumerate(days)]


@dataclass(frozen=True, slots=True)
class Bar:
    action: Action
    at: str
    long: str
    end: str


@dataclass(frozen=True, slots=True)
class StageRow:
    stage: Stage
    bars: list[Bar]
    total: int
    done: int
    counted: int  # without what was dropped

    @property
    def hidden(self) -> int:
        return self.total - len(self.bars)

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.counted) if self.counted else 0


def scale_of(actions: Iterable[Action], today: date) -> Scale:
    """From the first start to the last date; today is on it."""
    days = [today]
    for action in actions:
        days += [action.start_on or action.due_on, action.due_on]
    first = month_of(max(min(days), today - LONGEST))
    last = min(max(*days, first + SHORTEST), first + LONGEST)
    return Scale(first, next_month(month_of(last)))


def bar_of(action: Action, scale: Scale) -> Bar:
    """From the morning of its first day to the evening of its last; without a start, the last week."""
    start = scale.at(action.start_on or action.due_on - WITHOUT_A_START)
    end = scale.at(action.due_on + timedelta(days=1))
    end = max(end, start + NARROWEST)
    return Bar(action, f"{start:.3f}%", f"{end - start:.3f}%", f"{end:.3f}%")


def rows_of(
    stages: Sequence[Stage], actions: Sequence[Action], scale: Scale, shown: int = MOST_BARS
) -> list[StageRow]:
    """A row a stage, the first bars of each by due date."""
    by_stage: dict[int, list[Action]] = {stage.pk: [] for stage in stages}
    for action in actions:
        if action.stage_id in by_stage:
            by_stage[action.stage_id].append(action)
    return [_row(stage, by_stage[stage.pk], scale, shown) for stage in stages]


def _row(stage: Stage, actions: list[Action], scale: Scale, shown: int) -> StageRow:
    kept = [action for action in actions if action.status != Action.Status.DROPPED]
    return StageRow(
        stage=stage,
        bars=[bar_of(action, scale) for action in actions[:shown]],
        total=len(actions),
        done=sum(action.status == Action.Status.DONE for action in kept),
        counted=len(kept),
    )


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
