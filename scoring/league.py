"""Which location does better? A league table by shrinkage (3.3), never by their own scores.

A ranking by these puts the locations with the fewest visits at both ends, by luck alone. Each score
X_k with its variance V_k is drawn towards the common mean, the more so the less it is known:

    w = 1/V    mu_f = sum wX / sum w    Q = sum w (X - mu_f)^2
    tau2 = max(0, (Q - (K-1)) / (sum w - sum w^2 / sum w))
    mu = sum X/(V+tau2) / sum 1/(V+tau2)        X^ = (V mu + tau2 X) / (V + tau2)

(DerSimonian and Laird; James and Stein.) tau2 estimates how much locations differ in truth; where
it is 0, no difference between them is shown, and nobody is ranked. Above 0 it may still be chance:
Q, chi-squared with K-1 degrees of freedom where all are alike, says so. Scores are exact; what
comes of a variance is a float, for display.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import fsum
from typing import Final

from scipy import special

from scoring.classify import score_journey
from scoring.figures import CellRow, Label, LocationShare, ReadingRow, StageFacts, StageScore
from scoring.intervals import Means, Pool
from scoring.scale import Thresholds

RANKABLE: Final = 3  # visits; fewer tell nothing of a location, whatever a framework asks
ALIKE: Final = 0.05  # below this p, chance alone does not bring scores so far apart


class Difference(StrEnum):
    """Between locations: none where tau2 is 0, shown where equal locations are ruled out (p < 0.05)."""

    NONE = "none"
    POSSIBLE = "possible"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Measured:
    """X_k in score points and V_k, its variance in squared score points (> 0)."""

    score: Fraction
    variance: float


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """What K locations have in common; `fixed_mean` is mu_f, `heterogeneity` Q, `p_value` that of Q."""

    fixed_mean: float
    heterogeneity: float
    tau2: float
    mean: float
    p_value: float

    @property
    def difference(self) -> Difference:
        if self.tau2 == 0:
            return Difference.NONE
        return Difference.SHOWN if self.p_value < ALIKE else Difference.POSSIBLE

    def kept(self, variance: float) -> float:
        """The part of a location's distance from the mean that shrinkage keeps, 0 to 1."""
        return self.tau2 / (variance + self.tau2)

    def shrink(self, one: Measured) -> float:
        return self.mean + self.kept(one.variance) * (float(one.score) - self.mean)


def shrinkage(rows: Sequence[Measured]) -> Shrinkage | None:
    """The common mean and the variance between locations; None with fewer than two of them."""
    K = len(rows)
    if K < 2:
        return None
    weights = [1 / row.variance for row in rows]
    whole = fsum(weights)
    fixed = fsum(w * float(row.score) for w, row in zip(weights, rows, strict=True)) / whole
    Q = fsum(w * (float(row.score) - fixed) ** 2 for w, row in zip(weights, rows, strict=True))
    tau2 = max(0.0, (Q - (K - 1)) / (whole - fsum(w * w for w in weights) / whole))
    random = [1 / (row.variance + tau2) for row in rows]
    mean = fsum(w * float(row.score) for w, row in zip(random, rows, strict=True)) / fsum(random)
    return Shrinkage(fixed, Q, tau2, mean, float(special.chdtrc(K - 1, Q)))


def score_variance(means: Means, error: float) -> float:
    """V: half the distance between the scores one standard error up and down, squared.

    `error` is that of 2.2, in points: sqrt(s2/n) for one cell. Where both scores stand on the side
    of the estimate this is (100 se / D)^2, D being P or Q per observation; across 0 each side has
    its own slope. Unlike an interval it is not clipped at +-100: a location at the end of the
    scale is not the better known for that.
    """
    S, P, Q = float(means.S), float(means.P), float(means.Q)
    return ((_straight(S + error, P, Q) - _straight(S - error, P, Q)) / 2) ** 2


def _straight(S: float, P: float, Q: float) -> float:
    """x(S; P, Q) going on beyond what can be won or lost; 0 on a side with nothing to win or lose."""
    if S > 0 and P > 0:
        return 100 * S / P
    if S < 0 and Q > 0:
        return 100 * S / Q
    return 0.0


def location_variance(score: StageScore) -> float:
    """V of a location's score over its used methods: sum a_m^2 V_m; aggregated readings add none."""
    used = [method for method in score.methods if method.used]
    whole = sum(method.weight for method in used)
    return fsum(
        (method.weight / whole) ** 2 * score_variance(method.means, method.error.error)
        for method in used
        if method.means is not None and method.error is not None
    )


def score_locations(
    *,
    facts: StageFacts,
    cells: Sequence[CellRow],
    locations: Sequence[LocationShare],
    pools: Mapping[str, Pool],
    method_weights: Mapping[str, int],
    thresholds: Thresholds,
    readings: Mapping[str, Sequence[ReadingRow]],
) -> dict[str, StageScore]:
    """Each location read alone, as the score of a stage under a filter that names only it.

    `cells` are those of that stage.
    """
    found: dict[str, list[CellRow]] = {}
    for cell in cells:
        if cell.location is not None:
            found.setdefault(cell.location, []).append(cell)
    return {
        share.code: score_journey(
            stages=[facts],
            cells=found.get(share.code, []),
            pools=pools,
            shares=[share],
            method_weights=method_weights,
            thresholds=thresholds,
            readings=readings.get(share.code, ()),
        ).stages[0]
        for share in locations
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """One location of a league; without `measured` it has too few observations to be compared."""

    location: str
    score: StageScore
    measured: Measured | None
    methods: tuple[str, ...]
    kept: float | None = None
    shrunk: float | None = None
    rank: int | None = None

    @property
    def has_score(self) -> bool:
        return self.score.label is not Label.INSUFFICIENT


@dataclass(frozen=True, slots=True)
class League:
    """Locations from the best to the worst shrunk score, those that can't be compared after them."""

    standings: tuple[Standing, ...]
    shrinkage: Shrinkage | None

    @property
    def compared(self) -> tuple[Standing, ...]:
        return tuple(one for one in self.standings if one.measured is not None)

    @property
    def like_for_like(self) -> bool:
        """Whether all that are compared were observed by the same methods."""
        return len({one.methods for one in self.compared}) < 2


def rank_locations(
    scores: Mapping[str, StageScore], methods: Mapping[str, tuple[str, ...]] | None = None
) -> League:
    """The league of locations read alone; equal shrunk scores share a rank (1, 2, 2, 4).

    `methods` are named where a score is that of several methods as one.
    """
    standings = [
        Standing(code, score, _measured(score), methods[code] if methods else _used(score))
        for code, score in sorted(scores.items())
    ]
    common = shrinkage([one.measured for one in standings if one.measured is not None])
    if common is None:
        return League(tuple(sorted(standings, key=_last_without_score)), None)
    standings = [_shrunk(one, common) for one in standings]
    values = [one.shrunk for one in standings if one.shrunk is not None]
    if common.difference is not Difference.NONE:
        standings = [_ranked(one, values) for one in standings]
    return League(tuple(sorted(standings, key=_in_order)), common)


def _used(score: StageScore) -> tuple[str, ...]:
    return tuple(method.method for method in score.methods if method.used)


def _measured(score: StageScore) -> Measured | None:
    if score.label is Label.INSUFFICIENT or score.score is None or score.n < RANKABLE:
        return None
    variance = location_variance(score)
    return Measured(score.score, variance) if variance > 0 else None


def _shrunk(one: Standing, common: Shrinkage) -> Standing:
    if one.measured is None:
        return one
    kept = common.kept(one.measured.variance)
    return replace(one, kept=kept, shrunk=common.shrink(one.measured))


def _ranked(one: Standing, values: Sequence[float]) -> Standing:
    if one.shrunk is None:
        return one
    return replace(one, rank=1 + sum(value > one.shrunk for value in values))


def _last_without_score(one: Standing) -> tuple[bool, str]:
    return not one.has_score, one.location


def _in_order(one: Standing) -> tuple[bool, bool, int, str]:
    return one.measured is None, not one.has_score, one.rank or 0, one.location
