"""The interface in French: no English left on any page, and the switch that gets one there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.permission_rows import Row
from actionplans.patterns import library
from cxplan.tests.permission_matrix import all_rows, prepare_all
from journeys.journey_templates import journey_templates
from journeys.models import Programme

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _media_root(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


# Words that no French sentence and no row of the tests' own data contains.
_WORDS = """
about above add added again already and another any are at back been before below by cancel
changed channel choose confirm copy customer customers delete done down draft due during
each edit empty everything first for found framework from gap give given go goes has have held
here how if invite is it its journey journeys keep kept last late leave left location locations
made make measured month move must my need needed needs never next no nobody none not nothing
observed of once one only open other out outside owner people person published record
recorded remove reading save saved saves say seen send set settings share show somebody
still target than that the their them then there these they this threshold too touchpoint
touchpoints under until up used value wave waves weight were what when where which who whole whose
will with within without word words yes yet you your
"""
ENGLISH = frozenset(_WORDS.split())
# The switch names each language in that language; the middle of an address is no sentence.
_UNSEEN = re.compile(
    r"<(script|style|code)\b.*?</\1>|<(\w+)[^>]*\blang=\"en\".*?</\2>|<!--.*?-->", re.DOTALL
)
_SPOKEN = re.compile(
    r"\b(?:aria-label|title|placeholder|alt|hx-confirm|data-template)=\"([^\"]*)\""
)
_TAG = re.compile(r"<[^>]*>")


def english_words(page: str, *, beside: Iterable[str] = ()) -> set[str]:
    """Telling English words among what is read on the page or read out from it.

    `beside` are texts that speak the programme's language whatever the interface speaks.
    """
    shown = _UNSEEN.sub(" ", page)
    text = unescape(" ".join([_TAG.sub(" ", shown), *_SPOKEN.findall(shown)]))
    for own in sorted(beside, key=len, reverse=True):
        text = text.replace(own, " ")
    return set(re.findall(r"[^\W\d_]+", text.lower())) & ENGLISH


def texts_in(value: Any) -> set[str]:
    """Each text in nested data, in which keys are no text."""
    if isinstance(value, dict):
        value = [each for name, each in value.items() if name != "key"]
    if isinstance(value, (list, tuple)):
        return set().union(*map(texts_in, value))
    return {value} if isinstance(value, str) and value else set()


def pages_of(role: str) -> list[Row]:
    """The rows of the permission matrix that show this role a page, or a form with its errors."""
    rows = [row for row in all_rows() if row.body is None and "api" not in row.url_name]
    return [row for row in rows if row.status_for(role) in (200, 403, 404, 409, 422)]


def ask(client: Client, row: Row, world: dict[str, Any]) -> HttpResponse:
    """The answer, with all that it wrote taken back."""
    args = [world[each[1:]] if each.startswith("$") else each for each in row.args]
    kind = "application/x-www-form-urlencoded"
    with transaction.atomic():
        answer = client.generic(row.method, reverse(row.url_name, args=args), "", kind)
        transaction.set_rollback(True)
    return answer  # type: ignore[return-value]  # the test client's own class of answer


def in_french(person: User) -> User:
    person.language = "fr"
    person.save(update_fields=["language"])
    return person


@pytest.fixture
def cast(  # all seven, because the rows of the matrix speak of each other's people
    lead: User,
    consultant: User,
    facilitator: User,
    location_manager: User,
    observer: User,
    executive: User,
    contributor: User,
) -> dict[str, User]:
    return {"lead": lead, "observer": observer, "contributor": contributor}


@pytest.mark.parametrize("role", ["lead", "observer", "contributor"])
def test_no_english_is_left_on_any_page(
    role: str, programme: Programme, cast: dict[str, User], client_of: ClientOf
) -> None:
    client = client_of(in_french(cast[role]))
    world = prepare_all(programme)
    # They speak the programme's language.
    templates = texts_in([asdict(each) for each in journey_templates("en")])
    templates |= texts_in([(one.title, one.what, one.measure, one.steps) for one in library("en")])
    left: dict[str, set[str]] = {}
    read = 0
    for row in pages_of(role):
        answer = ask(client, row, world)
        if "text/html" in answer.headers.get("Content-Type", ""):
            read += 1
            if words := english_words(answer.content.decode(), beside=templates):
                left[f"{row.method} {row.url_name}"] = words
    assert left == {}
    assert read > 20


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_signup"])
def test_no_english_is_left_before_login(name: str) -> None:
    client = Client(headers={"accept-language": "fr"})
    assert english_words(client.get(reverse(name)).content.decode()) == set()


def test_english_words_are_found_where_people_meet_them() -> None:
    assert english_words("<p>Rien <b>yet</b></p>") == {"yet"}
    assert english_words('<a aria-label="Delete “Conseil”">x</a>') == {"delete"}
    assert english_words("<p>It&#x27;s the bill: where?</p>", beside=["It's the bill"]) == {"where"}
    assert texts_in({"key": "then", "name": "From", "parts": ({"a": "the"}, {"b": 3})}) == {
        "From",
        "the",
    }
    assert english_words('<button lang="en" aria-label="the">EN</button>') == set()
    assert english_words('<script>const the = "what";</script><i class="not">Étape</i>') == set()


def test_a_person_keeps_the_language_they_switched_to(lead: User, client_of: ClientOf) -> None:
    client = client_of(lead)
    programmes = reverse("journeys:programme-list")
    assert 'lang="en"' in client.get(programmes).content.decode()[:200]
    answer = client.post(reverse("accounts:language"), {"language": "fr", "next": programmes})
    assert (answer.status_code, answer["Location"]) == (302, programmes)
    lead.refresh_from_db()
    assert lead.language == "fr"
    elsewhere = client_of(lead).get(programmes, headers={"accept-language": "en"})
    assert 'lang="fr"' in elsewhere.content.decode()[:200]


@pytest.mark.django_db
def test_a_visitor_keeps_the_language_in_a_cookie() -> None:
    client = Client(headers={"accept-language": "en"})
    login = reverse("account_login")
    assert "Log in" in client.get(login).content.decode()
    client.post(reverse("accounts:language"), {"language": "fr", "next": login})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "fr"
    assert "Se connecter" in client.get(login).content.decode()


def test_numbers_are_written_the_french_way(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    programme.locations.filter(code="PAR1").update(share_bp=5950)
    client = client_of(in_french(lead))
    page = client.get(reverse("journeys:perimeter", args=[programme.slug])).content.decode()
    assert "59,5" in page
