"""The indicators of the executives' page: each figure as a formula over the readings beneath it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboards.documents.indicator_rows import IndicatorRows
from dashboards.documents.workbook.readings import TOTALS, write_readings
from dashboards.documents.workbook.scores import unknown
from dashboards.documents.workbook.tables import (
    Book,
    Cell,
    Column,
    Form,
    Formula,
    Span,
    Table,
    text,
)
from dashboards.indicator_words import digits_of, with_unit
from scoring.indicators import MIN_ANSWERS, RATE_DAYS, Direction, Figure, Kind, Unit
from scoring.numbers import Interval

_FORMS: Final[tuple[Form, ...]] = ("whole", "tenths", "hundredths")


def indicators_table(book: Book) -> Table:
    return Table(book, _("Indicators"), _columns())


def write_indicators(book: Book, table: Table, found: Sequence[IndicatorRows]) -> None:
    """A row for each indicator; what it is added up from stands on a sheet of its own."""
    rows, spans = write_readings(book, found)
    for one, span in zip(found, spans, strict=True):
        line = _Line(table, one, rows, span)
        forms = line.forms()
        table.add({**line.words(), **line.sums(), **line.figures(), **line.change()}, forms)


@dataclass(frozen=True)
class _Line:
    """Amounts are written in money, not in cents."""

    table: Table
    one: IndicatorRows
    rows: Table
    span: Span

    @property
    def figure(self) -> Figure:
        return self.one.line.figure.figure

    def here(self, name: str) -> str:
        return self.table.here(name, self.table.next_row)

    def forms(self) -> dict[str, Form]:
        """As many decimals as the page prints; a Net Promoter Score has a sign."""
        figure = self.figure
        form = "rough" if figure.unit is Unit.POINTS else _FORMS[digits_of(figure)]
        beside = figure.beside
        own: dict[str, Form] = {"beside": _FORMS[digits_of(beside)]} if beside else {}
        return own | dict.fromkeys(("value", "gap", "change"), form)

    def words(self) -> dict[str, Cell]:
        line, definition = self.one.line, self.one.line.figure.definition
        better = definition.better is Direction.HIGHER
        kind = definition.measured
        besides = {
            Kind.CES2: _("mean of 7"),
            Kind.RECRUITMENT: _("share of new customers, in %%") % {},
        }
        return {
            "name": definition.name,
            "key": definition.key,
            "scale": line.scale,
            "unit": with_unit(definition, self.figure.unit, "").strip(),
            "better": _("higher is better") if better else _("lower is better"),
            "beside_name": besides.get(kind, ""),
            "notes": " · ".join(filter(None, (*line.notes, line.still_open))),
            "needed": 0 if kind is Kind.RECRUITMENT else MIN_ANSWERS,
        }

    def sums(self) -> dict[str, Cell]:
        total = self.one.total
        values = {"days": self.one.line.figure.days} if self.one.kind is Kind.RECRUITMENT else {}
        values |= {name: getattr(total, name) for name in TOTALS if name != "days"}
        return {
            f"sum_{name}": Formula(
                f"SUM({self.rows.span(name, self.span)})" if self.span else "0", value
            )
            for name, value in values.items()
        }

    def figures(self) -> dict[str, Cell]:
        one, figure = self.one.line.figure, self.figure
        value, target = self.here("value"), self.here("target")
        is_higher = one.definition.better is Direction.HIGHER
        short = f"{target}-{value}" if is_higher else f"{value}-{target}"
        known = f"AND(ISNUMBER({value}),ISNUMBER({target}))"
        low, high = self._ends(figure.interval)
        gap_low, gap_high = self._ends(one.gap_interval)
        n = self.here("sum_joined" if self.one.kind is Kind.RECRUITMENT else "sum_n")
        return {
            "value": self._checked(self._value(), figure.value, unknown()),
            "low": low,
            "high": high,
            "n": Formula(n, figure.n),
            "target": self._money(one.definition.target),
            "gap": Formula(f'IF({known},{short},"")', self._or_empty(one.gap)),
            "gap_low": gap_low,
            "gap_high": gap_high,
            **self._beside(),
        }

    def _value(self) -> str:
        """Shares in percent, as on the page."""
        n, hits, misses, joined, total, days = (self.here(f"sum_{name}") for name in TOTALS)
        return {
            Kind.NPS: f"100*({hits}-{misses})/{n}",
            Kind.CES1: f"{total}/{n}",
            Kind.BASKET: f"{total}/{n}/100",
            Kind.RECRUITMENT: f"{RATE_DAYS}*{joined}/{days}",
        }.get(self.one.kind, f"100*{hits}/{n}")

    def _checked(self, formula: str, value: Fraction | None, otherwise: str) -> Formula:
        """Nothing of too few answers; a speed takes a month."""
        base = self.here("sum_days" if self.one.kind is Kind.RECRUITMENT else "sum_n")
        least = "1" if self.one.kind is Kind.RECRUITMENT else self.here("needed")
        found = self._money(value)
        shown = otherwise if found is None else found
        return Formula(f"IF({base}<{least},{text(otherwise)},{formula})", shown)

    def _beside(self) -> dict[str, Cell]:
        """The mean of a CES 2.0; the part of the customers that is new."""
        if self.one.kind not in (Kind.CES2, Kind.RECRUITMENT):
            return {}
        n, hits, total = (self.here(f"sum_{name}") for name in ("n", "hits", "total"))
        formula = f"{total}/{n}" if self.one.kind is Kind.CES2 else f"100*{hits}/{n}"
        beside = self.figure.beside
        low, high = beside.interval if beside and beside.interval else (None, None)
        value = float(beside.value) if beside and beside.value is not None else ""
        return {
            "beside": Formula(f'IF({n}<{MIN_ANSWERS},"",{formula})', value),
            "beside_low": low,
            "beside_high": high,
        }

    def change(self) -> dict[str, Cell]:
        """Said by the product: it rests on the months of two waves, whatever months are selected."""
        compared, words = self.one.line.figure.compared, self.one.line.change
        if compared is None or words is None:
            return {}
        low, high = self._ends(compared.change.interval)
        return {
            "change": self._money(compared.change.change),
            "change_low": low,
            "change_high": high,
            "change_words": " · ".join(filter(None, (words.since, words.word))),
        }

    def _money(self, value: Fraction | None) -> float | None:
        if value is None:
            return None
        return float(value / 100 if self.figure.unit is Unit.CENTS else value)

    def _or_empty(self, value: Fraction | None) -> float | str:
        found = self._money(value)
        return "" if found is None else found

    def _ends(self, ends: Interval | None) -> tuple[float | None, float | None]:
        if ends is None:
            return None, None
        by = 100 if self.figure.unit is Unit.CENTS else 1
        return ends[0] / by, ends[1] / by


def _columns() -> list[Column]:
    low, high = (
        _("95 %% interval, low end (value)") % {},
        _("95 %% interval, high end (value)") % {},
    )
    return [
        Column("name", _("Indicator"), width=30),
        Column("scale", _("What it says"), width=34),
        Column("value", _("Value"), "formula", "tenths"),
        Column("unit", _("Unit"), width=6),
        Column("low", low, form="exact"),
        Column("high", high, form="exact"),
        Column("n", "n", "formula", "whole", 10),
        Column("target", _("Target"), form="plain"),
        Column("better", _("Direction"), width=16),
        Column("gap", _("Gap to the target"), "formula", "tenths"),
        Column("gap_low", _("Gap, low end (value)"), form="exact"),
        Column("gap_high", _("Gap, high end (value)"), form="exact"),
        Column("beside_name", _("Second figure"), width=24),
        Column("beside", _("Value of the second figure"), "formula", "tenths"),
        Column("beside_low", _("Second figure, low end (value)"), form="exact"),
        Column("beside_high", _("Second figure, high end (value)"), form="exact"),
        Column("change", pgettext("score", "Change (value)"), form="tenths"),
        Column("change_low", _("Change, low end (value)"), form="exact"),
        Column("change_high", _("Change, high end (value)"), form="exact"),
        Column("change_words", _("What is known of the change (value)"), width=34),
        Column("notes", _("What to know (value)"), width=50),
        *[
            Column(f"sum_{name}", title, "formula", "whole")
            for name, title in total_titles().items()
        ],
        Column("needed", _("Answers needed"), form="whole"),
        Column("key", _("Key"), width=16),
    ]


def total_titles() -> dict[str, str]:
    return {
        "n": _("Sum of the base"),
        "hits": _("Sum of the part that counts"),
        "misses": _("Sum of the detractors"),
        "joined": _("Sum of the new customers"),
        "total": _("Sum of answers, or of amounts in cents"),
        "days": _("Sum of the days"),
    }
