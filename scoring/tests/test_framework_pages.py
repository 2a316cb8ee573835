"""The pages of a framework: list, version, thresholds, drafts, publication."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from journeys.access import access_of
from journeys.models import Journey, Programme
from journeys.tests.factories import make_journey, make_stage
from scoring.models import Framework
from scoring.steps import step_states
from scoring.tests.factories import make_framework, make_interaction

Of = Callable[[User], Client]
LIST = "/programmes/casa-nord/frameworks/"
DRAFT = "/programmes/casa-nord/journeys/family-store/framework/draft/"
V1 = "/programmes/casa-nord/journeys/family-store/framework/1/"


@pytest.fixture
def draft(journey: Journey) -> Framework:
    return make_framework(journey, status="draft")


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_the_list_shows_coverage_by_stage(
    framework: Framework, consultant: User, client_of: Of
) -> None:
    make_interaction(framework, framework.journey.stages.get(key="S2"), "more")
    answer = client_of(consultant).get(LIST)
    [row] = answer.context["rows"]
    counts = [(one.basic, one.performance, one.delight) for one in row.coverage]
    assert counts == [(1, 1, 1), (1, 2, 1), (1, 1, 1)]
    assert "Draft version 2" in answer.content.decode()


def test_the_list_does_not_grow(framework: Framework, consultant: User, client_of: Of) -> None:
    client = client_of(consultant)
    before = queries(client, LIST)
    programme = framework.journey.programme
    for number in range(3):
        make_framework(make_journey(programme, f"j{number}", stages=2))
    make_framework(framework.journey, version=2, status="draft")
    assert queries(client, LIST) == before


@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_version_does_not_grow(
    journey: Journey, consultant: User, client_of: Of, status: str
) -> None:
    framework = make_framework(journey, status=status)
    client = client_of(consultant)
    before = queries(client, V1)
    for number in range(4):
        stage = make_stage(journey, f"X{number}")
        make_interaction(framework, stage, f"x{number}", (-3, -2, -1, 0, 1, 2))
    assert queries(client, V1) == before


def test_a_reader_finds_no_way_to_edit(
    framework: Framework, draft_two: Framework, executive: User, client_of: Of
) -> None:
    client = client_of(executive)
    for url in (LIST, V1, V1.replace("/1/", "/2/")):
        page = client.get(url).content.decode()
        assert 'action="/programmes/casa-nord/journeys' not in page
        assert "interactions/" not in page


@pytest.fixture
def draft_two(framework: Framework) -> Framework:
    return make_framework(framework.journey, version=2, status="draft")


def test_a_published_version_offers_the_next(
    framework: Framework, consultant: User, client_of: Of
) -> None:
    client = client_of(consultant)
    page = client.get(V1).content.decode()
    assert "Draft version 2" in page
    assert "interactions/" not in page
    answer = client.post(DRAFT, {"copy_of": "1"})
    assert answer.headers["Location"] == V1.replace("/1/", "/2/")
    assert framework.journey.frameworks.get(version=2).interactions.count() == 9
    again = client.post(DRAFT, {"copy_of": "1"})
    assert again.headers["Location"] == V1.replace("/1/", "/2/")
    assert framework.journey.frameworks.count() == 2


@pytest.mark.parametrize("wrong", ["9", "x", "1" * 30, "-1"])
def test_a_copy_of_nothing_is_not_found(
    framework: Framework, consultant: User, client_of: Of, wrong: str
) -> None:
    assert client_of(consultant).post(DRAFT, {"copy_of": wrong}).status_code == 404


def test_the_review_lists_errors_with_their_place(
    draft: Framework, consultant: User, client_of: Of
) -> None:
    make_interaction(draft, draft.journey.stages.all()[0], "bad", (-1, 1))
    client = client_of(consultant)
    page = client.get(V1 + "publish/")
    assert page.status_code == 200
    assert f"{V1}interactions/at/bad/" in page.content.decode()
    assert client.post(V1 + "publish/").status_code == 422
    draft.interactions.filter(key="bad").delete()
    assert client.post(V1 + "publish/").headers["Location"] == V1
    draft.refresh_from_db()
    assert draft.status == "published"
    assert client.post(V1 + "publish/").status_code == 409


def test_the_review_shows_warnings_and_still_publishes(
    draft: Framework, consultant: User, client_of: Of
) -> None:
    draft.interactions.filter(key="S1-b").delete()
    client = client_of(consultant)
    warnings = client.get(V1 + "publish/").context["warnings"]
    assert [(warning.code, stage.key) for warning, stage, _one in warnings] == [
        ("stage_without_basic", "S1"),
        ("stage_unbalanced", "S1"),
    ]
    assert client.post(V1 + "publish/").status_code == 302


@pytest.mark.parametrize(
    "place",
    [
        "thresholds/",
        "delete/",
        "publish/",
        "interactions/add/",
        "interactions/at/S1-p/",
        "interactions/at/S1-p/move/",
        "interactions/at/S1-p/delete/",
    ],
)
def test_an_edit_of_a_frozen_version_says_why(
    framework: Framework, consultant: User, executive: User, client_of: Of, place: str
) -> None:
    answer = client_of(consultant).post(V1 + place, {"direction": "up"})
    assert answer.status_code == 409
    assert "Draft version 2" in answer.content.decode()
    assert client_of(executive).post(V1 + place).status_code == 403
    assert framework.interactions.count() == 9


def test_a_draft_is_deleted_after_a_question(
    draft: Framework, consultant: User, client_of: Of
) -> None:
    client = client_of(consultant)
    assert client.get(V1 + "delete/").status_code == 200
    assert Framework.objects.filter(pk=draft.pk).exists()
    assert client.post(V1 + "delete/").headers["Location"] == LIST
    assert not Framework.objects.filter(pk=draft.pk).exists()


def test_closing_twice_from_one_page_is_one_step(
    framework: Framework, consultant: User, client_of: Of
) -> None:
    client = client_of(consultant)
    assert client.post(V1 + "close/", {"status": "published"}).status_code == 302
    assert client.post(V1 + "close/", {"status": "published"}).status_code == 409
    framework.refresh_from_db()
    assert framework.status == "closing"
    assert client.get(V1 + "close/").status_code == 200


def test_the_stepper_counts(
    programme: Programme, journey: Journey, consultant: User, observer: User
) -> None:
    access = access_of(consultant, programme)

    def now() -> tuple[str, str]:
        [step] = step_states(access)
        return step.state, step.summary

    assert now() == ("empty", "nothing defined yet")
    first = make_framework(journey, status="draft")
    assert now() == ("started", "v1 in draft, 9 interactions")
    Framework.objects.filter(pk=first.pk).update(status="published")
    assert now() == ("done", "v1 published, 9 interactions")
    make_framework(make_journey(programme, "other", stages=1), status="draft")
    assert now() == ("started", "1 published, 1 draft")
    assert step_states(access_of(observer, programme)) == []
