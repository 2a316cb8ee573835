"""The geometry of the matrix: heights, columns, words that keep apart, the strip below."""

from __future__ import annotations

from itertools import pairwise

from journeys.lanes import Figure
from journeys.matrix import AXIS, COLUMN, HEAD, PLOT, WORDS, Standing, draw_matrix


def standing(
    row: int, value: float | None, criticality: int = 1, *, inside: bool = True
) -> Standing:
    figure = Figure(value, str(value), 30, thresholds=(-10, 50), label="neutral")
    return Standing(row, f"Stage {row}", criticality, figure, in_perimeter=inside)


def test_the_height_is_the_score_and_the_column_the_criticality() -> None:
    matrix = draw_matrix([standing(1, 100), standing(2, 0, 2), standing(3, -100, 3)])
    assert [mark.y for mark in matrix.marks] == [HEAD, HEAD + PLOT // 2, HEAD + PLOT]
    for column, mark in enumerate(matrix.marks):
        assert AXIS + column * COLUMN < mark.x < mark.words_x < AXIS + (column + 1) * COLUMN
    assert not matrix.unmeasured and matrix.height == matrix.plot_bottom


def test_words_of_near_scores_keep_apart_and_inside() -> None:
    matrix = draw_matrix([standing(row, 99.5 - row / 10) for row in range(6)])
    heights = [mark.words_y for mark in matrix.marks]
    assert all(lower - upper >= WORDS for upper, lower in pairwise(heights))
    low = draw_matrix([standing(row, -100) for row in range(6)])
    assert max(mark.facts_y for mark in low.marks) <= low.plot_bottom
    assert len({mark.x for mark in matrix.marks[:3]}) == 3


def test_forty_stages_in_a_column_make_the_picture_higher() -> None:
    matrix = draw_matrix([standing(row, row / 10) for row in range(40)])
    heights = [mark.words_y for mark in matrix.marks]
    assert all(lower - upper >= WORDS for upper, lower in pairwise(heights))
    assert min(heights) >= HEAD and max(heights) + 14 <= matrix.plot_bottom


def test_what_is_not_measured_stands_below() -> None:
    matrix = draw_matrix([standing(1, None), Standing(2, "Stage 2", 3, None), standing(3, 10)])
    assert [each.standing.row for each in matrix.unmeasured] == [1, 2]
    assert all(matrix.plot_bottom < each.y < matrix.height for each in matrix.unmeasured)
    assert [mark.standing.row for mark in matrix.marks] == [3]


def test_outside_the_perimeter_is_in_the_table_alone() -> None:
    matrix = draw_matrix([standing(1, 40, 3, inside=False), standing(2, 10)])
    assert [mark.standing.row for mark in matrix.marks] == [2] and not matrix.unmeasured
    assert [each.row for each in matrix.standings] == [2, 1]


def test_moments_of_truth_come_first_and_the_worst_of_them() -> None:
    rows = [standing(1, -50), standing(2, 30, 3), standing(3, -5, 3), standing(4, None, 3)]
    assert [each.row for each in draw_matrix(rows).standings] == [3, 2, 4, 1]


def test_bands_are_the_frameworks_thresholds() -> None:
    bands = draw_matrix([standing(1, 10)]).bands
    assert [band.label for band in bands] == ["enchantment", "neutral", "disappointing"]
    assert [band.y for band in bands] == [HEAD, HEAD + PLOT // 4, HEAD + round(PLOT * 0.55)]
    assert sum(band.height for band in bands) == PLOT
    assert draw_matrix([Standing(1, "Stage 1", 1, None)]).bands == ()
