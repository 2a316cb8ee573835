"""What is mistyped, pasted or overtaken on the map: a clear answer, nothing stored, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from journeys.models import Journey, Need, Stage
from journeys.tests.factories import make_channel, make_journey, make_touchpoint
from journeys.tests.test_journey_map import page_of
from journeys.tests.test_map_building import page, send, stage, url

__all__ = ["page", "stage"]  # fixtures

HTML = '<img src=x onerror="alert(1)"><b>bold</b>'
ESCAPED = "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&lt;b&gt;bold&lt;/b&gt;"


@pytest.mark.parametrize("name", ["", "   ", "x" * 10_000], ids=["empty", "blank", "long"])
@pytest.mark.parametrize("part", ["stages", "touchpoints", "needs", "choices"])
def test_a_name_that_is_none_or_too_long_is_refused_in_its_field(
    page: Client, journey: Journey, stage: Stage, part: str, name: str
) -> None:
    rows = {
        "stages": (stage, "name"),
        "touchpoints": (stage.touchpoints.get(), "name"),
        "needs": (stage.needs.create(text="be quick"), "text"),
        "choices": (stage.choices.create(question="Which?"), "question"),
    }
    row, field = rows[part]
    was = getattr(row, field)
    address = url("row-field", journey, part, row.pk, field)
    status, body = send(page, address, {field: name, "version": 0})
    assert status == 422 and 'role="alert"' in body
    assert name.strip() in body
    row.refresh_from_db()
    assert getattr(row, field) == was


@pytest.mark.parametrize("part", ["touchpoints", "needs", "choices"])
def test_a_line_of_ten_thousand_letters_is_kept_in_its_form(
    page: Client, journey: Journey, stage: Stage, part: str
) -> None:
    data = {"lines": "fine\n" + "x" * 10_000, "level": "explicit"}
    data["channel"] = str(journey.programme.channels.get().pk)
    status, body = send(page, url("part-lines", journey, part, stage.pk), data)
    assert status == 422 and "characters a line" in body and "x" * 10_000 in body
    assert not stage.needs.exists() and not stage.choices.exists()
    assert stage.touchpoints.count() == 1


def test_pasted_html_is_text_wherever_it_stands(
    page: Client, journey: Journey, stage: Stage
) -> None:
    data = {"lines": HTML, "level": "explicit", "phase": "before"}
    data["channel"] = str(journey.programme.channels.get().pk)
    bodies = [send(page, url("stage-lines", journey), data)[1]]
    bodies += [
        send(page, url("part-lines", journey, part, stage.pk), data)[1]
        for part in ("touchpoints", "needs", "choices")
    ]
    new = journey.stages.get(name=HTML)
    bodies.append(send(page, url("rows-delete", journey, "stages"), {"row": new.pk})[1])
    bodies.append(send(page, url("map-walk", journey, "undo"), {})[1])
    bodies += [page_of(page, journey, f"?view={view}") for view in ("map", "table", "matrix")]
    assert all(HTML not in body and "<b>bold" not in body for body in bodies)
    assert all(ESCAPED in body for body in bodies)


@pytest.mark.parametrize("part", ["stages", "touchpoints", "choices"])
def test_five_hundred_pasted_lines_are_as_many_rows_and_one_step(
    page: Client, journey: Journey, stage: Stage, part: str
) -> None:
    data = {"lines": "\n".join(f"row {n}" for n in range(500)), "phase": "after"}
    data["channel"] = str(journey.programme.channels.get().pk)
    rows: dict[str, Any] = {
        "stages": journey.stages,
        "touchpoints": stage.touchpoints,
        "choices": stage.choices,
    }
    before = rows[part].count()
    place = [] if part == "stages" else [part, stage.pk]
    address = url("stage-lines" if part == "stages" else "part-lines", journey, *place)
    assert send(page, address, data)[0] == 200
    assert rows[part].count() == before + 500
    assert send(page, url("map-walk", journey, "undo"), {})[0] == 200
    assert rows[part].count() == before


def test_a_channel_under_a_touchpoint_is_not_deleted(
    page: Client, journey: Journey, stage: Stage
) -> None:
    address = f"/programmes/{journey.programme.slug}/perimeter/channels/rows/store/delete/"
    answer = page.post(address)
    assert answer.status_code == 409
    assert "3 touchpoints" in " ".join(answer.content.decode().split())
    assert stage.touchpoints.get().channel.key == "store"


def test_a_channel_deleted_meanwhile_keeps_what_was_typed(
    page: Client, journey: Journey, stage: Stage
) -> None:
    gone = make_channel(journey.programme, "gone")
    pk = gone.pk
    gone.delete()
    touchpoint = stage.touchpoints.get()
    address = url("part-lines", journey, "touchpoints", stage.pk)
    status, body = send(page, address, {"lines": "Self-scan", "channel": pk})
    assert status == 422 and "Self-scan</textarea>" in body and "Select a valid choice" in body
    address = url("row-field", journey, "touchpoints", touchpoint.pk, "channel")
    status, body = send(page, address, {"channel": pk, "version": 0})
    assert status == 422 and "Select a valid choice" in body
    status, body = send(
        page, url("touchpoints-channel", journey), {"row": touchpoint.pk, "channel": pk}
    )
    assert status == 409 and "This channel is no longer in the programme." in body
    touchpoint.refresh_from_db()
    assert touchpoint.channel.key == "store"


def test_lines_for_a_stage_that_was_deleted_are_told_so(
    page: Client, journey: Journey, stage: Stage
) -> None:
    pk = stage.pk
    assert send(page, url("rows-delete", journey, "stages"), {"row": pk})[0] == 200
    address = url("part-lines", journey, "needs", pk)
    status, body = send(page, address, {"lines": "be quick", "level": "explicit"})
    assert status == 409 and "You deleted “Stage S1” yourself" in body
    assert not Need.objects.exists()


# --- no answer holds the whole map -----------------------------------------------------------
def test_no_edit_sends_more_on_a_map_of_forty_stages(page: Client, journey: Journey) -> None:
    """Columns by their number, and bytes: only the order of the stages, one number each, may grow."""
    sizes = []
    for stages in (10, 40):
        big = _map_of(journey, stages)
        first, second = big.stages.all()[:2]
        touchpoint = first.touchpoints.all()[0]
        row = {"row": touchpoint.pk}
        orders: list[tuple[str, dict[str, Any]]] = [
            (url("part-lines", big, "needs", first.pk), {"lines": "be quick", "level": "explicit"}),
            (
                url("row-field", big, "touchpoints", touchpoint.pk, "name"),
                {"name": "Renamed", "version": 0},
            ),
            (url("rows-place", big, "touchpoints"), {**row, "stage": second.pk}),
            (url("rows-mark", big, "touchpoints"), {**row, "criticality": 3}),
            (url("rows-mark", big, "stages"), {"row": first.pk, "criticality": 3}),
            (url("rows-place", big, "stages"), {"row": first.pk, "phase": "during"}),
            (url("stage-lines", big), {"lines": "Pays", "phase": "during"}),
            (url("map-walk", big, "undo"), {}),
        ]
        sizes.append([_size(page, big, address, data) for address, data in orders])
    assert all(many <= few + 20 for few, many in zip(*sizes, strict=True)), sizes


def _map_of(journey: Journey, stages: int) -> Journey:
    made = make_journey(journey.programme, f"map-{stages}", stages=stages)
    for each in made.stages.all():
        for number in range(3):
            make_touchpoint(each, f"{each.key}-{number}", name=f"Point {number}")
    return made


def _size(page: Client, big: Journey, address: str, data: dict[str, Any]) -> int:
    """Bytes of an answer without the order of the stages; at most two columns are in it."""
    status, body = send(page, address, data)
    assert status == 200
    columns = [each.pk for each in big.stages.all() if f'map-head-{each.pk}"' in body]
    assert len(columns) <= 2
    head, _order, rest = body.partition('data-order="')
    for each in sorted((str(each.pk) for each in big.stages.all()), key=len, reverse=True):
        rest, head = rest.replace(each, "#"), head.replace(each, "#")
    return len(head) + len(rest.partition('"')[2] or rest)
