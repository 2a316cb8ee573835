"""Which stages go with an indicator, location by location (5.1): said only as far as n carries it.

Under 10 locations there is a table and no more. From 10 on, Spearman's r of each stage with Bonett
and Wright's interval. From 30 on, and 10 per driver, the parts of R2 by LMG (Shapley over all
subsets, so that correlated stages share what they explain together) with a bootstrap interval, and
Johnson's relative weights as a check. All floats: display only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import atanh, comb, sqrt, tanh
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from scoring.numbers import Interval

MIN_VISITS: Final = 5  # of one stage at one location
MIN_ANSWERS_HERE: Final = 10  # of the indicator at one location
MIN_RANKED: Final = 10
MIN_SHARED: Final = 30
PER_DRIVER: Final = 10
MAX_DRIVERS: Final = 8
RESAMPLES: Final = 1000
SEED: Final = 2026
_RIDGE: Final = 1e-10  # keeps a resample with two equal columns solvable; far below what is printed

Floats = NDArray[np.float64]


class Level(StrEnum):
    TABLE = "table"
    RANKS = "ranks"
    SHARES = "shares"


def level_of(locations: int, drivers: int) -> Level:
    """What may be shown of so many locations and drivers."""
    if locations < MIN_RANKED:
        return Level.TABLE
    enough = locations >= max(MIN_SHARED, PER_DRIVER * drivers)
    return Level.SHARES if enough and 0 < drivers <= MAX_DRIVERS else Level.RANKS


@dataclass(frozen=True, slots=True)
class Ranked:
    """Spearman's r over n locations; None where one side does not vary."""

    n: int
    r: float | None
    interval: Interval | None


def spearman(xs: Sequence[float], ys: Sequence[float]) -> Ranked:
    """Rank correlation, ties sharing their mean rank; no interval at r = -+1 or under 4 locations."""
    n = len(xs)
    if n < 2 or len(set(xs)) < 2 or len(set(ys)) < 2:
        return Ranked(n, None, None)
    r = float(np.corrcoef(stats.rankdata(xs), stats.rankdata(ys))[0, 1])
    return Ranked(n, r, spearman_interval(r, n))


def spearman_interval(r: float, n: int) -> Interval | None:
    """tanh(atanh r -+ 1.96 sqrt((1 + r^2/2)/(n - 3))) (Bonett and Wright 2000)."""
    if n < 4 or abs(r) >= 1 - 1e-12:
        return None
    half = float(special.ndtri(0.975)) * sqrt((1 + r * r / 2) / (n - 3))
    return tanh(atanh(r) - half), tanh(atanh(r) + half)


@dataclass(frozen=True, slots=True)
class Share:
    """The part of R2 that goes to one driver: LMG, its part of the whole with the bootstrap interval."""

    lmg: float
    share: float
    interval: Interval | None
    johnson: float


@dataclass(frozen=True, slots=True)
class Shares:
    n: int
    r2: float
    drivers: tuple[Share, ...]


def shares_of(
    xs: Sequence[Sequence[float]], ys: Sequence[float], *, resamples: int = RESAMPLES
) -> Shares | None:
    """`xs` has one row a location and one column a driver; None where a column does not vary."""
    rows = np.column_stack([np.asarray(xs, dtype=float), np.asarray(ys, dtype=float)])
    if np.any(np.ptp(rows, axis=0) == 0):
        return None
    correlations = np.corrcoef(rows, rowvar=False)[None]
    [parts] = _lmg(correlations)
    r2 = float(parts.sum())
    ends = _bootstrap(rows, resamples)
    return Shares(
        n=len(rows),
        r2=r2,
        drivers=tuple(
            Share(float(part), float(part) / r2 if r2 else 0.0, end, weight)
            for part, end, weight in zip(parts, ends, johnson(correlations[0]), strict=True)
        ),
    )


def _lmg(correlations: Floats) -> Floats:
    """LMG of each of a stack of correlation matrices, the outcome last: the mean gain in R2.

    A driver's gain over a subset of k of the other p - 1 weighs 1 / (p C(p-1, k)).
    """
    p = correlations.shape[-1] - 1
    explained = {
        subset: _r2(correlations, subset)
        for size in range(p + 1)
        for subset in combinations(range(p), size)
    }
    parts = np.zeros((len(correlations), p))
    for subset, r2 in explained.items():
        weight = 1 / (p * comb(p - 1, len(subset))) if len(subset) < p else 0.0
        for driver in range(p):
            if driver not in subset:
                more = tuple(sorted((*subset, driver)))
                parts[:, driver] += weight * (explained[more] - r2)
    return parts


def _r2(correlations: Floats, subset: tuple[int, ...]) -> Floats:
    """R2 = r' R^-1 r of the subset, for each matrix of the stack."""
    if not subset:
        return np.zeros(len(correlations))
    index = list(subset)
    inside = correlations[:, index][:, :, index] + _RIDGE * np.eye(len(index))
    outside = correlations[:, index, -1]
    solved = np.linalg.solve(inside, outside[..., None])[..., 0]
    return np.asarray(np.einsum("bi,bi->b", outside, solved))


def _bootstrap(rows: Floats, resamples: int) -> list[Interval | None]:
    """The middle 95 % of each driver's part of R2 over resampled locations; seeded, so repeatable."""
    drivers = rows.shape[1] - 1
    random = np.random.default_rng(SEED)
    found = rows[random.integers(0, len(rows), (resamples, len(rows)))]
    varies = np.all(np.ptp(found, axis=1) > 0, axis=1)
    if not np.any(varies):
        return [None] * drivers
    centred = found[varies] - found[varies].mean(axis=1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).sum(axis=1, keepdims=True))
    parts = _lmg(np.asarray(np.einsum("bni,bnj->bij", scaled, scaled)))
    shares = parts / parts.sum(axis=1, keepdims=True)
    low, high = np.percentile(shares, [2.5, 97.5], axis=0)
    return [(float(one), float(other)) for one, other in zip(low, high, strict=True)]


def johnson(correlations: Floats) -> list[float]:
    """Johnson's relative weights: through the orthogonal drivers nearest to the real ones."""
    inside, outside = correlations[:-1, :-1], correlations[:-1, -1]
    values, vectors = np.linalg.eigh(inside)
    root = np.sqrt(np.clip(values, _RIDGE, None))
    to_drivers = vectors * root @ vectors.T
    to_outcome = vectors / root @ vectors.T @ outside
    return [float(one) for one in (to_drivers**2) @ (to_outcome**2)]
