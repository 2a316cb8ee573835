"""What one method says of a change: the locations measured in both windows, alone or in pairs."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from math import floor, sqrt
from operator import attrgetter
from typing import Final

from scoring.consolidate import method_weight, score_method, score_reading_row, weigh
from scoring.figures import Exclusion, LocationShare, MethodScore, ReadingRow
from scoring.intervals import (
    DEFAULT_POOL,
    MIN_CLUSTERS,
    Pool,
    cell_df,
    moderated_variance,
    mover_difference,
    t_quantile,
)
from scoring.numbers import Interval, x
from scoring.vector import Vector

SIMPSON: Final = 10  # score points between the crude and the standardised change

LocationCells = Mapping[str | None, Vector]


class Withheld(StrEnum):
    """Why a method has no part in the change, or a stage no verdict."""

    DIFFERENT_FRAMEWORK = "different_framework"
    WINDOW_OPEN = "window_open"
    NO_COMMON_METHOD = "no_common_method"
    NO_COMMON_LOCATION = "no_common_location"
    TOO_FEW = "too_few"
    WEIGHT_ZERO = "weight_zero"
    CONTROL_NOT_COMPARABLE = "control_not_comparable"
    BASELINE_NOT_COMPARABLE = "baseline_not_comparable"


@dataclass(frozen=True, slots=True)
class Period:
    """What one stage was read from in one window: vectors by method and location, and readings."""

    cells: Mapping[str, LocationCells]
    readings: Mapping[str, ReadingRow] = field(default_factory=dict)

    @property
    def methods(self) -> set[str]:
        return set(self.readings) | {method for method in self.cells if self.seen(method)}

    @property
    def n(self) -> int:
        """All observations, whatever can be compared of them."""
        return sum(vector.n for method in self.cells for vector in self.seen(method).values())

    def seen(self, method: str) -> dict[str | None, Vector]:
        cells = self.cells.get(method, {})
        return {code: vector for code, vector in cells.items() if vector.has_data}


@dataclass(frozen=True, slots=True)
class Group:
    """Some locations in both windows, with their shares: those acted on, or the control."""

    before: Period
    after: Period
    shares: Sequence[LocationShare] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """The parameters a score of the same framework version is read with."""

    pools: Mapping[str, Pool]
    method_weights: Mapping[str, int]
    min_observations: int


@dataclass(frozen=True, slots=True)
class MixShift:
    """The location whose part of a method's observations moved most."""

    method: str
    location: str | None
    before: Fraction
    after: Fraction

    @property
    def moved(self) -> Fraction:
        return abs(self.after - self.before)


@dataclass(frozen=True, slots=True)
class MethodChange:
    """One method. `n_before`, `n_after`, `places`, `before` and `after` are of what is compared.

    `crude` pools everything the method saw, whatever the locations. `paired` tells that locations
    are the units: the change is then the mean of their own changes, which need not be `after` less
    `before`. Readings have no interval. `is_whole`: `before` and `after` are also the method's scores
    in these windows, with nothing left out. `judged_at` are the places the verdict is read from,
    where a second baseline has not all of `places`.
    """

    method: str
    weight: int
    n_before: int = 0
    n_after: int = 0
    places: tuple[str, ...] = ()
    before: Fraction | None = None
    before_interval: Interval | None = None
    after: Fraction | None = None
    after_interval: Interval | None = None
    crude: Fraction | None = None
    change: Fraction | None = None
    interval: Interval | None = None
    paired: bool = False
    aggregated: bool = False
    shift: MixShift | None = None
    is_whole: bool = True
    judged_at: tuple[str, ...] = ()
    excluded_because: Withheld | None = None

    @property
    def locations(self) -> int:
        return len(self.places)

    @property
    def simpson(self) -> bool:
        return disagree(self.crude, self.change)


def disagree(crude: Fraction | None, standardised: Fraction | None) -> bool:
    """Simpson's flag: opposite signs, or more than 10 points apart."""
    if crude is None or standardised is None:
        return False
    return crude * standardised < 0 or abs(crude - standardised) > SIMPSON


def compare_methods(group: Group, rules: Rules) -> tuple[MethodChange, ...]:
    """Every method seen in either window, in key order, each with its change or why it has none."""
    before, after = group.before, group.after
    return tuple(
        _compare_readings(method, group, rules)
        if method in before.readings or method in after.readings
        else _compare_method(method, group, rules)
        for method in sorted(before.methods | after.methods)
    )


def _compare_readings(method: str, group: Group, rules: Rules) -> MethodChange:
    weight = method_weight(method, rules.method_weights)
    rows = group.before.readings.get(method), group.after.readings.get(method)
    start = MethodChange(method, weight, aggregated=True)
    if rows[0] is None or rows[1] is None:
        return replace(start, excluded_because=Withheld.NO_COMMON_METHOD)
    least = rules.min_observations
    before = score_reading_row(rows[0], weight=weight, min_observations=least)
    after = score_reading_row(rows[1], weight=weight, min_observations=least)
    change = after.score - before.score
    return replace(
        start,
        n_before=before.n,
        n_after=after.n,
        before=before.score,
        after=after.score,
        crude=change,
        change=change,
        excluded_because=_unused(before, after),
    )


def _compare_method(method: str, group: Group, rules: Rules) -> MethodChange:
    weight = method_weight(method, rules.method_weights)
    start = MethodChange(method, weight)
    seen = group.before.seen(method), group.after.seen(method)
    if not seen[0] or not seen[1]:
        return replace(start, excluded_because=Withheld.NO_COMMON_METHOD)
    weights = _common(*seen, group.shares)
    if not weights:
        return replace(start, excluded_because=Withheld.NO_COMMON_LOCATION)
    before, after = (
        score_method(
            method,
            {code: cells[code] for code in weights},
            weight=weight,
            min_observations=rules.min_observations,
            pool=rules.pools.get(method, DEFAULT_POOL),
            shares=_among(weights, group.shares),
        )
        for cells in seen
    )
    paired = len(weights) >= MIN_CLUSTERS
    v0 = rules.pools.get(method, DEFAULT_POOL).v0
    change, interval = _paired(weights, *seen, v0) if paired else _apart(before, after)
    return replace(
        start,
        n_before=before.n,
        n_after=after.n,
        places=tuple(sorted(code for code in weights if code is not None)),
        before=before.score,
        before_interval=before.interval,
        after=after.score,
        after_interval=after.interval,
        crude=_pooled(seen[1]) - _pooled(seen[0]),
        change=change,
        interval=interval,
        paired=paired,
        shift=_shift(method, *seen),
        is_whole=_is_whole(weights, *seen, group.shares),
        excluded_because=_unused(before, after),
    )


def _unused(before: MethodScore, after: MethodScore) -> Withheld | None:
    reasons = {before.excluded_because, after.excluded_because}
    if Exclusion.TOO_FEW in reasons:
        return Withheld.TOO_FEW
    return Withheld.WEIGHT_ZERO if Exclusion.WEIGHT_ZERO in reasons else None


def _common(
    before: LocationCells, after: LocationCells, shares: Sequence[LocationShare]
) -> dict[str | None, int]:
    """The weights of the locations measured in both windows that count at all.

    Like for like is a filter of locations: as with any other, only the shares of those it names
    count, so that a score filtered by them is the same. Observations without a location are compared
    only where neither window has a location.
    """
    anywhere = set(before) | set(after)
    both = [code for code in before if code in after]
    if anywhere != {None}:
        both = [code for code in both if code is not None]
    weights = weigh(both, _among(both, shares)).weights if both else {}
    return {code: weight for code, weight in weights.items() if weight > 0}


def _among(
    locations: Container[str | None], shares: Sequence[LocationShare]
) -> list[LocationShare]:
    return [share for share in shares if share.code in locations]


def _is_whole(
    weights: Mapping[str | None, int],
    before: LocationCells,
    after: LocationCells,
    shares: Sequence[LocationShare],
) -> bool:
    """Whether the windows hold these locations alone, which all shares would weigh alike."""
    if set(before) != set(weights) or set(after) != set(weights):
        return False
    others = weigh(weights, shares).weights
    whole, other = sum(weights.values()), sum(others.values())
    return all(weights[code] * other == others[code] * whole for code in weights)


def _apart(before: MethodScore, after: MethodScore) -> tuple[Fraction, Interval]:
    """X_after - X_before, by MOVER."""
    assert before.interval is not None
    assert after.interval is not None
    interval = mover_difference(after.score, after.interval, before.score, before.interval)
    return after.score - before.score, interval


def _paired(
    weights: Mapping[str | None, int], before: LocationCells, after: LocationCells, v0: Fraction
) -> tuple[Fraction, Interval]:
    """d = sum W_k d_k, d_k = X_k,after - X_k,before, about which d -+ t se.

    The error is the larger of that of the locations and that of their visits, with its own df, as
    for a score (2.2). Better than locations alone: six that happen to move alike would otherwise
    leave no width at all, however few their visits.
    """
    whole = sum(weights.values())
    shares = {code: Fraction(weight, whole) for code, weight in weights.items()}
    differences = {code: _score(after[code]) - _score(before[code]) for code in weights}
    change = sum((shares[code] * differences[code] for code in weights), Fraction(0))
    errors = [float(shares[code] * (differences[code] - change)) for code in weights]
    cells = [(float(shares[code]), one[code]) for code in weights for one in (before, after)]
    (error, df), between = _visit_error(cells, float(v0)), _location_error(errors)
    if between[0] >= error:
        error, df = between
    half = t_quantile(df) * error
    return change, (float(change) - half, float(change) + half)


def _location_error(errors: Sequence[float]) -> tuple[float, int]:
    """se = sqrt(K/(K-1) sum (W_k (d_k - d))^2), df K - 1."""
    K = len(errors)
    return sqrt(K / (K - 1) * sum(error**2 for error in errors)), K - 1


def _visit_error(cells: Sequence[tuple[float, Vector]], v0: float) -> tuple[float, int]:
    """se = sqrt(sum u), u = (100 W_k / (D/n))^2 s2/n of each location in each window.

    D is the side of the score, as in its SSE; df is Satterthwaite's.
    """
    parts = []
    for share, vector in cells:
        D = (vector.P if vector.S >= 0 else vector.Q) or vector.P or vector.Q
        per_point = 100 * share * vector.n / D if D else 0.0
        parts.append((per_point**2 * moderated_variance(vector, v0) / vector.n, cell_df(vector)))
    variance = sum(part for part, _df in parts)
    below = sum(part**2 / df for part, df in parts)
    return sqrt(variance), max(1, floor(variance**2 / below)) if below else 1


def _score(vector: Vector) -> Fraction:
    return x(vector.S, vector.P, vector.Q)


def _pooled(cells: LocationCells) -> Fraction:
    return _score(Vector.total(cells.values()))


def _shift(method: str, before: LocationCells, after: LocationCells) -> MixShift | None:
    """The location whose part of all observations moved most; the first by code of equal ones."""
    whole = [sum(vector.n for vector in cells.values()) for cells in (before, after)]
    shifts = [
        MixShift(
            method,
            code,
            Fraction(before[code].n if code in before else 0, whole[0]),
            Fraction(after[code].n if code in after else 0, whole[1]),
        )
        for code in sorted(set(before) | set(after), key=lambda code: (code is None, code or ""))
    ]
    largest: MixShift = max(shifts, key=attrgetter("moved"))
    return largest if largest.moved else None
