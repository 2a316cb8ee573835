"""The pages on which held copies are reviewed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import ClientOf
from journeys.models import Programme
from journeys.tests.factories import make_programme
from observations.deciding import dismiss_copy
from observations.models import HeldCopy, Observation
from observations.tests.factories import ANSWERS, hold, hold_conflict, submit

pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def client(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


def address(programme: Programme, name: str, *args: object) -> str:
    return reverse(f"observations:held-{name}", args=[programme.slug, *args])


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["a", "b", "c"]),
        ("reason=conflict", ["c"]),
        ("reason=quarantine&location=LYO1", ["b"]),
        ("observer=OBS-7", ["b"]),
        ("journey=family-store", ["a", "b", "c"]),
        ("journey=unknown", []),
        ("age=week", ["a"]),
        ("age=month", []),
        ("state=decided", ["d"]),
        ("state=settled", []),
        ("state=all", ["a", "b", "c", "d"]),
    ],
)
def test_the_list_is_narrowed(
    programme: Programme, client: Client, consultant: User, query: str, found: list[str]
) -> None:
    copies = {
        "a": hold(programme),
        "b": hold(programme, location="LYO1", observer="OBS-7"),
        "c": hold_conflict(programme, comment="other"),
        "d": hold(programme, 8),
    }
    long_ago = timezone.now() - timedelta(days=8)
    HeldCopy.objects.filter(pk=copies["a"].pk).update(received_at=long_ago)
    dismiss_copy(copy=copies["d"], note="Twice", user=consultant)
    lines = client.get(f"{address(programme, 'list')}?{query}").context["lines"]
    names = {copy.pk: name for name, copy in copies.items()}
    assert sorted(names[line.copy.pk] for line in lines) == found


def test_the_list_says_how_long_they_wait_and_where(programme: Programme, client: Client) -> None:
    copy = hold(programme)
    HeldCopy.objects.update(received_at=timezone.now() - timedelta(days=3))
    page = client.get(address(programme, "list"))
    assert "waiting for 3\xa0days" in page.content.decode()
    assert programme.locations.get(code="PAR1").name in words(page)
    assert address(programme, "detail", copy.pk) in page.content.decode()
    listed = client.get(reverse("observations:observation-list", args=[programme.slug]))
    assert "1 copy to decide on" in words(listed)


def test_a_conflict_is_shown_by_stage_in_words(programme: Programme, client: Client) -> None:
    photo = {
        "id": "0199c0de-0000-7000-8000-000000000001",
        "sha256": "ab" * 32,
        "size": 5,
        "type": "image/jpeg",
    }
    copy = hold_conflict(
        programme,
        answers=ANSWERS | {"S1-p": 2, "S3-p": "NO"},
        notes={"S1-p": "They asked"},
        location="LYO1",
        media=[photo],
    )
    page = client.get(address(programme, "detail", copy.pk))
    difference = page.context["difference"]
    stages = {stage.name: stage.answers for stage in difference.stages}
    names = [stage.name for stage in programme.journeys.get().stages.all()]
    assert list(stages) == [names[0], names[2]]
    [line] = stages[names[0]]
    assert (line.answer.before, line.answer.after) == ("Level 1", "Level 2")
    assert (line.note.before, line.note.after) == ("", "They asked")
    [line] = stages[names[2]]
    assert (line.answer.before, line.answer.after) == ("Not applicable", "Not seen")
    assert [pair.label for pair in difference.facts] == ["Location"]
    assert difference.photos[0].after == "image/jpeg · 5 · SHA-256 abababababab…"
    assert "Interaction S2-p" not in words(page)
    everything = client.get(address(programme, "detail", copy.pk), {"all": "1"})
    assert "Interaction S2-p" in words(everything)


def test_each_decision_on_a_conflict_leads_to_what_came_of_it(
    programme: Programme, client: Client
) -> None:
    first = hold_conflict(programme, comment="better told")
    answer = client.post(address(programme, "correct", first.pk), {"base_revision": "1"})
    row = Observation.objects.get(uuid=first.uuid)
    assert answer["Location"] == row.get_absolute_url()
    assert row.revisions.count() == 2
    second = hold_conflict(programme, comment="another visit")
    answer = client.post(address(programme, "keep", second.pk))
    assert answer["Location"] == Observation.objects.latest("pk").get_absolute_url()
    late = client.post(address(programme, "keep", second.pk))
    assert late.status_code == 409
    assert "Somebody was first" in words(late)
    assert "Kept as another observation" in words(late)
    assert Observation.objects.count() == 3


def test_a_correction_that_was_overtaken_says_so(programme: Programme, client: Client) -> None:
    copy = hold_conflict(programme, comment="theirs")
    submit(programme, id=str(copy.uuid), base_revision=1, comment="meanwhile")
    answer = client.post(address(programme, "correct", copy.pk), {"base_revision": "1"})
    assert answer.status_code == 422
    assert "The current revision is 2." in words(answer)
    assert client.post(address(programme, "correct", copy.pk)).status_code == 422


def test_dismissing_wants_a_reason(programme: Programme, client: Client) -> None:
    copy = hold(programme)
    url = address(programme, "dismiss", copy.pk)
    assert client.post(url, {"note": " "}).status_code == 422
    assert client.post(url, {"note": "x" * 501}).status_code == 422
    assert client.post(url, {"note": "Typed for practice"}).status_code == 302
    page = client.get(address(programme, "detail", copy.pk))
    assert "Typed for practice" in words(page)
    assert client.post(address(programme, "reopen", copy.pk)).status_code == 302
    assert HeldCopy.objects.waiting().count() == 1


def test_a_copy_of_another_programme_is_not_found(programme: Programme, client: Client) -> None:
    copy = hold(programme)
    HeldCopy.objects.update(programme=make_programme("elsewhere"))
    assert client.get(address(programme, "detail", copy.pk)).status_code == 404
    assert client.post(address(programme, "keep", copy.pk)).status_code == 404


def test_pages_ask_as_often_for_twice_as_many(programme: Programme, client: Client) -> None:
    counts: list[list[int]] = []
    for _ in range(2):
        copies = [hold_conflict(programme, comment=f"{number}") for number in range(3)]
        for number in range(3):
            hold(programme, 9 + number)
        row = []
        for url in (address(programme, "list"), address(programme, "detail", copies[0].pk)):
            with CaptureQueriesContext(connection) as caught:
                assert client.get(url).status_code == 200
            row.append(len(caught))
        counts.append(row)
    assert counts[0] == counts[1]
