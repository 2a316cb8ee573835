"""What has happened in the last months, as one person may see it: by one code for now and for the past.

The cells are kept by month, so that the end of a past month is read as today is, with what is known
today: observations entered late or corrected since count in their month, and targets, perimeter and
weights are those of now. On which day of its month a class turned is not known. Actions have days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from actionplans.gaps import perimeter_journeys
from actionplans.models import Action
from alerts.confirmed import confirmed_before
from alerts.models import Kind
from alerts.turns import MonthEnd, Turn, class_turns, gate_turns
from journeys.access import Access
from journeys.models import Journey, Stage
from journeys.rights import Right
from observations.scores import ScoreSheet, read_scores
from observations.selection import read_selection
from scoring.figures import Label, StageScore

# How far back an event is looked for, beside the month under way.
MONTHS: Final = 6
OF_STAGES: Final = frozenset({Kind.BROKEN_GATE, Kind.CLASS_CHANGE})


@dataclass(frozen=True, slots=True)
class Event:
    """`on` is a month, or a day where it is known; `key` is the same whenever it is found again."""

    kind: Kind
    key: str
    on: str
    stage: Stage
    score: StageScore | None = None
    was: Label | None = None
    action: Action | None = None

    @property
    def journey(self) -> Journey:
        return self.stage.journey


def allowed_kinds(access: Access) -> list[Kind]:
    """What this person may be written to about: nothing of an archived programme."""
    if not access.may(Right.SEE_SCORES) or access.programme.is_archived:
        return []
    return [kind for kind in Kind if kind is not Kind.LATE_ACTION or access.sees_whole_plan]


def months_until(today: date) -> list[str]:
    """The month that only begins the comparison, six more, the last of them under way."""
    last = today.year * 12 + today.month - 1
    numbers = range(last - MONTHS, last + 1)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


def find_events(access: Access, kinds: Collection[Kind], today: date) -> list[Event]:
    """In the order of time; none of a kind that this person may not see."""
    wanted = set(kinds) & set(allowed_kinds(access))
    found: list[Event] = []
    if wanted & OF_STAGES:
        found += _stage_events(access, wanted, today)
    if Kind.LATE_ACTION in wanted:
        found += _late_events(access, today)
    return sorted(found, key=lambda event: (event.on, event.key))


def _stage_events(access: Access, kinds: set[Kind], today: date) -> Iterator[Event]:
    for journey in perimeter_journeys(access):
        stages = {stage.key: stage for stage in journey.stages.all()}
        month_ends = _month_ends(access, journey, today)
        known = confirmed_before(access, journey, month_ends) if Kind.CLASS_CHANGE in kinds else {}
        for key, ends in month_ends.items():
            stage = stages[key]
            stage.journey = journey
            if Kind.CLASS_CHANGE in kinds:
                for turn in class_turns(ends, known.get(key)):
                    yield _event(Kind.CLASS_CHANGE, stage, turn)
            if Kind.BROKEN_GATE in kinds:
                for turn in gate_turns(ends):
                    yield _event(Kind.BROKEN_GATE, stage, turn)


def month_sheets(
    access: Access, journey: Journey, months: Sequence[str]
) -> Iterator[tuple[str, ScoreSheet]]:
    """The dashboard as it stood at each month's end; the last month as it stands."""
    own = read_selection({}, journey=journey, access=access)
    for month in months:
        until = None if month == months[-1] else month
        yield month, read_scores(journey, replace(own, last_month=until))


def _month_ends(access: Access, journey: Journey, today: date) -> dict[str, list[MonthEnd]]:
    """{stage key: how it stood at each month's end}; the last is what the dashboard shows."""
    found: dict[str, list[MonthEnd]] = {}
    for month, sheet in month_sheets(access, journey, months_until(today)):
        version = sheet.framework.version if sheet.framework else None
        for score in sheet.reading.stages:
            found.setdefault(score.stage, []).append(MonthEnd(month, version, score))
    return found


def _event(kind: Kind, stage: Stage, turn: Turn) -> Event:
    """Basics are missed once, whatever becomes of the class."""
    key = f"{kind.value}:{stage.pk}:{turn.month}"
    if kind is Kind.CLASS_CHANGE:
        key += f":{turn.score.label.value}"
    return Event(kind, key, turn.month, stage, turn.score, turn.was)


def _late_events(access: Access, today: date) -> Iterator[Event]:
    """Actions that were open when their due date had passed; of a date that was moved, the one of now."""
    first = date.fromisoformat(f"{months_until(today)[1]}-01")
    actions = (
        Action.objects.visible_to(access)
        .filter(due_on__gte=first - timedelta(days=1), due_on__lt=today)
        .for_list()
        .prefetch_related("updates")
    )
    for action in actions:
        late_on = max(
            action.due_on + timedelta(days=1), timezone.localtime(action.created_at).date()
        )
        if _status_before(action, late_on) in Action.OPEN:
            key = f"{Kind.LATE_ACTION.value}:{action.pk}:{action.due_on.isoformat()}"
            action.programme = access.programme
            yield Event(Kind.LATE_ACTION, key, late_on.isoformat(), action.stage, action=action)


def _status_before(action: Action, day: date) -> str:
    """At the end of the day before; newest update first."""
    updates = list(action.updates.all())
    if not updates:
        return action.status
    for update in updates:
        if timezone.localtime(update.created_at).date() < day:
            return update.status
    return Action.Status.TODO
