"""One cell of a table of counts: what it says, or why it can't be read. Typed, pasted or imported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from journeys.models import Channel, Location, Programme, Segment
from scoring.indicators import Impossible

MOST: Final = 10**12  # of anything that is counted; sums of squares may be longer
_SPACES = re.compile("[ \t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}']")
_WHOLE = re.compile(r"\d{1,30}")
_DECIMAL = re.compile(r"\d+[.,]\d+")
_SCIENTIFIC = re.compile(r"\d+([.,]\d+)?[eE][+-]?\d+")
_MONEY = re.compile(r"(\d{1,12})(?:[.,](\d{1,2}))?")
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_ISO_DAY = re.compile(r"20\d\d-\d\d-\d\d")
_FRENCH_DAY = re.compile(r"(\d\d)/(\d\d)/(20\d\d)")
_REMADE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}/\d{4}|[^\W\d]{3,9}\.?[- ]\d{2,4}|\d{5}"
)
Row = TypeVar("Row", bound=models.Model)


class Unreadable(Exception):
    """The cell's value can't be taken; the text says why, and what to write."""


def read_count(text: str, *, most: int = MOST) -> int:
    """A whole number of answers, customers or transactions. Raises Unreadable."""
    shown = text.strip()
    plain = _SPACES.sub("", shown)
    if _WHOLE.fullmatch(plain):
        if int(plain) > most:
            raise Unreadable(_("“%(value)s” is larger than can be counted.") % {"value": shown})
        return int(plain)
    raise Unreadable(_why_no_count(shown, plain) % {"value": shown})


def _why_no_count(shown: str, plain: str) -> str:
    if not plain:
        return _("The number is missing: write 0 where there was none.")
    if "%" in plain:
        return _("“%(value)s” is a percentage: write how many, so that months can be added up.")
    if _WHOLE.fullmatch(plain.removeprefix("-")):
        return _("“%(value)s” is negative.")
    if _SCIENTIFIC.fullmatch(plain):
        return _("“%(value)s” was rounded by a spreadsheet: write the whole number.")
    if _DECIMAL.fullmatch(plain):
        return _("“%(value)s” is not a whole number: counts, not percentages or averages.")
    return _("“%(value)s” is not a number.")


def read_money(text: str) -> int:
    """Cents of "1234,50", "1234.5" or "1 234 €". Raises Unreadable."""
    shown = text.strip()
    plain = _SPACES.sub("", shown.removesuffix("€").removesuffix("EUR"))
    found = _MONEY.fullmatch(plain)
    if found is None:
        raise Unreadable(
            _("“%(value)s” is not an amount: write 1234,50 or 1234.50.") % {"value": shown}
        )
    whole, cents = found.groups()
    return int(whole) * 100 + int((cents or "0").ljust(2, "0"))


def read_answer(text: str, scale: tuple[int, int]) -> int:
    """One answer on its scale. Raises Unreadable."""
    low, high = scale
    shown = text.strip()
    if not _WHOLE.fullmatch(shown) or not low <= int(shown) <= high:
        raise Unreadable(
            _("“%(value)s” is not an answer from %(low)d to %(high)d.")
            % {"value": shown, "low": low, "high": high}
        )
    return int(shown)


def read_month(text: str) -> str:
    """A month that has begun, as YYYY-MM. Raises Unreadable."""
    shown = text.strip()
    if not _MONTH.fullmatch(shown):
        if _REMADE.fullmatch(shown):
            why = _("“%(value)s” was remade by a spreadsheet: write the month as 2026-03.")
        else:
            why = _("“%(value)s” is not a month: write it as 2026-03.")
        raise Unreadable(why % {"value": shown})
    if shown > f"{timezone.localdate():%Y-%m}":
        raise Unreadable(_("“%(value)s” lies in the future.") % {"value": shown})
    return shown


def read_day(text: str) -> str:
    """The month of a day, 2026-03-15 or 15/03/2026. Raises Unreadable."""
    shown = text.strip()
    french = _FRENCH_DAY.fullmatch(shown)
    iso = "-".join(reversed(french.groups())) if french else shown
    try:
        day = date.fromisoformat(iso) if _ISO_DAY.fullmatch(iso) else None
    except ValueError:
        day = None
    if day is None:
        why = _("“%(value)s” is not a day: write it as 2026-03-15.")
        raise Unreadable(why % {"value": shown})
    return read_month(f"{day:%Y-%m}")


@dataclass(slots=True)
class Codes:
    """The segments, locations and channels of a programme by code, as rows of a file name them."""

    segments: dict[str, Segment] = field(default_factory=dict)
    locations: dict[str, Location] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)

    @classmethod
    def of(cls, programme: Programme) -> Codes:
        return cls(
            {row.key: row for row in programme.segments.all()},
            {row.code: row for row in programme.locations.all()},
            {row.key: row for row in programme.channels.all()},
        )

    def segment(self, text: str) -> Segment | None:
        return _named(self.segments, text, _("No segment has the key “%(value)s”."))

    def location(self, text: str) -> Location | None:
        return _named(self.locations, text, _("No location has the code “%(value)s”."))

    def channel(self, text: str) -> Channel | None:
        return _named(self.channels, text, _("No channel has the key “%(value)s”."))


def _named(rows: Mapping[str, Row], text: str, unknown: str) -> Row | None:
    """Empty is "not told". Raises Unreadable, with the code that was probably meant."""
    code = text.strip()
    if not code:
        return None
    if code in rows:
        return rows[code]
    why = unknown % {"value": code}
    meant = _meant(rows, code)
    if meant:
        why += " " + _("Is “%(code)s” meant? A spreadsheet may have changed it.") % {"code": meant}
    raise Unreadable(why)


def _meant(codes: Iterable[str], found: str) -> str:
    """The code that a spreadsheet, or a hasty hand, turned into what was found; else nothing."""
    plain = _plain(found)
    return next((code for code in codes if _plain(code) == plain), "")


def _plain(code: str) -> str:
    """Without case, leading zeros and decimals: "007" and "7,0" are 7, "1E5" and "1,00E+05" 100000."""
    text = code.casefold().replace(",", ".").replace(" ", "")
    try:
        value = float(text)
    except ValueError:
        return text.lstrip("0")
    return f"{value:.0f}" if abs(value) < 1e15 else text


REASONS: Final = {
    "negative": lambda: _("A count is not negative."),
    "more_than_all": lambda: _("This is more than all of them."),
    "more_new_than_end": lambda: _("More new customers than customers at the end."),
    "kept_more_than_start": lambda: _(
        "Customers at the end without the new ones are more than there were at the start."
    ),
    "revenue_without_transactions": lambda: _("There is revenue, but no transaction."),
    "squares_too_small": lambda: _("The sum of squares is too small for this revenue."),
}


def why_impossible(error: Impossible) -> str:
    return REASONS[error.reason]()
