"""Variance and intervals of a score, from integer sums.

Estimates, variances and degrees of freedom are exact rationals; quantiles, roots and interval
ends are floats, for display. An interval is (low, high) in score points.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import floor, lcm, sqrt
from typing import Final, TypeVar

from scipy import special

from scoring.numbers import Interval, x
from scoring.vector import Vector

__all__ = [
    "DEFAULT_POOL",
    "DEFAULT_V0",
    "MIN_CLUSTERS",
    "Interval",
    "Means",
    "Part",
    "Pool",
    "StandardError",
    "Weighted",
    "cell_df",
    "cell_interval",
    "cluster_error",
    "half_range",
    "interval_about",
    "moderated_variance",
    "mover",
    "pool_variance",
    "satterthwaite",
    "sse",
    "standard_error",
    "standardised_interval",
    "t_quantile",
    "visit_error",
    "weighted_means",
    "wilson",
    "x",
]

PRIOR_DF: Final = 2  # d0: the prior variance is worth two observations
DEFAULT_V0: Final = Fraction(4, 25)  # sd = 40 % of the half-range
MIN_V0: Final = Fraction(1, 100)
MIN_POOL_DF: Final = 10
MIN_CLUSTERS: Final = 6
CONFIDENCE_QUANTILE: Final = 0.975

# Floats settle the floor of Satterthwaite's degrees of freedom unless they come this near to an
# integer (relative); their own error is a thousand times smaller.
_NEAR_INTEGER: Final = 1e-9

Variance = TypeVar("Variance", Fraction, float)


@dataclass(frozen=True, slots=True)
class Pool:
    """Pooled relative variance (in squared half-ranges) of one method, and its degrees of freedom."""

    v0: Fraction
    df: int


DEFAULT_POOL: Final = Pool(DEFAULT_V0, 0)


@dataclass(frozen=True, slots=True)
class Weighted:
    """One stratum with its reference weight (an integer > 0, not normalised)."""

    weight: int
    vector: Vector


@dataclass(frozen=True, slots=True)
class Means:
    """Weighted means per observation over strata: S* = sum W_k S_k/n_k, and raw*, P*, Q* likewise."""

    S: Fraction
    raw: Fraction
    P: Fraction
    Q: Fraction

    @property
    def score(self) -> Fraction:
        return x(self.S, self.P, self.Q)

    @property
    def raw_score(self) -> Fraction:
        return x(self.raw, self.P, self.Q)


@dataclass(frozen=True, slots=True)
class Part:
    """One independent part a_j theta_j of a combination; `low` and `high` are the ends of theta_j."""

    coefficient: Fraction
    estimate: Fraction
    low: float
    high: float


def sse(v: Vector) -> Fraction:
    """SSE = SS - 2 R SD + R^2 DD about the ratio R = S/D, D = P if S >= 0 else Q; SS if D = 0."""
    return Fraction(*_sse_terms(v))


def _sse_terms(v: Vector) -> tuple[int, int]:
    """Numerator and denominator of the SSE, not reduced: thousands are needed for one page."""
    D, SD, DD = (v.P, v.SP, v.PP) if v.S >= 0 else (v.Q, v.SQ, v.QQ)
    if D == 0:
        return v.SS, 1
    return v.SS * D * D - 2 * v.S * SD * D + v.S * v.S * DD, D * D


def half_range(v: Vector) -> Fraction:
    """h = (P + Q) / 2n, in points per observation."""
    return Fraction(v.P + v.Q, 2 * v.n)


def pool_variance(vectors: Iterable[Vector]) -> Pool:
    """v0 = sum SSE/h^2 / sum (n - 1) over the vectors with n > 1, never below 0.01; 0.16 if df < 10.

    One vector per perimeter stage x location x wave of one framework version and method: the
    months of a wave summed, those in no wave together, the journey vector left out, no filter.
    """
    df = 0
    by_denominator: dict[int, int] = {}
    for v in vectors:
        if not v.has_data or v.n < 2 or v.P + v.Q == 0:
            continue
        df += v.n - 1
        above, below = _sse_terms(v)
        above, below = above * 4 * v.n**2, below * (v.P + v.Q) ** 2  # over h^2
        by_denominator[below] = by_denominator.get(below, 0) + above
    if df < MIN_POOL_DF:
        return Pool(DEFAULT_V0, df)
    total_sse = _sum([Fraction(number, below) for below, number in by_denominator.items()])
    return Pool(max(MIN_V0, total_sse / df), df)


def _sum(fractions: Sequence[Fraction]) -> Fraction:
    """Sum pairwise: one by one, the growing denominator would make thousands of cells quadratic."""
    if len(fractions) < 2:
        return fractions[0] if fractions else Fraction(0)
    middle = len(fractions) // 2
    return _sum(fractions[:middle]) + _sum(fractions[middle:])


def moderated_variance(v: Vector, v0: Variance) -> Variance:
    """s2 = (d0 v0 h^2 + SSE) / (d0 + n - 1), exact for an exact v0.

    A vector in which folds pass each other may have SSE < 0 for a moment: it counts 0.
    """
    if isinstance(v0, float):
        # Quotients of integers are rounded once, like the float of a fraction: the same last bit.
        above, below = _sse_terms(v)
        relative = (v.P + v.Q) ** 2 / (4 * v.n**2)
        return (PRIOR_DF * v0 * relative + max(0.0, above / below)) / (PRIOR_DF + v.n - 1)
    spread = max(Fraction(0), sse(v))
    return (PRIOR_DF * v0 * half_range(v) ** 2 + spread) / (PRIOR_DF + v.n - 1)


def cell_df(v: Vector) -> int:
    """df = d0 + n - 1 = n + 1."""
    return PRIOR_DF + v.n - 1


@cache
def t_quantile(df: int) -> float:
    """t(.975, df)."""
    return float(special.stdtrit(df, CONFIDENCE_QUANTILE))


def weighted_means(strata: Sequence[Weighted]) -> Means:
    """Return S*, raw*, P*, Q*, over one common denominator."""
    common = lcm(*(stratum.vector.n for stratum in strata))
    whole = common * sum(stratum.weight for stratum in strata)
    S = raw = P = Q = 0
    for stratum in strata:
        v = stratum.vector
        factor = stratum.weight * (common // v.n)
        S += factor * v.S
        raw += factor * v.raw
        P += factor * v.P
        Q += factor * v.Q
    return Means(Fraction(S, whole), Fraction(raw, whole), Fraction(P, whole), Fraction(Q, whole))


def satterthwaite(strata: Sequence[Weighted], v0: Fraction) -> int:
    """df = floor(V^2 / sum(u_k^2 / df_k)), u_k = W_k^2 s2_k / n_k and V = sum u_k, as if all exact."""
    if len(strata) == 1:
        return cell_df(strata[0].vector)
    ratio = _satterthwaite_ratio(strata, float(v0))
    if abs(ratio - round(ratio)) > _NEAR_INTEGER * ratio:
        return floor(ratio)
    return floor(_satterthwaite_ratio(strata, v0))


def _satterthwaite_ratio(strata: Sequence[Weighted], v0: Variance) -> Variance:
    parts = [_mean_variance(stratum, v0) for stratum in strata]
    below = sum(
        part * part / cell_df(stratum.vector) for part, stratum in zip(parts, strata, strict=True)
    )
    whole = sum(parts, 0 * v0)
    return whole * whole / below


def _mean_variance(stratum: Weighted, v0: Variance) -> Variance:
    """W_k^2 s2_k / n_k, with the weight as it stands."""
    v = stratum.vector
    return stratum.weight**2 * moderated_variance(v, v0) / v.n


def visit_error(strata: Sequence[Weighted], v0: Fraction) -> tuple[float, int]:
    """Return sqrt V, the standard error of S* with visits as units, and Satterthwaite's df."""
    whole = sum(stratum.weight for stratum in strata)
    relative = float(v0)
    variance = sum(_mean_variance(stratum, relative) for stratum in strata)
    return sqrt(variance) / whole, satterthwaite(strata, v0)


def cluster_error(strata: Sequence[Weighted]) -> tuple[float, int]:
    """Return se = sqrt(K/(K-1) sum e_k^2) and df = K - 1, with locations as units (K >= 2).

    e_k = W_k (S_k/n_k - R* D_k/n_k), R* = S*/D*, D on the side of S*.
    """
    means = weighted_means(strata)
    positive = means.S >= 0
    D = means.P if positive else means.Q
    R = float(means.S / D) if D else 0.0
    whole = sum(stratum.weight for stratum in strata)
    K = len(strata)
    squares = 0.0
    for stratum in strata:
        v = stratum.vector
        e = stratum.weight / whole * (v.S - R * (v.P if positive else v.Q)) / v.n
        squares += e * e
    return sqrt(K / (K - 1) * squares), K - 1


@dataclass(frozen=True, slots=True)
class StandardError:
    """The error of S* that an interval is made of: with visits or with locations as units."""

    by_location: bool
    error: float
    df: int

    @property
    def half_width(self) -> float:
        """t(.975, df) se, in points per observation."""
        return t_quantile(self.df) * self.error


def standard_error(strata: Sequence[Weighted], v0: Fraction) -> StandardError:
    """From 6 locations on, the larger of the visit-level and the cluster standard error.

    It brings its own df, even where its t se is the smaller.
    """
    error, df = visit_error(strata, v0)
    if len(strata) >= MIN_CLUSTERS:
        between, between_df = cluster_error(strata)
        if between > error:
            return StandardError(True, between, between_df)
    return StandardError(False, error, df)


def interval_about(means: Means, error: StandardError) -> Interval:
    """x(S* -+ t se; P*, Q*), the ends clipped to what can be won or lost."""
    centre, half = float(means.S), error.half_width
    P, Q = float(means.P), float(means.Q)
    return _end(centre - half, P, Q), _end(centre + half, P, Q)


def standardised_interval(strata: Sequence[Weighted], v0: Fraction) -> Interval:
    """The interval of a score over strata with reference weights."""
    return interval_about(weighted_means(strata), standard_error(strata, v0))


def _end(S: float, P: float, Q: float) -> float:
    """x(S; P, Q) clipped to [-100, 100]: exactly 0 on a side where there is nothing to win or lose."""
    if S > 0 and P > 0:
        return 100.0 * min(1.0, S / P)
    if S < 0 and Q > 0:
        return 100.0 * max(-1.0, S / Q)
    return 0.0


def cell_interval(v: Vector, v0: Fraction) -> Interval:
    """x(S/n -+ t(.975, n + 1) sqrt(s2/n); P/n, Q/n) of one vector."""
    return standardised_interval([Weighted(1, v)], v0)


def mover(parts: Sequence[Part]) -> Interval:
    """Combine independent intervals (Zou and Donner), theta = sum a_j theta_j, keeping asymmetry.

    low = theta - sqrt(sum (a_j > 0 ? a_j(est_j - low_j) : a_j(est_j - high_j))^2); high mirrored.
    """
    if len(parts) == 1 and parts[0].coefficient == 1:
        # A root of a square would blur ends that are exactly 0 or 100.
        return parts[0].low, parts[0].high
    theta = float(sum(part.coefficient * part.estimate for part in parts))
    below = above = 0.0
    for part in parts:
        a, estimate = float(part.coefficient), float(part.estimate)
        to_low, to_high = a * (estimate - part.low), a * (part.high - estimate)
        below += to_low**2 if a > 0 else to_high**2
        above += to_high**2 if a > 0 else to_low**2
    return theta - sqrt(below), theta + sqrt(above)


def mover_difference(
    one: Fraction, one_interval: Interval, other: Fraction, other_interval: Interval
) -> Interval:
    """The interval of one - other: MOVER with (+1, -1)."""
    return mover(
        [Part(Fraction(1), one, *one_interval), Part(Fraction(-1), other, *other_interval)]
    )


def wilson(k: int, n: int) -> Interval:
    """Return the 95 % Wilson interval of the share k/n, in [0, 1]. Raises ValueError if n < 1."""
    if n < 1:
        raise ValueError("a share needs at least one case")
    z = float(special.ndtri(CONFIDENCE_QUANTILE))
    p = k / n
    below = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / below
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / below
    return max(0.0, centre - half), min(1.0, centre + half)
