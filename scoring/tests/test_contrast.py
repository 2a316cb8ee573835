"""Two journeys side by side: the difference by MOVER, and what may be said of it."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import pytest

from scoring.contrast import Contrasted, contrast_journeys
from scoring.figures import JourneyScore
from scoring.numbers import Interval


def scored(score: int | None, interval: Interval | None) -> JourneyScore:
    return JourneyScore(
        score=None if score is None else Fraction(score),
        interval=interval,
        target=None,
        coverage=(1, 1),
        flags=(),
        cumulative=None,
        cumulative_interval=None,
    )


def test_ends_keep_their_asymmetry() -> None:
    found = contrast_journeys(scored(10, (4.0, 22.0)), scored(-20, (-28.0, -15.0)))
    assert found is not None
    assert found.difference == 30
    low, high = 30 - sqrt(6**2 + 5**2), 30 + sqrt(12**2 + 8**2)
    assert found.interval == pytest.approx((low, high))
    assert found.verdict is Contrasted.HIGHER


@pytest.mark.parametrize(
    ("score", "half", "verdict"),
    [
        (20, 5.0, Contrasted.HIGHER),
        (-20, 5.0, Contrasted.LOWER),
        (1, 2.0, Contrasted.NO_MATERIAL_DIFFERENCE),
        (3, 4.0, Contrasted.INCONCLUSIVE),
        (20, 30.0, Contrasted.INCONCLUSIVE),
    ],
)
def test_the_verdict_is_read_off_the_interval(score: int, half: float, verdict: Contrasted) -> None:
    found = contrast_journeys(scored(score, (score - half, score + half)), scored(0, (0.0, 0.0)))
    assert found is not None and found.verdict is verdict


def test_without_a_score_there_is_nothing_to_say() -> None:
    assert contrast_journeys(scored(None, None), scored(0, (0.0, 0.0))) is None
