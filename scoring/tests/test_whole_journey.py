"""The cumulative score of a location: which methods it adds up, and from what its variance comes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scoring.classify import CellRow, Label, LocationShare, Pool, StageFacts
from scoring.figures import Evidence
from scoring.intervals import cell_interval
from scoring.league import location_variance, rank_locations
from scoring.numbers import x
from scoring.scale import Thresholds
from scoring.vector import Vector
from scoring.whole_journey import WholeScore, score_whole_journeys

STAGES = [
    StageFacts.from_items(key, [], criticality=criticality, has_touchpoint=True, reach_bp=10_000)
    for key, criticality in (("S1", 1), ("S2", 3))
]
POOLS = {"mystery_visit": Pool(Fraction(1, 10), 20), "survey": Pool(Fraction(1, 5), 20)}


def vector(n: int, S: int) -> Vector:
    """n observations of S points in all, each of which could win or lose 10."""
    return Vector(
        n=n, S=S, raw=S, P=10 * n, Q=10 * n, SS=S * S, SP=10 * S, SQ=10 * S, PP=100 * n, QQ=100 * n
    )


def whole(*cells: CellRow, weights: dict[str, int] | None = None) -> WholeScore:
    found = score_whole_journeys(
        stages=STAGES,
        cells=cells,
        locations=[LocationShare("A", 0)],
        pools=POOLS,
        method_weights=weights or {},
        thresholds=Thresholds(min_observations=5, min_observations_moment_of_truth=8),
    )
    return found["A"]


def cells(method: str, n: int, S: int, **by_stage: int) -> list[CellRow]:
    """The journey row, and how many of the observations each stage has."""
    rows = [CellRow(None, method, "A", vector(n, S))]
    return rows + [CellRow(key, method, "A", vector(seen, 0)) for key, seen in by_stage.items()]


def test_two_used_methods_are_one_vector_without_weights() -> None:
    found = whole(*cells("mystery_visit", 6, 30, S1=6), *cells("survey", 12, -6, S1=12))
    assert found.methods == ("mystery_visit", "survey")
    assert found.score.score == x(24, 180, 180) == Fraction(40, 3)
    sums = vector(6, 30) + vector(12, -6)
    v0 = (6 * POOLS["mystery_visit"].v0 + 12 * POOLS["survey"].v0) / 18
    assert found.score.interval == pytest.approx(cell_interval(sums, v0))
    assert location_variance(found.score) > 0
    league = rank_locations({"A": found.score}, {"A": found.methods})
    assert league.compared[0].methods == found.methods


def test_a_method_used_in_no_stage_is_left_out() -> None:
    found = whole(*cells("mystery_visit", 6, 30, S1=6), *cells("survey", 9, -6, S1=4, S2=7))
    assert (found.methods, found.score.n) == (("mystery_visit",), 6)
    assert found.score.score == 50
    nothing = whole(*cells("mystery_visit", 9, 9, S9=9))
    assert (nothing.methods, nothing.score.label) == ((), Label.INSUFFICIENT)
    weightless = whole(*cells("survey", 9, 9, S1=9), weights={"survey": 0})
    assert (weightless.methods, weightless.score.missing) == ((), 5)


def test_where_no_method_is_used_it_says_what_is_missing() -> None:
    found = whole(*cells("mystery_visit", 4, 4, S1=3, S2=4), *cells("survey", 2, 0, S1=2))
    assert (found.methods, found.score.n, found.score.missing) == ((), 6, 2)
    assert (found.score.label, found.score.evidence) == (Label.INSUFFICIENT, Evidence.D)
    assert rank_locations({"A": found.score}, {"A": ()}).compared == ()
    none = whole()
    assert (none.score.n, none.score.missing, none.score.score) == (0, 5, None)
