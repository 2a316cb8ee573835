"""Heat map, trend, API and feed against the raw rows of the whole journey's workbook, added up by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from dashboards.documents.workbook.build import build_workbook
from dashboards.tests.by_hand import Added, Stage, Wanted, rounded
from dashboards.tests.documents import unwatched
from dashboards.tests.measured_widely import MONTHS, measure_widely
from dashboards.tests.raw_rows import RawRows
from dashboards.tests.slices import FILTERS, SLICES, Slice, in_wave
from journeys.access import access_of
from journeys.models import Journey, Programme
from observations.scores import read_scores
from observations.selection import Selection

ClientOf = Callable[[User], Client]
JOURNEY = "/programmes/casa-nord/journeys/family-store/"
API = "/api/v1/programmes/casa-nord/"
Shown = dict[str, Any]


@pytest.fixture
def rows(programme: Programme, journey: Journey, lead: User) -> dict[str, Added]:
    """By journey, from the workbook without any filter."""
    measure_widely(programme, journey)
    access = access_of(lead, programme)
    return {
        one.key: Added(
            RawRows(build_workbook(read_scores(one, Selection()), access, [], unwatched).content)
        )
        for one in programme.journeys.all()
    }


@pytest.fixture
def client(executive: User, client_of: ClientOf) -> Client:
    return client_of(executive)


def scores(client: Client, journey: str, query: dict[str, str]) -> Shown:
    answer = client.get(f"{API}journeys/{journey}/scores/", query)
    assert answer.status_code == 200
    found: Shown = answer.json()
    return found


def number(text: str) -> tuple[Fraction, int]:
    """What is printed, and with how many decimals."""
    return Fraction(text), len(text.partition(".")[2])


def assert_shown(text: str, exact: Fraction, decimals: int) -> None:
    """The target alone drops a decimal of 0, and none of its digits."""
    found, printed = number(text)
    assert (found, printed) == (rounded(exact, decimals), decimals), (text, exact)


def assert_target(text: str, exact: Fraction) -> None:
    assert number(text)[0] == rounded(exact, 1), (text, exact)


def assert_document(told: Shown, stage: Stage) -> None:
    """To the last digit of every number of the API, and exactly."""
    assert told["n"] == stage.n
    if stage.score is None:
        assert told["label"] == "insufficient"
        return
    gap = None if stage.target is None else stage.target - stage.score
    assert Fraction(told["score_exact"]) == stage.score
    assert Fraction(told["score"]) == rounded(stage.score, 6)
    assert told["target"] == (None if stage.target is None else str(stage.target))
    assert told["gap_exact"] == (None if gap is None else str(gap))
    assert told["gap"] is None or Fraction(told["gap"]) == rounded(gap or Fraction(0), 6)


def assert_cell(cell: Any, told: Shown, stage: Stage) -> None:
    """The printed distance to the target; grade A has a decimal, the others none."""
    if stage.score is None:
        assert (cell.text, cell.tone) == (f"n {stage.n}", "hatched")
        return
    decimals = 1 if told["evidence"] == "A" else 0
    assert cell.n == f"n = {stage.n}"
    score, _word, target = cell.words.split(", ")
    assert_shown(score, stage.score, decimals)
    if stage.target is None:
        assert (cell.text, target) == (score, "no target")
        return
    assert_shown(cell.text, stage.score - stage.target, decimals)
    assert_target(target.removeprefix("target "), stage.target)


def slices(by: str, context: Any) -> Iterator[tuple[Any, Slice, dict[str, str]]]:
    """The rows as printed, each with its slice and its filter."""
    assert sorted(row.name for row in context["rows"]) == sorted(SLICES[by])
    for row in context["rows"]:
        query = {} if by == "segment" else {by: FILTERS.get(row.name, row.name)}
        yield row, SLICES[by][row.name], query


@pytest.mark.parametrize("by", SLICES)
def test_every_cell_of_the_heat_map(by: str, rows: dict[str, Added], client: Client) -> None:
    context = client.get(f"{JOURNEY}heat-map/?by={by}").context
    compared, with_a_decimal = 0, 0
    for row, one, query in slices(by, context):
        told = scores(client, one.journey, query)
        stages = {stage["stage"]: stage for stage in told["stages"]}
        for column, cell in zip(context["stages"], row.cells, strict=True):
            if column.key not in stages or not cell.n:
                assert cell.tone == "none" or stages[column.key]["n"] == 0
                continue
            by_hand = rows[one.journey].stage(column.key, one.wanted, one.places, one.channel)
            assert_document(stages[column.key], by_hand)
            assert_cell(cell, stages[column.key], by_hand)
            compared += by_hand.score is not None
            with_a_decimal += "." in cell.text
        if by != "channel":
            assert_journey(row.journey, told["journey_score"], rows[one.journey], one)
    assert compared >= 4
    assert with_a_decimal or by in ("wave", "channel")


def assert_journey(cell: Any, told: Shown, rows: Added, one: Slice) -> None:
    whole = rows.journey(one.wanted, one.places)
    assert told["coverage"] == whole.measured
    if whole.score is None:
        assert (told["score_exact"], cell) == (None, None)
        return
    assert told["score_exact"] == str(whole.score)
    assert told["target_exact"] == (None if whole.target is None else str(whole.target))
    score, target = cell.words.split(", ")
    assert_shown(score, whole.score, number(score)[1])
    if whole.target is not None:
        assert_shown(cell.text, whole.score - whole.target, number(cell.text)[1])
        assert_target(target.removeprefix("target "), whole.target)
    assert cell.n == f"measured: {whole.measured} of the weight"


def test_the_trend_by_wave(rows: dict[str, Added], client: Client) -> None:
    page = client.get(f"{JOURNEY}trend/?panel=1")
    html = page.content.decode()
    waves = [mark.wave for mark in page.context["chart"].marks]
    assert [wave.key for wave in waves] == list(MONTHS)
    for wave in waves:
        whole = rows["family-store"].journey(in_wave(wave.key))
        assert whole.score is not None and whole.target is not None
        assert wave.n == rows["family-store"].observations(in_wave(wave.key))
        assert (wave.journey.score, wave.journey.target) == (whole.score, whole.target)
        assert_shown(wave.line.text, whole.score, number(wave.line.text)[1])
        assert_target(wave.line.target, whole.target)
        assert f"<b>{wave.line.text}</b>" in html
        assert f"n = {wave.n} · target {wave.line.target}" in html


def test_every_row_of_the_feed(rows: dict[str, Added], client: Client) -> None:
    answer = client.get(f"{API}feed.csv")
    lines = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode()))  # type: ignore[attr-defined]
    compared, wholes = set(), 0
    for line in lines:
        place = SLICES.get(line["place_kind"], {}).get(line["place"], Slice({}))
        time = in_wave(line["wave"]) if line["wave"] else place.wanted
        wanted: Wanted = lambda visit, p=place, t=time: p.wanted(visit) and t(visit)  # type: ignore[misc]  # noqa: E731
        if not line["stage"]:
            wholes += assert_whole_line(line, rows[line["journey"]], wanted, place)
            continue
        stage = rows[line["journey"]].stage(line["stage"], wanted, place.places)
        assert line["n"] == str(stage.n), line
        if stage.score is None:
            assert line["label"] == "insufficient"
            continue
        assert Fraction(line["score"]) == rounded(stage.score, 6)
        gap = "" if stage.target is None else f"{float(rounded(stage.target - stage.score, 6)):.6f}"
        assert line["gap"] == gap
        compared.add((line["journey"], line["wave"], line["place_kind"], line["place"]))
    assert len(compared) >= 15
    assert wholes >= 15


def assert_whole_line(line: dict[str, str], rows: Added, wanted: Wanted, place: Slice) -> bool:
    """The journey score of a place and wave, from the visits; whether there is one."""
    whole = rows.journey(wanted, place.places)
    assert line["n"] == str(rows.observations(wanted)), line
    assert (line["label"], line["certainty"], line["stage_number"]) == ("", "", "")
    if whole.score is None:
        assert (line["score"], line["gap"]) == ("", "")
        return False
    assert Fraction(line["score"]) == rounded(whole.score, 6)
    gap = None if whole.target is None else rounded(whole.target - whole.score, 6)
    assert line["gap"] == ("" if gap is None else f"{float(gap):.6f}")
    assert ("partial_journey" in line["flags"].split()) is (len(set(whole.measured.split("/"))) > 1)
    return True
