"""The change of an indicator between two waves, from what the workbook says was counted, by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from dashboards.documents.workbook.build import build_workbook
from dashboards.indicator_words import IndicatorLine
from dashboards.tests.by_hand import rounded
from dashboards.tests.counted_widely import COUNTED
from dashboards.tests.documents import unwatched
from dashboards.tests.indicators_by_hand import BY_HAND, ByHand, Row, read_counts
from dashboards.tests.test_figures_from_raw_rows import number
from journeys.access import access_of
from journeys.models import Journey, Programme
from journeys.tests.factories import make_location, make_wave
from observations.scores import read_scores
from observations.selection import Selection
from observations.tests.indicator_factories import count, make_indicator
from scoring.indicators import Unit
from scoring.models import Framework

ClientOf = Callable[[User], Client]
PAGE = "/programmes/casa-nord/dashboard/"
MONTHS = {"W1": ("2026-03", "2026-04", "2026-05"), "W2": ("2026-06", "2026-07", "2026-08")}
# Where and when each was counted, and how often over: two places in one of the waves alone.
PLACES = (
    ("2026-01", "PAR1", 9),
    ("2026-03", "PAR1", 2),
    ("2026-04", "LYO1", 3),
    ("2026-05", "LYO1", 1),
    ("2026-05", "PAR2", 8),
    ("2026-05", "", 1),
    ("2026-06", "PAR1", 3),
    ("2026-07", "LYO1", 2),
    ("2026-08", "NCE1", 9),
    ("2026-08", "", 2),
)
KINDS = tuple(COUNTED)
BATCHES = (KINDS[:3], KINDS[3:6], KINDS[6:])  # no more than three stand on the page


@pytest.fixture(autouse=True)
def _places(programme: Programme, framework: Framework) -> None:
    for key, months in MONTHS.items():
        make_wave(programme, key, first_month=months[0], last_month=months[-1])
    for code in ("PAR2", "NCE1"):
        make_location(programme, code)


def count_unevenly(programme: Programme, kinds: tuple[str, ...]) -> None:
    """The mix of the counts is another one at each place, so that none of them can be left out unseen."""
    for rank, kind in enumerate(kinds, start=1):
        definition = make_indicator(programme, kind, codir_rank=rank)
        for place, (month, location, times) in enumerate(PLACES):
            counts = {name: value * times for name, value in COUNTED[kind].items()}
            first = next(iter(counts))
            counts[first] -= (place * place) % 5 if counts[first] > 4 else 0
            count(definition, month, location, "family", "", **counts)


def by_hand(kind: str, rows: list[Row]) -> tuple[ByHand, ByHand, int]:
    """At the places counted in both waves, and how many places were not."""
    waves = [[row for row in rows if row["Month"] in MONTHS[key]] for key in ("W1", "W2")]
    first, second = ({row["Location"] or "" for row in own} for own in waves)
    before, after = (
        BY_HAND[kind]([row for row in own if (row["Location"] or "") in first & second])
        for own in waves
    )
    return before, after, len(first ^ second)


def assert_change(line: IndicatorLine, rows: list[Row]) -> None:
    compared = line.figure.compared
    assert compared is not None and line.change is not None
    before, after, left_out = by_hand(line.figure.definition.kind, rows)
    change, money = compared.change, 100 if compared.change.after.unit is Unit.CENTS else 1
    assert (compared.before.key, compared.after.key) == ("W1", "W2")
    assert (change.before.n, change.after.n, compared.locations_left_out) == (
        before.n,
        after.n,
        left_out,
    )
    assert before.value is not None and after.value is not None
    assert change.before.value == before.value * money
    assert change.after.value == after.value * money
    found, decimals = number(line.change.difference.split("\N{NO-BREAK SPACE}")[0].split()[0])
    assert found == rounded(after.value - before.value, decimals), line.change
    assert f"{left_out} locations without both waves are left out of the change" in line.notes


@pytest.mark.parametrize("kinds", BATCHES)
def test_the_change_of_every_kind(
    programme: Programme,
    journey: Journey,
    executive: User,
    client_of: ClientOf,
    kinds: tuple[str, ...],
) -> None:
    count_unevenly(programme, kinds)
    sheet = read_scores(journey, Selection())
    made = build_workbook(sheet, access_of(executive, programme), [], unwatched)
    counted = read_counts(made.content)
    page = client_of(executive).get(PAGE)
    lines = page.context["indicators"]
    assert [line.figure.definition.kind for line in lines] == list(kinds)
    for line in lines:
        assert_change(line, counted[line.figure.definition.name])
        assert line.change.difference in page.content.decode()
