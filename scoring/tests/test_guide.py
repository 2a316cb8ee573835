"""The observation guide: the right version, the right stages, no points for those who observe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from journeys.models import Journey
from journeys.tests.factories import make_stage
from scoring.models import Framework
from scoring.tests.factories import make_framework, make_interaction

Of = Callable[[User], Client]
GUIDE = "/programmes/casa-nord/journeys/family-store/guide/"


def test_an_observer_sees_words_and_no_points(
    framework: Framework, observer: User, client_of: Of
) -> None:
    client = client_of(observer)
    for url in (GUIDE, GUIDE + "?points=1"):
        answer = client.get(url)
        page = answer.content.decode()
        assert "Level -2" in page
        assert "Not applicable" in page
        assert not answer.context["shows_points"]
        assert "Show the points" not in page
        assert "OBS-1" in page


def test_who_reads_the_method_may_show_points(
    framework: Framework, consultant: User, client_of: Of
) -> None:
    client = client_of(consultant)
    assert "<b>+3</b>" not in client.get(GUIDE).content.decode()
    assert "<b>+3</b>" in client.get(GUIDE + "?points=1").content.decode()


def test_only_the_perimeter_is_observed(
    framework: Framework, observer: User, client_of: Of
) -> None:
    journey = framework.journey
    journey.stages.filter(key="S2").update(in_perimeter=False)
    client = client_of(observer)
    keys = [part.stage.key for part in client.get(GUIDE).context["stages"]]
    assert keys == ["S1", "S3"]
    journey.programme.channels.update(in_perimeter=False)
    make_interaction(framework, journey.stages.get(key="S1"), "anywhere")
    [part] = client.get(GUIDE).context["stages"]
    assert [one.key for one in part.interactions] == ["anywhere"]


@pytest.mark.parametrize(
    ("statuses", "shown"),
    [
        (["published", "draft"], 1),
        (["closing", "published"], 2),
        (["closed", "closing"], 2),
        (["closed"], None),
        (["draft"], None),
        ([], None),
    ],
)
def test_the_guide_in_use(
    journey: Journey, observer: User, client_of: Of, statuses: list[str], shown: int | None
) -> None:
    for version, status in enumerate(statuses, 1):
        make_framework(journey, version=version, status=status)
    found = client_of(observer).get(GUIDE).context["framework"]
    assert (found and found.version) == shown


def test_drafts_and_closed_versions_are_not_for_observers(
    framework: Framework, observer: User, consultant: User, client_of: Of
) -> None:
    make_framework(framework.journey, version=2, status="draft")
    assert client_of(observer).get(GUIDE + "?version=2").status_code == 404
    assert client_of(consultant).get(GUIDE + "?version=2").status_code == 200
    assert client_of(observer).get(GUIDE + "?version=1").status_code == 200
    for wrong in ("9", "x"):
        assert client_of(consultant).get(GUIDE + f"?version={wrong}").status_code == 404


def test_the_guide_does_not_grow(framework: Framework, observer: User, client_of: Of) -> None:
    client = client_of(observer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(GUIDE).status_code == 200
        return len(seen)

    before = queries()
    for number in range(4):
        stage = make_stage(framework.journey, f"X{number}")
        make_interaction(framework, stage, f"x{number}", (-2, -1, 0, 1, 2))
    assert queries() == before
