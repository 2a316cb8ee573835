"""Building on the map: what each order does, what its answer holds, what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from journeys.models import Journey, MapEdit, Need, Stage
from journeys.tests.factories import make_channel, make_journey, make_stage, make_touchpoint
from journeys.tests.test_journey_map import page_of

ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


@pytest.fixture
def stage(journey: Journey) -> Stage:
    found: Stage = journey.stages.get(key="S1")
    return found


def url(name: str, journey: Journey, *args: object) -> str:
    return reverse(f"journeys:{name}", args=[journey.programme.slug, journey.key, *args])


def send(page: Client, address: str, data: dict[str, Any]) -> tuple[int, str]:
    answer = page.post(address, data, headers=HTMX)
    return answer.status_code, " ".join(answer.content.decode().split())


def test_each_line_becomes_a_stage_of_the_phase(page: Client, journey: Journey) -> None:
    data = {"lines": "Park\n\n  Pay  \nPark", "phase": "before"}
    status, body = send(page, url("stage-lines", journey), data)
    assert status == 200
    names = [(each.name, each.key, each.phase) for each in journey.stages.all()][:3]
    assert names == [
        ("Park", "park", "before"),
        ("Pay", "pay", "before"),
        ("Park", "park-2", "before"),
    ]
    order = " ".join(str(each.pk) for each in journey.stages.all())
    assert f'data-order="{order} "' in body
    new = journey.stages.get(key="pay")
    assert f'<th scope="col" data-stage="{new.pk}"' in body
    # The form comes back empty for the next, and no other column comes with it.
    assert "Park</textarea>" not in body and "Stage S1" not in body


def test_lines_of_each_kind_stand_in_their_cell(
    page: Client, journey: Journey, stage: Stage
) -> None:
    app = make_channel(journey.programme, "app", name="Our app")
    for part, data in (
        ("touchpoints", {"lines": "Scan\n<b>Pay</b>", "channel": app.pk}),
        ("needs", {"lines": "be quick", "level": "implicit"}),
        ("choices", {"lines": "Till or scan?"}),
    ):
        status, body = send(page, url("part-lines", journey, part, stage.pk), data)
        assert status == 200
        assert f'id="map-cell-{part}-{stage.pk}"' in body
        assert f'id="map-cell-{part}-{journey.stages.get(key="S2").pk}"' not in body
        assert "<b>" not in body
    assert [each.name for each in stage.touchpoints.filter(channel=app)] == ["Scan", "<b>Pay</b>"]
    assert stage.needs.get().level == Need.Level.IMPLICIT
    assert stage.choices.get().question == "Till or scan?"


@pytest.mark.parametrize(
    ("lines", "word"),
    [("", "required"), ("x" * 10_000, "At most 120"), ("a\n" * 501, "501 lines are more than 500")],
)
def test_lines_that_are_not_taken_are_kept(
    page: Client, journey: Journey, lines: str, word: str
) -> None:
    before = journey.stages.count()
    data = {"lines": lines, "phase": "during"}
    status, body = send(page, url("stage-lines", journey), data)
    assert status == 422 and word in body and journey.stages.count() == before
    assert " ".join(lines.split()) in body


def test_five_hundred_lines_are_five_hundred_rows(
    page: Client, journey: Journey, stage: Stage
) -> None:
    data = {"lines": "\n".join(f"need {n}" for n in range(500)), "level": "explicit"}
    assert send(page, url("part-lines", journey, "needs", stage.pk), data)[0] == 200
    assert stage.needs.count() == 500


def test_a_field_is_edited_in_place(page: Client, journey: Journey, stage: Stage) -> None:
    touchpoint = stage.touchpoints.get()
    address = url("row-field", journey, "touchpoints", touchpoint.pk, "customer_action")
    assert 'name="customer_action"' in page.get(address).content.decode()
    status, body = send(page, address, {"customer_action": "Pays", "version": 0})
    assert status == 200 and "Pays" in body
    touchpoint.refresh_from_db()
    assert (touchpoint.customer_action, touchpoint.version) == ("Pays", 1)
    assert send(page, address, {"customer_action": "x" * 201, "version": 1})[0] == 422


def test_a_stale_field_shows_what_stands_there(
    page: Client, journey: Journey, stage: Stage
) -> None:
    Stage.objects.filter(pk=stage.pk).update(name="Theirs", version=4)
    address = url("row-field", journey, "stages", stage.pk, "name")
    status, body = send(page, address, {"name": "Mine", "version": 0})
    assert status == 409 and "Theirs" in body and 'value="Mine"' in body
    assert send(page, address, {"name": "Mine", "version": 4})[0] == 200
    assert Stage.objects.get(pk=stage.pk).name == "Mine"


def test_stages_change_places_and_phases(page: Client, journey: Journey) -> None:
    first, second, third = journey.stages.all()
    data = {"row": third.pk, "phase": "during", "before": first.pk}
    status, body = send(page, url("rows-place", journey, "stages"), data)
    assert status == 200 and list(journey.stages.all()) == [third, first, second]
    assert "map-lane-needs" not in body  # no lane comes along: the columns are only put in order
    send(page, url("rows-place", journey, "stages"), {"row": first.pk, "phase": "before"})
    assert [each.phase for each in journey.stages.all()] == ["before", "during", "during"]
    data = {"row": first.pk, "phase": "never"}
    assert send(page, url("rows-place", journey, "stages"), data)[0] == 422


def test_parts_go_to_another_stage_in_their_order(
    page: Client, journey: Journey, stage: Stage
) -> None:
    other = journey.stages.get(key="S2")
    (there,) = other.touchpoints.all()
    one, two = make_touchpoint(stage, "one"), make_touchpoint(stage, "two", position=1)
    data = {"row": [two.pk, one.pk], "stage": other.pk, "before": there.pk}
    assert send(page, url("rows-place", journey, "touchpoints"), data)[0] == 200
    assert list(other.touchpoints.all()) == [two, one, there]


def test_marks_and_channels_of_several_at_once(
    page: Client, journey: Journey, stage: Stage
) -> None:
    app = make_channel(journey.programme, "app")
    rows = [make_touchpoint(stage, "one").pk, make_touchpoint(stage, "two").pk]
    send(page, url("rows-mark", journey, "touchpoints"), {"row": rows, "criticality": 3})
    send(page, url("touchpoints-channel", journey), {"row": rows, "channel": app.pk})
    found = stage.touchpoints.filter(pk__in=rows).values_list("criticality", "channel")
    assert list(found) == [(3, app.pk), (3, app.pk)]
    assert send(page, url("rows-mark", journey, "stages"), {"row": stage.pk})[0] == 422
    data = {"row": stage.pk, "criticality": 3}
    assert send(page, url("rows-mark", journey, "stages"), data)[0] == 200
    assert journey.stages.get(pk=stage.pk).is_moment_of_truth
    assert send(page, url("rows-mark", journey, "needs"), data)[0] == 404


def test_what_is_measured_is_drawn_again_where_a_stage_itself_changed(
    page: Client, journey: Journey, stage: Stage
) -> None:
    def events_of(name: str, part: str, **data: object) -> str:
        answer = page.post(url(name, journey, part), data, headers=HTMX)
        assert answer.status_code == 200
        return str(answer.headers.get("HX-Trigger-After-Settle", ""))

    touchpoint = stage.touchpoints.get()
    assert events_of("rows-mark", "stages", row=stage.pk, criticality=3) == "map-curve, map-heads"
    assert events_of("rows-place", "stages", row=stage.pk, phase=stage.phase) == "map-curve"
    assert events_of("rows-mark", "touchpoints", row=touchpoint.pk, criticality=3) == ""
    shown = page_of(page, journey)
    for lane in ("experience", "gap", "actions"):
        event = "map-curve" if lane == "experience" else "map-heads"
        place = shown.index(f'id="map-lane-{lane}"')
        assert f'hx-trigger="{event} from:body"' in shown[place : place + 400]


def test_undo_and_redo_draw_what_they_changed(page: Client, journey: Journey, stage: Stage) -> None:
    send(page, url("rows-delete", journey, "stages"), {"row": stage.pk})
    assert not journey.stages.filter(pk=stage.pk).exists()
    status, body = send(page, url("map-walk", journey, "undo"), {})
    assert status == 200 and f'<th scope="col" data-stage="{stage.pk}"' in body
    status, body = send(page, url("map-walk", journey, "redo"), {})
    assert status == 200 and f'data-stage="{stage.pk}"' not in body and "data-order" in body
    status, body = send(page, url("map-walk", journey, "redo"), {})
    assert status == 409 and "no step left" in body


@pytest.mark.usefixtures("framework")
def test_what_is_observed_is_not_deleted(page: Client, journey: Journey, stage: Stage) -> None:
    answer = page.post(url("rows-delete", journey, "stages"), {"row": stage.pk}, headers=HTMX)
    assert answer.status_code == 409 and answer["HX-Retarget"] == "#map-problem"
    assert "interaction" in answer.content.decode()
    assert journey.stages.filter(pk=stage.pk).exists()


def test_what_two_people_delete_is_gone_once(
    page: Client, client_of: ClientOf, lead: User, journey: Journey
) -> None:
    stage = make_stage(journey, "S9")
    theirs = client_of(lead)
    assert send(theirs, url("rows-delete", journey, "stages"), {"row": stage.pk})[0] == 200
    status, body = send(page, url("rows-delete", journey, "stages"), {"row": stage.pk})
    assert status == 409 and f"{lead} deleted “{stage}” at" in body
    never = {"row": stage.pk + 1000}
    assert send(page, url("rows-delete", journey, "stages"), never)[0] == 404


def test_rows_of_another_journey_are_not_found(
    page: Client, journey: Journey, stage: Stage
) -> None:
    other = make_journey(journey.programme, "other", stages=1)
    theirs = make_touchpoint(other.stages.get())
    row = {"row": theirs.pk, "stage": stage.pk}
    assert send(page, url("rows-place", journey, "touchpoints"), row)[0] == 404
    mine = {"row": stage.touchpoints.get().pk, "stage": theirs.stage_id}
    assert send(page, url("rows-place", journey, "touchpoints"), mine)[0] == 404
    assert send(page, url("rows-delete", journey, "needs"), {"row": "x"})[0] == 404
    assert not MapEdit.objects.exists()


def test_without_scripts_one_comes_back_to_the_map(page: Client, journey: Journey) -> None:
    answer = page.post(url("stage-lines", journey), {"lines": "Park", "phase": "before"})
    assert answer.status_code == 302
    assert answer["Location"] == url("journey-map", journey)


def test_an_edit_asks_and_sends_the_same_on_a_big_map(page: Client, journey: Journey) -> None:
    big = make_journey(journey.programme, "big", stages=30)
    for stage in big.stages.all():
        for number in range(3):
            make_touchpoint(stage, f"{stage.key}-{number}")
    costs = []
    for each in (journey, big):
        first = each.stages.all()[0]
        first.touchpoints.exclude(pk=first.touchpoints.all()[0].pk).delete()
        with CaptureQueriesContext(connection) as queries:
            _status, body = send(
                page,
                url("part-lines", each, "needs", first.pk),
                {"lines": "be quick", "level": "explicit"},
            )
        costs.append((len(queries), len(body)))
    assert costs[0][0] == costs[1][0]
    assert costs[1][1] < costs[0][1] * 1.1
