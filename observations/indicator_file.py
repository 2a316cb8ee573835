"""A table of counts, or of single answers, as text: read whole, with each fault at its row and column.

Comma, semicolon or tab; UTF-8 with or without a byte order mark, UTF-16 or Windows-1252, which is
what spreadsheets write. Headings in English or French. Rows of a table of answers are counted by
month and place, so that both kinds end as the same lines.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from journeys.models import Channel, Location, Segment
from observations.indicator_cells import (
    Codes,
    Unreadable,
    read_answer,
    read_count,
    read_day,
    read_money,
    read_month,
    why_impossible,
)
from observations.models import IndicatorDefinition
from scoring.indicators import COUNTS, OPTIONAL, SCALES, Impossible, Kind, count_answers, sums_of

MOST_ROWS: Final = 100_000
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_SQUARES: Final = 10**16  # a hundred of them still fit into the database's integers
_SEPARATORS = "\t;,"
_CHECKED = frozenset({Kind.NPS, Kind.CES1, Kind.CES2})  # a column n may stand beside their counts
# Headings without accents, case and spaces; the first is what a template writes.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "month": ("month", "mois"),
    "date": ("date", "day", "jour"),
    "segment": ("segment",),
    "location": ("location", "lieu", "store", "magasin"),
    "channel": ("channel", "canal"),
    "id": ("id", "identifier", "identifiant"),
    "answer": ("answer", "reponse", "score", "note", "amount", "montant"),
    "n": ("n", "total"),
    "promoters": ("promoters", "promoteurs"),
    "passives": ("passives", "passifs"),
    "detractors": ("detractors", "detracteurs"),
    **{f"a{number}": (f"a{number}", str(number)) for number in range(1, 8)},
    "satisfied": ("satisfied", "satisfaits"),
    "answers": ("answers", "reponses"),
    "start": ("start", "debut"),
    "end": ("end", "fin"),
    "new": ("new", "nouveaux"),
    "repeat": ("repeat", "reachat"),
    "customers": ("customers", "clients"),
    "transactions": ("transactions",),
    "revenue": ("revenue", "ca", "chiffredaffaires"),
    "squares": ("squares", "carres"),
    "recommending": ("recommending", "recommandent"),
}
_PLACES = ("segment", "location", "channel")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell can't be taken. Rows count as in a spreadsheet, the headings being row 1."""

    row: int
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """What was counted at one place in one month; of single answers `row` is the first of them."""

    row: int
    month: str
    segment: Segment | None
    location: Location | None
    channel: Channel | None
    counts: Mapping[str, int]

    @property
    def place(self) -> tuple[str, int | None, int | None, int | None]:
        rows: tuple[Segment | Location | Channel | None, ...]
        rows = self.segment, self.location, self.channel
        segment, location, channel = (row.pk if row else None for row in rows)
        return self.month, segment, location, channel

    @property
    def named_places(self) -> list[Segment | Location | Channel]:
        return [row for row in (self.segment, self.location, self.channel) if row is not None]


@dataclass(slots=True)
class Table:
    """The good lines and the faults of a text; `rows` is how many it has under its headings."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0
    of_answers: bool = False

    @property
    def faulty_rows(self) -> int:
        return len({fault.row for fault in self.faults})

    @property
    def mixes_totals(self) -> bool:
        """Some lines name a location and others of the same month none: totals beside their parts?"""
        named = {line.month for line in self.lines if line.location}
        return any(line.month in named for line in self.lines if not line.location)


def decode(content: bytes) -> str:
    """The text of a file. Raises Unreadable for what is no text."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if is_wide else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(_("This is not a text file: save the sheet as CSV (UTF-8)."))


def read_table(text: str, definition: IndicatorDefinition, codes: Codes) -> Table:
    """Never raises: what is wrong with the whole text is a fault of row 1."""
    table = Table()
    text = text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    headings = text.lstrip().partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=headings.count)
    )
    try:
        rows = list(enumerate(reader, start=1))
    except csv.Error as error:
        table.faults.append(Fault(reader.line_num, "", _("Unreadable: %(why)s") % {"why": error}))
        return table
    filled = [(number, row) for number, row in rows if any(cell.strip() for cell in row)]
    if not filled:  # an empty sheet may hold separators and quotes all the same
        table.faults.append(Fault(1, "", _("The file is empty.")))
        return table
    _Rows(table, definition, codes, filled[0][1]).read(filled[1:])
    return table


class _Rows:
    """Reads the rows under the headings of one text into its table."""

    def __init__(
        self,
        table: Table,
        definition: IndicatorDefinition,
        codes: Codes,
        headings: Sequence[str],
    ) -> None:
        self.table, self.kind, self.codes = table, definition.measured, codes
        self.shown = [heading.strip() for heading in headings]
        self.columns = [_heading(heading) for heading in headings]
        # What each text of a column says: a hundred thousand rows repeat few months and places.
        self.known: dict[tuple[str, str], object] = {}
        table.of_answers = "answer" in self.columns and definition.is_answered

    def read(self, rows: Sequence[tuple[int, list[str]]]) -> None:
        self.table.rows = len(rows)
        self.table.faults += self._wrong_headings()
        if not self.table.faults and not rows:
            self._fault(1, "", _("There is no row under the headings."))
        if len(rows) > MOST_ROWS:
            self._fault(
                1, "", _("At most %(most)d rows at once: split the file.") % {"most": MOST_ROWS}
            )
        if self.table.faults:
            return
        if self.table.of_answers:
            self._count_answers(rows)
        else:
            self._read_counts(rows)

    def _fault(self, row: int, column: str, why: str) -> None:
        name = column
        if column in self.columns:
            name = self.shown[self.columns.index(column)]
        self.table.faults.append(Fault(row, name, why))

    def _allowed(self) -> list[str]:
        when = ["month", "date"] if self.table.of_answers else ["month"]
        if self.table.of_answers:
            return [*when, *_PLACES, "id", "answer"]
        check = ["n"] if self.kind in _CHECKED else []
        return [*when, *_PLACES, *COUNTS[self.kind], *check]

    def _needed(self) -> list[str]:
        if self.table.of_answers:
            return ["date"] if "date" in self.columns else ["month"]
        counts = [one for one in COUNTS[self.kind] if (self.kind, one) not in OPTIONAL]
        return ["month", *counts]

    def _wrong_headings(self) -> Iterator[Fault]:
        allowed = self._allowed()
        for shown, column in zip(self.shown, self.columns, strict=True):
            if column not in allowed:
                why = _("No such column. Those that can be read: %(columns)s.")
                if "%" in shown:
                    why = _("Counts are needed, not percentages. Columns: %(columns)s.")
                yield Fault(1, shown or "?", why % {"columns": ", ".join(allowed)})
            elif self.columns.count(column) > 1:
                yield Fault(1, shown, _("This column stands twice."))
        for column in self._needed():
            if column not in self.columns:
                yield Fault(1, column, _("This column is missing."))

    def _cells(self, row: int, cells: Sequence[str]) -> dict[str, str] | None:
        if any(cell.strip() for cell in cells[len(self.columns) :]):
            self._fault(row, "", _("More cells than headings."))
            return None
        padded = [*cells, *[""] * len(self.columns)]
        return dict(zip(self.columns, padded, strict=False))

    def _place(self, row: int, cells: Mapping[str, str]) -> Line | None:
        """The line of a row, without its counts; None with a fault for each cell that is wrong."""
        found: dict[str, object] = {}
        reads = {name: getattr(self.codes, name) for name in _PLACES if name in cells}
        reads |= {"date": read_day} if "date" in cells else {"month": read_month}
        faults = len(self.table.faults)
        for column, read in reads.items():
            try:
                name = "month" if column == "date" else column
                found[name] = self._known(column, cells[column], read)
            except Unreadable as why:
                self._fault(row, column, str(why))
        if len(self.table.faults) > faults:
            return None
        places = {name: found.get(name) for name in _PLACES}
        return Line(row, str(found["month"]), counts={}, **places)  # type: ignore[arg-type]

    def _known(self, column: str, text: str, read: Callable[[str], object]) -> object:
        if (column, text) not in self.known:
            self.known[column, text] = read(text)
        return self.known[column, text]

    def _read_counts(self, rows: Sequence[tuple[int, list[str]]]) -> None:
        seen: dict[object, int] = {}
        for row, texts in rows:
            cells = self._cells(row, texts)
            line = self._place(row, cells) if cells is not None else None
            counts = self._counts(row, cells) if cells is not None else None
            if line is None or counts is None:
                continue
            first = seen.setdefault(line.place, row)
            if first != row:
                why = _("The same month and place as row %(row)d.") % {"row": first}
                self._fault(row, "month", why)
                continue
            self.table.lines.append(_with_counts(line, counts))

    def _counts(self, row: int, cells: Mapping[str, str]) -> dict[str, int] | None:
        counts: dict[str, int] = {}
        faults = len(self.table.faults)
        for name in COUNTS[self.kind]:
            text = cells.get(name, "")
            if not text.strip() and (self.kind, name) in OPTIONAL:
                continue
            try:
                counts[name] = read_cell(name, text)
            except Unreadable as why:
                self._fault(row, name, str(why))
        if len(self.table.faults) > faults or not self._adds_up(row, cells, counts):
            return None
        return counts

    def _adds_up(self, row: int, cells: Mapping[str, str], counts: Mapping[str, int]) -> bool:
        try:
            sums = sums_of(self.kind, counts)
            stated = read_count(cells["n"]) if cells.get("n", "").strip() else sums.n
        except Impossible as error:
            self._fault(row, error.count, why_impossible(error))
            return False
        except Unreadable as why:
            self._fault(row, "n", str(why))
            return False
        if stated != sums.n:
            self._fault(
                row,
                "n",
                _("The parts add up to %(sum)d, not to %(n)d.") % {"sum": sums.n, "n": stated},
            )
        return stated == sums.n

    def _count_answers(self, rows: Sequence[tuple[int, list[str]]]) -> None:
        """One answer a row: counted by month and place."""
        ids: dict[str, int] = {}
        lines: dict[object, Line] = {}
        answers: dict[object, Counter[int]] = {}
        for row, texts in rows:
            cells = self._cells(row, texts)
            line = self._place(row, cells) if cells is not None else None
            answer = self._answer(row, cells) if cells is not None else None
            if cells is None or line is None or answer is None or self._repeats(row, cells, ids):
                continue
            lines.setdefault(line.place, line)
            answers.setdefault(line.place, Counter())[answer] += 1
        for place, line in lines.items():
            counts = count_answers(self.kind, answers[place])
            if max(counts.values()) > MOST_SQUARES:
                self._fault(line.row, "answer", _("These amounts are larger than can be added up."))
            else:
                self.table.lines.append(_with_counts(line, counts))

    def _answer(self, row: int, cells: Mapping[str, str]) -> int | None:
        try:
            if self.kind is Kind.BASKET:
                return read_money(cells["answer"])
            return read_answer(cells["answer"], SCALES[self.kind])
        except Unreadable as why:
            self._fault(row, "answer", str(why))
            return None

    def _repeats(self, row: int, cells: Mapping[str, str], ids: dict[str, int]) -> bool:
        one = cells.get("id", "").strip()
        first = ids.setdefault(one, row) if one else row
        if first != row:
            self._fault(row, "id", _("The same answer as row %(row)d.") % {"row": first})
        return first != row


def read_cell(name: str, text: str) -> int:
    """One count as it is typed, in a form or a table. Raises Unreadable."""
    if name == "revenue":
        return read_money(text)
    return read_count(text, most=MOST_SQUARES) if name == "squares" else read_count(text)


def _with_counts(line: Line, counts: Mapping[str, int]) -> Line:
    return Line(line.row, line.month, line.segment, line.location, line.channel, counts)


def _heading(text: str) -> str:
    """The column that a heading names; as written where it names none."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if letter.isalnum() or letter == "%")
    return next((name for name, known in HEADINGS.items() if plain in known), plain)


def template(definition: IndicatorDefinition) -> list[str]:
    """The headings of a table of counts of this indicator."""
    return ["month", *_PLACES, *COUNTS[definition.measured]]
