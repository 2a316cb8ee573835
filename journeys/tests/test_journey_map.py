"""The journey map: who reads it, what stands in its lanes, what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from journeys import lanes
from journeys.access import Access
from journeys.lanes import Cell, Figure, Lane
from journeys.models import Choice, Journey, Stage, Touchpoint
from journeys.rights import Right
from journeys.tests.factories import make_channel, make_journey, make_stage, make_touchpoint

ClientOf = Callable[[User], Client]


def url_of(journey: Journey) -> str:
    return reverse("journeys:journey-map", args=[journey.programme.slug, journey.key])


def page_of(client: Client, journey: Journey, query: str = "") -> str:
    answer = client.get(url_of(journey) + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def curve_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lane of known figures, alone beside those of steps 1 and 2."""

    def cells(journey: Journey, access: Access) -> Mapping[str, Cell]:
        return {
            "S1": Figure(-31, "\N{MINUS SIGN}31", 60, 5, -40, -22, 20, (-10, 50), "disappointing"),
            "S2": Figure(None, "", 2, 5, thresholds=(-10, 50)),
            "S3": Figure(54, "+54", 58, 5, 40, 68, 60, (-10, 50), "neutral", held_back=True),
        }

    kept = {k: v for k, v in lanes._registry.items() if v.cells.__module__ == "journeys.map_lanes"}
    known = Lane("known", "Experience", "", 50, "curve", cells, Right.SEE_SCORES)
    monkeypatch.setattr(lanes, "_registry", {**kept, "known": known})


@pytest.mark.parametrize(
    "who", ["lead", "consultant", "facilitator", "location_manager", "executive"]
)
def test_who_sees_the_method_reads_the_map(
    who: str, request: pytest.FixtureRequest, client_of: ClientOf, journey: Journey
) -> None:
    page = page_of(client_of(request.getfixturevalue(who)), journey)
    edit = reverse("journeys:stage-detail", args=[journey.programme.slug, journey.key, "S1"])
    create = reverse("journeys:stage-create", args=[journey.programme.slug, journey.key])
    assert (f'href="{edit}"' in page, create in page) == (who in ("lead", "consultant"),) * 2


@pytest.mark.parametrize("who", ["observer", "contributor", "outsider"])
def test_for_others_there_is_no_map(
    who: str, request: pytest.FixtureRequest, client_of: ClientOf, journey: Journey
) -> None:
    client = client_of(request.getfixturevalue(who))
    assert client.get(url_of(journey)).status_code == 404


def test_a_journey_of_another_programme_is_not_found(
    consultant: User, client_of: ClientOf, journey: Journey
) -> None:
    url = reverse("journeys:journey-map", args=[journey.programme.slug, "elsewhere"])
    assert client_of(consultant).get(url).status_code == 404


def test_an_archived_programme_offers_no_change(
    consultant: User, client_of: ClientOf, journey: Journey
) -> None:
    journey.programme.archived_at = timezone.now()
    journey.programme.save()
    assert "new-stage" not in page_of(client_of(consultant), journey)


def test_the_lanes_say_what_happens_in_a_stage(
    executive: User, client_of: ClientOf, journey: Journey
) -> None:
    stage = journey.stages.get(key="S1")
    app = make_channel(journey.programme, "app", family="mobile_app", name="Our app")
    make_touchpoint(
        stage,
        "till",
        name="Self-scan",
        channel=app,
        initiative=Touchpoint.Initiative.PUSH,
        customer_action="Scans the goods",
        criticality=3,
    )
    stage.needs.create(text="be quick", level="implicit")
    choice = Choice.objects.create(stage=stage, question="Till or scan?")
    choice.criteria.create(text="queue")
    choice.criteria.create(text="bulk", position=1)
    for page in (
        page_of(client_of(executive), journey),
        page_of(client_of(executive), journey, "?view=table"),
    ):
        for word in ("Self-scan", "Our app", "Scans the goods", "◆ →", "moment of truth"):
            assert word in page
        for word in ("be quick", "○", "Implicit", "Till or scan?", "queue, bulk"):
            assert word in page


def test_phases_head_the_columns_in_order(
    executive: User, client_of: ClientOf, journey: Journey
) -> None:
    first, _, last = journey.stages.all()
    Stage.objects.filter(pk=first.pk).update(phase="before")
    Stage.objects.filter(pk=last.pk).update(phase="after", in_perimeter=False)
    page = page_of(client_of(executive), journey)
    heads = re.findall(r'class="phase-(\w+)" scope="colgroup" colspan="(\d)"', page)
    assert heads == [("before", "1"), ("during", "1"), ("after", "1")]
    assert "back to BEFORE" in page
    assert "outside the perimeter" in page


@pytest.mark.usefixtures("curve_lane")
def test_the_curve_shows_what_is_known_and_says_what_is_not(
    executive: User, client_of: ClientOf, journey: Journey
) -> None:
    Stage.objects.filter(journey=journey, key="S3").update(criticality=3)
    page = page_of(client_of(executive), journey)
    assert page.count('<svg class="curve"') == 1
    assert 'role="img" aria-labelledby="curve-title-known"' in page
    svg = page[page.index('<svg class="curve"') :].split("</svg>")[0]
    assert svg.count("<circle") == 1
    assert svg.count('<polygon points="') == 1
    for word in ("\N{MINUS SIGN}31 ▼", "n 60", "+54 ✦", "n 58", "n = 2,", "at least 5 needed"):
        assert word in svg
    assert "enchantment ✦" in svg
    assert "disappointing ▼" in svg
    hidden = page.split("</svg>", 1)[1]
    assert "target 60" in page[page.index("visually-hidden") :]
    assert "held back" in hidden


@pytest.mark.usefixtures("curve_lane")
def test_the_table_holds_the_figures_of_the_curve(
    executive: User, client_of: ClientOf, journey: Journey
) -> None:
    page = page_of(client_of(executive), journey, "?view=table")
    assert '<svg class="curve"' not in page
    for words in (
        "\N{MINUS SIGN}31",
        "n = 60",
        "target 20",
        "95 % between \N{MINUS SIGN}40 and \N{MINUS SIGN}22",
        "n = 2, at least 5 needed",
    ):
        assert words in page


def test_coordinates_are_written_alike_in_french(
    executive: User, client_of: ClientOf, journey: Journey, curve_lane: None
) -> None:
    def coordinates(language: str) -> list[str]:
        User.objects.filter(pk=executive.pk).update(language=language)
        return re.findall(r'points="[^"]*"', page_of(client_of(executive), journey))

    assert coordinates("fr") == coordinates("en")


def test_an_empty_journey_says_what_to_do(
    consultant: User, executive: User, client_of: ClientOf, journey: Journey
) -> None:
    empty = make_journey(journey.programme, "empty")
    create = reverse("journeys:stage-create", args=[journey.programme.slug, "empty"])
    assert page_of(client_of(consultant), empty).count(f'href="{create}"') == 2
    assert create not in page_of(client_of(executive), empty)


def test_the_fragment_is_the_map_alone(
    executive: User, client_of: ClientOf, journey: Journey
) -> None:
    answer = client_of(executive).get(url_of(journey), headers={"hx-request": "true"})
    page = answer.content.decode()
    assert page.lstrip().startswith('<div id="journey-map"')
    assert "<html" not in page


@pytest.mark.parametrize("query", ["", "?view=table"])
def test_twelve_stages_cost_no_more_queries_than_three(
    query: str, executive: User, client_of: ClientOf, journey: Journey
) -> None:
    client = client_of(executive)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page_of(client, journey, query)
        return len(queries)

    def fill(stage: Stage) -> None:
        make_touchpoint(stage, f"more-{stage.key}", customer_action="Asks")
        stage.needs.create(text="be sure")
        Choice.objects.create(stage=stage, question="This one?").criteria.create(text="price")

    for stage in journey.stages.all():
        fill(stage)
    page_of(client, journey, query)
    before = cost()
    for number in range(4, 13):
        fill(make_stage(journey, f"S{number}"))
    assert cost() == before
