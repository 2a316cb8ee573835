"""The score map, and exact numbers as they leave the house: rounded half-even, once."""

from fractions import Fraction
from typing import Final

BASIS_POINTS: Final = 10_000

Interval = tuple[float, float]


def x(S: int | Fraction, P: int | Fraction, Q: int | Fraction) -> Fraction:
    """Map sums to a score in [-100, 100], exactly.

    100 S/P if S > 0, 100 S/Q if S < 0, 0 if S = 0, even where P or Q is 0.
    Raises ZeroDivisionError for sums that no observation can have (S > 0 with P = 0, S < 0 with Q = 0).
    """
    if S > 0:
        return Fraction(100 * S) / P
    if S < 0:
        return Fraction(100 * S) / Q
    return Fraction(0)


def exact(value: Fraction) -> str:
    """Print the reduced fraction: "50/3", "-24"."""
    return str(value)


def decimal6(value: Fraction) -> str:
    """Print six decimals: "16.666667", "-24.000000"; never "-0.000000"."""
    millionths = round(value * 10**6)
    sign = "-" if millionths < 0 else ""
    whole, part = divmod(abs(millionths), 10**6)
    return f"{sign}{whole}.{part:06d}"


def interval3(interval: Interval) -> list[float]:
    """Round both ends to three decimals, as JSON numbers; a negative zero becomes 0.0."""
    low, high = interval
    return [round(low, 3) + 0.0, round(high, 3) + 0.0]


def index4(value: Fraction) -> float:
    """Round the priority index to four decimals, for display: sort by the exact value."""
    return float(round(value, 4))
