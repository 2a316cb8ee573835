"""Whose answers a workbook holds: those that the reader may read, counted in the cells, and not too many."""

from __future__ import annotations

import csv
import zipfile
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest

from accounts.models import User
from dashboards.documents.raw_rows import ScoresKeepMoving, folded_revisions, read_settled
from dashboards.documents.workbook import build
from dashboards.documents.workbook.build import Made, build_workbook
from dashboards.tests.documents import unwatched
from dashboards.tests.recalculated import as_formulas
from journeys.access import access_of
from journeys.models import Journey, Programme
from journeys.tests.factories import make_member
from observations.folding import fold_pending
from observations.scores import ScoreSheet, read_scores
from observations.selection import Selection, read_selection
from observations.tests.factories import submit
from observations.withdrawing import withdraw_observation
from scoring.models import Framework


@pytest.fixture
def measured(programme: Programme, framework: Framework) -> Journey:
    """Two observations in Paris and one in Lyon, each of nine answers and three stages."""
    for location in ("PAR1", "PAR1", "LYO1"):
        submit(programme, location=location)
    fold_pending()
    return programme.journeys.get()


def made_for(user: User, journey: Journey, **asked: str) -> Made:
    access = access_of(user, journey.programme)
    selection = read_selection(asked, journey=journey, access=access)
    return build_workbook(read_scores(journey, selection), access, [], unwatched)


def column(made: Made, sheet: str, heading: str) -> list[Any]:
    rows = list(as_formulas(made.content)[sheet].iter_rows(values_only=True))
    place = rows[0].index(heading)
    return [row[place] for row in rows[1:]]


def test_an_executive_reads_sums_and_no_answer(measured: Journey, executive: User) -> None:
    made = made_for(executive, measured)
    sheets = as_formulas(made.content).sheetnames
    assert made.kind == "xlsx" and "Answers" not in sheets and "Visits" not in sheets
    assert sum(column(made, "Sums by month", "n")) == 9
    assert any(
        "your role reads scores" in words for words in column(made, "How to read", "How to read it")
    )


def test_a_location_manager_reads_their_own_location(
    measured: Journey, location_manager: User
) -> None:
    made = made_for(location_manager, measured)
    assert set(column(made, "Visits", "Location")) == {"PAR1"}
    assert column(made, "Locations", "Code") == ["PAR1"]


def test_who_scores_more_than_they_observe_gets_no_answers(
    measured: Journey, location_manager: User
) -> None:
    """As an executive they read all scores: the answers of their own location would not add up."""
    make_member(measured.programme, "executive", location_manager)
    assert "Answers" not in as_formulas(made_for(location_manager, measured).content).sheetnames
    own = made_for(location_manager, measured, location="PAR1")
    assert set(column(own, "Visits", "Location")) == {"PAR1"}


def test_nobody_is_named(measured: Journey, lead: User) -> None:
    submit(measured.programme, observer="OBS-99", customer="C-4711")
    fold_pending()
    book = as_formulas(made_for(lead, measured).content)
    texts = {
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    }
    assert len(column(made_for(lead, measured), "Visits", "Observation")) == 12
    assert not any("OBS-99" in one or "C-4711" in one for one in texts)


def test_too_many_answers_come_as_csv_beside_the_sums(
    measured: Journey, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made_for(lead, measured).kind == "xlsx"
    monkeypatch.setattr(build, "RAW_ROWS", 26)
    submit(measured.programme)  # not in the figures yet, hence in no table of theirs
    made = made_for(lead, measured)
    assert made.kind == "zip"
    archive = zipfile.ZipFile(BytesIO(made.content))
    assert archive.namelist() == ["family-store.xlsx", "family-store-answers.csv"]
    book = as_formulas(archive.read("family-store.xlsx"))
    assert "Answers" not in book.sheetnames and "Sums by month" in book.sheetnames
    rows = list(
        csv.DictReader(TextIOWrapper(archive.open("family-store-answers.csv"), "utf-8-sig"))
    )
    assert len(rows) == 27
    [s2] = [one for one in rows if one["interaction"] == "S2-d" and one["location"] == "LYO1"]
    assert (s2["answer"], s2["raw_points"], s2["gate_closed"], s2["counted_points"]) == (
        "3",
        "3",
        "1",
        "0",
    )


def test_withdrawn_and_not_folded_is_still_in_the_scores(measured: Journey, lead: User) -> None:
    gone = measured.programme.observations.first()
    assert gone is not None
    withdraw_observation(observation=gone)
    assert str(gone.uuid) in column(made_for(lead, measured), "Visits", "Observation")
    fold_pending()
    assert str(gone.uuid) not in column(made_for(lead, measured), "Visits", "Observation")


def test_rows_and_cells_are_read_at_the_same_moment(measured: Journey) -> None:
    """A fold in between: both are read again; without an end to it nothing is made."""
    submit(measured.programme)
    sheet = read_scores(measured, Selection())
    fold_pending()
    again, folded = read_settled(sheet, folded_revisions)
    assert (dict(again.versions)[1], len(folded)) == (4, 4)

    def busy(sheet: ScoreSheet) -> frozenset[int]:
        submit(measured.programme)
        fold_pending()
        return folded_revisions(sheet)

    with pytest.raises(ScoresKeepMoving):
        read_settled(sheet, busy)


def test_a_journey_without_a_framework_says_so(programme: Programme, lead: User) -> None:
    made = made_for(lead, programme.journeys.get())
    book = as_formulas(made.content)
    assert book.sheetnames == ["How to read"]
    assert any(
        "no published framework" in str(row)
        for row in book["How to read"].iter_rows(values_only=True)
    )
