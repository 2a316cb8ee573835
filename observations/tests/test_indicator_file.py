"""Tables of counts as spreadsheets write them: read, or refused at the row and column."""

from __future__ import annotations

from typing import Any

import pytest

from journeys.models import Programme
from journeys.tests.factories import make_location
from observations.indicator_cells import Codes, Unreadable
from observations.indicator_file import MOST_ROWS, Table, decode, read_table
from observations.tests.indicator_factories import make_indicator

HEAD = "month;location;promoters;passives;detractors"


def read(programme: Programme, text: str, kind: str = "nps") -> Table:
    definition = make_indicator(programme, kind)
    return read_table(text, definition, Codes.of(programme))


def faults(table: Table) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.why) for fault in table.faults]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n2026-03;PAR1;19;9;8\n",
        f"\ufeff{HEAD}\r\n2026-03;PAR1;19;9;8\r\n",
        "month,location,promoters,passives,detractors\n2026-03,PAR1,19,9,8",
        "month\tlocation\tpromoters\tpassives\tdetractors\n2026-03\tPAR1\t19\t9\t8",
        "Mois;Lieu;Promoteurs;Passifs;Détracteurs;n\n2026-03;PAR1;19;9;8;36",
        f"{HEAD};segment\n2026-03; PAR1 ;19;9;8;family\n;;;;;\n",
        'month;location;promoters;passives;detractors\n"2026-03";"PAR1";"1\u202f019";9;8',
    ],
)
def test_what_spreadsheets_write_is_read(programme: Programme, text: str) -> None:
    table = read(programme, text)
    assert faults(table) == []
    [line] = table.lines
    assert (line.row, line.month, str(line.location), table.rows) == (2, "2026-03", "PAR1", 1)
    assert line.counts == {
        "promoters": 1019 if "019" in text else 19,
        "passives": 9,
        "detractors": 8,
    }


@pytest.mark.parametrize(
    ("cells", "row_column", "says"),
    [
        ("2026-03;PAR1;53 %;9;8", (2, "promoters"), "is a percentage: write how many"),
        ("2026-03;PAR1;0,53;9;8", (2, "promoters"), "not a whole number"),
        ("2026-03;PAR1;12.5;9;8", (2, "promoters"), "not a whole number"),
        ("2026-03;PAR1;-3;9;8", (2, "promoters"), "is negative"),
        ("2026-03;PAR1;;9;8", (2, "promoters"), "is missing"),
        ("2026-03;PAR1;many;9;8", (2, "promoters"), "is not a number"),
        ("2026-03;PAR1;1,2E+05;9;8", (2, "promoters"), "rounded by a spreadsheet"),
        ("2026-03;PAR1;9999999999999;9;8", (2, "promoters"), "larger than can be counted"),
        ("2026-13;PAR1;19;9;8", (2, "month"), "is not a month"),
        ("mars-26;PAR1;19;9;8", (2, "month"), "remade by a spreadsheet"),
        ("01/03/2026;PAR1;19;9;8", (2, "month"), "remade by a spreadsheet"),
        ("46082;PAR1;19;9;8", (2, "month"), "remade by a spreadsheet"),
        ("2099-01;PAR1;19;9;8", (2, "month"), "lies in the future"),
        (";PAR1;19;9;8", (2, "month"), "is not a month"),
        ("2026-03;MARS;19;9;8", (2, "location"), "No location has the code “MARS”."),
        ("2026-03;par1;19;9;8", (2, "location"), "Is “PAR1” meant?"),
        ("2026-03;7;19;9;8", (2, "location"), "Is “007” meant?"),
        ("2026-03;1,00E+05;19;9;8", (2, "location"), "Is “1E5” meant?"),
        ("2026-03;PAR1;19;9;8;7", (2, ""), "More cells than headings"),
    ],
)
def test_each_fault_is_named_at_its_place(
    programme: Programme, cells: str, row_column: tuple[int, str], says: str
) -> None:
    make_location(programme, "007")
    make_location(programme, "1E5")
    table = read(programme, f"{HEAD}\n{cells}\n2026-04;PAR1;1;1;1\n")
    [fault] = table.faults
    assert (fault.row, fault.column) == row_column
    assert says in fault.why
    assert [line.row for line in table.lines] == [3]  # the good rows are kept


def test_every_fault_of_a_row_is_named_at_once(programme: Programme) -> None:
    table = read(programme, f"{HEAD};n\n2026-13;MARS;-1;x;8;3\n")
    assert [(row, column) for row, column, _why in faults(table)] == [
        (2, "location"),
        (2, "month"),
        (2, "promoters"),
        (2, "passives"),
    ]
    assert table.faulty_rows == 1


def test_parts_that_do_not_add_up_to_n(programme: Programme) -> None:
    table = read(programme, f"{HEAD};n\n2026-03;PAR1;19;9;8;37\n2026-03;LYO1;19;9;8;36\n")
    assert faults(table) == [(2, "n", "The parts add up to 36, not to 37.")]
    assert len(table.lines) == 1


def test_the_same_place_twice_is_shown(programme: Programme) -> None:
    row = "2026-03;PAR1;19;9;8\n"
    table = read(programme, f"{HEAD}\n{row}2026-03;LYO1;1;1;1\n{row}")
    assert faults(table) == [(4, "month", "The same month and place as row 2.")]


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", "", "The file is empty."),
        ("\n \n", "", "The file is empty."),
        (";;;\n;;;\n", "", "The file is empty."),
        ('""\n', "", "The file is empty."),
        (HEAD, "", "no row under the headings"),
        ("month;location;promoters;passives\n2026-03;PAR1;1;2", "detractors", "is missing"),
        (f"{HEAD};promoters\n2026-03;PAR1;1;2;3;4", "promoters", "stands twice"),
        (f"{HEAD};stars\n2026-03;PAR1;1;2;3;4", "stars", "No such column"),
        ("month;location;% promoters\n2026-03;PAR1;51", "% promoters", "not percentages"),
        ("2026-03;PAR1;1;2;3\n2026-03;LYO1;1;2;3", "2026-03", "No such column"),
    ],
)
def test_headings_that_cannot_be_read(
    programme: Programme, text: str, column: str, says: str
) -> None:
    table = read(programme, text)
    assert any(f.row == 1 and f.column == column and says in f.why for f in table.faults)
    assert table.lines == []


def test_too_many_rows_are_refused_as_a_whole(programme: Programme) -> None:
    row = "2026-03;PAR1;1;1;1\n"
    table = read(programme, f"{HEAD}\n{row * (MOST_ROWS + 1)}")
    [fault] = table.faults
    assert "At most 100000 rows" in fault.why
    assert (table.lines, table.rows) == ([], MOST_ROWS + 1)


def test_a_cell_without_end_is_a_fault(programme: Programme) -> None:
    [fault] = read(programme, f'{HEAD}\n"{"x" * 200_000}').faults
    assert "Unreadable" in fault.why


@pytest.mark.parametrize(
    ("kind", "head", "cells", "column"),
    [
        ("retention", "start;end;new", "10;20;5", "end"),
        ("csat", "satisfied;answers", "6;5", "satisfied"),
        ("basket", "transactions;revenue", "3;12,345", "revenue"),
        ("basket", "transactions;revenue", "0;12", "transactions"),
    ],
)
def test_rules_of_other_kinds(
    programme: Programme, kind: str, head: str, cells: str, column: str
) -> None:
    [fault] = read(programme, f"month;{head}\n2026-03;{cells}", kind).faults
    assert (fault.row, fault.column) == (2, column)


@pytest.mark.parametrize("amount", ["1234,5", "1234.50", "1 234,50 €", "1234,50 EUR"])
def test_money_is_read_in_cents(programme: Programme, amount: str) -> None:
    table = read(programme, f"month;transactions;revenue\n2026-03;30;{amount}", "basket")
    assert faults(table) == []
    assert table.lines[0].counts == {"transactions": 30, "revenue": 123_450}


def test_totals_beside_their_parts_are_noticed(programme: Programme) -> None:
    assert read(programme, f"{HEAD}\n2026-03;;1;1;1\n2026-03;PAR1;1;1;1").mixes_totals


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("é".encode(), "é"),
        ("\ufeffé".encode(), "é"),
        ("é".encode("cp1252"), "é"),
        ("é".encode("utf-16"), "é"),
        (b"", ""),
    ],
)
def test_encodings_of_spreadsheets(content: bytes, text: str) -> None:
    assert decode(content) == text


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00", b"\x81\x8d"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="not a text file"):
        decode(content)


def answers(programme: Programme, rows: str, **table: Any) -> Table:
    head = table.get("head", "date;location;answer")
    return read(programme, f"{head}\n{rows}", table.get("kind", "nps"))


def test_single_answers_are_counted_by_month_and_place(programme: Programme) -> None:
    rows = "".join(f"2026-03-{day:02d};PAR1;{day % 11}\n" for day in range(1, 23))
    table = answers(programme, f"{rows}15/04/2026;PAR1;9\n2026-04-30;;10\n")
    assert (faults(table), table.rows, table.of_answers) == ([], 24, True)
    found = {(line.month, str(line.location)): line.counts for line in table.lines}
    assert found == {
        ("2026-03", "PAR1"): {"promoters": 4, "passives": 4, "detractors": 14},
        ("2026-04", "PAR1"): {"promoters": 1, "passives": 0, "detractors": 0},
        ("2026-04", "None"): {"promoters": 1, "passives": 0, "detractors": 0},
    }


def test_answers_off_their_scale_and_days_that_are_none(programme: Programme) -> None:
    table = answers(programme, "2026-03-01;PAR1;11\n2026-03-02;PAR1;7,5\n2026-02-30;PAR1;7\n")
    assert [(row, column) for row, column, _why in faults(table)] == [
        (2, "answer"),
        (3, "answer"),
        (4, "date"),
    ]
    assert "from 0 to 10" in table.faults[0].why


def test_the_same_answer_twice_is_shown(programme: Programme) -> None:
    head = "month;id;score"
    table = answers(
        programme, "2026-03;a;9\n2026-03;b;9\n2026-03;a;9\n2026-03;;1\n2026-03;;1\n", head=head
    )
    assert faults(table) == [(4, "id", "The same answer as row 2.")]
    assert table.lines[0].counts == {"promoters": 2, "passives": 0, "detractors": 2}


def test_amounts_of_single_baskets(programme: Programme) -> None:
    rows = "2026-03;19,90\n2026-03;25,50\n2026-03;x\n"
    table = answers(programme, rows, head="month;montant", kind="basket")
    assert table.lines[0].counts == {
        "transactions": 2,
        "revenue": 4540,
        "squares": 1990**2 + 2550**2,
    }
    assert [fault.row for fault in table.faults] == [4]
