"""A sheet or a text with a client's projects, as rows of cells; and what single cells say."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from journeys.plain_text import plain_text
from observations.indicator_cells import Unreadable
from observations.indicator_file import decode

MOST_BYTES: Final = 2 * 1024 * 1024
# A sheet is a zip file: this many bytes it may hold unpacked.
MOST_UNPACKED: Final = 40 * 1024 * 1024
_DAYS: Final = (
    (re.compile(r"(\d{4})-(\d\d)-(\d\d)"), (0, 1, 2)),
    (re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})"), (2, 1, 0)),
)


def text_of(content: bytes) -> str:
    """A text or the first sheet of a workbook, as a text with tabs. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        said = _("The file is too large: at most %(most)d MB.")
        raise Unreadable(said % {"most": MOST_BYTES // 1024 // 1024})
    if content.startswith(b"PK"):
        return plain_text(_sheet_text(content))
    return plain_text(decode(content))


def _sheet_text(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise Unreadable(_("The sheet is too large: save it as CSV."))
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (zipfile.BadZipFile, CalamineError, IndexError) as error:
        raise Unreadable(_("This is no sheet that can be read: save it as XLSX or CSV.")) from error
    written = io.StringIO()
    csv.writer(written, delimiter="\t", lineterminator="\n").writerows(
        [_cell_text(cell) for cell in row] for row in rows
    )
    return written.getvalue()


def _cell_text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def rows_of(text: str) -> list[list[str]]:
    """Rows and cells of a text with tabs, semicolons or commas. Raises Unreadable."""
    text = text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}\n\r")
    headings = text.partition("\n")[0]
    delimiter = max("\t;,", key=headings.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable(_("Unreadable: %(why)s") % {"why": error}) from error


def text_again(rows: Iterable[list[str]]) -> str:
    """Rows as the text that reads back as these rows."""
    written = io.StringIO()
    csv.writer(written, delimiter="\t", lineterminator="\n").writerows(rows)
    return written.getvalue()


def plain(text: str) -> str:
    """Without accents, case and all that is no letter or digit: how names are compared."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def read_date(text: str) -> date:
    """2026-03-15, 15/03/2026 or 15.03.2026, the day first. Raises Unreadable."""
    for pattern, order in _DAYS:
        found = pattern.fullmatch(text.strip())
        if found:
            year, month, day = (int(found.group(place + 1)) for place in order)
            try:
                return date(year, month, day)
            except ValueError:
                break
    why = _("“%(value)s” is not a day: write it as 2026-03-15.")
    raise Unreadable(why % {"value": text.strip()})
