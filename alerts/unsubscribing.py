"""The way out of a letter without logging in: a signed link to the rules it was written for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from alerts.models import Kind
from alerts.rules import switch_off
from journeys.access import Access
from journeys.models import Programme

_SALT: Final = "alerts.unsubscribe"


@dataclass(frozen=True, slots=True)
class Way:
    """Whose rules a link switches off, in which programme."""

    programme: Programme
    person: User
    kinds: tuple[Kind, ...]


def unsubscribe_link(access: Access, kinds: Collection[str]) -> str:
    """It never expires: a letter may be read years later."""
    told = [access.programme.pk, access.user.pk, sorted(kinds)]
    token = signing.dumps(told, salt=_SALT)
    return settings.SITE_URL + reverse("alerts:unsubscribe", args=[token])


def way_of(token: str) -> Way | None:
    """None for a token that was not signed here, or whose person or programme is gone."""
    try:
        programme_id, person_id, kinds = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    programme = Programme.objects.filter(pk=programme_id).first()
    person = User.objects.filter(pk=person_id).first()
    if programme is None or person is None:
        return None
    return Way(programme, person, tuple(Kind(kind) for kind in kinds))


def take(way: Way) -> None:
    switch_off(programme=way.programme, person=way.person, kinds=way.kinds)
