"""Worked examples 2 and 3: standardised, consolidated, and the cells of a re-measurement."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pytest

from scoring.classify import (
    CellRow,
    Flag,
    LocationShare,
    Pool,
    StageFacts,
    StageScore,
    pool_variance,
    score_journey,
)
from scoring.intervals import Weighted, cell_interval, satterthwaite, sse, visit_error
from scoring.intervals import weighted_means as means
from scoring.numbers import exact, x
from scoring.scale import Thresholds
from scoring.tests.golden_cases import FLOAT, golden
from scoring.vector import Vector

EX2 = golden("ex2_methods_and_simpson.json")
EX3 = golden("ex3_remeasure_and_indicators.json")
WINDOWS = ["T1", "T2"]
STORES = ["Paris", "Lyon"]


def visits(n: int, S: int, SS: int) -> Vector:
    """The cell of n visits that each could win 10 and lose 10."""
    P = 10 * n
    return Vector(
        n=n, S=S, raw=S, P=P, Q=P, SS=SS, SP=10 * S, SQ=10 * S, PP=100 * n, QQ=100 * n, nN=n
    )


def mystery(window: str, store: str) -> Vector:
    return visits(*EX2["cells"][window]["mystery"][store])


def verbatim(window: str) -> Vector:
    return visits(*EX2["cells"][window]["verbatim"])


def pools() -> dict[str, Pool]:
    """Each window is a wave."""
    return {
        "mystery": pool_variance(mystery(w, store) for w in WINDOWS for store in STORES),
        "verbatim": pool_variance(verbatim(window) for window in WINDOWS),
    }


def stage(window: str) -> StageScore:
    cells = [CellRow("S", "mystery", store, mystery(window, store)) for store in STORES]
    cells.append(CellRow("S", "verbatim", None, verbatim(window)))
    shares = EX2["store_shares"]
    reading = score_journey(
        stages=[StageFacts("S", 1, True, 10_000, False, True, None)],
        cells=cells,
        pools=pools(),
        shares=[LocationShare(s, int(Fraction(shares[s]) * 10_000)) for s in STORES],
        method_weights=EX2["method_weights"],
        thresholds=Thresholds(),
    )
    return reading.stages[0]


def test_methods_are_pooled_apart() -> None:
    expected = EX2["v0"]
    assert exact(pools()["mystery"].v0) == expected["mystery"]
    assert pools()["mystery"].df == expected["mystery_df"]
    assert exact(pools()["verbatim"].v0) == expected["verbatim"]
    assert pools()["verbatim"].df == expected["verbatim_df"]


@pytest.mark.parametrize("window", WINDOWS)
def test_mystery_visits_standardised(window: str) -> None:
    expected: dict[str, Any] = EX2["expected"][window]
    method = stage(window).methods[0]
    assert method.method == "mystery"
    assert {s.location: x(s.S, s.P, s.Q) for s in method.strata} == expected["store_X"]
    assert method.crude == expected["crude_X"]
    assert method.score == expected["standardised_X"]
    assert method.interval == pytest.approx(expected["ci"], abs=FLOAT)
    assert method.flags == (Flag.FEW_LOCATIONS,)
    assert method.share_coverage == 1
    assert [s.location for s in method.strata] == ["Lyon", "Paris"]
    assert [s.weight for s in method.strata] == [Fraction(2, 5), Fraction(3, 5)]


@pytest.mark.parametrize("window", WINDOWS)
def test_variance_of_the_standardised_sum(window: str) -> None:
    expected = EX2["expected"][window]
    strata = [Weighted(w, mystery(window, s)) for w, s in ((6000, "Paris"), (4000, "Lyon"))]
    assert exact(means(strata).S) == expected["standardised_S"]
    error, df = visit_error(strata, pools()["mystery"].v0)
    assert error**2 == pytest.approx(expected["V_S"])
    assert df == satterthwaite(strata, pools()["mystery"].v0) == int(expected["df"])


@pytest.mark.parametrize("window", WINDOWS)
def test_verbatims_and_consolidated(window: str) -> None:
    expected, found = EX2["expected"][window], stage(window)
    method = found.methods[1]
    assert method.score == expected["verbatim_X"]
    assert method.interval == pytest.approx(expected["verbatim_ci"], abs=FLOAT)
    assert (method.share_coverage, method.flags) == (None, ())
    assert found.score == expected["consolidated"]
    assert found.interval == pytest.approx(expected["consolidated_ci"], abs=FLOAT)
    assert found.flags == (Flag.FEW_LOCATIONS,)


def windows_3() -> dict[str, Vector]:
    named = {"B": "before", "A": "after", "CB": "control_before", "CA": "control_after"}
    return {key: visits_3(EX3[name]) for key, name in named.items()}


def visits_3(scores: Iterable[int]) -> Vector:
    return Vector.total(
        Vector(n=1, S=s, raw=s, P=6, Q=12, SS=s * s, SP=6 * s, SQ=12 * s, PP=36, QQ=144, nN=1)
        for s in scores
    )


def test_pool_of_example_3() -> None:
    pool = pool_variance(windows_3().values())
    assert (exact(pool.v0), pool.df) == (EX3["v0"], EX3["v0_df"])


@pytest.mark.parametrize("window", ["B", "A", "CB", "CA"])
def test_cells_of_example_3(window: str) -> None:
    vector, expected = windows_3()[window], EX3["expected"][window]
    assert (vector.n, vector.S, vector.SS) == (expected["n"], expected["S"], expected["SS"])
    assert exact(sse(vector)) == expected["SSE"]
    assert exact(x(vector.S, vector.P, vector.Q)) == expected["X"]
    interval = cell_interval(vector, pool_variance(windows_3().values()).v0)
    assert interval == pytest.approx(expected["ci"], abs=FLOAT)
