"""Figures of indicators added up from the raw counts of a workbook: no line of the product's arithmetic."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dashboards.tests.raw_rows import values_of
from dashboards.tests.recalculated import as_formulas

Row = dict[str, Any]


@dataclass(frozen=True)
class ByHand:
    """In the unit that is written: percent, points, answers, money."""

    n: int
    value: Fraction | None
    beside: Fraction | None = None


def read_counts(content: bytes) -> dict[str, list[Row]]:
    """{indicator: its rows}, of which nothing but what somebody counted is kept."""
    found: dict[str, list[Row]] = {}
    for row in values_of(as_formulas(content)["Indicator readings"]):
        found.setdefault(row["Indicator"], []).append(row)
    return found


def total(rows: Iterable[Row], *headings: str) -> int:
    return sum(row.get(heading) or 0 for row in rows for heading in headings)


def _nps(rows: list[Row]) -> ByHand:
    names = ("Promoters (9-10)", "Passives (7-8)", "Detractors (0-6)")
    n = total(rows, *names)
    return ByHand(n, _over(100 * (total(rows, names[0]) - total(rows, names[2])), n))


def _mean(rows: list[Row], highest: int) -> ByHand:
    points = range(1, highest + 1)
    n = total(rows, *(f"Answered {point}" for point in points))
    return ByHand(n, _over(sum(point * total(rows, f"Answered {point}") for point in points), n))


def _effort(rows: list[Row]) -> ByHand:
    mean = _mean(rows, 7)
    agreeing = total(rows, "Answered 5", "Answered 6", "Answered 7")
    return ByHand(mean.n, _over(100 * agreeing, mean.n), mean.value)


def _share(part: str, whole: str) -> Callable[[list[Row]], ByHand]:
    def share(rows: list[Row]) -> ByHand:
        return ByHand(total(rows, whole), _over(100 * total(rows, part), total(rows, whole)))

    return share


def _retention(rows: list[Row]) -> ByHand:
    start, new = total(rows, "Customers at the start"), total(rows, "New customers")
    return ByHand(start, _over(100 * (total(rows, "Customers at the end") - new), start))


def _basket(rows: list[Row]) -> ByHand:
    transactions = total(rows, "Transactions")
    return ByHand(
        transactions, _over(Fraction(total(rows, "Revenue, in cents"), 100), transactions)
    )


def _recruitment(rows: list[Row]) -> ByHand:
    """The share of new customers is of the rows that tell how many there were at the end."""
    new, end = total(rows, "New customers"), total(rows, "Customers at the end")
    months = {row["Month"] for row in rows}
    days = sum(monthrange(int(month[:4]), int(month[5:]))[1] for month in months)
    told = total([row for row in rows if row["Customers at the end"] is not None], "New customers")
    return ByHand(new, Fraction(30 * new, days) if days else None, _over(100 * told, end))


def _over(part: int | Fraction, whole: int) -> Fraction | None:
    return Fraction(part) / whole if whole >= 5 else None


BY_HAND: dict[str, Callable[[list[Row]], ByHand]] = {
    "nps": _nps,
    "ces1": lambda rows: _mean(rows, 5),
    "ces2": _effort,
    "csat": _share("Satisfied (4-5)", "Answers"),
    "retention": _retention,
    "repurchase": _share("Customers with two purchases or more", "Customers"),
    "basket": _basket,
    "recruitment": _recruitment,
    "recommendation": _share("Who recommend", "Answers"),
}
