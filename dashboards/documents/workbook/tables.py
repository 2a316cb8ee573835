"""Sheets of a workbook written row by row, and the addresses of their cells for formulas elsewhere.

Text is always written as text: what somebody typed never becomes a formula, whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

FIRST: Final = 2  # the row under the headings, as a spreadsheet counts
HEADINGS: Final = {
    "value": {"bg_color": "#E6E7EA", "font_color": "#1B2030"},
    "formula": {"bg_color": "#3F4FB5", "font_color": "#FFFFFF"},
}
FORMS: Final = {
    "plain": "General",
    "whole": "0",
    "exact": "0.000000",
    "percent": "0.0%",
    "tenths": "0.0",
    "hundredths": "0.00",
    "score": "+0.0;-0.0;0.0",  # evidence A
    "rough": "+0;-0;0",  # evidence B and C: no decimals
}

Form = Literal["plain", "whole", "exact", "percent", "tenths", "hundredths", "score", "rough"]


@dataclass(frozen=True, slots=True)
class Formula:
    """Without its "=", and what it comes to now, for readers that don't compute."""

    text: str
    value: float | int | str = 0


Cell = str | int | float | Formula | None


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: str
    kind: Literal["value", "formula"] = "value"
    form: Form = "plain"
    width: int = 12


class _PlainFormulas(Worksheet):  # type: ignore[misc]  # the library carries no types
    """Formulas as they are written: looking each over for functions newer than Excel 2010, of which
    there are none here, took half of the time of a large workbook."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class Book:
    """The workbook, with the formats that its sheets share."""

    def __init__(self, into: Any) -> None:
        # Rows go to the disk as they are written: a hundred thousand of them take little memory.
        self.file = Workbook(into, {"constant_memory": True, "strings_to_formulas": False})
        self.forms = {
            name: self.file.add_format({"num_format": form}) for name, form in FORMS.items()
        }
        shared = {"bold": True, "text_wrap": True, "valign": "top"}
        self.headings = {
            kind: self.file.add_format({**shared, **look}) for kind, look in HEADINGS.items()
        }


class Table:
    """One sheet with headings in its first row."""

    def __init__(self, book: Book, name: str, columns: Sequence[Column]) -> None:
        self.name, self.columns, self._book = name, columns, book
        self.next_row = FIRST
        self._at = {column.key: number for number, column in enumerate(columns)}
        self._letters = {key: xl_col_to_name(number) for key, number in self._at.items()}
        self._sheet = book.file.add_worksheet(name, _PlainFormulas)
        self._sheet.freeze_panes(1, 1)
        self._sheet.set_row(0, 45)
        for number, column in enumerate(columns):
            self._sheet.set_column(number, number, column.width)
            self._sheet.write_string(0, number, column.title, book.headings[column.kind])

    def add(self, values: Mapping[str, Cell], forms: Mapping[str, Form] | None = None) -> int:
        """Writes the next row; the number it has."""
        row = self.next_row
        for key, number in self._at.items():
            form = (forms or {}).get(key, self.columns[number].form)
            self._write(row - 1, number, values.get(key), self._book.forms[form])
        self.next_row += 1
        return row

    def _write(self, row: int, column: int, value: Cell, form: Any) -> None:
        if value is None:
            return
        if isinstance(value, Formula):
            self._sheet.write_formula(row, column, f"={value.text}", form, value.value)
        elif isinstance(value, str):
            self._sheet.write_string(row, column, value, form)
        else:
            self._sheet.write_number(row, column, value, form)

    def here(self, key: str, row: int) -> str:
        """A cell for a formula of the same sheet."""
        return f"{self._letters[key]}{row}"

    def there(self, key: str, row: int) -> str:
        """A cell for a formula of another sheet."""
        return f"{self._quoted}!${self._letters[key]}${row}"

    def span(self, key: str, rows: Span) -> str:
        """The cells of a column from the first to the last of these rows."""
        letter = self._letters[key]
        return f"{self._quoted}!${letter}${rows.first}:${letter}${rows.last}"

    @property
    def rows(self) -> Span:
        """All that were written."""
        return Span(FIRST, self.next_row - 1)

    @property
    def _quoted(self) -> str:
        return "'" + self.name.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Span:
    """Rows from `first` to `last`, both inside; empty where `last` is before `first`."""

    first: int
    last: int

    def __bool__(self) -> bool:
        return self.last >= self.first


def text(words: str) -> str:
    """Words inside a formula."""
    return '"' + words.replace('"', '""') + '"'


def score_map(points: str, won: str, lost: str) -> str:
    """x(S, P, Q): 100 S/P above 0, 100 S/Q below, 0 at 0."""
    return f"IF({points}>0,100*{points}/{won},IF({points}<0,100*{points}/{lost},0))"
