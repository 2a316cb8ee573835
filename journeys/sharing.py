"""Links to maps for people without an account: made, revoked, opened.

What is hidden is never computed: the reader's access carries the rights of the lanes shown and no
others, and only these lanes are asked for their cells. Of the token only the digest is kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial, reduce
from operator import or_
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.tokens import digest_of
from journeys.access import Access
from journeys.audit import record
from journeys.lanes import Cell, Figure, Lane, known_lanes
from journeys.models import Journey, Programme, ShareLink
from journeys.rights import Right

WRONG_TRIES: Final = 10  # per link within an hour
HOUR: Final = 3600


class TooManyTries(Exception):
    """No password is looked at any more within this hour."""


class LinkAccess(Access):
    """Who holds a link: nobody in particular, and what they see they see of the whole programme."""

    def may_at_once(self, right: Right) -> bool:
        """The plan is shown whole with or without the scores; a reader has no own actions."""
        return bool(self.rights & right & (Right.SEE_SCORES | Right.SEE_PLAN))

    @property
    def reading_location_ids(self) -> None:
        return None

    @property
    def observing_location_ids(self) -> frozenset[int]:
        return frozenset()

    @property
    def observer_code(self) -> str:
        return ""


@transaction.atomic
def share_maps(
    *,
    programme: Programme,
    name: str,
    journeys: Iterable[Journey],
    lanes: Iterable[str],
    password: str,
    last_day: date | None,
    actor: User,
) -> str:
    """Answers the token: the only moment at which it can be read. Open to the end of `last_day`.

    Raises ValueError for a map of another programme or a lane that nobody knows.
    """
    maps, shown = list(journeys), list(lanes)
    if any(journey.programme_id != programme.pk for journey in maps):
        raise ValueError("a link shows maps of its own programme only")
    if unknown := set(shown) - {lane.key for lane in known_lanes()}:
        raise ValueError(f"no such lanes: {unknown}")
    token = secrets.token_urlsafe(32)
    link = ShareLink.objects.create(
        programme=programme,
        name=name,
        lanes=shown,
        digest=digest_of(token),
        password=make_password(password) if password else "",
        expires_at=_end_of(last_day) if last_day else None,
        created_by=actor,
    )
    link.journeys.set(maps)
    record(
        programme=programme,
        actor=actor,
        verb="shared",
        subject=name,
        changes={"journeys": [None, [journey.name for journey in maps]]},
    )
    return token


@transaction.atomic
def revoke_link(*, link: ShareLink, actor: User) -> None:
    """Twice changes nothing: the first revocation stands."""
    revoked = ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if revoked:
        record(programme=link.programme, actor=actor, verb="revoked the link", subject=link.name)


def open_link(token: str) -> ShareLink | None:
    """The link behind a token that still shows something."""
    found = ShareLink.objects.select_related("programme").filter(digest=digest_of(token)).first()
    return found if found is not None and found.is_open else None


def note_opening(link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk).update(
        open_count=F("open_count") + 1, last_opened_at=timezone.now()
    )


def password_fits(link: ShareLink, password: str) -> bool:
    """Raises TooManyTries after ten wrong passwords within an hour, whatever comes then."""
    key = f"share-link-{link.pk}-wrong-tries"
    cache.add(key, 0, HOUR)
    try:
        tries = cache.incr(key)
    except ValueError:  # the hour ended just now
        cache.set(key, 1, HOUR)
        tries = 1
    if tries > WRONG_TRIES:
        raise TooManyTries
    if not check_password(password, link.password):
        return False
    cache.delete(key)
    return True


def maps_of(link: ShareLink) -> QuerySet[Journey]:
    return link.journeys.filter(programme=link.programme)


def access_of_link(link: ShareLink) -> LinkAccess:
    """To read the maps, with the rights that the lanes shown ask for and no others."""
    asked = (lane.right for lane in _lanes_of(link) if lane.right is not None)
    rights = reduce(or_, asked, Right.SEE_METHOD)
    return LinkAccess(User(is_active=False), link.programme, frozenset(), rights)


def lanes_shown(link: ShareLink) -> list[Lane]:
    """The lanes of the link; their entries lead nowhere, since every address asks for a log-in."""
    return [replace(lane, cells=partial(_cells_without_ways, lane)) for lane in _lanes_of(link)]


def _lanes_of(link: ShareLink) -> list[Lane]:
    return [lane for lane in known_lanes() if lane.key in link.lanes]


def _cells_without_ways(lane: Lane, journey: Journey, access: Access) -> Mapping[str, Cell]:
    return {key: _without_ways(cell) for key, cell in lane.cells(journey, access).items()}


def _without_ways(cell: Cell) -> Cell:
    if isinstance(cell, Figure):
        return replace(cell, url="")
    return tuple(replace(entry, url="", ref=None) for entry in cell if not entry.blank)


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
