"""Whether a person wants letters before their actions are due: chosen on their page, or out of a letter.

Letters about what is late or blocked can't be declined, so that only those that tell of a date to come
carry the way out.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.ways_out import WayOut, link_out, told_by
from actionplans.action_models import LetterChoice

URL_NAME: Final = "actionplans:letters-unsubscribe"


def wants_letters(person: User) -> bool:
    return not LetterChoice.objects.filter(person=person, before_due=False).exists()


def choose_letters(*, person: User, wanted: bool) -> None:
    LetterChoice.objects.update_or_create(person=person, defaults={"before_due": wanted})


def way_out_link(person: User) -> str:
    return link_out(URL_NAME, person.pk)


def way_of(token: str) -> WayOut | None:
    """None for a token that was not signed here, or whose person is gone."""
    told = told_by(URL_NAME, token)
    person = User.objects.filter(pk=told).first() if told is not None else None
    if person is None:
        return None
    return WayOut(
        person=person,
        language=settings.LANGUAGE_CODE,
        subheading=person.email,
        names=[_("Your actions, before they are due")],
        settings_url=reverse("actionplans:my-actions"),
        take=partial(choose_letters, person=person, wanted=False),
    )
