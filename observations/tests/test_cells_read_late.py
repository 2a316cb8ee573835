"""Cells of stages and locations that came after those had been read, as between two queries of a page."""

from __future__ import annotations

import pytest

from journeys.models import Journey, Programme
from observations.cells import shares_of
from observations.folding import fold_pending
from observations.scores import read_scores
from observations.selection import Selection
from observations.tests.factories import submit
from scoring.models import Framework

ALL = Selection()


@pytest.fixture
def measured(programme: Programme, framework: Framework) -> Journey:
    for place in ("PAR1", "LYO1"):
        for number in range(6):
            answers = {"S1-p": number % 3, "S2-p": 1}
            submit(programme, location=place, answers=answers, comment=str(number))
    fold_pending()
    return framework.journey


def test_a_stage_that_was_not_read_is_no_journey_row(measured: Journey) -> None:
    whole = read_scores(measured, ALL).reading.journey
    part = Journey.objects.for_map(measured.stages.exclude(key="S2")).get(pk=measured.pk)
    assert read_scores(part, ALL).reading.journey.cumulative_sums == whole.cumulative_sums


def test_a_location_that_was_not_read_breaks_no_page(
    measured: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def before_lyon(programme: Programme) -> dict[int, object]:
        return {pk: own for pk, own in shares_of(programme).items() if own.code != "LYO1"}

    monkeypatch.setattr("observations.scores.shares_of", before_lyon)
    [first, *_others] = read_scores(measured, ALL).reading.stages
    assert first.n == 6, "those of Paris"
