"""Mending what was not acceptable, on the page of its copy."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from conftest import ClientOf
from journeys.models import Programme
from observations.models import Revision
from observations.tests.factories import ANSWERS, hold
from scoring.models import Framework

pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def client(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


def address(programme: Programme, name: str, *args: object) -> str:
    return reverse(f"observations:held-{name}", args=[programme.slug, *args])


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split())


def posted_of(answer: Any, **changes: str) -> dict[str, str]:
    form = answer.context["form"]
    data = {name: str(form[name].value() or "") for name in form.fields}
    data["guide"] = f"{form.framework.journey.key}:{form.framework.version}"
    return data | changes


def test_a_quarantined_copy_is_mended_on_its_page(programme: Programme, client: Client) -> None:
    copy = hold(
        programme,
        location="NOWHERE",
        notes={"S1-p": "Kept"},
        duration_s=600,
        observed_at="2026-10-01T01:30:15+09:00",
    )
    page = client.get(address(programme, "detail", copy.pk))
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"a-S1-b", "location"}
    assert "9" in page.context["raw"]
    url = address(programme, "accept", copy.pk)
    still = client.post(url, posted_of(page, **{"a-S1-b": "0"}, comment="typed"))
    assert still.status_code == 422
    assert list(still.context["form"].errors) == ["location"]
    assert "typed" in still.content.decode()
    answer = client.post(url, posted_of(page, **{"a-S1-b": "0"}, location="PAR1"))
    revision = Revision.objects.get()
    assert answer["Location"] == revision.observation.get_absolute_url()
    assert revision.answers == ANSWERS
    assert revision.details["notes"] == {"S1-p": "Kept"}
    assert (revision.details["duration_s"], revision.observer) == (600, "OBS-1")
    assert revision.observed_at_as_written.isoformat() == "2026-10-01T01:30:15+09:00"


def test_a_copy_of_an_unknown_guide_is_read_by_another(
    programme: Programme, client: Client, framework: Framework
) -> None:
    copy = hold(programme, framework_version=7, answers=ANSWERS | {"gone": 1})
    url = address(programme, "detail", copy.pk)
    assert client.get(url).context["form"] is None
    page = client.get(url, {"guide": "family-store:1"})
    answer = client.post(address(programme, "accept", copy.pk), posted_of(page))
    assert answer.status_code == 302
    revision = Revision.objects.get()
    assert (revision.framework, revision.answers) == (framework, ANSWERS)


def test_by_the_rules_of_today_it_may_be_acceptable(programme: Programme, client: Client) -> None:
    copy = hold(programme, answers=ANSWERS, location="NEW1")
    programme.locations.create(code="NEW1", name="New")
    page = client.get(address(programme, "detail", copy.pk))
    assert "nothing is wrong with it any more" in words(page)
    assert client.post(address(programme, "accept", copy.pk), posted_of(page)).status_code == 302


def test_a_copy_with_what_no_field_can_hold_is_still_shown(
    programme: Programme, client: Client
) -> None:
    strange: dict[str, Any] = {
        "answers": {"S1-b": [1], "S1-p": True, "\0": 1},
        "notes": {"S1-p": 4},
        "media": "none",
        "observed_at": 7,
        "location": {"a": 1},
        "framework_version": "one",
    }
    copies = [hold(programme, **{key: value}) for key, value in strange.items()]
    copies.append(hold(programme, **strange))
    for copy in copies:
        url = address(programme, "detail", copy.pk)
        assert client.get(url, {"guide": "family-store:1"}).status_code == 200
    assert client.get(address(programme, "list")).status_code == 200
