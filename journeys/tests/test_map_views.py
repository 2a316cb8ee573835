"""Four views of one map: what each holds, for whom, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from journeys import lanes
from journeys.access import Access
from journeys.lanes import Cell, Figure, Lane
from journeys.models import Choice, Journey, Need, Stage
from journeys.rights import Right
from journeys.tests.factories import make_channel, make_stage, make_touchpoint
from journeys.tests.test_journey_map import page_of, url_of

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def scores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lane of known figures, alone beside those of steps 1 and 2."""

    def cells(journey: Journey, access: Access) -> Mapping[str, Cell]:
        return {
            "S1": Figure(
                -31,
                "\N{MINUS SIGN}31",
                60,
                0,
                -40,
                -22,
                20,
                (-10, 50),
                "disappointing",
                url="/proof/",
            ),
            "S2": Figure(None, "", 2, 5, thresholds=(-10, 50)),
            "S3": Figure(54, "+54", 58, 0, 40, 68, 60, (-10, 50), "neutral", held_back=True),
        }

    kept = {k: v for k, v in lanes._registry.items() if v.cells.__module__ == "journeys.map_lanes"}
    known = Lane("known", "Experience", "", 50, "curve", cells, Right.SEE_SCORES)
    monkeypatch.setattr(lanes, "_registry", {**kept, "known": known})


def test_the_four_views_are_a_link_apart(
    executive: User, client_of: ClientOf, journey: Journey
) -> None:
    client = client_of(executive)
    for view in ("map", "table", "curve", "matrix"):
        page = page_of(client, journey, f"?view={view}")
        for other in ("map", "table", "curve", "matrix"):
            assert f'href="?view={other}"' in page
        assert f'href="?view={view}" aria-current="page"' in page
    assert 'href="?view=map" aria-current="page"' in page_of(client, journey, "?view=nonsense")


def test_the_sheet_holds_every_fact_for_editors_alone(
    consultant: User, executive: User, client_of: ClientOf, journey: Journey
) -> None:
    stage = journey.stages.get(key="S1")
    app = make_channel(journey.programme, "app", name="Our app", in_perimeter=False)
    touchpoint = make_touchpoint(
        stage, name="<b>Scan</b>", channel=app, initiative="push", customer_action="Scans it"
    )
    need = Need.objects.create(stage=stage, text="be quick", level="implicit")
    choice = Choice.objects.create(stage=stage, question="Till or scan?")
    choice.criteria.create(text="queue")
    page = page_of(client_of(consultant), journey, "?view=table")
    for part, pk, field, text in (
        ("touchpoints", touchpoint.pk, "name", "&lt;b&gt;Scan&lt;/b&gt;"),
        ("touchpoints", touchpoint.pk, "channel", "Our app"),
        ("touchpoints", touchpoint.pk, "initiative", "Push"),
        ("touchpoints", touchpoint.pk, "nature", "Informative"),
        ("touchpoints", touchpoint.pk, "customer_action", "Scans it"),
        ("touchpoints", touchpoint.pk, "criticality", "Ordinary"),
        ("needs", need.pk, "text", "be quick"),
        ("needs", need.pk, "level", "Implicit"),
        ("choices", choice.pk, "question", "Till or scan?"),
        ("choices", choice.pk, "criteria", "queue"),
        ("stages", stage.pk, "phase", "During"),
    ):
        found = re.search(rf'<td id="sheet-{part}-{pk}-{field}".*?</td>', page)
        found = found or re.search(rf'id="sheet-{part}-{pk}-{field}".*?</td>', page)
        assert found and text in found[0], (part, field)
    assert "<b>Scan" not in page
    read = page_of(client_of(executive), journey, "?view=table")
    assert "data-sheet" not in read and "js/map.js" not in read and "Our app" in read


def test_the_curve_view_names_what_is_known_and_what_is_not(
    executive: User, client_of: ClientOf, journey: Journey
) -> None:
    journey.stages.filter(key="S3").update(criticality=3)
    page = page_of(client_of(executive), journey, "?view=curve")
    assert page.count('<svg class="curve"') == 1
    rows = re.findall(r"<tr> <th scope=\"row\">.*?</tr>", page.split("figure-table")[1])
    assert "\N{MINUS SIGN}40 and \N{MINUS SIGN}22" in rows[0] and 'href="/proof/"' in rows[0]
    assert "n = 60" in rows[0] and "disappointing" in rows[0]
    assert "not measured" in rows[1] and "n = 2, at least 5 needed" in rows[1]
    assert "◆" in rows[2] and "held back" in rows[2] and "<td> 60 </td>" in rows[2]


def test_the_matrix_has_a_mark_for_each_score_and_a_strip_for_the_others(
    executive: User, client_of: ClientOf, journey: Journey
) -> None:
    journey.stages.filter(key="S3").update(criticality=3)
    page = page_of(client_of(executive), journey, "?view=matrix")
    svg, table = page[page.index('<svg class="matrix"') :].split("</svg>")[:2]
    assert svg.count('class="matrix-mark') == 2 and svg.count('<polygon points="') == 1
    assert "\N{MINUS SIGN}31 ▼ disappointing" in svg and "n 60" in svg
    assert "+54 ✦ held back" in svg
    assert "not measured" in svg and "n = 2, at least 5 needed" in svg
    # The moment of truth first, then by score, what is not known last.
    names = re.findall(r'<th scope="row">(.*?)</th>', table)
    assert names == ["Stage S3", "Stage S1", "Stage S2"]


@pytest.mark.parametrize("view", ["curve", "matrix"])
def test_who_may_not_see_scores_is_told_so(
    view: str,
    executive: User,
    client_of: ClientOf,
    journey: Journey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = {k: v for k, v in lanes._registry.items() if v.is_own}
    monkeypatch.setattr(lanes, "_registry", own)
    page = page_of(client_of(executive), journey, f"?view={view}")
    assert "Scores are not shown to your role" in page
    assert f'<svg class="{view}"' not in page


@pytest.mark.parametrize("view", ["map", "table", "curve", "matrix"])
def test_an_empty_journey_has_four_views_too(
    view: str, consultant: User, client_of: ClientOf, journey: Journey
) -> None:
    Stage.objects.filter(journey=journey).delete()
    page = page_of(client_of(consultant), journey, f"?view={view}")
    assert "this one has none yet" in page


@pytest.mark.parametrize("view", ["map", "table", "curve", "matrix"])
def test_queries_do_not_grow_with_the_journey(
    view: str, consultant: User, client_of: ClientOf, journey: Journey
) -> None:
    client = client_of(consultant)
    first = journey.stages.get(key="S1")
    Need.objects.create(stage=first, text="quiet")
    Choice.objects.create(stage=first, question="which?").criteria.create(text="price")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url_of(journey) + f"?view={view}").status_code == 200
        return len(queries)

    count()
    before = count()
    for number in range(4, 10):
        stage = make_stage(journey, f"S{number}")
        channel = make_channel(journey.programme, f"channel-{number}")
        make_touchpoint(stage, channel=channel)
        Need.objects.create(stage=stage, text="quiet")
        Choice.objects.create(stage=stage, question="which?").criteria.create(text="price")
    assert count() == before
