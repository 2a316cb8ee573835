"""What is news of all that is found: neither told before, nor told under another month.

Observations that come late, or are corrected, move a turn to another month. Whoever was told of it
is not told again: the turn that was told is not found any more, and the one found is in its place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from alerts.events import OF_STAGES, Event, months_until
from alerts.models import Kind


class Told(NamedTuple):
    """A turn of a stage as its key names it; `label` is "" of basics, which are missed or not."""

    kind: Kind
    stage: str
    month: str
    label: str


@dataclass(frozen=True, slots=True)
class News:
    """`moved` are known under another month: to be noted, and never told."""

    new: list[Event]
    moved: list[Event]


def of_turns(keys: Iterable[str]) -> Q:
    """What was told of these events, and of all turns, which they may be in another month."""
    told = Q(key__in=list(keys))
    for kind in OF_STAGES:
        told |= Q(key__startswith=f"{kind.value}:")
    return told


def find_news(events: Sequence[Event], keys: Sequence[str], today: date) -> News:
    """`events` in the order of time; `keys` are what was told, in the order of telling."""
    known, told = set(keys), _read_all(keys)
    found = _read_all(event.key for event in events)
    first = months_until(today)[0]  # in it no turn is found
    gone = [one for one in told if one.month > first and one not in found]
    news = News([], [])
    for event in events:
        turn = _read(event.key)
        if event.key in known or turn in told:
            continue
        is_moved = turn and any(_was(one, turn, told, found) for one in gone)
        (news.moved if is_moved else news.new).append(event)
    return news


def _read_all(keys: Iterable[str]) -> list[Told]:
    """By month, those of one month in the order given."""
    turns = (_read(key) for key in keys)
    return sorted((one for one in turns if one), key=lambda one: one.month)


def _read(key: str) -> Told | None:
    """None of what has no turns. The key of missed basics once ended in the label."""
    name, *parts = key.split(":")
    if name not in OF_STAGES:
        return None
    kind, (stage, month, *label) = Kind(name), parts
    return Told(kind, stage, month, label[0] if kind is Kind.CLASS_CHANGE else "")


def _was(gone: Told, turn: Told, told: Sequence[Told], found: Sequence[Told]) -> bool:
    """Whether the turn is the one that was told, in another month.

    Nothing is told of basics that are covered again: only a break that is found earlier than it was
    told, and lasts, is the same.
    """
    if gone._replace(month=turn.month) != turn:
        return False
    if turn.kind is Kind.BROKEN_GATE:
        again = (one for one in found if one[:2] == turn[:2])
        return not any(turn.month < one.month <= gone.month for one in again) and (
            turn.month < gone.month
        )
    return all(one[:2] != turn[:2] or one.label == turn.label for one in _between(gone, turn, told))


def _between(gone: Told, turn: Told, told: Sequence[Told]) -> Sequence[Told]:
    """What was told of the months from the one to the other."""
    months, place = [one.month for one in told], told.index(gone)
    if turn.month < gone.month:
        return told[bisect_left(months, turn.month) : place]
    return told[place + 1 : bisect_right(months, turn.month)]
