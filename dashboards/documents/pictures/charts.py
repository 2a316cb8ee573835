"""The charts of a journey as drawings of our own: curve, heat map, trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _

from actionplans.gaps import Gap
from dashboards.documents.contents import Contents
from dashboards.documents.looks import (
    ACCENT,
    BAND,
    CLASSES,
    INK,
    LINE,
    PALE,
    PHASES,
    QUIET,
    STRIP,
    STRONG,
    WHITE,
)
from dashboards.documents.messages import short
from dashboards.documents.paging import in_pages
from dashboards.documents.pictures.drawing import XY, Drawing
from dashboards.lanes import figure_of
from dashboards.wave_trend import WavePoint
from journeys.curve import Curve, Hole, Point, Scale, Stop, draw_curve, scale_of
from observations.breakdowns import Part
from scoring import wording
from scoring.classify import Label, StageScore
from scoring.scale import Thresholds

HEAD: Final = 34  # the phases
FOOT: Final = 64  # the names of the stages
DOTS: Final = "1 5"
ROW: Final = 30
SIDE: Final = 150
CELL: Final = 96
TREND: Final = (860, 200)


def draw_experiences(
    stages: Sequence[Gap], thresholds: Thresholds, most: int, letters: float = 1
) -> list[Drawing]:
    """As many rows as `most` stages side by side make, all to one scale."""
    scale = scale_of(stop.figure for stop in _stops(stages, thresholds) if stop.figure)
    return [draw_experience(row, thresholds, letters, scale) for row in in_pages(stages, most)]


def draw_experience(
    stages: Sequence[Gap],
    thresholds: Thresholds,
    letters: float = 1,
    scale: Scale | None = None,
) -> Drawing:
    """The curve under its phases, each stage named below; a stage without a score is hatched."""
    curve = draw_curve(_stops(stages, thresholds), scale)
    drawing = Drawing(curve.width, HEAD + curve.height + FOOT * letters, letters)
    column = curve.width / len(stages)
    draw_phases(drawing, stages, column)
    _ground(drawing, curve)
    _lines(drawing, curve)
    for hole in curve.holes:
        _hole(drawing, hole)
    for point, gap in _with_gaps(curve, stages):
        _point(drawing, point, gap)
    for number, gap in enumerate(stages):
        middle = column * (number + 0.5)
        mark = "◆" if gap.stage.is_moment_of_truth else ""
        if mark:
            drawing.diamond((middle, HEAD + curve.height + 8), 5, fill=INK)
        drawing.wrapped(
            (middle, HEAD + curve.height + 14 + 12 * letters),
            gap.stage.name,
            width=20,
            lines=3,
            size=12,
            bold=bool(mark),
        )
    return drawing


def _stops(stages: Sequence[Gap], thresholds: Thresholds) -> list[Stop]:
    ends = float(thresholds.low), float(thresholds.high)
    return [
        Stop(gap.stage.name, figure_of(gap, ends, ""), gap.stage.is_moment_of_truth)
        for gap in stages
    ]


def _with_gaps(curve: Curve, stages: Sequence[Gap]) -> list[tuple[Point, Gap]]:
    """Points come in the order of the stages that have one."""
    return list(zip(curve.points, [gap for gap in stages if gap.is_shown], strict=True))


def draw_phases(drawing: Drawing, stages: Sequence[Gap], column: float) -> None:
    """Above columns so wide, from the left edge on."""
    place = 0
    for phase, members in groupby(stages, key=lambda gap: gap.stage.phase):
        count = len(list(members))
        drawing.rect(column * place + 1, 0, column * count - 2, 24, fill=PHASES[phase])
        name = stages[place].stage.get_phase_display().upper()
        drawing.text((column * place + 10, 16), name, size=11, anchor="start", bold=True)
        place += count


def _down(points: str) -> list[XY]:
    """Coordinates of the curve, below the heads."""
    pairs = (pair.split(",") for pair in points.split())
    return [(float(x), float(y) + HEAD) for x, y in pairs]


def _ground(drawing: Drawing, curve: Curve) -> None:
    width = curve.width
    if curve.low and curve.high:
        top, bottom = curve.high.y + HEAD, curve.low.y + HEAD
        drawing.rect(0, top, width, bottom - top, fill=STRIP)
        for threshold in (curve.high, curve.low):
            at = threshold.y + HEAD
            drawing.line((0, at), (width, at), colour=STRONG, width=0.8, dash="1 4")
    drawing.line((0, curve.zero_y + HEAD), (width, curve.zero_y + HEAD), colour=STRONG, width=0.8)
    for x in curve.columns:
        drawing.line((x, HEAD), (x, HEAD + curve.height), colour=LINE, width=0.5)


def _lines(drawing: Drawing, curve: Curve) -> None:
    for outline in curve.bands:
        drawing.polygon(_down(outline), fill=BAND)
    for points in curve.targets:
        drawing.path(_down(points), colour=ACCENT, width=2.2, dash=DOTS)
    for points in curve.typical:
        drawing.path(_down(points), colour=INK, width=2.2)
    for threshold, label in ((curve.high, Label.ENCHANTMENT), (curve.low, Label.DISAPPOINTING)):
        if threshold:
            at = (threshold.word_x, threshold.word_y + HEAD)
            drawing.text(at, str(wording.WORDS[label]), size=11, colour=QUIET, halo=True)


def _hole(drawing: Drawing, hole: Hole) -> None:
    figure = hole.stop.figure
    drawing.hatched(hole.left, HEAD, hole.width, drawing.height - HEAD - FOOT * drawing.letters)
    lines = [_("no data")]
    if figure is not None and figure.needed:
        lines = [
            _("n = %(n)s,") % {"n": wording.count_text(figure.n)},
            _("at least %(needed)s needed") % {"needed": figure.needed},
        ]
    for number, words in enumerate(lines):
        at = hole.x, hole.text_y + HEAD + 14 * drawing.letters * (number - len(lines) + 1)
        drawing.text(at, words, size=11, colour=QUIET, halo=True)


def _point(drawing: Drawing, point: Point, gap: Gap) -> None:
    at = (point.x, point.y + HEAD)
    colour = CLASSES[gap.score.label]
    edge = CLASSES[Label.ENCHANTMENT] if gap.held_back else WHITE
    if point.stop.is_moment_of_truth:
        drawing.diamond(at, 9, fill=colour, edge=edge)
    else:
        drawing.circle(at, 7, fill=colour, edge=edge)
    words = gap.score_text
    foot = float(point.text_y + HEAD)
    letters = drawing.letters
    if point.text_y < point.y:
        foot -= 13 * (letters - 1)  # the lower of two lines stays where it is
    else:
        foot += 6 * (letters - 1)
    aside = (5 + 3.6 * len(words)) * letters
    drawing.sign(gap.score.label, (point.text_x - aside, foot - 5 * letters), 9 * letters)
    drawing.text((point.text_x + 4, foot), words, size=14, colour=colour, bold=True, halo=True)
    drawing.text((point.text_x, foot + 13 * letters), gap.n_text, size=11, colour=QUIET, halo=True)


def draw_heat(stages: Sequence[Gap], places: Sequence[Part], letters: float = 1) -> Drawing:
    """Stage by part: colour, sign, figure and n; hatched without enough data, a dash without the stage."""
    top = round(16 + 42 * letters)
    drawing = Drawing(SIDE + CELL * len(stages), top + ROW * len(places), letters)
    for number, gap in enumerate(stages):
        middle = SIDE + CELL * (number + 0.5)
        if gap.stage.is_moment_of_truth:
            drawing.diamond((middle, 6), 5, fill=INK)
        drawing.wrapped((middle, 12 + 12 * letters), gap.stage.name, width=20, lines=3, size=11)
    for row, place in enumerate(places):
        foot = top + ROW * row
        name = short(place.name, int(26 / letters))
        drawing.text((0, foot + 19), name, size=12, anchor="start", bold=True)
        for number, gap in enumerate(stages):
            _cell(drawing, (SIDE + CELL * number, foot), place.stages.get(gap.stage.key))
    return drawing


def _cell(drawing: Drawing, at: XY, score: StageScore | None) -> None:
    left, top = at[0] + 1, at[1] + 1
    width, height = CELL - 2, ROW - 2
    middle = left + width / 2
    if score is None:
        drawing.text((middle, top + 18), wording.UNKNOWN, size=10, colour=QUIET)
        return
    if not wording.is_shown(score):
        drawing.hatched(left, top, width, height)
        words = _("n = %(n)s") % {"n": wording.count_text(score.n)}
        drawing.text((middle, top + 18), words, size=10, colour=QUIET, halo=True)
        return
    drawing.rect(left, top, width, height, fill=PALE[score.label], round_by=2)
    drawing.sign(score.label, (left + 9, top + 14), 9)
    text = wording.stage_score_text(score)
    drawing.text(
        (left + 17, top + 18.5),
        text,
        size=13,
        colour=CLASSES[score.label],
        anchor="start",
        bold=True,
    )
    words = _("n %(n)s") % {"n": score.n}
    drawing.text((left + width - 4, top + 18), words, size=10, colour=QUIET, anchor="end")


@dataclass(frozen=True, slots=True)
class _Trend:
    """Where a score of a wave stands."""

    step: float
    low: float
    high: float

    def at(self, number: int, score: float) -> XY:
        height = TREND[1] - 90
        return self.step * (number + 0.5), 20 + height * (self.high - score) / (
            self.high - self.low
        )


def draw_trend(waves: Sequence[WavePoint]) -> Drawing:
    """The journey score by wave with its interval and its target; a wave without enough data is a gap."""
    width, height = TREND
    drawing = Drawing(max(width, 150 * len(waves)), height)
    scale = _trend_scale(waves, drawing.width / max(1, len(waves)))
    zero = scale.at(0, 0)[1]
    drawing.line((0, zero), (drawing.width, zero), colour=STRONG, width=0.8)
    drawing.text((2, zero - 4), "0", size=11, colour=QUIET, anchor="start")
    _trend_lines(drawing, waves, scale)
    for number, wave in enumerate(waves):
        score = float(wave.journey.score or 0)
        _wave(drawing, wave, scale.at(number, score))
    return drawing


def _trend_scale(waves: Sequence[WavePoint], step: float) -> _Trend:
    drawn = [0.0]
    for wave in waves:
        one = wave.journey
        drawn += [float(value) for value in (one.score, one.target) if value is not None]
        drawn += one.interval or ()
    return _Trend(step, max(-100.0, min(drawn) - 12), min(100.0, max(drawn) + 12))


def _trend_lines(drawing: Drawing, waves: Sequence[WavePoint], scale: _Trend) -> None:
    """Intervals, the target dotted, the score solid."""
    journeys = [wave.journey for wave in waves]
    for number, one in enumerate(journeys):
        if one.interval is not None:
            (x, bottom), (_x, top) = (scale.at(number, end) for end in one.interval)
            drawing.rect(x - 16, top, 32, max(1.0, bottom - top), fill=BAND)
    scores = [None if one.score is None else float(one.score) for one in journeys]
    targets = [None if one.target is None else float(one.target) for one in journeys]
    for values, colour, dash in ((targets, ACCENT, DOTS), (scores, INK, "")):
        for run in _runs(values):
            points = [scale.at(number, score) for number, score in run]
            if len(points) == 1:
                [(x, y)] = points
                points = [(x - 24, y), (x + 24, y)]
            drawing.path(points, colour=colour, width=2.2, dash=dash)
    if targets and targets[-1] is not None:
        words = _("target %(target)s") % {"target": waves[-1].line.target}
        foot = scale.at(len(waves) - 1, targets[-1])[1] - 8
        drawing.text((drawing.width - 4, foot), words, size=11, colour=ACCENT, anchor="end")


def _wave(drawing: Drawing, wave: WavePoint, at: XY) -> None:
    middle = at[0]
    foot = drawing.height - 48
    if wave.is_known:
        drawing.circle(at, 6, fill=INK, edge=WHITE)
        drawing.text((middle, at[1] + 24), wave.line.text, size=14, bold=True, halo=True)
    else:
        drawing.text((middle, at[1] + 24), _("not enough data"), size=11, colour=QUIET, halo=True)
    if wave.n_text:
        drawing.text((middle, at[1] + 38), wave.n_text, size=11, colour=QUIET, halo=True)
    drawing.wrapped((middle, foot + 12), wave.name, width=24, lines=2, size=12, bold=True)
    drawing.text((middle, foot + 42), wave.period, size=10, colour=QUIET)


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Unbroken runs of (place, value)."""
    runs: list[list[tuple[int, float]]] = [[]]
    for number, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((number, value))
    return [run for run in runs if run]


def thresholds_of(contents: Contents) -> Thresholds:
    framework = contents.sheet.framework
    return framework.thresholds if framework else Thresholds()
