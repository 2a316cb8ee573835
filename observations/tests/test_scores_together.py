"""The scores of several journeys read at once: each as if it were read alone, in as many queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.models import Journey, Programme
from journeys.tests.factories import (
    make_journey,
    make_segment,
    make_stage,
    make_touchpoint,
    make_wave,
)
from observations.folding import fold_pending
from observations.models import Reading
from observations.scores import read_all_scores, read_scores
from observations.selection import Selection
from observations.tests.factories import submit
from scoring.models import Framework, Interaction
from scoring.tests.factories import make_framework


def make_trade(programme: Programme, key: str) -> Journey:
    """A segment whose stages and interactions have the keys of the cast's journey, and another order."""
    journey = make_journey(programme, key, segment=make_segment(programme, key, name=key))
    for stage in ("S2", "S1"):
        make_touchpoint(
            make_stage(journey, stage),
            f"{key}-{stage}",
            channel=programme.channels.get(key="store"),
        )
    return journey


def observe(programme: Programme, journey: str, points: int) -> None:
    for month, location in ((3, "PAR1"), (4, "LYO1"), (9, "PAR1")):
        for number in range(6):
            submit(
                programme,
                journey=journey,
                location=location,
                observed_at=f"2026-{month:02d}-1{number}T10:00:00+02:00",
                answers={"S1-b": 0, "S1-p": points, "S2-p": number % 3},
            )


def read_on_the_web(framework: Framework, count: int) -> None:
    Reading.objects.create(
        framework=framework,
        interaction=Interaction.objects.get(framework=framework, key="S1-p"),
        method="web_analytics",
        month="2026-04",
        counts={"-1": count, "1": 60},
    )


@pytest.fixture
def journeys(programme: Programme, framework: Framework) -> list[Journey]:
    """The cast's, one with a newer version that nobody used yet, and one that was never published."""
    trade = make_trade(programme, "trade")
    first = make_framework(trade)
    observe(programme, "family-store", 1)
    observe(programme, "trade", 2)
    fold_pending()
    for number, one in enumerate((framework, first)):
        read_on_the_web(one, 10 + 50 * number)
    make_framework(trade, version=2)
    submit(programme, journey="trade", answers={"S1-p": 1})
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-04")
    drawn = make_trade(programme, "drawn")
    keys = ("family-store", trade.key, drawn.key)
    return [programme.journeys.get(key=key) for key in keys]


def test_each_is_what_it_is_alone(journeys: list[Journey]) -> None:
    for selection in (
        Selection(),
        Selection(first_month="2026-04"),
        Selection(locations=("PAR1",)),
        Selection(methods=("mystery_visit",)),
        Selection(channel="store"),
        Selection(channel="phone"),
        Selection(first_month="2030-01"),
    ):
        together = read_all_scores(journeys, selection)
        assert [sheet.journey for sheet in together] == journeys
        assert together == [read_scores(journey, selection) for journey in journeys]


def test_no_journey_takes_what_another_was_told(journeys: list[Journey]) -> None:
    family, trade, drawn = read_all_scores(journeys, Selection())
    assert [sum(n for _version, n in one.versions) for one in (family, trade, drawn)] == [18, 18, 0]
    assert (family.pending, trade.pending, drawn.pending) == (0, 1, 0)
    assert trade.framework and trade.framework.version == 1, "the newest that was observed"
    assert drawn.framework is None
    assert [stage.key for stage in trade.stages] == ["S2", "S1"]
    [visits] = [m for m in trade.reading.stages[1].methods if m.method == "mystery_visit"]
    assert visits.score == 100, "two points of two in each"


@pytest.mark.usefixtures("nothing_kept")
def test_the_queries_are_those_of_one(journeys: list[Journey], programme: Programme) -> None:
    def queries(some: list[Journey]) -> int:
        fresh = programme.journeys.filter(key__in=[journey.key for journey in some])
        asked = list(fresh.select_related("segment", "programme").prefetch_related("stages"))
        for journey in asked:
            journey.programme = programme
        with CaptureQueriesContext(connection) as captured:
            read_all_scores(asked, Selection())
        return len(captured)

    one = queries(journeys[:1])
    for number in range(3):
        make_framework(make_trade(programme, f"more-{number}"))
        observe(programme, f"more-{number}", 1)
    fold_pending()
    assert queries([*programme.journeys.all()]) == one
    assert queries([]) == 0
