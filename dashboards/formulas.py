"""The formulas of the scores with their numbers filled in, as a reader can check them by hand.

Exact numbers throughout: whole, a short decimal or a short fraction as they are; else rounded, after ≈.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils import formats

from scoring.classify import MethodScore
from scoring.intervals import Means, StandardError, t_quantile
from scoring.numbers import Interval, x

DIGITS = 4
SHORT = 9  # characters of a fraction that can still be read
SPELLED_OUT = 4  # terms of a sum; a longer one stands in the table


@dataclass(frozen=True, slots=True)
class Formula:
    """One line: what is computed (a symbol), and how."""

    symbol: str
    text: str


def decimal(value: Fraction | float, digits: int = 2) -> str:
    """Rounded half-even, in the reader's decimal mark, without trailing zeros: "16.67", "-5"."""
    units = round(value * 10**digits)
    whole, part = divmod(abs(units), 10**digits)
    sign = "-" if units < 0 else ""
    shown = f"{part:0{digits}d}".rstrip("0")
    return f"{sign}{whole}{formats.get_format('DECIMAL_SEPARATOR')}{shown}".rstrip(".,")


def number(value: int | Fraction) -> str:
    """One exact number: "12", "11.25", "50/3"; "16.6667" where the fraction is too long to read."""
    value = Fraction(value)
    if (value * 10**DIGITS).denominator == 1:
        return decimal(value, DIGITS)
    fraction = str(value)
    return fraction if len(fraction) <= SHORT else decimal(value, DIGITS)


def result(value: Fraction) -> str:
    """What a formula comes to, after its sign: "= 12", "= 50/3 ≈ 16.67", "≈ 16.6667"."""
    if (value * 10**DIGITS).denominator == 1:
        return f"= {number(value)}"
    if len(str(value)) <= SHORT:
        return f"= {value} ≈ {decimal(value)}"
    return f"≈ {number(value)}"


def factor(value: int | Fraction) -> str:
    """A number inside a product: one with a sign or a fraction bar stands in brackets."""
    text = number(value)
    return f"({text})" if text.startswith("-") or "/" in text else text


def ends(interval: Interval, digits: int = 2) -> str:
    low, high = (decimal(end, digits) for end in interval)
    separator = "; " if formats.get_format("DECIMAL_SEPARATOR") == "," else ", "
    return f"[{low}{separator}{high}]"


def score_map(points: int | Fraction, won: int | Fraction, lost: int | Fraction) -> str:
    """The score map x(S, P, Q): "100 · 4 / 24 = 50/3 ≈ 16.67"; a sum of 0 is 0."""
    if not points:
        return "0"
    attainable = won if points > 0 else lost
    return f"100 · {factor(points)} / {factor(attainable)} {result(x(points, won, lost))}"


def weighted_mean(pairs: Sequence[tuple[int, Fraction]]) -> str:
    """Sum of weight times value over the weights: "(3 · 16.67 + 1 · (-5)) / 4 = 11.25"."""
    whole = sum(weight for weight, _value in pairs)
    terms = " + ".join(f"{weight} · {factor(value)}" for weight, value in pairs)
    total = sum((weight * value for weight, value in pairs), Fraction(0))
    return f"({terms}) / {whole} {result(total / whole)}"


def method_formulas(method: MethodScore) -> tuple[Formula, ...]:
    """S*, P* or Q*, then X, over the locations with their shares; of one location the sums do."""
    if method.counted is not None:
        sums = method.counted
        return (Formula("X", score_map(sums.S, sums.P, sums.Q)),)
    means = method.means
    parts = [(one.weight, one) for one in method.strata if one.weight]
    if means is None or not parts:
        return ()
    if len(parts) == 1:
        [(_weight, only)] = parts
        return (Formula("X", score_map(only.S, only.P, only.Q)),)
    side, attainable = ("P", means.P) if means.S > 0 else ("Q", means.Q)
    return (
        Formula("S*", _standardised(((w, one.S, one.n) for w, one in parts), means.S)),
        Formula(
            f"{side}*",
            _standardised(((w, getattr(one, side), one.n) for w, one in parts), attainable),
        ),
        Formula("X", score_map(means.S, means.P, means.Q)),
    )


def _standardised(terms: Iterable[tuple[Fraction, int, int]], total: Fraction) -> str:
    """Sum of share times mean: "0.6 · 4/6 + 0.4 · (-2)/5 ≈ 0.24"; only its sign where it is long."""
    parts = list(terms)
    if len(parts) > SPELLED_OUT:
        return result(total)
    spelled = " + ".join(f"{factor(w)} · {factor(points)}/{n}" for w, points, n in parts)
    return f"{spelled} {result(total)}"


def error_formulas(means: Means, error: StandardError, interval: Interval) -> tuple[Formula, ...]:
    """S* -+ t se in points per observation, then through the score map, clipped to its ends."""
    centre, half = float(means.S), error.half_width
    t = decimal(t_quantile(error.df), 3)
    spread = f"{decimal(centre, 3)} ∓ {t} · {decimal(error.error, 4)}"
    inside = ends((centre - half, centre + half), 3)
    sides = f"P* = {number(means.P)}, Q* = {number(means.Q)}"
    return (
        Formula("S* ∓ t · se", f"{spread} → {inside}"),
        Formula("95 %", f"{sides} → {ends(interval)}"),
    )


def mover_formulas(
    parts: Sequence[tuple[Fraction, Fraction, Interval | None]], whole: Fraction, interval: Interval
) -> tuple[Formula, ...]:
    """How the intervals of the parts become that of the whole: the root of the summed squares.

    A part is its coefficient, its score and its interval; one without an interval is taken as sure.
    """
    below, above = [], []
    for coefficient, value, own in parts:
        a, estimate = float(coefficient), float(value)
        low, high = own or (estimate, estimate)
        below.append(a * (estimate - low))
        above.append(a * (high - estimate))
    score = decimal(whole)
    return (
        Formula("95 % ↓", f"{score} - √({_squares(below)}) ≈ {decimal(interval[0])}"),
        Formula("95 % ↑", f"{score} + √({_squares(above)}) ≈ {decimal(interval[1])}"),
    )


def _squares(distances: Sequence[float]) -> str:
    return " + ".join(f"{decimal(one)}²" for one in distances)


def difference(one: Fraction, other: Fraction) -> str:
    """ "20 - 50/3 = 10/3 ≈ 3.33"; a number with a sign in brackets."""
    taken = factor(other) if other < 0 else number(other)
    return f"{number(one)} - {taken} {result(one - other)}"
