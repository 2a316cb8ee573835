"""The change of a whole journey: its stages' own changes by criticality, by MOVER, and nothing else."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import pytest

from scoring.change import Guard, StageChange, Verdict, Withheld
from scoring.change_journey import compare_journey, really_changed

CRITICALITY = {"S1": 1, "S2": 3, "S3": 2}


def changed(stage: str, change: int, half: float, **more: object) -> StageChange:
    fields: dict[str, object] = {
        "before": Fraction(0),
        "before_interval": (-half, half),
        "after": Fraction(change),
        "after_interval": (change - half, change + half),
        "change": Fraction(change),
        "interval": (change - half, change + half),
        "verdict": Verdict.IMPROVEMENT_WITHOUT_CONTROL,
    }
    return StageChange(stage, **{**fields, **more})  # type: ignore[arg-type]


def test_stages_count_by_their_criticality() -> None:
    stages = [changed("S1", 40, 8.0), changed("S2", 20, 4.0)]
    whole = compare_journey(stages, CRITICALITY, n_before=10, n_after=12)
    assert whole.change == Fraction(1, 4) * 40 + Fraction(3, 4) * 20 == 25
    assert whole.after is not None and whole.before is not None
    assert whole.after - whole.before == whole.change
    half = sqrt((0.25 * 8) ** 2 + (0.75 * 4) ** 2)
    assert whole.interval == pytest.approx((25 - half, 25 + half))
    assert whole.verdict is Verdict.IMPROVEMENT_WITHOUT_CONTROL
    assert (whole.n_before, whole.n_after, whole.guard) == (10, 12, None)


def test_a_stage_without_a_verdict_counts_on_neither_side() -> None:
    left_out = StageChange("S3", excluded_because=Withheld.NO_COMMON_METHOD)
    alone = compare_journey([changed("S2", 20, 4.0)], CRITICALITY, n_before=9, n_after=9)
    assert (
        compare_journey([changed("S2", 20, 4.0), left_out], CRITICALITY, n_before=9, n_after=9)
        == alone
    )
    nothing = compare_journey([left_out], CRITICALITY, n_before=9, n_after=9)
    assert (nothing.verdict, nothing.excluded_because) == (None, Withheld.NO_COMMON_METHOD)


def test_with_a_second_baseline_the_verdict_is_read_off_the_change_since_then() -> None:
    since = {
        "guard": Guard.BASELINE,
        "baseline": Fraction(3),
        "baseline_interval": (-7.0, 13.0),
        "verdict": Verdict.INCONCLUSIVE,
    }
    whole = compare_journey(
        [changed("S2", 20, 4.0, **since)], CRITICALITY, n_before=9, n_after=9, n_baseline=8
    )
    assert whole.judged == (Fraction(3), (-7.0, 13.0))
    assert (whole.verdict, whole.n_baseline) == (Verdict.INCONCLUSIVE, 8)
    assert whole.needed is not None and whole.needed > 9
    assert not really_changed(whole)


@pytest.mark.parametrize(
    ("change", "half", "since", "is_real"),
    [
        (20, 4.0, 15, True),
        (-20, 4.0, -15, True),
        (20, 25.0, 15, False),  # the last step alone can't be told from none
        (-20, 4.0, 15, False),  # better than long ago, worse than last time
    ],
)
def test_an_arrow_needs_the_last_step_and_its_witness(
    change: int, half: float, since: int, *, is_real: bool
) -> None:
    witnessed = {
        "guard": Guard.BASELINE,
        "baseline": Fraction(since),
        "baseline_interval": (since - 4.0, since + 4.0),
    }
    whole = compare_journey(
        [changed("S1", change, half, **witnessed)],
        CRITICALITY,
        n_before=9,
        n_after=9,
        n_baseline=9,
    )
    assert whole.verdict in (Verdict.REAL_IMPROVEMENT, Verdict.REAL_DETERIORATION)
    assert really_changed(whole) is is_real


def test_without_a_witness_there_is_no_arrow() -> None:
    assert not really_changed(changed("S1", 20, 4.0))
