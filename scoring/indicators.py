"""The indicators an executive committee follows beside the journey score (5), from integer counts.

Counts are kept, never percentages: sums of counts are the counts of the whole, which is what makes
a figure of several months, locations or segments right. Values are exact; ends of intervals are
floats, for display, at 95 %.

    NPS            100 (P - D) / n                    adjusted Wald on n + 3
    CES 1.0        mean of 1..5, lower is better      t on the mean
    CES 2.0        % answering 5-7 of 1..7            Wilson; mean beside it with t
    CSAT           % answering 4-5 of 1..5            Wilson
    retention      (E - N) / S                        Wilson on S
    repurchase     customers with 2 purchases or more / customers    Wilson
    basket         revenue / transactions, cents      t, none without the sum of squares
    recruitment    30 N / days                        Garwood; share of new N / E with Wilson beside it
    recommendation % who recommend                    Wilson
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import sqrt
from operator import add
from typing import Final, NamedTuple

from scipy import special

from scoring.intervals import mover_difference, t_quantile, wilson
from scoring.numbers import Interval

MIN_ANSWERS: Final = 5  # as for a score: below it there is no figure
MIN_BASKETS: Final = 30  # baskets are skewed: fewer are shown and not compared
RATE_DAYS: Final = 30
LOW, HIGH = 0.025, 0.975


class Kind(StrEnum):
    NPS = "nps"
    CES1 = "ces1"
    CES2 = "ces2"
    CSAT = "csat"
    RETENTION = "retention"
    REPURCHASE = "repurchase"
    BASKET = "basket"
    RECRUITMENT = "recruitment"
    RECOMMENDATION = "recommendation"


class Unit(StrEnum):
    POINTS = "points"  # -100..100, never "%"
    PERCENT = "percent"
    MEAN = "mean"
    CENTS = "cents"
    PER_30_DAYS = "per_30_days"


class Direction(StrEnum):
    HIGHER = "higher"  # is better
    LOWER = "lower"


# What is counted of each kind, in the order in which it is asked for.
COUNTS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.NPS: ("promoters", "passives", "detractors"),
    Kind.CES1: ("a1", "a2", "a3", "a4", "a5"),
    Kind.CES2: ("a1", "a2", "a3", "a4", "a5", "a6", "a7"),
    Kind.CSAT: ("satisfied", "answers"),
    Kind.RETENTION: ("start", "end", "new"),
    Kind.REPURCHASE: ("repeat", "customers"),
    Kind.BASKET: ("transactions", "revenue", "squares"),
    Kind.RECRUITMENT: ("new", "end"),
    Kind.RECOMMENDATION: ("recommending", "answers"),
}
OPTIONAL: Final = frozenset({(Kind.BASKET, "squares"), (Kind.RECRUITMENT, "end")})
# Kinds whose answers can be counted one by one, and the ends of their scale.
SCALES: Final[Mapping[Kind, tuple[int, int]]] = {
    Kind.NPS: (0, 10),
    Kind.CES1: (1, 5),
    Kind.CES2: (1, 7),
    Kind.CSAT: (1, 5),
    Kind.RECOMMENDATION: (0, 10),
}
UNITS: Final[Mapping[Kind, Unit]] = {
    Kind.NPS: Unit.POINTS,
    Kind.CES1: Unit.MEAN,
    Kind.BASKET: Unit.CENTS,
    Kind.RECRUITMENT: Unit.PER_30_DAYS,
}
# Where the published question settles which way is better; the others may be set.
SETTLED: Final[Mapping[Kind, Direction]] = {
    Kind.NPS: Direction.HIGHER,
    Kind.CES1: Direction.LOWER,
    Kind.CES2: Direction.HIGHER,
    Kind.CSAT: Direction.HIGHER,
    Kind.RETENTION: Direction.HIGHER,
    Kind.REPURCHASE: Direction.HIGHER,
    Kind.RECOMMENDATION: Direction.HIGHER,
}
_PROMOTER, _PASSIVE = 9, 7
_SATISFIED, _AGREES = 4, 5


class Impossible(Exception):
    """Counts that can't be true together; `count` is the one to look at, `reason` says which rule."""

    def __init__(self, count: str, reason: str) -> None:
        super().__init__(count, reason)
        self.count, self.reason = count, reason


class Sums(NamedTuple):
    """What figures are made of, added up over any readings of one definition.

    `n` is the base (answers, customers at the start, transactions, customers at the end), `hits` the
    part of it that the figure is about, `misses` the detractors, `joined` the new customers; `total`
    and `squares` are sums of answers or cents. `unsquared` counts the readings without squares.
    """

    n: int = 0
    hits: int = 0
    misses: int = 0
    joined: int = 0
    total: int = 0
    squares: int = 0
    unsquared: int = 0

    def __add__(self, other: "Sums") -> "Sums":  # type: ignore[override]
        return Sums(*map(add, self, other))


def added(parts: Iterable[Sums]) -> Sums:
    return sum(parts, Sums())


def unit_of(kind: Kind) -> Unit:
    return UNITS.get(kind, Unit.PERCENT)


def sums_of(kind: Kind, counts: Mapping[str, int]) -> Sums:
    """The sums of one reading. Raises Impossible where the counts contradict each other."""
    negative = next((name for name in COUNTS[kind] if counts.get(name, 0) < 0), None)
    if negative is not None:
        raise Impossible(negative, "negative")
    match kind:
        case Kind.NPS:
            promoters, passives, detractors = (counts[name] for name in COUNTS[kind])
            n = promoters + passives + detractors
            return Sums(n=n, hits=promoters, misses=detractors)
        case Kind.CES1 | Kind.CES2:
            return _of_scale(kind, [counts[name] for name in COUNTS[kind]])
        case Kind.RETENTION:
            return _of_retention(counts["start"], counts["end"], counts["new"])
        case Kind.RECRUITMENT:
            return _of_recruitment(counts["new"], counts.get("end"))
        case Kind.BASKET:
            return _of_baskets(counts["transactions"], counts["revenue"], counts.get("squares"))
    return _of_share(kind, counts)


def _of_share(kind: Kind, counts: Mapping[str, int]) -> Sums:
    part, whole = COUNTS[kind]
    if counts[part] > counts[whole]:
        raise Impossible(part, "more_than_all")
    return Sums(n=counts[whole], hits=counts[part])


def _of_scale(kind: Kind, by_answer: list[int]) -> Sums:
    points = range(1, len(by_answer) + 1)
    pairs = list(zip(points, by_answer, strict=True))
    return Sums(
        n=sum(by_answer),
        hits=sum(k for p, k in pairs if p >= _AGREES) if kind is Kind.CES2 else 0,
        total=sum(p * k for p, k in pairs),
        squares=sum(p * p * k for p, k in pairs),
    )


def _of_retention(start: int, end: int, new: int) -> Sums:
    if new > end:
        raise Impossible("new", "more_new_than_end")
    if end - new > start:
        raise Impossible("end", "kept_more_than_start")
    return Sums(n=start, hits=end - new, joined=new)


def _of_recruitment(new: int, end: int | None) -> Sums:
    """Without customers at the end there is a speed and no share of new."""
    if end is not None and new > end:
        raise Impossible("new", "more_new_than_end")
    return Sums(n=end or 0, hits=new if end is not None else 0, joined=new)


def _of_baskets(transactions: int, cents: int, squares: int | None) -> Sums:
    if not transactions and (cents or squares):
        raise Impossible("transactions", "revenue_without_transactions")
    if squares is not None and transactions * squares < cents * cents:
        raise Impossible("squares", "squares_too_small")
    missing = squares is None and transactions > 0
    return Sums(n=transactions, total=cents, squares=squares or 0, unsquared=int(missing))


def count_answers(kind: Kind, answers: Mapping[int, int]) -> dict[str, int]:
    """The counts of {answer: how many} on the kind's own scale; cents for baskets."""
    n = sum(answers.values())
    match kind:
        case Kind.NPS:
            return {
                "promoters": _at_least(answers, _PROMOTER),
                "passives": _at_least(answers, _PASSIVE) - _at_least(answers, _PROMOTER),
                "detractors": n - _at_least(answers, _PASSIVE),
            }
        case Kind.CES1 | Kind.CES2:
            return {name: answers.get(int(name[1:]), 0) for name in COUNTS[kind]}
        case Kind.CSAT:
            return {"satisfied": _at_least(answers, _SATISFIED), "answers": n}
        case Kind.RECOMMENDATION:
            return {"recommending": _at_least(answers, _PROMOTER), "answers": n}
        case Kind.BASKET:
            return {
                "transactions": n,
                "revenue": sum(cents * k for cents, k in answers.items()),
                "squares": sum(cents * cents * k for cents, k in answers.items()),
            }
    raise ValueError(f"{kind} is not counted from single answers")


def _at_least(answers: Mapping[int, int], least: int) -> int:
    return sum(k for answer, k in answers.items() if answer >= least)


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` and `interval` in `unit`; both None where nothing can be said.

    `n` is what the figure rests on, `missing` how many more are needed. `beside` is a second figure
    of the same counts (the mean of a CES 2.0, the share of new customers).
    """

    unit: Unit
    n: int
    value: Fraction | None = None
    interval: Interval | None = None
    missing: int = 0
    beside: "Figure | None" = None


def figure(kind: Kind, sums: Sums, days: int = 0) -> Figure:
    """The figure of the sums; `days` are those of the months counted, for a recruitment speed."""
    if kind is Kind.RECRUITMENT:
        return _speed(sums, days)
    unit = unit_of(kind)
    if sums.n < MIN_ANSWERS:
        return Figure(unit, sums.n, missing=MIN_ANSWERS - sums.n)
    match kind:
        case Kind.NPS:
            passives = sums.n - sums.hits - sums.misses
            value, interval = nps(sums.hits, passives, sums.misses)
            return Figure(unit, sums.n, value, interval)
        case Kind.CES1 | Kind.CES2:
            mean = _mean(Unit.MEAN, sums, SCALES[kind])
            return mean if kind is Kind.CES1 else _share(sums, beside=mean)
        case Kind.BASKET:
            return _mean(unit, sums, (0, None))
    return _share(sums)


def nps(promoters: int, passives: int, detractors: int) -> tuple[Fraction, Interval]:
    """Return 100 (P - D)/n with the adjusted Wald interval, clipped to [-100, 100].

    n' = n + 3, p' = (P + 3/4)/n', d' = (D + 3/4)/n', (p' - d') -+ 1.96 sqrt((p' + d' - (p' - d')^2)/n').
    """
    n = promoters + passives + detractors
    wider = n + 3
    p, d = (promoters + 0.75) / wider, (detractors + 0.75) / wider
    half = _z() * sqrt((p + d - (p - d) ** 2) / wider)
    centre = p - d
    low, high = 100 * (centre - half), 100 * (centre + half)
    return Fraction(100 * (promoters - detractors), n), (max(-100.0, low), min(100.0, high))


def _z() -> float:
    return float(special.ndtri(HIGH))


def _share(sums: Sums, beside: Figure | None = None) -> Figure:
    low, high = wilson(sums.hits, sums.n)
    return Figure(
        Unit.PERCENT,
        sums.n,
        Fraction(100 * sums.hits, sums.n),
        (100 * low, 100 * high),
        beside=beside,
    )


def variance(sums: Sums) -> Fraction:
    """s2 = (sum of squares - sum^2/n) / (n - 1), exact; n >= 2."""
    return Fraction(sums.n * sums.squares - sums.total**2, sums.n * (sums.n - 1))


def _mean(unit: Unit, sums: Sums, ends: tuple[int, int | None]) -> Figure:
    """The mean with its t interval, inside what an answer can be."""
    value = Fraction(sums.total, sums.n)
    if sums.unsquared:
        return Figure(unit, sums.n, value)
    half = t_quantile(sums.n - 1) * sqrt(variance(sums) / sums.n)
    low, high = max(float(ends[0]), float(value) - half), float(value) + half
    if ends[1] is not None:
        high = min(float(ends[1]), high)
    return Figure(unit, sums.n, value, (low, high))


def garwood(events: int) -> Interval:
    """Return chi2(.025, 2N)/2 and chi2(.975, 2N + 2)/2: the exact interval of a Poisson count."""
    low = float(special.chdtri(2 * events, HIGH)) / 2 if events else 0.0
    return low, float(special.chdtri(2 * events + 2, LOW)) / 2


def _speed(sums: Sums, days: int) -> Figure:
    """New customers per 30 days: a count that may be small, or 0, and is still one."""
    if days < 1:
        return Figure(Unit.PER_30_DAYS, sums.joined)
    low, high = (RATE_DAYS * end / days for end in garwood(sums.joined))
    enough = sums.n >= MIN_ANSWERS
    return Figure(
        Unit.PER_30_DAYS,
        sums.joined,
        Fraction(RATE_DAYS * sums.joined, days),
        (low, high),
        beside=_share(sums) if enough else None,
    )


def shortfall(value: Fraction, target: Fraction, direction: Direction) -> Fraction:
    """The gap, as for scores: positive while the target is not reached, whichever way is better."""
    return target - value if direction is Direction.HIGHER else value - target


class Trend(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    UNSURE = "unsure"  # the interval of the difference holds 0


@dataclass(frozen=True, slots=True)
class Change:
    """After minus before, of what both windows have; an arrow only where `trend` is not UNSURE.

    `is_open` while the window after may still bring counts: there is no trend before.
    """

    before: Figure
    after: Figure
    change: Fraction | None = None
    interval: Interval | None = None
    trend: Trend | None = None
    is_open: bool = False

    @property
    def is_real(self) -> bool:
        return self.trend in {Trend.BETTER, Trend.WORSE}

    @property
    def rises(self) -> bool:
        return self.change is not None and self.change > 0


def compare(kind: Kind, before: Figure, after: Figure, direction: Direction) -> Change:
    """The difference by MOVER; no trend where a side has no interval, or too few baskets."""
    few = kind is Kind.BASKET and min(before.n, after.n) < MIN_BASKETS
    if before.value is None or after.value is None:
        return Change(before, after)
    change = after.value - before.value
    if few or before.interval is None or after.interval is None:
        return Change(before, after, change)
    interval = mover_difference(after.value, after.interval, before.value, before.interval)
    return Change(before, after, change, interval, _trend(interval, direction))


def before_closing(found: Change) -> Change:
    """The same figures without a trend, as for scores (`scoring.change.before_closing`)."""
    return replace(found, trend=None, is_open=True)


def _trend(interval: Interval, direction: Direction) -> Trend:
    low, high = interval
    if low <= 0 <= high:
        return Trend.UNSURE
    return Trend.BETTER if (low > 0) is (direction is Direction.HIGHER) else Trend.WORSE
