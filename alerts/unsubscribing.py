"""The way out of a letter: to the rules it was written for, of one person in one programme."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Final

from django.urls import reverse

from accounts.models import User
from accounts.ways_out import WayOut, link_out, told_by
from alerts.models import Kind
from alerts.rules import switch_off
from journeys.access import Access
from journeys.models import Programme

URL_NAME: Final = "alerts:unsubscribe"


def unsubscribe_link(access: Access, kinds: Collection[str]) -> str:
    return link_out(URL_NAME, [access.programme.pk, access.user.pk, sorted(kinds)])


def way_of(token: str) -> WayOut | None:
    """None for a token that was not signed here, or whose person or programme is gone."""
    told = told_by(URL_NAME, token)
    if told is None:
        return None
    programme_id, person_id, values = told
    programme = Programme.objects.filter(pk=programme_id).first()
    person = User.objects.filter(pk=person_id).first()
    if programme is None or person is None:
        return None
    kinds = [Kind(value) for value in values]
    return WayOut(
        person=person,
        language=programme.language,
        subheading=f"{programme.name} · {person.email}",
        names=[kind.label for kind in kinds],
        settings_url=reverse("alerts:rule-list", args=[programme.slug]),
        take=partial(switch_off, programme=programme, person=person, kinds=kinds),
    )
