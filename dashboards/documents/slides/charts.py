"""Native charts: their data lie in a workbook inside the file, to be edited in place."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Any, Final

from django.utils.translation import gettext as _
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from actionplans.gaps import Gap
from dashboards.documents.looks import ACCENT, CLASSES, INK, LINE, QUIET, STRONG, WHITE
from dashboards.documents.messages import short
from dashboards.documents.slides.deck import FONT, Box, rgb
from dashboards.wave_trend import WavePoint
from journeys.plain_text import plain_text
from scoring import wording
from scoring.classify import Label
from scoring.numbers import Interval

STAGE_NAME: Final = 26
STEP: Final = 25  # score points between two lines
ROOM: Final = 12
CLASSED: Final = (Label.DISAPPOINTING, Label.NEUTRAL, Label.ENCHANTMENT)
LOW, HIGH, TARGET, TYPICAL = range(4)  # in the order in which they are drawn


def add_curve(slide: Any, box: Box, stages: Sequence[Gap], whole: Sequence[Gap]) -> None:
    """Typical against target; a stage without a score is a gap in the line.

    `stages` are a part of `whole`, and drawn to its scale.
    """
    scores = [_typical(gap) for gap in stages]
    data = _curve_data(stages)
    labels = [label for label in CLASSED if any(gap.score.label is label for gap in stages)]
    for label in labels:
        own = (
            score if gap.score.label is label else None
            for gap, score in zip(stages, scores, strict=True)
        )
        data.add_series(f"{wording.SIGNS[label]} {wording.WORDS[label]}", list(own))
    chart = _line_chart(slide, box, data, _curve_data(whole))
    for number, label in enumerate(labels, start=TYPICAL + 1):
        series = chart.plots[0].series[number]
        _only_markers(series, CLASSES[label])
        for place, gap in enumerate(stages):
            if gap.score.label is label:
                if gap.stage.is_moment_of_truth:
                    _mark(series.points[place].marker, XL_MARKER_STYLE.DIAMOND, CLASSES[label])
                words = [f"{gap.class_sign} {gap.score_text}", gap.n_text]
                _label(series.points[place], words, CLASSES[label], above=_is_peak(scores, place))


def _curve_data(stages: Sequence[Gap]) -> Any:
    data = _data([_category(gap) for gap in stages])
    targets = [gap.score.target for gap in stages]
    _add_lines(
        data,
        [gap.score.interval if gap.is_shown else None for gap in stages],
        [None if one is None else float(one.score) for one in targets],
        [_typical(gap) for gap in stages],
    )
    return data


def _data(names: Sequence[str]) -> Any:
    data: Any = CategoryChartData(number_format="0.0")  # type: ignore[no-untyped-call]
    data.categories = [plain_text(name) for name in names]
    return data


def _add_lines(
    data: Any,
    ends: Sequence[Interval | None],
    targets: Sequence[float | None],
    scores: Sequence[float | None],
) -> None:
    data.add_series(
        _("95 %% interval, low end") % {}, [None if one is None else one[0] for one in ends]
    )
    data.add_series(
        _("95 %% interval, high end") % {}, [None if one is None else one[1] for one in ends]
    )
    data.add_series(_("target"), targets)
    data.add_series(_("typical"), scores)


def _typical(gap: Gap) -> float | None:
    return float(gap.score.score) if gap.is_shown and gap.score.score is not None else None


def _is_peak(scores: Sequence[float | None], place: int) -> bool:
    """Higher than its neighbours: the line comes from below, and words fit above."""
    beside = [scores[at] for at in (place - 1, place + 1) if 0 <= at < len(scores)]
    own = scores[place]
    return own is not None and all(one is None or one <= own for one in beside)


def _category(gap: Gap) -> str:
    name = short(gap.stage.name, STAGE_NAME)
    name = f"◆ {name}" if gap.stage.is_moment_of_truth else name
    return name if gap.is_shown else f"{name} ({_('n = %(n)d') % {'n': gap.score.n}})"


def add_trend(slide: Any, box: Box, waves: Sequence[WavePoint]) -> None:
    """The score of the journey in each wave, with its interval and its target."""
    data = _data([_wave(wave) for wave in waves])
    journeys = [wave.journey for wave in waves]
    scores = [None if one.score is None else float(one.score) for one in journeys]
    targets = [None if one.target is None else float(one.target) for one in journeys]
    _add_lines(data, [one.interval for one in journeys], targets, scores)
    series = _line_chart(slide, box, data, data).plots[0].series[TYPICAL]
    _mark(series.marker, XL_MARKER_STYLE.CIRCLE, INK)
    for place, wave in enumerate(waves):
        if wave.is_known:
            words = [one for one in (wave.line.text, wave.n_text) if one]
            _label(series.points[place], words, INK, above=False)


def _wave(wave: WavePoint) -> str:
    words = f"{short(wave.name, STAGE_NAME)}, {wave.period}"
    if wave.is_known:
        return words
    why = ", ".join(filter(None, (wave.n_text, _("not enough data"))))
    return _("%(wave)s: %(why)s") % {"wave": words, "why": why}


def _line_chart(slide: Any, box: Box, data: Any, scaled_by: Any) -> Any:
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.LINE_MARKERS, box.left, box.top, box.width, box.height, data
    )
    chart = frame.chart
    chart.has_title = False
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.font.name, chart.font.size = FONT, Pt(11)
    chart.font.color.rgb = rgb(INK)
    values, names = chart.value_axis, chart.category_axis
    values.minimum_scale, values.maximum_scale = _range(scaled_by)
    values.major_unit = STEP
    values.major_gridlines.format.line.color.rgb = rgb(LINE)
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "+0;-0;0", False
    values.tick_labels.font.size = Pt(10)
    values.format.line.fill.background()
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.tick_labels.font.size = Pt(10)
    # Long names go on in a second line, and never aslant.
    names._element.txPr.find(qn("a:bodyPr")).set("rot", "0")
    names.format.line.color.rgb = rgb(STRONG)
    _look_of_lines(chart)
    return chart


def _range(data: Any) -> tuple[int, int]:
    """Whole steps around what is drawn, with room for the words of the lowest and highest point."""
    drawn = [0.0, *(value for series in data for value in series.values if value is not None)]
    low = STEP * floor((min(drawn) - ROOM) / STEP)
    high = STEP * ceil((max(drawn) + ROOM) / STEP)
    return max(-100, low), min(100, high)


def _look_of_lines(chart: Any) -> None:
    looks = {
        LOW: ("A9AEBB", 1, MSO_LINE.SOLID),
        HIGH: ("A9AEBB", 1, MSO_LINE.SOLID),
        TARGET: (ACCENT, 2.25, MSO_LINE.ROUND_DOT),
        TYPICAL: (INK, 2.5, MSO_LINE.SOLID),
    }
    for number, (colour, width, dash) in looks.items():
        series = chart.plots[0].series[number]
        series.smooth = False
        series.format.line.color.rgb = rgb(colour)
        series.format.line.width, series.format.line.dash_style = Pt(width), dash
        series.marker.style = XL_MARKER_STYLE.NONE


def _only_markers(series: Any, colour: str) -> None:
    """Points without a line; their own series, so that each class can be edited and has its legend."""
    series.smooth = False
    series.format.line.fill.background()
    _mark(series.marker, XL_MARKER_STYLE.CIRCLE, colour)


def _mark(marker: Any, style: Any, colour: str) -> None:
    marker.style, marker.size = style, 12
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = rgb(colour)
    marker.format.line.color.rgb = rgb(WHITE)


def _label(point: Any, lines: Sequence[str], colour: str, *, above: bool) -> None:
    """As the pages print it: a number of the chart's own format might round it otherwise."""
    label = point.data_label
    label.position = XL_LABEL_POSITION.ABOVE if above else XL_LABEL_POSITION.BELOW
    frame = label.text_frame
    for number, text in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = text
        run.font.name, run.font.size, run.font.bold = (
            FONT,
            Pt(11 if number == 0 else 9),
            number == 0,
        )
        run.font.color.rgb = rgb(colour if number == 0 else QUIET)
