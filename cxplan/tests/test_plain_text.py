"""What XML can't hold is left out where text comes in: forms, whichever they are, and bundles."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.views.decorators.csrf import csrf_exempt

from accounts.models import User
from cxplan.bundle import parse_bundle
from cxplan.middleware import PlainTextMiddleware
from cxplan.tests.bundles import EX1, read
from journeys.bundle import UnacceptableBundle
from journeys.models import Journey, Programme
from journeys.plain_text import plain_text

ClientOf = Callable[[User], Client]
STAGE = "/programmes/casa-nord/journeys/family-store/stages/S1/edit/"
AWKWARD = "Ac\x0bcu\x08ei\ufffel"


def test_line_breaks_tabs_and_everything_written_stay() -> None:
    kept = "Acc\nueil\r\n\tà l'hôtel \N{GRINNING FACE} \x85\x00"
    assert plain_text(kept) == kept
    assert plain_text("a\x0bb\x0cc\x01\x1f\uffffd") == "a b cd"


@pytest.fixture
def typed(journey: Journey, consultant: User, client_of: ClientOf) -> dict[str, Any]:
    form = client_of(consultant).get(STAGE).context["form"]
    values = {one.html_name: one.value() for one in form}
    return {name: value for name, value in values.items() if value is not None}


def test_a_pasted_name_arrives_plain(
    typed: dict[str, Any], journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    answer = client_of(consultant).post(STAGE, {**typed, "name": AWKWARD})
    assert answer.status_code == 302
    assert journey.stages.get(key="S1").name == "Ac cueil"


def test_a_name_of_nothing_else_is_none(
    typed: dict[str, Any], journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    answer = client_of(consultant).post(STAGE, {**typed, "name": "\x08\ufffe"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["name"] == ["This field is required."]


def test_many_locations_pasted_at_once(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    url = "/programmes/casa-nord/paste-locations/"
    answer = client_of(consultant).post(
        url, {"lines": f"TLS1;{AWKWARD};Sud\x0bOuest\nBDX1;Bordeaux"}
    )
    assert answer.status_code == 302
    pasted = programme.locations.get(code="TLS1")
    assert (pasted.name, pasted.region) == ("Ac cueil", "Sud Ouest")


@pytest.mark.parametrize(
    ("is_exempt", "name", "kept"),
    [
        (False, "name", "Ac cueil"),
        (False, "password1", AWKWARD),
        (True, "name", AWKWARD),
    ],
)
def test_passwords_and_what_other_programs_send_stay(is_exempt: bool, name: str, kept: str) -> None:
    def view(_request: Any) -> HttpResponse:
        return HttpResponse()

    request = RequestFactory().post("/", {name: AWKWARD, "other": [AWKWARD, "b"]})
    PlainTextMiddleware(view).process_view(request, csrf_exempt(view) if is_exempt else view)
    assert request.POST[name] == kept
    assert request.POST.getlist("other")[1] == "b"


def test_names_of_a_bundle_are_plain_and_its_observations_as_they_were_sent() -> None:
    bundle = read(EX1)
    bundle["journeys"][0]["stages"][0]["name"] = AWKWARD
    bundle["observations"][0]["comment"] = AWKWARD
    found = parse_bundle(json.dumps(bundle).encode())
    assert found["journeys"][0]["stages"][0]["name"] == "Ac cueil"
    assert found["observations"][0]["comment"] == AWKWARD


def test_a_name_of_a_bundle_that_would_be_empty_is_refused() -> None:
    bundle = read(EX1)
    bundle["journeys"][0]["stages"][0]["name"] = "\x08"
    with pytest.raises(UnacceptableBundle) as caught:
        parse_bundle(json.dumps(bundle).encode())
    assert [error.path for error in caught.value.errors] == ["/journeys/0/stages/0/name"]
