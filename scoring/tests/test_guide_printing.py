"""The guide on paper: every word of it, and no points for those who observe."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.models import User
from journeys.models import Stage
from journeys.tests.factories import make_stage
from scoring.guide_printing import guide_document
from scoring.models import Framework
from scoring.tests.factories import make_interaction

Of = Callable[[User], Client]
PAPER = "/programmes/casa-nord/journeys/family-store/guide/guide.pdf"


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    assert all(round(float(page.mediabox.width)) == 595 for page in reader.pages), "A4"
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_an_observer_takes_words_along_and_no_points(
    framework: Framework, observer: User, client_of: Of
) -> None:
    framework.journey.stages.filter(key="S2").update(criticality=3)
    paper = text_of(client_of(observer).get(PAPER + "?points=1"))
    for one in framework.interactions.all():
        assert one.statement in paper
    for words in ("Level -2", "Moment of truth", "OBS-1", "Location", "Not seen"):
        assert words in paper
    assert paper.count("Not applicable") == framework.interactions.count() + 1
    assert "+3" not in paper and "not for observers" not in paper


def test_who_reads_the_method_may_have_points(
    framework: Framework, consultant: User, client_of: Of
) -> None:
    client = client_of(consultant)
    assert "+3" not in text_of(client.get(PAPER))
    paper = text_of(client.get(PAPER + "?points=1"))
    assert "Level 3 +3" in paper and "with points: not for observers" in paper


def test_it_speaks_the_language_asked_for(
    framework: Framework, observer: User, client_of: Of
) -> None:
    client = client_of(observer)
    assert "Non vu" in text_of(client.get(PAPER + "?language=fr"))
    assert "Not seen" in text_of(client.get(PAPER + "?language=en"))


def test_phases_follow_each_other_and_what_is_outside_is_left_out(framework: Framework) -> None:
    for key, phase in (("S1", "before"), ("S3", "after")):
        framework.journey.stages.filter(key=key).update(phase=phase)
    framework.journey.stages.filter(key="S2").update(in_perimeter=False)
    loaded = Framework.objects.with_guide().get()
    document = guide_document(loaded, False, "")
    assert [one["name"] for one in document["phases"]] == ["Before", "After"]
    points = [
        level["points"]
        for phase in document["phases"]
        for stage in phase["stages"]
        for one in stage["interactions"]
        for level in one["levels"]
    ]
    assert set(points) == {""}


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [(("draft", "published"), 404), (("closing", "published"), 200), (("closed",), 404)],
)
def test_an_observer_prints_what_takes_observations(
    framework: Framework, observer: User, client_of: Of, statuses: tuple[str, ...], expected: int
) -> None:
    Framework.objects.update(status=statuses[0])
    assert client_of(observer).get(PAPER + "?version=1").status_code == expected


def test_strange_and_long_words_are_set_as_they_are(
    framework: Framework, observer: User, client_of: Of
) -> None:
    stage = framework.journey.stages.get(key="S1")
    statement = '#panic("x") $a$ *b* "quoted" <tag> ' + "é" * 40
    make_interaction(framework, stage, "odd", statement=statement)
    for number in range(60):
        make_interaction(framework, stage, f"more-{number}", statement="A long question " * 15)
    paper = text_of(client_of(observer).get(PAPER))
    assert '#panic("x") $a$ *b*' in paper and "<tag>" in paper


def test_it_asks_as_often_for_twice_as_many(
    framework: Framework, observer: User, client_of: Of
) -> None:
    client, counts = client_of(observer), []
    for number in range(2):
        stage: Stage = make_stage(framework.journey, f"N{number}")
        for key in "abc":
            make_interaction(framework, stage, f"n{number}{key}")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(PAPER).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]
