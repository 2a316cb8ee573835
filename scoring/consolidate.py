"""Locations -> method -> stage: fixed shares and fixed weights, never sample sizes.

A sample that moves from one location to another must not move the score (Simpson's paradox).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Final

from journeys.method_weights import DEFAULT_METHOD_WEIGHTS
from scoring.figures import Exclusion, Flag, LocationShare, MethodScore, ReadingRow, StratumScore
from scoring.intervals import (
    MIN_CLUSTERS,
    Part,
    Pool,
    Weighted,
    interval_about,
    mover,
    standard_error,
    weighted_means,
)
from scoring.numbers import Interval, x
from scoring.vector import Vector

_UNKNOWN_METHOD: Final = 1

COMPLETE_PERIMETER: Final = Fraction(4, 5)
DIVERGENCE: Final = 40  # score points


@dataclass(frozen=True, slots=True)
class Weighing:
    """Weights W_k of the strata with data (0: left out of the score); coverage None without locations."""

    weights: Mapping[str | None, int]
    coverage: Fraction | None
    equal: bool


@dataclass(frozen=True, slots=True)
class Consolidated:
    """X_s = sum omega X / sum omega over the given methods, raw likewise, and MOVER's interval."""

    score: Fraction
    raw_score: Fraction
    interval: Interval


def method_weight(method: str, weights: Mapping[str, int]) -> int:
    """omega of a method: the programme's, else the default (1 for an unknown method)."""
    return weights.get(method, DEFAULT_METHOD_WEIGHTS.get(method, _UNKNOWN_METHOD))


def weigh(locations: Iterable[str | None], shares: Sequence[LocationShare]) -> Weighing:
    """Choose the reference weights of the locations with data of one stage and method.

    Declared shares count if every location of the programme has one and those with data do not
    sum to 0; else all are equal. Observations without a location count only when none has one.
    """
    present = list(locations)
    located = [code for code in present if code is not None]
    if not located:
        return Weighing(dict.fromkeys(present, 1), None, equal=False)
    declared = {share.code: share.share_bp for share in shares}
    # A location the programme does not name has no share either.
    declared = dict.fromkeys(located) | declared
    known = {code: share for code, share in declared.items() if share is not None}
    equal = len(known) < len(declared) or sum(known.values()) == 0
    counts = dict.fromkeys(declared, 1) if equal else known
    seen = sum(counts[code] for code in located)
    coverage = Fraction(seen, sum(counts.values()))
    if seen == 0:
        equal, counts = True, dict.fromkeys(located, 1)
    weights = {code: 0 if code is None else counts[code] for code in present}
    return Weighing(weights, coverage, equal)


def score_method(
    method: str,
    cells: Mapping[str | None, Vector],
    *,
    weight: int,
    min_observations: int,
    pool: Pool,
    shares: Sequence[LocationShare],
) -> MethodScore:
    """Score one method in one stage; `cells` are the vectors by location, at least one, all with data."""
    weighing = weigh(cells, shares)
    strata = [
        Weighted(weighing.weights[code], vector)
        for code, vector in cells.items()
        if weighing.weights[code] > 0
    ]
    means, error = weighted_means(strata), standard_error(strata, pool.v0)
    sums = Vector.total(cells.values())
    exclusion = _exclusion(sums.n, weight, min_observations)
    return MethodScore(
        method=method,
        n=sums.n,
        score=means.score,
        raw_score=means.raw_score,
        interval=interval_about(means, error),
        crude=x(sums.S, sums.P, sums.Q),
        weight=weight,
        used=exclusion is None,
        excluded_because=exclusion,
        aggregated=False,
        share_coverage=weighing.coverage,
        strata=_stratum_scores(cells, weighing, shares),
        flags=_share_flags(weighing, locations=len(strata)),
        sums=sums,
        means=means,
        error=error,
    )


def score_reading_row(row: ReadingRow, *, weight: int, min_observations: int) -> MethodScore:
    """Score aggregated readings: X = x(S, P, Q), no interval, nothing added to the stage's own sums."""
    sums = row.sums
    score = x(sums.S, sums.P, sums.Q)
    exclusion = _exclusion(sums.n, weight, min_observations)
    return MethodScore(
        method=row.method,
        n=sums.n,
        score=score,
        raw_score=score,
        interval=None,
        crude=score,
        weight=weight,
        used=exclusion is None,
        excluded_because=exclusion,
        aggregated=True,
        share_coverage=None,
        strata=(),
        flags=(),
        sums=Vector(),
        counted=sums,
    )


def _exclusion(n: int, weight: int, min_observations: int) -> Exclusion | None:
    if n < min_observations:
        return Exclusion.TOO_FEW
    return Exclusion.WEIGHT_ZERO if weight <= 0 else None


def _stratum_scores(
    cells: Mapping[str | None, Vector], weighing: Weighing, shares: Sequence[LocationShare]
) -> tuple[StratumScore, ...]:
    """List every stratum with data, also those left out of the score: by code, no location last."""
    declared = {share.code: share.share_bp for share in shares}
    whole = sum(weighing.weights.values())
    return tuple(
        StratumScore(
            location=code,
            share_bp=None if code is None else declared.get(code),
            weight=Fraction(weighing.weights[code], whole),
            n=cells[code].n,
            S=cells[code].S,
            P=cells[code].P,
            Q=cells[code].Q,
        )
        for code in sorted(cells, key=lambda code: (code is None, code or ""))
    )


def _share_flags(weighing: Weighing, *, locations: int) -> tuple[Flag, ...]:
    flags = []
    if weighing.equal:
        flags.append(Flag.EQUAL_SHARES)
    if 1 < locations < MIN_CLUSTERS:
        flags.append(Flag.FEW_LOCATIONS)
    if weighing.coverage is not None and weighing.coverage < COMPLETE_PERIMETER:
        flags.append(Flag.INCOMPLETE_PERIMETER)
    return tuple(flags)


def consolidate(methods: Sequence[MethodScore]) -> Consolidated:
    """Combine methods by their weights (equally if all are 0); readings enter with low = high = X.

    The interval says nothing of the uncertainty of aggregated readings.
    """
    weights = [method.weight for method in methods]
    if sum(weights) == 0:
        weights = [1] * len(methods)
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    pairs = list(zip(shares, methods, strict=True))
    return Consolidated(
        score=sum((share * method.score for share, method in pairs), Fraction(0)),
        raw_score=sum((share * method.raw_score for share, method in pairs), Fraction(0)),
        interval=mover([_part(share, method) for share, method in pairs if share > 0]),
    )


def _part(share: Fraction, method: MethodScore) -> Part:
    low, high = method.interval or (float(method.score), float(method.score))
    return Part(share, method.score, low, high)


def diverge(methods: Sequence[MethodScore]) -> bool:
    """Whether used methods disagree: more than 40 points apart, or two intervals disjoint.

    Touching intervals are not disjoint; aggregated readings have none.
    """
    scores = [method.score for method in methods]
    if max(scores) - min(scores) > DIVERGENCE:
        return True
    intervals = [method.interval for method in methods if method.interval is not None]
    return any(one[1] < other[0] or other[1] < one[0] for one, other in combinations(intervals, 2))
