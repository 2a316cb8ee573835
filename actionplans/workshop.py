"""What a facilitator does with a workshop: prepare it, move it on, keep its time, hand it over.

Everything that changes an open workshop locks its row first. A dot that arrives while the vote is
closed is therefore before it or after it, never in between, and two moves at once are one move.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from actionplans.planning import PlanRefused
from actionplans.workshop_flow import (
    TIME_BOXES,
    Clock,
    NoSuchMove,
    Phase,
    Place,
    following,
    is_open,
    preceding,
    skipping_to_vote,
)
from actionplans.workshop_models import Participant, Vote, Workshop, WorkshopGap
from actionplans.workshop_pulse import desk_key, moved_on, phone_key, room_key
from journeys.audit import record
from journeys.models import Programme, Stage

# No vowels, so that no code is a word; no 0 1 I L O S U, so that none is misread aloud.
CODE_ALPHABET: Final = "23456789BCDFGHJKMNPQRTVWXYZ"
CODE_LENGTH: Final = 6
CODE_LIFE: Final = timedelta(hours=12)  # from the last move on
LET_BACK: Final = timedelta(minutes=3)
MOST_GAPS: Final = 8


class Direction(StrEnum):
    NEXT = "next"
    BACK = "back"
    VOTE = "vote"  # the gaps that are left wait for another day
    CLOSE = "close"


class StaleMove(Exception):
    """The workshop has moved since the button was drawn."""


@dataclass(frozen=True, slots=True)
class ChosenGap:
    stage: Stage
    question: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def prepare_workshop(
    *,
    programme: Programme,
    actor: User,
    title: str,
    goal: str,
    gaps: Sequence[ChosenGap],
    votes_per_person: int = 3,
    minutes: Mapping[str, int] | None = None,
) -> Workshop:
    """Raises PlanRefused without a gap, or with more than a workshop can hold."""
    _check_gaps(programme, gaps)
    workshop = Workshop.objects.create(
        programme=programme,
        title=title,
        goal=goal,
        votes_per_person=votes_per_person,
        minutes=dict(minutes or TIME_BOXES),
        facilitator=actor,
    )
    _put_gaps(workshop, gaps)
    record(programme=programme, actor=actor, verb="prepared", subject=workshop)
    return workshop


@transaction.atomic
def prepare_again(
    *,
    workshop: Workshop,
    actor: User,
    title: str,
    goal: str,
    gaps: Sequence[ChosenGap],
    votes_per_person: int,
    minutes: Mapping[str, int],
) -> Workshop:
    """Before anybody could join. Raises PlanRefused."""
    workshop = locked(workshop)
    if workshop.phase != Phase.PREPARED:
        raise PlanRefused({"title": _("The workshop is open: what it works on stays as it is.")})
    _check_gaps(workshop.programme, gaps)
    workshop.title, workshop.goal = title, goal
    workshop.votes_per_person, workshop.minutes = votes_per_person, dict(minutes)
    workshop.save(update_fields=["title", "goal", "votes_per_person", "minutes"])
    workshop.gaps.all().delete()
    _put_gaps(workshop, gaps)
    record(programme=workshop.programme, actor=actor, verb="edited", subject=workshop)
    return workshop


def _check_gaps(programme: Programme, gaps: Sequence[ChosenGap]) -> None:
    if any(gap.stage.journey.programme_id != programme.pk for gap in gaps):
        raise ValueError("a gap belongs to another programme")
    if not gaps:
        raise PlanRefused({"gaps": _("Choose at least one gap.")})
    if len(gaps) > MOST_GAPS:
        raise PlanRefused({"gaps": _("Two hours hold %(n)d gaps at most.") % {"n": MOST_GAPS}})


def _put_gaps(workshop: Workshop, gaps: Sequence[ChosenGap]) -> None:
    WorkshopGap.objects.bulk_create(
        WorkshopGap(
            workshop=workshop,
            stage=gap.stage,
            position=position,
            question=gap.question,
            figures=dict(gap.figures),
            evidence=dict(gap.evidence),
        )
        for position, gap in enumerate(gaps)
    )


def locked(workshop: Workshop) -> Workshop:
    """As it is now, and nobody else changes it before the end of this transaction."""
    found: Workshop = (
        Workshop.objects.select_for_update(of=("self",))
        .select_related("programme")
        .get(pk=workshop.pk)
    )
    return found


@transaction.atomic
def move_workshop(
    *, workshop: Workshop, actor: User, direction: Direction, version: int
) -> Workshop:
    """Raises StaleMove for a button drawn before the last move, NoSuchMove where nothing lies there.

    A step back keeps everything: ideas, groups, dots, places in the matrix, actions.
    """
    workshop = locked(workshop)
    if version != workshop.version:
        raise StaleMove
    before = workshop.place
    _go_to(workshop, _destination(workshop, direction))
    if before.phase is Phase.MATRIX and workshop.phase == Phase.VOTE:
        workshop.vote_reopened += 1
    workshop.version += 1
    workshop.save()
    if before.phase is Phase.PREPARED or workshop.phase == Phase.CLOSED:
        verb = "opened" if before.phase is Phase.PREPARED else "closed"
        record(programme=workshop.programme, actor=actor, verb=verb, subject=workshop)
    moved_on(room_key(workshop.pk), desk_key(workshop.pk))
    return workshop


def _destination(workshop: Workshop, direction: Direction) -> Place:
    place, gaps = workshop.place, workshop.gaps.count()
    if direction is Direction.NEXT:
        return following(place, gaps=gaps)
    if direction is Direction.BACK:
        return preceding(place, gaps=gaps)
    if direction is Direction.VOTE:
        return skipping_to_vote(place)
    if not is_open(place.phase):
        raise NoSuchMove
    return Place(Phase.CLOSED, place.gap)


def _go_to(workshop: Workshop, place: Place) -> None:
    now = timezone.now()
    workshop.phase, workshop.round = place.phase, place.gap
    _set_clock(workshop, Clock.started(workshop.minutes.get(place.phase, 0), now))
    if place.phase is Phase.CLOSED:
        workshop.code = workshop.code_expires_at = None
        workshop.closed_at = now
        return
    workshop.code = workshop.code or _new_code()
    workshop.code_expires_at = now + CODE_LIFE
    workshop.opened_at = workshop.opened_at or now


def _set_clock(workshop: Workshop, clock: Clock) -> None:
    workshop.ends_at, workshop.left_s = clock.ends_at, clock.left_s


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))
        if not Workshop.objects.filter(code=code).exists():
            return code


@transaction.atomic
def set_clock(*, workshop: Workshop, verb: str, minutes: int = 0) -> Workshop:
    """`verb` is pause, resume or extend. What the phones send is taken all the while."""
    workshop = locked(workshop)
    now = timezone.now()
    clock = workshop.clock
    if verb == "extend":
        clock = clock.extended(minutes, now)
    else:
        clock = clock.paused(now) if verb == "pause" else clock.resumed(now)
    _set_clock(workshop, clock)
    workshop.save(update_fields=["ends_at", "left_s"])
    moved_on(room_key(workshop.pk))
    return workshop


@transaction.atomic
def take_over(*, workshop: Workshop, actor: User) -> Workshop:
    """The workshop goes on exactly where it is, led by somebody else. Twice changes nothing."""
    workshop = locked(workshop)
    before = workshop.facilitator
    if before == actor:
        return workshop
    workshop.facilitator = actor
    workshop.save(update_fields=["facilitator"])
    record(
        programme=workshop.programme,
        actor=actor,
        verb="took over",
        subject=workshop,
        changes={"facilitator": [str(before or ""), str(actor)]},
    )
    moved_on(desk_key(workshop.pk))
    return workshop


@transaction.atomic
def remove_participant(*, participant: Participant, actor: User) -> None:
    """Their ideas stay; their dots go, unless the vote has been closed: totals once shown stand."""
    workshop = locked(participant.workshop)
    removed = Participant.objects.filter(pk=participant.pk, removed_at=None).update(
        removed_at=timezone.now()
    )
    if not removed:
        return
    if workshop.phase not in (Phase.MATRIX, Phase.COMMIT, Phase.CLOSED):
        Vote.objects.filter(participant=participant).delete()
    record(
        programme=workshop.programme,
        actor=actor,
        verb="removed",
        subject=workshop,
        changes={"participant": [participant.name, None]},
    )
    moved_on(desk_key(workshop.pk), phone_key(participant.pk))


@transaction.atomic
def let_back(*, participant: Participant) -> None:
    """For a few minutes the name may come in from another phone, and is the same person then."""
    locked(participant.workshop)
    Participant.objects.filter(pk=participant.pk, removed_at=None).update(
        let_back_until=timezone.now() + LET_BACK
    )
    moved_on(desk_key(participant.workshop_id))


@transaction.atomic
def delete_prepared(*, workshop: Workshop, actor: User) -> None:
    """One that was never opened. Raises NoSuchMove for any other: people took part in it."""
    workshop = locked(workshop)
    if workshop.phase != Phase.PREPARED:
        raise NoSuchMove
    record(programme=workshop.programme, actor=actor, verb="deleted", subject=workshop)
    workshop.delete()
