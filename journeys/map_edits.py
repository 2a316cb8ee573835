"""Undo and redo on the map: each step keeps what its rows were before and after.

A person takes back their own steps only, the newest first. What somebody else has changed since is
never overwritten: the step is then refused, with what stands in its way. A deleted row comes back
under its old number, so that earlier steps still find it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, Literal

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.audit import record
from journeys.deleting import Held, StillUsed, dependants_of
from journeys.guards import Blocked, blocking_reasons
from journeys.holding import Overtaken, hold_channels, hold_journey
from journeys.models import Channel, Choice, Criterion, Journey, MapEdit, Need, Stage, Touchpoint
from journeys.ordering import renumber_stages

KEPT: Final = 100  # steps a person can take back on one map
REMEMBERED: Final = timedelta(minutes=10)  # how long an open map may stay silent and catch up

# Parents before children; how the rows of some stages are found.
_ROWS: Final[dict[str, tuple[type[models.Model], str]]] = {
    "stage": (Stage, "pk"),
    "touchpoint": (Touchpoint, "stage"),
    "need": (Need, "stage"),
    "choice": (Choice, "stage"),
    "criterion": (Criterion, "choice__stage"),
}
# What goes with a row, and how it is found.
_INSIDE: Final[dict[str, dict[str, str]]] = {
    "stage": {name: way for name, (_model, way) in _ROWS.items() if name != "stage"},
    "choice": {"criterion": "choice"},
}
# A version only counts saves, and a place gives way to what others have put there since.
_COUNTING: Final = "version"
_YIELDING: Final = frozenset({"position", _COUNTING})

Fields = dict[str, Any]
State = dict[tuple[str, int], Fields]


class NothingLeft(Exception):
    """No step of this person to take back, or to do again."""


@contextmanager
def map_step(
    *, journey: Journey, actor: User, verb: str, subject: object, stages: Collection[Stage] = ()
) -> Iterator[None]:
    """One step, in one transaction: whatever happens inside to `stages` and what hangs on them.

    The stages' own rows are followed over the whole journey, because places shift; stages made
    inside are followed by themselves. Steps on one journey come one after the other.
    """
    with transaction.atomic():
        hold_journey(journey)
        followed = {stage.pk for stage in stages}
        before = _state(journey, followed)
        yield
        made = set(_stage_pks(journey)) - {row for name, row in before if name == "stage"}
        changes = _changes(before, _state(journey, followed | made))
        if not changes:
            return
        _drop_undone(journey, actor)
        MapEdit.objects.create(
            journey=journey, author=actor, verb=verb, subject=str(subject)[:200], changes=changes
        )
        _forget_oldest(journey, actor)


def next_steps(journey: Journey, person: User) -> tuple[MapEdit | None, MapEdit | None]:
    """What undo would take back and what redo would do again, in one query."""
    steps = list(
        MapEdit.objects.filter(journey=journey, author=person, is_dropped=False)
        .defer("changes")
        .order_by("pk")
    )
    done = [step for step in steps if step.undone_at is None]
    undone = [step for step in steps if step.undone_at is not None]
    return done[-1] if done else None, undone[0] if undone else None


@transaction.atomic
def undo(*, journey: Journey, actor: User) -> MapEdit:
    """Raises NothingLeft, Overtaken, StillUsed or Blocked; nothing has changed then."""
    return _walk(journey, actor, "before")


@transaction.atomic
def redo(*, journey: Journey, actor: User) -> MapEdit:
    """Raises NothingLeft, Overtaken, StillUsed or Blocked; nothing has changed then."""
    return _walk(journey, actor, "after")


def _walk(journey: Journey, actor: User, to: Literal["before", "after"]) -> MapEdit:
    hold_journey(journey)
    undoable, redoable = next_steps(journey, actor)
    step = undoable if to == "before" else redoable
    if step is None:
        raise NothingLeft
    # Those that are gone are told of row by row, with the row that can't come back.
    hold_channels(Channel.objects.filter(pk__in=_channels_in(step.changes, to)))
    _apply(journey, step.changes, to)
    step.changed_at = timezone.now()
    step.undone_at = step.changed_at if to == "before" else None
    step.save(update_fields=["undone_at", "changed_at", "changes"])
    record(
        programme=journey.programme,
        actor=actor,
        verb="undone" if to == "before" else "redone",
        subject=step.subject,
    )
    return step


def _channels_in(changes: list[dict[str, Any]], to: Literal["before", "after"]) -> set[int]:
    return {one[to]["channel_id"] for one in changes if one[to] and "channel_id" in one[to]}


def versions_left(journey: Journey) -> dict[tuple[str, int], int]:
    """The newest version under which each row was made or deleted, as far as steps remember."""
    found: dict[tuple[str, int], int] = {}
    for changes in MapEdit.objects.filter(journey=journey).values_list("changes", flat=True):
        for one in changes:
            sides = (one["before"] or {}, one["after"] or {})
            key = (one["model"], one["row"])
            found[key] = max(found.get(key, 0), *(side.get(_COUNTING, 0) for side in sides))
    return found


def _stage_pks(journey: Journey) -> Iterable[int]:
    return Stage.objects.filter(journey=journey).values_list("pk", flat=True)


def _state(journey: Journey, stages: Collection[int]) -> State:
    found: State = {}
    for name, (model, to_stage) in _ROWS.items():
        rows: models.QuerySet[Any] = model._default_manager.order_by()
        if name == "stage":
            rows = rows.filter(journey=journey)
        elif stages:
            rows = rows.filter(**{f"{to_stage}__in": stages})
        else:
            continue
        for fields in rows.values():
            row = fields["id"]
            found[name, row] = {k: v for k, v in fields.items() if k != "id"}
    return found


def _changes(before: State, after: State) -> list[dict[str, Any]]:
    """Created and deleted rows whole, of the others only the fields that changed, but no version."""
    changes = []
    for key in sorted(before.keys() | after.keys(), key=_parents_first):
        was, now = before.get(key), after.get(key)
        if was is not None and now is not None:
            differing = [name for name in was if was[name] != now[name] and name != _COUNTING]
            was = {name: was[name] for name in differing}
            now = {name: now[name] for name in differing}
        if was or now:
            changes.append({"model": key[0], "row": key[1], "before": was, "after": now})
    return changes


def _parents_first(key: tuple[str, int]) -> tuple[int, int]:
    return list(_ROWS).index(key[0]), key[1]


def _drop_undone(journey: Journey, actor: User) -> None:
    """They can't be redone any more, but for a while other people's maps must still hear of them."""
    undone = MapEdit.objects.filter(journey=journey, author=actor).exclude(undone_at=None)
    undone.filter(changed_at__lt=timezone.now() - REMEMBERED).delete()
    undone.update(is_dropped=True)


def _forget_oldest(journey: Journey, actor: User) -> None:
    steps = MapEdit.objects.filter(journey=journey, author=actor, is_dropped=False).order_by("-pk")
    MapEdit.objects.filter(pk__in=list(steps.values_list("pk", flat=True)[KEPT:])).delete()


def _apply(journey: Journey, changes: list[dict[str, Any]], to: Literal["before", "after"]) -> None:
    """Rows come back parents first, and go children first; `changes` learns their last versions."""
    since = "after" if to == "before" else "before"
    going = {(one["model"], one["row"]) for one in changes if one[to] is None}
    for one in changes:
        if one[since] is None:
            _bring_back(one["model"], one["row"], one[to])
        elif one[to] is not None:
            _set_back(one["model"], one["row"], expected=one[since], wanted=one[to])
    for one in reversed(changes):
        if one[to] is None:
            _take_away(one["model"], one["row"], one[since], going)
    _count_criteria(changes)
    renumber_stages(journey=journey)


def _bring_back(name: str, pk: int, fields: Fields) -> None:
    row: Any = _ROWS[name][0](pk=pk, **fields)
    if hasattr(row, _COUNTING):  # newer than any form that is still open on it
        row.version += 1
    try:
        row.full_clean()
    except ValidationError as error:
        raise Overtaken(
            _("“%(row)s” can't come back: its key is taken by now, or what it hung on is gone.")
            % {"row": row}
        ) from error
    row.save(force_insert=True)


def _set_back(name: str, pk: int, *, expected: Fields, wanted: Fields) -> None:
    model = _ROWS[name][0]
    only_moved = wanted.keys() <= _YIELDING
    if only_moved and not model._default_manager.filter(pk=pk).exists():
        return  # it had given way to another row, and has no place any more
    row = _row_as_left(name, pk, expected)
    reasons = blocking_reasons(row, list(wanted))
    if reasons:
        raise Blocked(reasons)
    for field, value in wanted.items():
        setattr(row, field, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise Overtaken(
            _("“%(row)s” can't go back: what it belonged to is gone.") % {"row": row}
        ) from error
    more = {} if only_moved or not hasattr(row, _COUNTING) else {_COUNTING: F(_COUNTING) + 1}
    model._default_manager.filter(pk=pk).update(**wanted, **more)


def _take_away(name: str, pk: int, expected: Fields, going: set[tuple[str, int]]) -> None:
    if _is_gone_already(name, pk, expected):
        return
    row = _row_as_left(name, pk, expected)
    _refuse_filled(name, row, going)
    dependants = dependants_of(row)
    if dependants:
        raise StillUsed([Held(row, dependants)])
    if hasattr(row, _COUNTING):
        expected[_COUNTING] = row.version
    row.delete()


def _is_gone_already(name: str, pk: int, expected: Fields) -> bool:
    """Not a stage, nor a criterion of a choice that stands: others have written theirs instead."""
    if name == "stage" or _ROWS[name][0]._default_manager.filter(pk=pk).exists():
        return False
    return name != "criterion" or not Choice.objects.filter(pk=expected["choice_id"]).exists()


def _refuse_filled(name: str, row: models.Model, going: set[tuple[str, int]]) -> None:
    """What others have put into a stage or a choice since would go with it."""
    for part, way in _INSIDE.get(name, {}).items():
        for other in _ROWS[part][0]._default_manager.filter(**{way: row.pk}):
            if (part, other.pk) not in going:
                raise Overtaken(
                    _("“%(row)s” holds “%(other)s” by now: delete it yourself if you mean it.")
                    % {"row": row, "other": other}
                )


def _count_criteria(changes: list[dict[str, Any]]) -> None:
    """A form of a choice shows its criteria: one that is open must hear that they were others."""
    criteria = [one for one in changes if one["model"] == "criterion"]
    sides = [side for one in criteria for side in (one["before"], one["after"]) if side]
    choices = {side["choice_id"] for side in sides if "choice_id" in side}
    Choice.objects.filter(pk__in=choices).update(version=F("version") + 1)


def _row_as_left(name: str, pk: int, expected: Fields) -> Any:
    """The row, provided that it still is as the step left it."""
    model: type[models.Model] = _ROWS[name][0]
    row = model._default_manager.filter(pk=pk).first()
    if row is None:
        raise Overtaken(_("“%(row)s” has been deleted since.") % {"row": _title(expected)})
    for field, value in expected.items():
        if field not in _YIELDING and getattr(row, field) != value:
            raise Overtaken(
                _("“%(row)s” has been changed since: it stays as it is.") % {"row": row}
            )
    return row


def _title(fields: Fields) -> str:
    return str(fields.get("name") or fields.get("text") or fields.get("question") or "…")
