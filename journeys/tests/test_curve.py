"""Where the experience curve puts its points, its words and its gaps."""

from __future__ import annotations

import pytest

from journeys.curve import HEIGHT, MARGIN, PLOT, Box, Curve, Scale, Stop, draw_curve, scale_of
from journeys.lanes import Figure

THRESHOLDS = (-10.0, 50.0)


def scored(value: float, target: float | None = None, *, spread: float = 10) -> Figure:
    return Figure(
        value,
        f"{value:+.0f}",
        58,
        needed=5,
        low=value - spread,
        high=value + spread,
        target=target,
        thresholds=THRESHOLDS,
        label="neutral",
    )


def curve_of(*values: float | None, target: float | None = 30) -> Curve:
    few = Figure(None, "", 2, needed=5, thresholds=THRESHOLDS)
    return draw_curve(
        [Stop(f"S{i}", few if v is None else scored(v, target)) for i, v in enumerate(values)]
    )


def overlap(one: Box, other: Box) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


def test_the_scale_runs_from_top_to_bottom_and_clips_what_lies_beyond() -> None:
    height_of = Scale().height_of
    assert [height_of(score) for score in (100, 0, -100)] == [
        MARGIN,
        MARGIN + PLOT // 2,
        MARGIN + PLOT,
    ]
    assert height_of(140) == height_of(100)
    assert height_of(-140) == height_of(-100)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([scored(20, 60)], (-15, 65)),
        ([scored(-40), scored(30)], (-55, 55)),
        ([scored(99), scored(-99)], (-100, 100)),
        ([Figure(20.0, "+20", 9)], (-5, 25)),
        ([Figure(None, "", 0)], (-100, 100)),
        ([], (-100, 100)),
    ],
)
def test_the_scale_is_as_high_as_what_is_drawn_and_holds_zero_and_both_thresholds(
    figures: list[Figure], expected: tuple[float, float]
) -> None:
    scale = scale_of(figures)
    assert (scale.lowest, scale.highest) == expected


@pytest.mark.parametrize("stages", [1, 3, 8, 12])
def test_a_point_stands_in_the_middle_of_its_column(stages: int) -> None:
    curve = curve_of(*[10.0] * stages)
    column = curve.width / stages
    assert [point.x for point in curve.points] == [round(column * (n + 0.5)) for n in range(stages)]


def test_the_line_breaks_where_there_is_no_score() -> None:
    curve = curve_of(10, 20, None, 30, 40)
    assert len(curve.typical) == 2
    assert len(curve.bands) == 2
    [hole] = curve.holes
    assert (hole.reason, hole.stop.name) == ("too_few", "S2")


def test_a_lone_score_is_a_point_with_a_band_and_no_line() -> None:
    curve = curve_of(None, 20, None, target=None)
    assert (len(curve.points), curve.typical, len(curve.bands)) == (1, (), 1)


def test_a_score_without_interval_has_no_band() -> None:
    curve = draw_curve([Stop("S1", Figure(5.0, "+5", 9, label="neutral"))])
    assert (len(curve.points), curve.bands, curve.low, curve.high) == (1, (), None, None)


def test_a_stage_outside_the_perimeter_shows_no_score() -> None:
    curve = draw_curve([Stop("S1", scored(10)), Stop("S2", scored(90, 50), in_perimeter=False)])
    assert [point.stop.name for point in curve.points] == ["S1"]
    assert [hole.reason for hole in curve.holes] == ["outside"]
    assert curve.targets == ()


def test_a_stage_without_figure_has_no_data() -> None:
    assert [hole.reason for hole in draw_curve([Stop("S1", None)]).holes] == ["no_data"]


@pytest.mark.parametrize(
    "values",
    [
        (2, 9, -18, 54, 6, -31, 55, -8),
        (-100, 100, -100, 100),
        (0, 0, 0, 0, 0),
        (-9, None, -11, 49, None, 51),
        (100,),
    ],
)
def test_no_word_covers_a_point_or_another_word(values: tuple[float | None, ...]) -> None:
    curve = curve_of(*values)
    boxes = [*(point.box for point in curve.points), *(hole.box for hole in curve.holes)]
    for word in (curve.low, curve.high):
        assert word is not None
        boxes.append(Box(word.word_x - 48, word.word_y - 12, word.word_x + 48, word.word_y + 4))
    boxes += [Box(p.x - 9, p.y - 9, p.x + 9, p.y + 9) for p in curve.points]
    for number, box in enumerate(boxes):
        assert not [other for other in boxes[number + 1 :] if overlap(box, other)]
        assert box.top >= 0 and box.bottom <= HEIGHT
