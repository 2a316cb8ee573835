"""The executives' page: figures with their n, filters in the URL, and nothing that is not known."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from actionplans.tests.factories import make_action
from journeys.models import Journey, Programme
from journeys.tests.factories import make_journey, make_segment, make_stage, make_wave
from observations.folding import fold_pending
from observations.models import PendingFold
from observations.tests.factories import submit
from scoring.models import Framework

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/dashboard/"


@pytest.fixture
def measured(programme: Programme, framework: Framework) -> Programme:
    """Six observations in Paris; S2 misses its basic every time."""
    for _number in range(6):
        submit(programme)
    fold_pending()
    return programme


def figures_of(client: Client, query: str = "") -> dict[str, str]:
    return {one.name: one.text for one in client.get(URL + query).context["figures"]}


def test_the_figures_and_the_gaps(
    measured: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    journey.stages.filter(key="S2").update(criticality=3)
    make_action(journey.stages.get(key="S1"), executive)
    client = client_of(executive)
    answer = client.get(URL)
    figures = {one.name: one for one in answer.context["figures"]}
    assert len(figures) <= 6
    assert figures["Moments of truth at target"].text == "0 of 1"
    assert figures["Moments of truth at target"].notes[-1] == "n = 6"
    assert figures["Observations counted"].text == "6"
    assert figures["Actions on time"].text == "1 of 1"
    assert "n = 6" in " ".join(figures["Journey score"].notes)
    first = answer.context["gaps"][0].gap
    assert (first.stage.key, first.row.name) == ("S2", "REMOVE_DISAPPOINTMENT")
    page = answer.content.decode()
    assert "The basic “Interaction S2-b” was missed in 6 of 6 observations." in page
    assert "No action yet" in page
    assert "Create an action" not in page  # an executive reads


def test_what_is_received_and_not_counted_is_said(
    measured: Programme, executive: User, client_of: ClientOf
) -> None:
    row = measured.observations.get(uuid=measured.observations.values("uuid")[:1]).revisions.get()
    PendingFold.objects.create(revision=row, framework=row.framework, sign=1)
    assert "1 observation not counted yet" in client_of(executive).get(URL).content.decode()


def test_the_curve_has_holes_where_nothing_is_known(
    measured: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    make_stage(journey, "S4", name="Never seen <b>")
    curves = client_of(executive).get(URL).context["curves"]
    for way, axis in (("across", "y"), ("down", "x")):
        figure = json.loads(curves[way])
        lines = {t["name"]: t for t in figure["data"] if t.get("mode") == "lines"}
        assert lines["typical"][axis][-1] is None
        assert len(lines["typical"][axis]) == 4
        [bars] = [t for t in figure["data"] if t["type"] == "bar"]
        assert bars["hovertext"] == ["n = 0, 5 more needed"]
        assert "Never seen <b>" not in curves[way]
    assert "n = 6" in curves["across"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?wave=W9", "wave"),
        ("?from=2026-13", "from"),
        ("?from=2026-05&to=2026-04", "to"),
        ("?method=gossip", "method"),
        ("?location=MARS", "location"),
        ("?region=Mars", "region"),
        ("?channel=pigeon", "channel"),
        ("?framework=7", "framework"),
        ("?journey=none", "__all__"),
    ],
)
def test_a_filter_that_cannot_be_read_is_named(
    measured: Programme, executive: User, client_of: ClientOf, query: str, field: str
) -> None:
    answer = client_of(executive).get(URL + query)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "figures" not in answer.context


def test_filters_select_observations(
    measured: Programme, executive: User, client_of: ClientOf
) -> None:
    make_wave(measured, "W2", first_month="2026-10", last_month="2026-11")
    submit(measured, location="LYO1", observed_at="2026-09-03T10:30:00+02:00")
    fold_pending()
    client = client_of(executive)
    assert figures_of(client)["Observations counted"] == "7"
    for query, counted in (
        ("?wave=W2", "6"),
        ("?from=2026-09&to=2026-09", "1"),
        ("?location=LYO1", "1"),
        ("?region=IDF", "6"),
        ("?method=survey", "0"),
        ("?location=LYO1,PAR1", "7"),
    ):
        assert figures_of(client, query)["Observations counted"] == counted, query


def test_htmx_gets_the_content_alone(
    measured: Programme, executive: User, client_of: ClientOf
) -> None:
    answer = client_of(executive).get(URL, headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<div id="dashboard"')


def test_a_location_manager_sees_own_locations_and_no_plan(
    measured: Programme, location_manager: User, client_of: ClientOf
) -> None:
    submit(measured, location="LYO1")
    fold_pending()
    client = client_of(location_manager)
    figures = figures_of(client)
    assert figures["Observations counted"] == "6"
    assert "Actions on time" not in figures
    assert client.get(URL + "?location=LYO1").status_code == 422


def test_segments_stand_side_by_side(
    measured: Programme, executive: User, client_of: ClientOf
) -> None:
    make_journey(measured, "pro", segment=make_segment(measured, "pro"), stages=2)
    page = client_of(executive).get(URL + "?journey=pro").content.decode()
    assert 'href="/programmes/casa-nord/dashboard/?journey=family-store"' in page
    assert "no published framework" in page


def test_nothing_to_show_yet(
    db: None, programme: Programme, executive: User, client_of: ClientOf
) -> None:
    assert "no published framework" in client_of(executive).get(URL).content.decode()
    programme.segments.update(in_perimeter=False)
    assert "Scores appear here" in client_of(executive).get(URL).content.decode()


@pytest.mark.usefixtures("nothing_kept")
def test_query_counts_do_not_grow(
    measured: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    make_action(journey.stages.get(key="S2"), executive)
    queries()
    few = queries()
    for number in range(4, 8):
        make_stage(journey, f"S{number}")
    for _number in range(6):
        make_action(journey.stages.get(key="S2"), executive)
        submit(measured)
    fold_pending()
    assert queries() == few


def test_many_journeys_are_a_list_behind_the_one_that_is_shown(
    measured: Programme, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    for number in range(3):
        assert "journeys-box" not in client.get(URL).content.decode()
        make_journey(measured, f"other-{number}", name=f"Other {number}", position=number + 1)
    page = client.get(URL).content.decode()
    assert "journeys-box" in page
    assert "?journey=other-2" in page
