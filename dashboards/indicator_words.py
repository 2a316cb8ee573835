"""Indicators as people read them: figures, targets, gaps and changes in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from django.utils import formats
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from journeys.months import month_text
from observations.indicators import Compared, IndicatorFigure
from observations.models import IndicatorDefinition
from scoring.indicators import MIN_BASKETS, Change, Figure, Kind, Trend, Unit
from scoring.numbers import Interval
from scoring.wording import UNKNOWN, count_text

SPACE: Final = "\N{NO-BREAK SPACE}"
SIGNS: Final = {"euro": "€", "EUR": "€", "USD": "$", "GBP": "£"}
SCALES: Final[Mapping[Kind, object]] = {
    Kind.NPS: gettext_lazy("promoters less detractors, in points"),
    Kind.CES1: gettext_lazy("mean of 1 to 5, lower is better"),
    Kind.CES2: gettext_lazy("share answering 5 to 7 of 7"),
    Kind.CSAT: gettext_lazy("share answering 4 or 5 of 5"),
    Kind.RETENTION: gettext_lazy("share of customers kept, a month"),
    Kind.REPURCHASE: gettext_lazy("share of customers who bought twice or more"),
    Kind.BASKET: gettext_lazy("revenue a transaction"),
    Kind.RECRUITMENT: gettext_lazy("new customers in 30 days"),
    Kind.RECOMMENDATION: gettext_lazy("share who recommend"),
}
_ANSWERED: Final = gettext_lazy("Answered")
COUNT_NAMES: Final[Mapping[str, object]] = {
    "promoters": gettext_lazy("Promoters (9-10)"),
    "passives": gettext_lazy("Passives (7-8)"),
    "detractors": gettext_lazy("Detractors (0-6)"),
    **{
        f"a{number}": format_lazy("{answered} {number}", answered=_ANSWERED, number=number)
        for number in range(1, 8)
    },
    "satisfied": gettext_lazy("Satisfied (4-5)"),
    "answers": gettext_lazy("Answers"),
    "start": gettext_lazy("Customers at the start"),
    "end": gettext_lazy("Customers at the end"),
    "new": gettext_lazy("New customers"),
    "repeat": gettext_lazy("Customers with two purchases or more"),
    "customers": gettext_lazy("Customers"),
    "transactions": gettext_lazy("Transactions"),
    "revenue": gettext_lazy("Revenue"),
    "squares": gettext_lazy("Sum of squared amounts, in cents²"),
    "recommending": gettext_lazy("Who recommend"),
}
_WIDE: Final = {Unit.PERCENT: 5, Unit.CENTS: 100, Unit.PER_30_DAYS: 5}  # half-widths


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator as a list or a panel prints it."""

    figure: IndicatorFigure
    value: str
    interval: str
    n: str
    target: str
    gap: str
    at_target: bool | None
    change: ChangeWords | None
    scale: str
    notes: tuple[str, ...]
    # Why there is no verdict yet: the same for every indicator of a list, which says it once.
    still_open: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """`arrow` is empty unless the change is real; `text` names the waves where there are some."""

    text: str
    arrow: str
    tone: str
    word: str
    interval: str = ""
    difference: str = ""
    since: str = ""


def line_of(one: IndicatorFigure, url: str = "") -> IndicatorLine:
    gap = one.gap
    return IndicatorLine(
        figure=one,
        value=value_text(one.definition, one.figure),
        interval=interval_text(one.definition, one.figure),
        n=n_text(one.definition, one.figure),
        target=target_text(one.definition),
        gap=gap_text(one.definition, one.figure, gap),
        at_target=None if gap is None else gap <= 0,
        change=compared_words(one.definition, one.compared),
        scale=str(SCALES[one.definition.measured]),
        notes=tuple(_notes(one)),
        still_open=_still_open(one.compared),
        url=url,
    )


def _notes(one: IndicatorFigure) -> list[str]:
    notes = []
    if one.all_segments:
        notes.append(_("all segments together: the counts don't tell them apart"))
    beside = one.figure.beside
    if beside is not None and beside.value is not None:
        text = value_text(one.definition, beside)
        if one.definition.measured is Kind.RECRUITMENT:
            notes.append(_("share of new customers %(value)s") % {"value": text})
        else:
            notes.append(_("mean %(value)s of 7") % {"value": text})
    if one.definition.measured is Kind.BASKET and 0 < one.figure.n < MIN_BASKETS:
        notes.append(_("baskets are skewed: not compared under 30"))
    if one.compared is not None and (count := one.compared.locations_left_out):
        left_out = ngettext(
            "%(n)d location without both waves is left out of the change",
            "%(n)d locations without both waves are left out of the change",
            count,
        )
        notes.append(left_out % {"n": count})
    return notes


def _still_open(compared: Compared | None) -> str:
    if compared is None or not compared.change.is_open or compared.change.change is None:
        return ""
    after = compared.after
    return _("“%(after)s” is open until the end of %(month)s: no verdict on its change before") % {
        "after": after.name,
        "month": month_text(after.last_month),
    }


def digits_of(one: Figure) -> int:
    """A decimal is printed where the interval carries it."""
    if one.unit is Unit.POINTS:
        return 0
    if one.unit is Unit.MEAN:
        return 1
    precise = 2 if one.unit is Unit.CENTS else 1
    half = (one.interval[1] - one.interval[0]) / 2 if one.interval else 0
    return precise if half < _WIDE[one.unit] else 0


def fixed(value: Fraction | float, digits: int) -> str:
    """Rounded half-even once, with exactly so many decimals, in the reader's mark."""
    units = round(Fraction(value) * 10**digits)
    whole, part = divmod(abs(units), 10**digits)
    sign = "-" if units < 0 else ""
    if not digits:
        return f"{sign}{whole}"
    return f"{sign}{whole}{formats.get_format('DECIMAL_SEPARATOR')}{part:0{digits}d}"


def bare(unit: Unit, value: Fraction | float, digits: int) -> str:
    """Without its unit; cents as whole money."""
    return fixed(Fraction(value) / 100 if unit is Unit.CENTS else Fraction(value), digits)


def with_unit(definition: IndicatorDefinition, unit: Unit, text: str) -> str:
    if unit is Unit.PERCENT:
        return f"{text}{SPACE}%"
    if unit is Unit.CENTS:
        return f"{text}{SPACE}{SIGNS.get(definition.currency, definition.currency or '€')}"
    return text


def value_text(definition: IndicatorDefinition, one: Figure) -> str:
    """ "+31" for a Net Promoter Score, "69 %", "5.2", "33.75 €"; a dash where nothing can be said."""
    if one.value is None:
        return UNKNOWN
    text = bare(one.unit, one.value, digits_of(one))
    if one.unit is Unit.POINTS and one.value > 0 and text != "0":
        text = f"+{text}"
    return with_unit(definition, one.unit, text)


def interval_text(definition: IndicatorDefinition, one: Figure) -> str:
    if one.interval is None:
        return ""
    return ends_text(one.unit, one.interval, digits_of(one))


def ends_text(unit: Unit, interval: Interval, digits: int) -> str:
    low, high = (bare(unit, end, digits) for end in interval)
    separator = "; " if formats.get_format("DECIMAL_SEPARATOR") == "," else ", "
    return f"[{low}{separator}{high}]"


def n_text(definition: IndicatorDefinition, one: Figure) -> str:
    """What the figure rests on, in the words of its kind."""
    if one.missing:
        return ngettext(
            "n = %(n)d, %(missing)d more needed", "n = %(n)d, %(missing)d more needed", one.missing
        ) % {"n": one.n, "missing": one.missing}
    words = {
        Kind.RETENTION: _("n = %(n)s customers at the start, months added up"),
        Kind.REPURCHASE: _("n = %(n)s customers"),
        Kind.BASKET: _("n = %(n)s transactions"),
        Kind.RECRUITMENT: _("%(n)s new customers"),
    }
    return words.get(definition.measured, _("n = %(n)s")) % {"n": count_text(one.n)}


def target_text(definition: IndicatorDefinition) -> str:
    target = definition.target
    if target is None:
        return ""
    unit = {Kind.CES1: Unit.MEAN, Kind.BASKET: Unit.CENTS, Kind.NPS: Unit.POINTS}.get(
        definition.measured, Unit.PERCENT
    )
    if definition.measured is Kind.RECRUITMENT:
        unit = Unit.PER_30_DAYS
    shown = target / 100 if unit is Unit.CENTS else target
    digits = next((d for d in (0, 1) if (shown * 10**d).denominator == 1), 2)
    text = fixed(shown, digits)
    if unit is Unit.POINTS and target > 0:
        text = f"+{text}"
    return with_unit(definition, unit, text)


def gap_text(definition: IndicatorDefinition, one: Figure, gap: Fraction | None) -> str:
    """As for scores: what is lacking is a plain number, beyond the target it is negative."""
    if gap is None:
        return UNKNOWN
    return _difference(definition, one.unit, gap, digits_of(one))


def _difference(
    definition: IndicatorDefinition,
    unit: Unit,
    value: Fraction,
    digits: int,
    *,
    signed: bool = False,
) -> str:
    """A difference of percentages is in points, not in percent."""
    text = bare(unit, value, digits)
    if signed and value > 0 and text.strip("0.,"):
        text = f"+{text}"
    if unit in {Unit.PERCENT, Unit.POINTS}:
        return _("%(value)s pts") % {"value": text}
    return with_unit(definition, unit, text)


def compared_words(
    definition: IndicatorDefinition, compared: Compared | None
) -> ChangeWords | None:
    if compared is None:
        return None
    words = change_words(definition, compared.change)
    if words is None:
        return None
    against = _("%(after)s against %(before)s: %(change)s") % {
        "after": compared.after.name,
        "before": compared.before.name,
        "change": words.text,
    }
    since = _("since %(before)s") % {"before": compared.before.name}
    return replace(words, text=against, difference=words.text, since=since)


def change_words(definition: IndicatorDefinition, change: Change) -> ChangeWords | None:
    """An arrow only where the interval of the difference leaves 0 out, and the wave is over."""
    if change.change is None:
        return None
    digits = min(digits_of(change.before), digits_of(change.after))
    unit = change.after.unit
    text = _difference(definition, unit, change.change, digits, signed=True)
    interval = "" if change.interval is None else ends_text(unit, change.interval, digits)
    if not change.is_real:
        return ChangeWords(text, "", "", _without_arrow(change), interval)
    tone = "enchantment" if change.trend is Trend.BETTER else "disappointing"
    word = _("real improvement") if change.trend is Trend.BETTER else _("real deterioration")
    return ChangeWords(text, "↗" if change.rises else "↘", tone, word, interval)


def _without_arrow(change: Change) -> str:
    if change.is_open:
        return _("no verdict yet")
    return _("no real change shown") if change.trend else _("not compared")
