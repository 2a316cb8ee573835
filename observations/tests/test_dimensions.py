"""Places and dates: names and regions are joined when read, an observation lands in its own month."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from journeys.access import enter_as
from journeys.models import Channel, Journey, Location, Programme, Segment, Stage
from observations.folding import differing_cells, fold_pending
from observations.scores import ScoreSheet, read_scores
from observations.selection import BadSelection, read_selection
from observations.tests.factories import submit
from scoring.models import Framework, LevelCount, StageCell

pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def sheet(programme: Programme, journey: Journey, lead: User) -> Callable[..., ScoreSheet]:
    """The scores as a page or the API reads them: `sheet(region="IDF")`."""

    def read(**query: str) -> ScoreSheet:
        access = enter_as(lead, programme.slug)
        return read_scores(journey, read_selection(query, journey=journey, access=access))

    return read


def observed(sheet: ScoreSheet) -> int:
    return sum(n for _version, n in sheet.versions)


def cells() -> list[Any]:
    return [
        *StageCell.objects.order_by("pk").values_list(),
        *LevelCount.objects.order_by("pk").values_list(),
        *Framework.objects.values_list("pk", "cells_revision"),
    ]


def test_a_region_is_read_where_its_locations_are_now(
    programme: Programme, framework: Framework, sheet: Callable[..., ScoreSheet]
) -> None:
    for location in ("PAR1", "PAR1", "LYO1"):
        submit(programme, location=location)
    fold_pending()
    before, idf = cells(), sheet(region="IDF").reading
    assert (observed(sheet(region="IDF")), observed(sheet(region="ARA"))) == (2, 1)
    Location.objects.filter(code="PAR1").update(region="ARA", name="Paris, now of the south")
    assert observed(sheet(region="ARA")) == 3
    with pytest.raises(BadSelection):
        sheet(region="IDF")
    assert cells() == before, "no cell is touched"
    Location.objects.filter(code="LYO1").update(region="IDF")
    assert observed(sheet(region="IDF")) == 1
    Location.objects.filter(code="PAR1").update(region="IDF")
    Location.objects.filter(code="LYO1").update(region="ARA")
    assert sheet(region="IDF").reading == idf
    assert differing_cells(framework) == []


def test_a_location_with_another_code_keeps_its_cells(
    programme: Programme, framework: Framework, sheet: Callable[..., ScoreSheet]
) -> None:
    submit(programme)
    fold_pending()
    before = cells()
    Location.objects.filter(code="PAR1").update(code="PAR-OPERA")
    assert observed(sheet(location="PAR-OPERA")) == 1
    assert cells() == before
    submit(programme, location="PAR-OPERA")
    fold_pending()
    assert StageCell.objects.get(stage=None).n == 2, "the same place, the same cell"
    assert differing_cells(framework) == []


def test_new_names_of_channel_segment_and_stage_touch_no_cell(
    programme: Programme, framework: Framework, sheet: Callable[..., ScoreSheet]
) -> None:
    submit(programme)
    fold_pending()
    before, reading = cells(), sheet().reading
    for model in (Channel, Segment, Stage):
        model._default_manager.update(name="Renamed")
    assert sheet().reading == reading
    assert [stage.name for stage in sheet().stages] == ["Renamed"] * 3
    assert observed(sheet(channel="store")) == 1
    assert cells() == before
    assert differing_cells(framework) == []


def test_a_late_arrival_lands_in_the_month_it_was_observed_in(
    programme: Programme, framework: Framework, sheet: Callable[..., ScoreSheet]
) -> None:
    submit(programme, observed_at="2026-09-10T10:00:00+02:00")
    submit(programme, observed_at="2026-10-10T10:00:00+02:00")
    fold_pending()
    october = list(StageCell.objects.filter(month="2026-10").order_by("pk").values_list())
    assert submit(programme, observed_at="2026-09-30T23:59:00-05:00").status == "created"
    fold_pending()
    assert StageCell.objects.get(stage=None, month="2026-09").n == 2
    now = list(StageCell.objects.filter(month="2026-10").order_by("pk").values_list())
    assert now == october, "the other month is as it was"
    window = {"from": "2026-09", "to": "2026-09"}
    assert (observed(sheet(**window)), observed(sheet())) == (2, 3)
    assert differing_cells(framework) == []
