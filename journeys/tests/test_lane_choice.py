"""Lanes hidden and ordered: by the URL, kept in the session, deaf to nonsense."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from journeys.lane_choice import lane_choice
from journeys.lanes import Lane
from journeys.models import Journey
from journeys.tests.factories import make_journey
from journeys.tests.test_journey_map import page_of
from journeys.tests.test_map_building import send, url

ClientOf = Callable[[User], Client]


def lane(key: str, order: int) -> Lane:
    return Lane(key, key.title(), "", order, "entries", lambda journey, access: {})


LANES = [lane("a", 1), lane("b", 2), lane("c", 3)]


@pytest.mark.parametrize(
    ("asked", "shown", "value"),
    [
        ([], "abc", ""),
        (["c", "a"], "ca", "c,a"),
        (["c", "nonsense", "c", "a"], "ca", "c,a"),
        (["nonsense"], "abc", ""),
        (["a", "b", "c"], "abc", ""),
        (["b", "a", "c"], "bac", "b,a,c"),
    ],
)
def test_the_lanes_named_in_their_order(asked: list[str], shown: str, value: str) -> None:
    choice = lane_choice(LANES, asked)
    assert "".join(each.key for each in choice.lanes) == shown
    assert choice.value == value


def test_each_lane_shown_can_go_one_place_up_or_down() -> None:
    choice = lane_choice(LANES, ["c", "a"])
    steps = [(each.lane.key, each.is_shown, each.earlier, each.later) for each in choice.options]
    assert steps == [("c", True, "", "a,c"), ("a", True, "a,c", ""), ("b", False, "", "")]


def lanes_in(page: str) -> list[str]:
    return re.findall(r'<tr class="map-lane map-lane-([a-z-]+)"', page)


def test_the_url_says_which_and_the_session_keeps_it(
    executive: User, client_of: ClientOf, journey: Journey
) -> None:
    client = client_of(executive)
    assert lanes_in(page_of(client, journey, "?lanes=needs,touchpoints")) == [
        "needs",
        "touchpoints",
    ]
    page = page_of(client, journey)
    assert lanes_in(page) == ["needs", "touchpoints"]
    assert 'href="?view=map&amp;lanes=needs,touchpoints"' in page
    # Each view has its own: the table is not touched, and comes back as it was left itself.
    assert 'href="?view=table"' in page and 'href="?view=matrix"' in page
    table = page_of(client, journey, "?view=table")
    assert "0 / " not in table and table.count('data-lane="Choices"') == journey.stages.count()
    table = page_of(client, journey, "?view=table&lanes=choices")
    assert 'data-lane="Needs"' not in table
    assert lanes_in(page_of(client, journey)) == ["needs", "touchpoints"]
    assert 'data-lane="Needs"' not in page_of(client, journey, "?view=table")
    # A form without scripts names each; another journey and another person have their own.
    page = page_of(client, journey, "?view=map&lanes=&lanes=choices&lanes=needs")
    assert lanes_in(page) == ["choices", "needs"]
    other = make_journey(journey.programme, "other", stages=1)
    assert len(lanes_in(page_of(client, other))) > 3
    assert len(lanes_in(page_of(client, journey, "?lanes="))) > 3
    assert len(lanes_in(page_of(client, journey))) > 3


def test_the_table_shows_the_lanes_chosen(
    consultant: User, client_of: ClientOf, journey: Journey
) -> None:
    page = page_of(client_of(consultant), journey, "?view=table&lanes=touchpoints")
    sheet = page[page.index("data-sheet") : page.index("</table>")]
    assert "Channel" in sheet and "Customer action" not in sheet
    assert "map-add-touchpoints-" in sheet and "map-add-needs-" not in sheet


def test_what_is_typed_answers_for_the_lanes_shown(
    consultant: User, client_of: ClientOf, journey: Journey
) -> None:
    client, stage = client_of(consultant), journey.stages.get(key="S1")
    data = {"lines": "be quick", "level": "explicit"}
    address = url("part-lines", journey, "needs", stage.pk)
    status, body = send(client, address, {**data, "lanes": "needs"})
    assert status == 200
    assert f'id="map-cell-needs-{stage.pk}"' in body and "map-cell-touchpoints" not in body
    status, body = send(client, address, {**data, "view": "table", "lanes": "needs,choices"})
    assert f'id="sheet-stage-{stage.pk}"' in body and "map-cell" not in body
    assert "sheet-touchpoints-" not in body and "sheet-needs-" in body
