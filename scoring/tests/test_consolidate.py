"""Reference shares of locations, weights of methods, what is left out and what is flagged."""

from fractions import Fraction

import pytest

from scoring.classify import (
    CellRow,
    Exclusion,
    Flag,
    Label,
    LocationShare,
    MethodScore,
    ReadingRow,
    StageFacts,
    StageScore,
    score_journey,
)
from scoring.consolidate import weigh
from scoring.scale import ReadingSums, Thresholds
from scoring.vector import Vector

PARIS, LYON, LILLE = (LocationShare(c, bp) for c, bp in [("P", 6000), ("L", 3000), ("X", 1000)])
SHARES = [PARIS, LYON, LILLE]
WHOLE, NONE = Fraction(1), Fraction(0)


def visits(n: int, score: int) -> Vector:
    """n visits that each score `score` of 10 points, on a tenth of the -100..+100 scale."""
    return Vector(
        n=n,
        S=n * score,
        raw=n * score,
        P=10 * n,
        Q=10 * n,
        SS=n * score * score,
        SP=10 * n * score,
        SQ=10 * n * score,
        PP=100 * n,
        QQ=100 * n,
        nN=n,
    )


def a_stage(
    *cells: tuple[str, str | None, Vector],
    shares: list[LocationShare] = SHARES,
    weights: dict[str, int] | None = None,
    readings: tuple[ReadingRow, ...] = (),
) -> StageScore:
    """The one stage of a journey with these (method, location, vector)."""
    reading = score_journey(
        stages=[StageFacts("S", 1, True, 10_000, False, True, None)],
        cells=[CellRow("S", method, location, vector) for method, location, vector in cells],
        pools={},
        shares=shares,
        method_weights=weights or {},
        thresholds=Thresholds(),
        readings=readings,
    )
    return reading.stages[0]


def the_method(
    *cells: tuple[str | None, Vector], shares: list[LocationShare] = SHARES
) -> MethodScore:
    named = [("mystery_visit", location, vector) for location, vector in cells]
    (method,) = a_stage(*named, shares=shares).methods
    return method


def test_shares_are_renormalised_over_the_locations_with_data() -> None:
    method = the_method(("P", visits(50, 1)), ("L", visits(2, 4)))
    assert method.score == Fraction(6000 * 10 + 3000 * 40, 9000)
    assert method.share_coverage == Fraction(9, 10)
    assert method.flags == (Flag.FEW_LOCATIONS,)
    assert method.crude == Fraction(100 * 58, 520)


def test_one_missing_share_makes_all_equal_also_in_the_coverage() -> None:
    shares = [PARIS, LYON, LocationShare("X", None), LocationShare("Z", 0)]
    method = the_method(("P", visits(5, 1)), ("Z", visits(5, 3)), shares=shares)
    assert method.score == 20
    assert method.share_coverage == Fraction(1, 2)
    assert method.flags == (Flag.EQUAL_SHARES, Flag.FEW_LOCATIONS, Flag.INCOMPLETE_PERIMETER)
    assert [stratum.share_bp for stratum in method.strata] == [6000, 0]


def test_a_location_the_programme_does_not_name_lacks_a_share() -> None:
    weighing = weigh(["P", "new"], SHARES)
    assert weighing.weights == {"P": 1, "new": 1}
    assert (weighing.equal, weighing.coverage) == (True, Fraction(2, 4))


def test_a_share_of_0_leaves_the_location_out_of_the_score_but_not_of_the_counts() -> None:
    shares = [LocationShare("P", 10_000), LocationShare("Z", 0)]
    method = the_method(("P", visits(3, 2)), ("Z", visits(4, -9)), shares=shares)
    assert method.score == 20
    assert (method.n, method.used) == (7, True)
    assert method.flags == ()
    assert [(s.location, s.n, s.weight) for s in method.strata] == [("P", 3, WHOLE), ("Z", 4, NONE)]


def test_locations_with_data_whose_shares_sum_to_0_are_equal() -> None:
    shares = [PARIS, LocationShare("Y", 0), LocationShare("Z", 0)]
    method = the_method(("Y", visits(9, 1)), ("Z", visits(3, 3)), shares=shares)
    assert method.score == 20
    assert method.share_coverage == 0
    assert method.flags == (Flag.EQUAL_SHARES, Flag.FEW_LOCATIONS, Flag.INCOMPLETE_PERIMETER)


def test_a_programme_of_zeros_has_no_shares() -> None:
    shares = [LocationShare("Y", 0), LocationShare("Z", 0)]
    method = the_method(("Y", visits(9, 1)), shares=shares)
    assert method.share_coverage == Fraction(1, 2)
    assert Flag.EQUAL_SHARES in method.flags


def test_observations_without_a_location_are_the_only_stratum_or_left_out() -> None:
    alone = the_method((None, visits(5, 2)))
    assert alone.score == 20
    assert (alone.share_coverage, alone.flags) == (None, ())
    assert [(s.location, s.share_bp, s.weight) for s in alone.strata] == [(None, None, WHOLE)]
    beside = the_method((None, visits(5, 2)), ("P", visits(1, 4)))
    assert beside.score == 40
    assert beside.n == 6
    assert [(s.location, s.weight) for s in beside.strata] == [("P", WHOLE), (None, NONE)]


def test_coverage_below_80_percent_is_an_incomplete_perimeter() -> None:
    shares = [LocationShare("A", 7999), LocationShare("B", 2001)]
    assert the_method(("A", visits(5, 1)), shares=shares).flags == (Flag.INCOMPLETE_PERIMETER,)
    shares = [LocationShare("A", 8000), LocationShare("B", 2000)]
    assert the_method(("A", visits(5, 1)), shares=shares).flags == ()


@pytest.mark.parametrize(("stores", "few"), [(1, False), (2, True), (5, True), (6, False)])
def test_two_to_five_locations_are_few(stores: int, few: bool) -> None:
    shares = [LocationShare(str(k), 1) for k in range(stores)]
    method = the_method(*((str(k), visits(2, 1)) for k in range(stores)), shares=shares)
    assert (Flag.FEW_LOCATIONS in method.flags) is few


def test_cells_without_data_are_not_there() -> None:
    stage = a_stage(
        ("survey", "P", Vector(n=0, S=3, raw=3, P=10, Q=10)),
        ("survey", "L", -visits(2, 1)),
        ("mystery_visit", "P", visits(5, 1)),
    )
    assert [method.method for method in stage.methods] == ["mystery_visit"]


@pytest.mark.parametrize(
    "passing",
    [
        Vector(n=1, S=9, raw=9, P=-3, Q=10),
        Vector(n=1, S=9, raw=2, P=3, Q=10),
        Vector(n=1, S=-9, raw=2, P=3, Q=5),
        Vector(n=1, S=1, raw=9, P=3, Q=5),
        Vector(n=1, S=6, raw=6, P=8, Q=-5),
    ],
)
def test_sums_that_only_passing_folds_can_have_are_not_read(passing: Vector) -> None:
    assert a_stage(("survey", "P", passing)).methods == ()


def test_methods_combine_by_weight_never_by_sample_size() -> None:
    stage = a_stage(("store_team", "P", visits(500, 3)), ("shadowing", "P", visits(5, 1)))
    assert stage.score == Fraction(3 * 10 + 1 * 30, 4)
    assert [(m.method, m.weight) for m in stage.methods] == [("shadowing", 3), ("store_team", 1)]
    assert (stage.n, stage.sums.S) == (505, 1505)


def test_a_weight_of_the_programme_replaces_the_default() -> None:
    cells = [("store_team", "P", visits(9, 3)), ("shadowing", "P", visits(5, 1))]
    assert a_stage(*cells, weights={"store_team": 3}).score == 20
    muted = a_stage(*cells, weights={"store_team": 0})
    assert muted.score == 10
    assert muted.n == 5
    assert muted.methods[1].excluded_because is Exclusion.WEIGHT_ZERO


def test_too_few_comes_before_weight_zero() -> None:
    stage = a_stage(("survey", None, visits(4, 1)), weights={"survey": 0})
    assert stage.methods[0].excluded_because is Exclusion.TOO_FEW


def test_without_a_used_method_the_figures_stand_but_nothing_is_said() -> None:
    cells = [("store_team", "P", visits(4, 3)), ("shadowing", "L", visits(3, -9))]
    stage = a_stage(*cells)
    assert stage.score == Fraction(3 * -90 + 30, 4)
    assert (stage.n, stage.missing) == (7, 1)
    assert (stage.label, stage.certainty, stage.evidence) == ("insufficient", "-", "D")
    assert stage.flags == ()
    assert stage.interval is not None
    silent = a_stage(*cells, weights={"store_team": 0, "shadowing": 0})
    assert silent.score == -30
    assert silent.missing == 5


def test_flags_of_unused_methods_do_not_reach_the_stage() -> None:
    stage = a_stage(
        ("mystery_visit", None, visits(5, 1)),
        ("survey", "L", visits(2, 1)),
        ("survey", "X", visits(2, 1)),
    )
    assert stage.methods[1].flags == (Flag.FEW_LOCATIONS, Flag.INCOMPLETE_PERIMETER)
    assert stage.flags == ()


@pytest.mark.parametrize(("other", "diverge"), [(-1, False), (-2, True)])
def test_more_than_40_points_apart_is_divergence(other: int, diverge: bool) -> None:
    stage = a_stage(("shadowing", None, visits(5, 3)), ("survey", None, visits(5, other)))
    assert (Flag.METHODS_DIVERGE in stage.flags) is diverge


def test_disjoint_intervals_diverge_and_nothing_is_confirmed() -> None:
    apart = a_stage(("shadowing", None, visits(3000, 2)), ("survey", None, visits(3000, 0)))
    assert apart.flags == (Flag.METHODS_DIVERGE,)
    assert apart.certainty == "to_confirm"
    agreed = a_stage(("shadowing", None, visits(3000, 2)), ("survey", None, visits(3000, 2)))
    assert (agreed.flags, agreed.certainty) == ((), "confirmed")


READING = ReadingRow("S", "web_analytics", ReadingSums(n=12_000, S=-120, P=12_000, Q=1200))


def test_readings_weigh_in_the_score_but_add_no_observation() -> None:
    stage = a_stage(("mystery_visit", None, visits(5, 2)), readings=(READING,))
    assert stage.score == Fraction(3 * 20 + 2 * -10, 5)
    assert (stage.n, stage.sums.S, stage.label) == (5, 10, Label.NEUTRAL)
    web = stage.methods[1]
    assert (web.n, web.aggregated, web.interval, web.used) == (12_000, True, None, True)
    (visited,) = a_stage(("mystery_visit", None, visits(5, 2))).methods
    assert stage.interval is not None and visited.interval is not None
    width = stage.interval[1] - stage.interval[0]
    assert width == pytest.approx((visited.interval[1] - visited.interval[0]) * 3 / 5)


def test_readings_alone_make_no_label() -> None:
    stage = a_stage(("mystery_visit", None, visits(4, 2)), readings=(READING,))
    assert stage.score == -10
    assert (stage.label, stage.evidence) == ("insufficient", "D")
    assert stage.missing == 1
