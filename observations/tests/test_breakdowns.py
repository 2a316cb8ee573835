"""A part of the journey is what the page shows under the filter of that part: never a second number."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from journeys.access import access_of
from journeys.models import Journey, Location, Programme
from journeys.tests.factories import make_channel, make_location, make_touchpoint, make_wave
from observations.breakdowns import Dimension, Part, read_breakdown
from observations.folding import fold_pending
from observations.models import Reading
from observations.scores import ScoreSheet, read_scores
from observations.selection import read_selection
from observations.tests.factories import ANSWERS, submit
from scoring.models import Framework, Interaction

FILTERS = {
    Dimension.LOCATION: ("LYO1", "NAN1", "PAR1"),
    Dimension.REGION: ("ARA", "IDF"),
    Dimension.CHANNEL: ("store", "web"),
    Dimension.WAVE: ("W1", "W2"),
}


@pytest.fixture
def observed(programme: Programme, framework: Framework) -> Journey:
    """Two waves, three locations (one in no region), two methods, two channels, and readings."""
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-05")
    make_wave(programme, "W2", first_month="2026-09", last_month="2026-11")
    make_location(programme, "NAN1", region="", share_bp=0)
    journey: Journey = programme.journeys.get()
    web = make_touchpoint(
        journey.stages.get(key="S1"), "t-web", channel=make_channel(programme, "web")
    )
    Interaction.objects.filter(framework=framework, key="S1-p").update(touchpoint=web)
    for number in range(24):
        submit(
            programme,
            location=("PAR1", "LYO1", "NAN1")[number % 3],
            method=("mystery_visit", "store_team")[number % 2],
            observed_at=f"2026-{(3, 4, 10, 7)[number % 4]:02d}-03T10:30:00+02:00",
            answers=ANSWERS | {"S1-b": -2 if number % 5 == 0 else 0, "S2-p": number % 3},
        )
    fold_pending()
    for code in ("PAR1", "LYO1"):
        Reading.objects.create(
            framework=framework,
            interaction=Interaction.objects.get(framework=framework, key="S1-p"),
            method="web_analytics",
            location=Location.objects.get(programme=programme, code=code),
            month="2026-10",
            counts={"-1": 40, "1": 60 if code == "PAR1" else 10},
        )
    return journey


def sheet_of(journey: Journey, person: User, **asked: Any) -> ScoreSheet:
    access = access_of(person, journey.programme)
    return read_scores(journey, read_selection(asked, journey=journey, access=access))


def parts_of(sheet: ScoreSheet, dimension: Dimension) -> dict[str, Part]:
    return {part.key: part for part in read_breakdown(sheet, dimension)}


@pytest.mark.parametrize("dimension", Dimension)
def test_each_part_is_read_as_its_filter_reads_it(
    observed: Journey, executive: User, dimension: Dimension
) -> None:
    parts = parts_of(sheet_of(observed, executive), dimension)
    assert tuple(parts) == FILTERS[dimension]
    compared = 0
    for key, part in parts.items():
        reading = sheet_of(observed, executive, **{dimension.value: key}).reading
        for stage in reading.stages:
            own = part.stages.get(stage.stage)
            assert own == stage or (own is None and not stage.methods)
            compared += bool(stage.n)
        assert part.journey == (None if dimension is Dimension.CHANNEL else reading.journey)
    assert compared >= 4


def test_other_filters_stay(observed: Journey, executive: User) -> None:
    asked = {"method": "mystery_visit", "wave": "W1"}
    parts = parts_of(sheet_of(observed, executive, **asked), Dimension.LOCATION)
    own = sheet_of(observed, executive, location="LYO1", **asked).reading
    assert parts["LYO1"].journey == own.journey
    assert list(parts["LYO1"].stages.values()) == list(own.stages)


def test_a_wave_is_read_whatever_months_are_chosen(observed: Journey, executive: User) -> None:
    whole = parts_of(sheet_of(observed, executive), Dimension.WAVE)
    assert parts_of(sheet_of(observed, executive, wave="W2"), Dimension.WAVE) == whole


def test_a_manager_sees_own_locations_only(observed: Journey, location_manager: User) -> None:
    sheet = sheet_of(observed, location_manager)
    assert list(parts_of(sheet, Dimension.LOCATION)) == ["PAR1"]
    assert list(parts_of(sheet, Dimension.REGION)) == ["IDF"]


@pytest.mark.parametrize("dimension", Dimension)
def test_more_parts_cost_no_more_queries(
    observed: Journey, executive: User, dimension: Dimension
) -> None:
    def queries() -> int:
        sheet = sheet_of(observed, executive)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read_breakdown(sheet, dimension)
        return len(asked)

    before = queries()
    for number in range(3):
        make_location(observed.programme, f"X{number}", region=f"R{number}")
        make_wave(
            observed.programme,
            f"X{number}",
            first_month=f"2027-0{number + 1}",
            last_month=f"2027-0{number + 1}",
        )
        channel = make_channel(observed.programme, f"c{number}")
        touchpoint = make_touchpoint(observed.stages.get(key="S2"), f"x{number}", channel=channel)
        keys = ("S2-b", "S2-p", "S2-d")
        Interaction.objects.filter(key=keys[number]).update(touchpoint=touchpoint)
    assert queries() == before


def test_nothing_to_score_has_no_parts(programme: Programme, executive: User) -> None:
    assert read_breakdown(sheet_of(programme.journeys.get(), executive), Dimension.REGION) == []
