from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from conftest import ClientOf
from journeys.models import Programme
from observations.models import HeldCopy, Observation, Revision
from observations.tests.factories import make_document, submit
from scoring.models import Framework

pytestmark = pytest.mark.usefixtures("framework")


def create_url(programme: Programme) -> str:
    return reverse("observations:observation-create", args=[programme.slug, "family-store"])


def posted(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "framework_version": "1",
        "location": "PAR1",
        "method": "store_team",
        "channel": "store",
        "observed_at": "2026-10-03T10:30",
        "a-S1-b": "0",
        "a-S1-p": "2",
        "n-S1-p": "Asked about the project",
        "a-S2-b": "NA",
    } | changes


def test_the_guide_becomes_one_observation_and_sent_twice_stays_one(
    programme: Programme, observer: User, client_of: ClientOf
) -> None:
    client = client_of(observer)
    page = client.get(create_url(programme))
    assert page.status_code == 200
    assert re.search(r'name="id" value="[0-9a-f-]{36}"', page.content.decode())
    data = posted()
    for _ in range(2):
        answer = client.post(create_url(programme), data)
        assert answer.status_code == 302
    revision = Revision.objects.get()
    assert revision.answers == {"S1-b": 0, "S1-p": 2, "S2-b": "NA"}
    assert revision.details["notes"] == {"S1-p": "Asked about the project"}
    assert (revision.observer, revision.month, revision.utc_offset) == ("OBS-1", "2026-10", 120)
    assert revision.observation.uploaded_by == observer


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"a-S1-b": "3"}, "a-S1-b"),
        ({"observed_at": "soon"}, "observed_at"),
        ({"location": "LYO1"}, "location"),
        ({"location": ""}, "location"),
        ({"method": "guessing"}, "method"),
    ],
)
def test_bad_input_is_told_at_its_place_and_nothing_typed_is_lost(
    programme: Programme, observer: User, client_of: ClientOf, change: dict[str, Any], field: str
) -> None:
    answer = client_of(observer).post(create_url(programme), posted(**change))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Asked about the project" in answer.content.decode()
    assert not Observation.objects.exists()


def test_an_empty_guide_is_not_an_observation(
    programme: Programme, observer: User, client_of: ClientOf
) -> None:
    data = posted()
    answer = client_of(observer).post(
        create_url(programme), {k: v for k, v in data.items() if not k.startswith("a-")}
    )
    assert answer.status_code == 422
    assert "Nothing is answered yet." in answer.content.decode()


def test_an_id_with_other_content_is_a_conflict_that_keeps_what_was_typed(
    programme: Programme, observer: User, client_of: ClientOf
) -> None:
    client, data = client_of(observer), posted()
    client.post(create_url(programme), data)
    answer = client.post(create_url(programme), data | {"a-S1-p": "-1"})
    assert answer.status_code == 409
    assert Revision.objects.get().answers["S1-p"] == 2
    assert not HeldCopy.objects.exists(), "the page still holds it"


def test_a_correction_keeps_the_former_answers(
    programme: Programme, observer: User, client_of: ClientOf
) -> None:
    client, data = client_of(observer), posted()
    client.post(create_url(programme), data)
    url = reverse("observations:observation-edit", args=[programme.slug, data["id"]])
    form = client.get(url).context["form"]
    assert (form["a-S1-p"].value(), form["base_revision"].value()) == ("2", 1)
    assert client.post(url, data | {"base_revision": "1", "a-S1-p": "-1"}).status_code == 302
    assert list(Revision.objects.values_list("number", "is_current")) == [(1, False), (2, True)]
    overtaken = client.post(url, data | {"base_revision": "1", "a-S1-p": "1"})
    assert overtaken.status_code == 409
    assert "It is now: Level -1" in overtaken.content.decode()
    assert client.post(url, data | {"base_revision": "2", "a-S1-p": "1"}).status_code == 302
    page = client.get(reverse("observations:observation-detail", args=[programme.slug, data["id"]]))
    assert "Level 1" in page.content.decode()
    assert "Revision 1" in page.content.decode()


def test_a_correction_keeps_what_the_page_does_not_show(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    outcome = submit(
        programme,
        observed_at="2026-10-01T01:30:15+09:00",
        duration_s=600,
        media=[{"id": str(uuid.uuid4()), "sha256": "0" * 64, "size": 1, "type": "image/png"}],
    )
    url = reverse("observations:observation-edit", args=[programme.slug, outcome.id])
    client = client_of(lead)
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert str(form["observed_at"].value()).startswith("2026-10-01 01:30")
    data["observed_at"] = "2026-10-01T01:30"
    assert client.post(url, data | {"comment": "only this"}).status_code == 302
    first, second = Revision.objects.order_by("number")
    assert (second.month, second.utc_offset) == ("2026-10", 540)
    assert second.observed_at == first.observed_at
    assert second.details["media"] == first.details["media"]
    assert second.details["duration_s"] == 600
    assert second.details["comment"] == "only this"
    assert client.post(url, data | {"id": str(uuid.uuid4())}).status_code == 409
    assert Observation.objects.count() == 1


def test_the_page_tells_nothing_of_somebody_elses_observation(
    programme: Programme, observer: User, client_of: ClientOf
) -> None:
    theirs = submit(programme, location="LYO1", notes={"S1-p": "their secret"})
    answer = client_of(observer).post(create_url(programme), posted(id=theirs.id))
    assert answer.status_code == 409
    assert "their secret" not in answer.content.decode()


def test_a_closed_version_is_not_corrected_any_more(
    programme: Programme, framework: Framework, lead: User, client_of: ClientOf
) -> None:
    outcome = submit(programme)
    framework.status = "closed"
    framework.save()
    client = client_of(lead)
    url = reverse("observations:observation-edit", args=[programme.slug, outcome.id])
    assert client.get(url).status_code == 403
    page = client.get(reverse("observations:observation-detail", args=[programme.slug, outcome.id]))
    assert url not in page.content.decode()


def test_withdraw_and_restore(programme: Programme, lead: User, client_of: ClientOf) -> None:
    outcome = submit(programme)
    client = client_of(lead)
    for verb, withdrawn in (("withdraw", True), ("restore", False)):
        url = reverse(f"observations:observation-{verb}", args=[programme.slug, outcome.id])
        assert client.post(url).status_code == 302
        assert Observation.objects.get().is_withdrawn is withdrawn


def test_the_list_shows_what_this_person_may_read(
    programme: Programme, lead: User, observer: User, location_manager: User, client_of: ClientOf
) -> None:
    submit(programme, location="PAR1", observer="OBS-1")
    submit(programme, location="PAR1", observer="OBS-9")
    submit(programme, location="LYO1", observer="OBS-9")
    url = reverse("observations:observation-list", args=[programme.slug])
    seen = {
        user: len(client_of(user).get(url).context["lines"])
        for user in (lead, location_manager, observer)
    }
    assert seen == {lead: 3, location_manager: 2, observer: 1}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("journey=family-store&stage=S2&class=D", 2),
        ("location=LYO1", 1),
        ("method=store_team", 1),
        ("from=2026-11", 1),
        ("class=E", 0),
    ],
)
def test_the_list_is_narrowed_by_the_filters_of_the_dashboard(
    programme: Programme, lead: User, client_of: ClientOf, query: str, count: int
) -> None:
    submit(programme)
    submit(programme, location="LYO1", method="store_team")
    submit(programme, observed_at="2026-11-02T10:00:00+01:00", answers={"S2-b": 0})
    url = reverse("observations:observation-list", args=[programme.slug])
    assert len(client_of(lead).get(f"{url}?{query}").context["lines"]) == count


def test_a_filter_that_cannot_be_read_says_so(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    url = reverse("observations:observation-list", args=[programme.slug])
    answer = client_of(lead).get(f"{url}?from=yesterday")
    assert answer.status_code == 422
    assert "A month, written YYYY-MM." in answer.content.decode()


def test_lists_ask_as_often_for_twice_as_many(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(lead)
    urls = [
        reverse("observations:observation-list", args=[programme.slug]),
        reverse("observations:held-list", args=[programme.slug]),
    ]
    counts: list[list[int]] = []
    for _ in range(2):
        for _ in range(3):
            submit(programme)
            submit(programme, answers={"S1-b": 9})
        row = []
        for url in urls:
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert client.get(url).status_code == 200
            row.append(len(caught))
        counts.append(row)
    assert counts[0] == counts[1]


def test_held_copies_show_their_reason(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    submit(programme, answers={"S1-b": 9})
    url = reverse("observations:held-list", args=[programme.slug])
    assert "/answers/S1-b" in client_of(consultant).get(url).content.decode()


def test_a_page_drawn_from_an_older_version_is_still_accepted(
    programme: Programme, framework: Framework, observer: User, client_of: ClientOf
) -> None:
    from scoring.tests.factories import make_framework

    framework.status = "closing"
    framework.save()
    make_framework(framework.journey, version=2)
    client = client_of(observer)
    assert client.post(create_url(programme), posted()).status_code == 302
    assert Revision.objects.get().framework == framework
    assert client.get(create_url(programme)).context["framework"].version == 2
    assert make_document()["framework_version"] == 1
