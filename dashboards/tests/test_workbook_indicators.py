"""The indicators of the executives' page, from the rows of the workbook: by LibreOffice and by hand."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from dashboards.documents.workbook import build
from dashboards.documents.workbook.build import Made, build_workbook
from dashboards.indicator_words import IndicatorLine
from dashboards.tests.counted_widely import COUNTED, count_all
from dashboards.tests.documents import unwatched
from dashboards.tests.indicators_by_hand import BY_HAND, read_counts
from dashboards.tests.recalculated import Row, as_formulas, assert_same, recalculated
from journeys.access import access_of
from journeys.models import Journey, Programme
from journeys.tests.factories import make_segment, make_wave
from observations.scores import read_scores
from observations.selection import read_selection
from observations.tests.indicator_factories import count, count_nps, make_indicator
from scoring.indicators import COUNTS, Kind, Unit
from scoring.models import Framework

ClientOf = Callable[[User], Client]
PAGE = "/programmes/casa-nord/dashboard/"
EVERY = tuple(COUNTED)
BATCHES = (EVERY[:3], EVERY[3:6], EVERY[6:])  # no more than three stand on the page


@pytest.fixture(autouse=True)
def _waves(programme: Programme, framework: Framework) -> None:
    make_segment(programme, "pro", name="Trade")
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-05")
    make_wave(programme, "W2", first_month="2026-06", last_month="2026-08")


def made_for(user: User, journey: Journey, **asked: str) -> Made:
    access = access_of(user, journey.programme)
    selection = read_selection(asked, journey=journey, access=access)
    return build_workbook(read_scores(journey, selection), access, [], unwatched)


def page_of(client: Client, **asked: str) -> list[IndicatorLine]:
    lines: list[IndicatorLine] = client.get(PAGE, asked).context["indicators"]
    return lines


def shown(line: IndicatorLine, value: Fraction | None) -> Fraction | None:
    """Money as the page prints it: not in cents."""
    return value / 100 if value is not None and line.figure.figure.unit is Unit.CENTS else value


def assert_computed(row: Row, line: IndicatorLine) -> None:
    """What LibreOffice computed, against the figures behind the page."""
    one, figure = line.figure, line.figure.figure
    where = one.definition.name
    value = shown(line, figure.value)
    assert row["Indicator"] == where
    assert_same(row["Value"], "not enough data" if value is None else value, f"{where} value")
    assert_same(row["n"], figure.n, f"{where} n")
    assert_same(row["Target"], shown(line, one.definition.target), f"{where} target")
    assert_same(row["Gap to the target"], shown(line, one.gap), f"{where} gap")
    beside = figure.beside.value if figure.beside else None
    assert_same(row["Value of the second figure"], beside, f"{where} beside")
    assert_same(row["Sum of the days"], one.days or None, f"{where} days")
    ends = figure.interval or (None, None)
    for heading, end in zip(("low end", "high end"), ends, strict=True):
        found = None if end is None else shown(line, Fraction(end))
        assert_same(row[f"95 % interval, {heading} (value)"], found, f"{where} {heading}")
    change = one.compared.change.change if one.compared else None
    assert_same(row["Change (value)"], shown(line, change), f"{where} change")


@pytest.mark.parametrize("kinds", BATCHES)
@pytest.mark.parametrize("asked", [{}, {"wave": "W2", "region": "ARA"}])
def test_every_kind_from_its_rows(
    programme: Programme,
    executive: User,
    client_of: ClientOf,
    soffice: str,
    tmp_path: Path,
    kinds: tuple[str, ...],
    asked: dict[str, str],
) -> None:
    """By LibreOffice to the last digit of a double, by hand as exact fractions."""
    count_all(programme, kinds)
    made = made_for(executive, programme.journeys.get(), **asked)
    lines = page_of(client_of(executive), **asked)
    assert [line.figure.definition.kind for line in lines] == list(kinds)
    computed = recalculated(made.content, soffice, tmp_path)["Indicators"]
    counted = read_counts(made.content)
    for row, line in zip(computed, lines, strict=True):
        assert_computed(row, line)
        figure, rows = line.figure.figure, counted[line.figure.definition.name]
        assert len(rows) == (2 if asked else 4)
        by_hand = BY_HAND[line.figure.definition.kind](rows)
        assert (by_hand.n, by_hand.value) == (figure.n, shown(line, figure.value))
        assert by_hand.beside == (figure.beside.value if figure.beside else None)


def test_every_kind_is_tested() -> None:
    assert set(COUNTED) == set(BY_HAND) == {kind.value for kind in Kind}
    assert all(set(COUNTED[kind.value]) == set(COUNTS[kind]) for kind in Kind)


def test_too_few_none_and_segments_not_told(
    programme: Programme, executive: User, client_of: ClientOf, soffice: str, tmp_path: Path
) -> None:
    """Four answers are shown as four and no value; rows without a segment count where none has one."""
    few = make_indicator(programme, "csat", codir_rank=1, target_hundredths=8000)
    count(few, satisfied=3, answers=4, segment="family")
    effort = make_indicator(programme, "ces2", codir_rank=2)
    count(effort, "2026-04", "", "family", "", **dict.fromkeys(COUNTS[Kind.CES2], 0))
    both = make_indicator(programme, "nps", codir_rank=3, name="=1+1")
    count_nps(both, 50, 20, month="2026-04")
    count_nps(both, 30, 20, month="2026-05")
    made = made_for(executive, programme.journeys.get())
    lines = page_of(client_of(executive))
    computed = recalculated(made.content, soffice, tmp_path)["Indicators"]
    for row, line in zip(computed, lines, strict=True):
        assert_computed(row, line)
    assert [row["Value"] for row in computed] == ["not enough data", "not enough data", 20]
    assert "all segments together" in computed[2]["What to know (value)"]
    for sheet in ("Indicators", "Indicator readings"):
        cells = [cell for row in as_formulas(made.content)[sheet].iter_rows() for cell in row]
        typed = [cell for cell in cells if cell.value == "=1+1"]
        assert typed and all(cell.data_type == "s" for cell in typed)


def test_too_many_readings_come_as_csv_beside_their_sums(
    programme: Programme,
    executive: User,
    client_of: ClientOf,
    soffice: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kinds = ("nps", "basket", "recruitment")
    count_all(programme, kinds)
    monkeypatch.setattr(build, "RAW_ROWS", 12)
    assert made_for(executive, programme.journeys.get()).kind == "xlsx"
    monkeypatch.setattr(build, "RAW_ROWS", 11)
    made = made_for(executive, programme.journeys.get())
    assert made.kind == "zip"
    archive = zipfile.ZipFile(BytesIO(made.content))
    assert archive.namelist() == ["family-store.xlsx", "family-store-indicators.csv"]
    computed = recalculated(archive.read("family-store.xlsx"), soffice, tmp_path)
    assert "Indicator readings" not in computed
    assert len(computed["Indicators by month"]) == 3 * len(kinds)
    for row, line in zip(computed["Indicators"], page_of(client_of(executive)), strict=True):
        assert_computed(row, line)
    text = TextIOWrapper(archive.open("family-store-indicators.csv"), "utf-8-sig")
    rows: list[dict[str, Any]] = list(csv.DictReader(text))
    assert len(rows) == 12
    assert sum(int(row["promoters"]) for row in rows if row["indicator"] == "nps") == 17 * 10
    assert {row["location"] for row in rows} == {"PAR1", "LYO1"}


def test_location_managers_get_the_rows_of_their_own(
    programme: Programme, location_manager: User, client_of: ClientOf
) -> None:
    count_all(programme, ("nps", "csat"))
    made = made_for(location_manager, programme.journeys.get())
    counted = read_counts(made.content)
    assert {row["Location"] for rows in counted.values() for row in rows} == {"PAR1"}
    [nps, csat] = page_of(client_of(location_manager))
    assert BY_HAND["nps"](counted["NPS"]).value == nps.figure.figure.value
    assert BY_HAND["csat"](counted["CSAT"]).value == csat.figure.figure.value
