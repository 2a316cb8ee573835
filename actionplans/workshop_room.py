"""What people in the room do from their phones: come in, say something, put dots, say they are done.

Who does it is known by the phone's token alone: no request names a participant.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.compiled import CompiledQuery, as_row, columns
from accounts.tokens import digest_of
from actionplans.workshop import CODE_ALPHABET, locked
from actionplans.workshop_flow import (
    AFTER_ROUNDS,
    Phase,
    is_open,
    is_revealed,
    takes_ideas,
)
from actionplans.workshop_models import (
    LONGEST_IDEA,
    Idea,
    IdeaGroup,
    Participant,
    Vote,
    Workshop,
    WorkshopGap,
)
from actionplans.workshop_pulse import desk_key, moved_on, phone_key, room_key

MOST_PEOPLE = 60  # a brake, twice what a room holds


class NoSuchRoom(Exception):
    """No workshop takes this code or this phone, for whatever reason."""


class RoomRefused(Exception):
    """What can't be done, in words for the phone; nothing was written.

    `is_late` where it could have been done before: the phone then says so and keeps what was typed.
    """

    def __init__(self, field: str, words: str, *, is_late: bool = False) -> None:
        super().__init__(words)
        self.field, self.words, self.is_late = field, words, is_late


@dataclass(frozen=True, slots=True)
class Phone:
    """What a phone's signed cookie says: the numbers are hints, the secret is the proof."""

    workshop: int
    participant: int
    secret: str


_OF_PHONE = CompiledQuery(
    lambda pk, digest, workshop: Participant.objects.filter(
        pk=pk, digest=digest, removed_at=None, workshop=workshop
    ).values_list(*columns(Participant), *columns(Workshop, "workshop__")),
    int,
    str,
    int,
)


def tidy_code(typed: str) -> str:
    """As people type it: small letters, a blank or a dash in the middle."""
    return "".join(one for one in typed.upper() if one in CODE_ALPHABET)


def open_workshop(code: str) -> Workshop:
    """Raises NoSuchRoom, the same for a code that is wrong, expired or of a closed workshop."""
    found: Workshop | None = Workshop.objects.filter(
        code=tidy_code(code) or None, code_expires_at__gt=timezone.now()
    ).first()
    if found is None or not is_open(found.place.phase):
        raise NoSuchRoom
    return found


@transaction.atomic
def join_workshop(*, code: str, name: str, phone: Phone | None = None) -> Phone:
    """Who is in the workshop already comes back as the same person, whatever name they type now.

    Raises NoSuchRoom, and RoomRefused where somebody else has this name.
    """
    workshop = locked(open_workshop(code))
    if phone is not None and phone.workshop == workshop.pk:
        try:
            participant_of(phone)
        except NoSuchRoom:
            pass
        else:
            return phone
    secret = secrets.token_urlsafe(32)
    name = " ".join(name.split())
    namesake = workshop.participants.filter(name_key=name.casefold(), removed_at=None).first()
    if namesake is not None:
        return _come_back(namesake, secret)
    if workshop.participants.filter(removed_at=None).count() >= MOST_PEOPLE:
        raise RoomRefused("name", _("The room is full."))
    participant = Participant.objects.create(workshop=workshop, name=name, digest=digest_of(secret))
    moved_on(desk_key(workshop.pk))
    return Phone(workshop.pk, participant.pk, secret)


def _come_back(participant: Participant, secret: str) -> Phone:
    """On another phone, where the facilitator has just allowed it: the first one is out then."""
    until = participant.let_back_until
    if until is None or until <= timezone.now():
        raise RoomRefused(
            "name",
            _("Somebody here has this name: add an initial. If it is you, ask the facilitator."),
        )
    participant.digest, participant.let_back_until = digest_of(secret), None
    participant.save(update_fields=["digest", "let_back_until"])
    moved_on(desk_key(participant.workshop_id), phone_key(participant.pk))
    return Phone(participant.workshop_id, participant.pk, secret)


def participant_of(phone: Phone) -> Participant:
    """Raises NoSuchRoom for somebody who was removed, and once the workshop is over."""
    rows = _OF_PHONE.rows(phone.participant, digest_of(phone.secret), phone.workshop)
    if not rows:
        raise NoSuchRoom
    of_person = len(columns(Participant))
    found = as_row(Participant, rows[0][:of_person])
    found.workshop = as_row(Workshop, rows[0][of_person:])
    if _is_over(found.workshop):
        raise NoSuchRoom
    return found


def _is_over(workshop: Workshop) -> bool:
    expires = workshop.code_expires_at
    return not is_open(workshop.place.phase) or expires is None or expires <= timezone.now()


def _enter(participant: Participant) -> Workshop:
    """Locks the workshop, and looks once more whether this person is still in it."""
    workshop = locked(participant.workshop)
    here = Participant.objects.filter(pk=participant.pk, removed_at=None).exists()
    if not here or _is_over(workshop):
        raise NoSuchRoom
    return workshop


@transaction.atomic
def submit_idea(*, participant: Participant, gap_id: int, client_id: UUID, text: str) -> Idea:
    """Once per `client_id`: the same again changes nothing, another text replaces it while private.

    Raises RoomRefused, NoSuchRoom.
    """
    workshop = _enter(participant)
    text = text.strip()
    gap = _gap_of(workshop, gap_id)
    if not text:
        raise RoomRefused("text", _("Type an idea first."))
    if len(text) > LONGEST_IDEA:
        more = len(text) - LONGEST_IDEA
        words = ngettext(
            "This is %(n)d character too long: one idea, in a sentence or two.",
            "This is %(n)d characters too long: one idea, in a sentence or two.",
            more,
        )
        raise RoomRefused("text", words % {"n": more})
    known = Idea.objects.filter(client_id=client_id).first()
    if known is not None:
        return _retyped(known, participant, workshop, gap, text)
    if not takes_ideas(workshop.place, gap.position):
        raise RoomRefused("text", _("Ideas on this gap are not asked for yet."))
    is_late = is_revealed(workshop.place, gap.position)
    idea = Idea.objects.create(
        gap=gap, participant=participant, client_id=client_id, text=text, is_late=is_late
    )
    _tell(workshop, participant, everybody=is_late)
    return idea


def _retyped(
    idea: Idea, participant: Participant, workshop: Workshop, gap: WorkshopGap, text: str
) -> Idea:
    if idea.participant_id != participant.pk or idea.gap_id != gap.pk:
        raise RoomRefused("text", _("This idea is somebody else's."))
    if idea.text == text:
        return idea
    if is_revealed(workshop.place, gap.position):
        raise RoomRefused("text", _("Everybody sees the ideas now: add another one."), is_late=True)
    idea.text = text
    idea.save(update_fields=["text"])
    _tell(workshop, participant)
    return idea


@transaction.atomic
def withdraw_idea(*, participant: Participant, client_id: UUID) -> None:
    """One's own, while nobody else sees it; not there any more is fine. Raises RoomRefused."""
    workshop = _enter(participant)
    idea = (
        participant.ideas.filter(client_id=client_id, gap__workshop=workshop)
        .select_related("gap")
        .first()
    )
    if idea is None:
        return
    if is_revealed(workshop.place, idea.gap.position):
        raise RoomRefused("text", _("Everybody sees the ideas now."), is_late=True)
    idea.delete()
    _tell(workshop, participant)


@transaction.atomic
def put_dot(*, participant: Participant, group_id: int, is_on: bool) -> None:
    """Or take it back. The same again changes nothing. Raises RoomRefused, NoSuchRoom."""
    workshop = _enter(participant)
    if workshop.place.phase is not Phase.VOTE:
        closed = workshop.place.phase in AFTER_ROUNDS
        words = _("The vote is closed.") if closed else _("The vote is not open.")
        raise RoomRefused("group", words, is_late=closed)
    group = candidates(workshop).filter(pk=group_id).first()
    if group is None:
        raise RoomRefused("group", _("This is not in the vote."))
    if not is_on:
        Vote.objects.filter(participant=participant, group=group).delete()
    else:
        _dot_on(group, participant, workshop.votes_per_person)
    _tell(workshop, participant)


def _dot_on(group: IdeaGroup, participant: Participant, dots: int) -> None:
    used = dict(participant.votes.values_list("group_id", "dot"))
    if group.pk in used:
        return
    free = sorted(set(range(1, dots + 1)) - set(used.values()))
    if not free:
        raise RoomRefused("group", _("All your dots are used: take one back first."))
    Vote.objects.create(participant=participant, group=group, dot=free[0])


def candidates(workshop: Workshop) -> QuerySet[IdeaGroup]:
    """What is voted on: the groups chosen for it, of the gaps chosen for it."""
    return IdeaGroup.objects.filter(
        gap__workshop=workshop, gap__in_vote=True, in_vote=True
    ).order_by("gap__position", "pk")


@transaction.atomic
def say_done(*, participant: Participant, place_key: str, is_done: bool) -> None:
    """With the place they see; one that is over is nothing to be done with any more."""
    workshop = _enter(participant)
    if place_key != workshop.place.key:
        return
    Participant.objects.filter(pk=participant.pk).update(done_with=place_key if is_done else "")
    _tell(workshop, participant)


def _gap_of(workshop: Workshop, gap_id: int) -> WorkshopGap:
    gap = workshop.gaps.filter(pk=gap_id).first()
    if gap is None:
        raise RoomRefused("text", _("This gap is not in the workshop."))
    return gap


def _tell(workshop: Workshop, participant: Participant, *, everybody: bool = False) -> None:
    moved_on(desk_key(workshop.pk), phone_key(participant.pk))
    if everybody:
        moved_on(room_key(workshop.pk))
