"""The experience curve as a Plotly figure: typical against target, stage by stage.

A figure is the document that Plotly.js draws. `plotly.graph_objects` would check it against Plotly's
schema at every request, which took a third of the page's time: a test does that instead.

Colours are named as the CSS variables of the page ("var(--cx-ink)"); `static/js/dashboard.js` puts
their values in, so that one figure serves light and dark. Figures come in two ways of standing:
stages from left to right, or, for a phone, from top to bottom.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from django.utils.translation import gettext as _

from actionplans.gaps import Gap
from journeys.models import Stage
from scoring.classify import Evidence, Flag
from scoring.scale import Thresholds

Way = Literal["across", "down"]
# {"data": [trace, ...], "layout": {...}}, as Plotly.js takes it.
Figure = dict[str, Any]

COLOURS: Final = {
    "disappointing": "var(--cx-disappointing)",
    "neutral": "var(--cx-neutral)",
    "enchantment": "var(--cx-enchantment)",
    "insufficient": "var(--cx-quiet)",
}
INK, QUIET, LINE, CARD = "var(--cx-ink)", "var(--cx-quiet)", "var(--cx-line)", "var(--cx-card)"
ACCENT, BAND, HATCH = "var(--cx-accent)", "var(--cx-band)", "var(--cx-line)"
PADDING: Final = 8  # score points around what is drawn
ALONE: Final = 0.16  # half the width of a band that has no neighbour, in columns
NAME_WIDTH: Final = 15  # characters a line
ROOMY_NAME_WIDTH: Final = 42  # and where the page widens the margin of the names


@dataclass(frozen=True, slots=True)
class Column:
    """A perimeter stage as it is drawn. Floats are for drawing only, None where unknown."""

    gap: Gap
    score: float | None
    low: float | None
    high: float | None
    target: float | None

    @property
    def is_shown(self) -> bool:
        return self.score is not None

    @property
    def is_moment(self) -> bool:
        return self.gap.stage.is_moment_of_truth

    @property
    def is_trend(self) -> bool:
        return self.gap.score.evidence is Evidence.C

    @property
    def held_back(self) -> bool:
        return Flag.ENCHANTMENT_WITHHELD in self.gap.score.flags

    @property
    def colour(self) -> str:
        return COLOURS[self.gap.score.label.value]


def columns_of(stages: Sequence[Gap]) -> list[Column]:
    """One a stage, in journey order."""
    return [_column(gap) for gap in stages]


def _column(gap: Gap) -> Column:
    score = gap.score
    low, high = score.interval if gap.is_shown and score.interval else (None, None)
    return Column(
        gap=gap,
        score=_float(score.score) if gap.is_shown else None,
        low=low,
        high=high,
        target=_float(score.target.score) if score.target else None,
    )


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def experience_curve(
    columns: Sequence[Column], thresholds: Thresholds, way: Way, ends: tuple[float, float]
) -> Figure:
    """The figure of one journey; there is at least one column. `ends` are those of `range_of`."""
    bottom, top = ends
    scores = [column.score for column in columns]
    targets = [column.target for column in columns]
    return {
        "data": [
            _holes(columns, bottom, top, way),
            _interval_band(columns, way),
            _line(targets, way, color=ACCENT, width=2, dash="dot", name=_("target")),
            _line(scores, way, color=INK, width=2.2, name=_("typical")),
            _points(columns, way),
        ],
        "layout": {
            **_layout(columns, ends, way),
            "shapes": [*_threshold_lines(thresholds, way), *_phase_bands(columns, way)],
            "annotations": [
                *_threshold_words(thresholds, way),
                *_phase_words(columns, way),
                *(_readings(columns) if way == "down" else []),
            ],
        },
    }


def range_of(columns: Sequence[Column], thresholds: Thresholds) -> tuple[float, float]:
    """The lowest and the highest score that is drawn; of a curve in parts, that of the whole."""
    values = [(one.score, one.low, one.high, one.target) for one in columns]
    drawn = [value for row in values for value in row if value is not None]
    lowest = min([*drawn, thresholds.low]) - PADDING
    highest = max([*drawn, thresholds.high]) + PADDING
    return max(-100.0, float(lowest)), min(100.0, float(highest))


def _along(way: Way, columns: Any, scores: Any) -> dict[str, Any]:
    """The coordinates of what lies at `columns` (0, 1, ...) and `scores`."""
    return {"x": columns, "y": scores} if way == "across" else {"x": scores, "y": columns}


def _line(values: list[float | None], way: Way, *, name: str, **line: Any) -> dict[str, Any]:
    """With a gap wherever nothing is known."""
    return {
        "type": "scatter",
        **_along(way, list(range(len(values))), values),
        "mode": "lines",
        "name": name,
        "line": line,
        "connectgaps": False,
        "hoverinfo": "skip",
    }


def _interval_band(columns: Sequence[Column], way: Way) -> dict[str, Any]:
    """One polygon for each run of stages with a score."""
    along: list[float | None] = []
    scores: list[float | None] = []
    for run in _runs([column.is_shown for column in columns]):
        at: list[float] = [float(place) for place in run]
        rows = [*run]
        if len(run) == 1:
            at, rows = [run[0] - ALONE, run[0] + ALONE], [run[0], run[0]]
        low = [columns[row].low for row in rows]
        high = [columns[row].high for row in rows]
        along += [*at, *reversed(at), at[0], None]
        scores += [*low, *reversed(high), low[0], None]
    return {
        "type": "scatter",
        **_along(way, along, scores),
        "mode": "lines",
        "fill": "toself",
        "fillcolor": BAND,
        "line": {"width": 0, "color": BAND},
        "name": _("interval"),
        "hoverinfo": "skip",
    }


def _runs(shown: Sequence[bool]) -> list[list[int]]:
    """[True, True, False, True] is [[0, 1], [3]]."""
    runs: list[list[int]] = []
    for column, is_shown in enumerate(shown):
        if not is_shown:
            continue
        if runs and runs[-1][-1] == column - 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    return runs


def _holes(columns: Sequence[Column], bottom: float, top: float, way: Way) -> dict[str, Any]:
    """Hatched columns where there is not enough data."""
    at = [place for place, column in enumerate(columns) if not column.is_shown]
    return {
        "type": "bar",
        **_along(way, at, [top - bottom] * len(at)),
        "base": bottom,
        "width": 0.9,
        "orientation": "v" if way == "across" else "h",
        "marker": {
            "color": "rgba(0,0,0,0)",
            "line": {"width": 0},
            "pattern": {"shape": "/", "fgcolor": HATCH, "size": 7, "solidity": 0.25},
        },
        "name": _("not enough data"),
        "hovertext": [columns[place].gap.n_text for place in at],
        "hoverinfo": "text",
    }


def _points(columns: Sequence[Column], way: Way) -> dict[str, Any]:
    known = [(place, column) for place, column in enumerate(columns) if column.is_shown]
    return {
        "type": "scatter",
        **_along(way, [place for place, _c in known], [column.score for _p, column in known]),
        "mode": "markers",
        "name": _("typical"),
        "marker": {
            "symbol": [_symbol(column) for _p, column in known],
            "size": [17 if column.is_moment else 14 for _p, column in known],
            "color": [column.colour for _p, column in known],
            "opacity": 1,
            "line": {"color": [_outline(column) for _p, column in known], "width": 2.5},
        },
        "hovertext": [_hover(column) for _p, column in known],
        "hoverinfo": "text",
    }


def _symbol(column: Column) -> str:
    return ("diamond" if column.is_moment else "circle") + ("-open" if column.is_trend else "")


def _outline(column: Column) -> str:
    if column.held_back:
        return COLOURS["enchantment"]
    return column.colour if column.is_trend else CARD


def _hover(column: Column) -> str:
    gap = column.gap
    facts = [
        f"{gap.class_sign} {gap.class_word}",
        gap.evidence_word,
        _("held back") if column.held_back else "",
    ]
    lines = [
        f"<b>{_escaped(gap.stage.name)}</b>",
        f"{gap.score_text} {gap.interval_text}",
        ", ".join(fact for fact in facts if fact),
        _("target %(target)s") % {"target": gap.target_text},
        gap.n_text,
    ]
    return "<br>".join(lines)


def _escaped(text: str) -> str:
    """Plotly reads its texts as HTML of its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _threshold_lines(thresholds: Thresholds, way: Way) -> list[dict[str, Any]]:
    return [
        _across_the_plot(value, way)
        | {
            "type": "line",
            "layer": "below",
            "line": {"color": LINE, "width": 1.2, "dash": "solid" if value == 0 else "dot"},
        }
        for value in dict.fromkeys((thresholds.high, 0, thresholds.low))
    ]


def _across_the_plot(value: int, way: Way) -> dict[str, Any]:
    if way == "across":
        return {"xref": "x domain", "x0": 0, "x1": 1, "yref": "y", "y0": value, "y1": value}
    return {"xref": "x", "x0": value, "x1": value, "yref": "y domain", "y0": 0, "y1": 1}


def _threshold_words(thresholds: Thresholds, way: Way) -> list[dict[str, Any]]:
    """Outside the plot, where no point can be."""
    plain = {"showarrow": False, "font": {"color": QUIET, "size": 10.5}}
    if way == "across":
        words = {
            thresholds.high: f"✦ {_('enchantment')}",
            0: "0",
            thresholds.low: f"▼ {_('disappointing')}",
        }
        place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "yanchor": "middle"}
        return [plain | place | {"y": value, "text": word} for value, word in words.items()]
    place = {"xanchor": "center", "y": 1, "yref": "paper", "yanchor": "bottom"}
    signs = ((thresholds.high, "✦"), (thresholds.low, "▼"))
    return [plain | place | {"x": value, "text": f"{sign} {value:+d}"} for value, sign in signs]


def _phases(columns: Sequence[Column]) -> list[tuple[Stage.Phase, float, float]]:
    """BEFORE, DURING, AFTER, each from the edge of its first column to that of its last."""
    found: list[tuple[Stage.Phase, float, float]] = []
    for phase in Stage.Phase:
        at = [place for place, column in enumerate(columns) if column.gap.stage.phase == phase]
        if at:
            found.append((phase, at[0] - 0.5, at[-1] + 0.5))
    return found


def _phase_bands(columns: Sequence[Column], way: Way) -> list[dict[str, Any]]:
    """Over the columns, or beside the rows."""
    bands: list[dict[str, Any]] = []
    for phase, start, end in _phases(columns):
        band = {
            "type": "rect",
            "fillcolor": f"var(--cx-{phase.value})",
            "line": {"width": 0},
        }
        if way == "across":
            place = {"x0": start, "x1": end, "yref": "paper", "ysizemode": "pixel", "yanchor": 1}
            bands.append(band | place | {"y0": 14, "y1": 40})
        else:
            place = {"y0": start, "y1": end, "xref": "paper", "xsizemode": "pixel", "xanchor": 0}
            bands.append(band | place | {"x0": -134, "x1": -116})
    return bands


def _phase_words(columns: Sequence[Column], way: Way) -> list[dict[str, Any]]:
    words: list[dict[str, Any]] = []
    for phase, start, end in _phases(columns):
        back = " ↺" if phase == Stage.Phase.AFTER else ""
        text = f"<b>{str(phase.label).upper()}</b>{back}"
        if way == "across":
            place = {"x": start, "xanchor": "left", "xshift": 8, "yref": "paper", "y": 1}
            place |= {"yshift": 27, "yanchor": "middle", "font": {"color": INK, "size": 11}}
        else:
            place = {"y": (start + end) / 2, "xref": "paper", "x": 0, "xshift": -125}
            place |= {"textangle": -90, "font": {"color": INK, "size": 9}}
        words.append(place | {"text": text, "showarrow": False})
    return words


def _layout(columns: Sequence[Column], scores: tuple[float, float], way: Way) -> dict[str, Any]:
    """Left to right, the page writes the words of each stage under its column, in the same widths."""
    count = len(columns)
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True}
    stages: dict[str, Any] = plain | {"tickvals": list(range(count))}
    measure = plain | {"range": list(scores), "showticklabels": False}
    layout = {
        "showlegend": False,
        "hovermode": "closest",
        "font": {"color": INK, "size": 12},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"bgcolor": CARD, "bordercolor": LINE, "font": {"color": INK}},
    }
    if way == "across":
        return layout | {
            "margin": {"l": 0, "r": 104, "t": 40, "b": 4},
            "xaxis": stages | {"range": [-0.5, count - 0.5], "showticklabels": False},
            "yaxis": measure,
        }
    ticks = {"ticktext": [_tick(column) for column in columns], "tickfont": {"size": 11}}
    roomy = [_tick(column, ROOMY_NAME_WIDTH) for column in columns]
    return layout | {
        "meta": {"names": roomy},
        "height": 60 * count + 50,
        "margin": {"l": 136, "r": 104, "t": 30, "b": 10},
        "xaxis": measure,
        "yaxis": stages | ticks | {"range": [count - 0.5, -0.5]},
    }


def _readings(columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Beside each row what it says."""
    place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "align": "left"}
    return [
        place | {"y": row, "showarrow": False, "text": _reading(column), "font": {"size": 11}}
        for row, column in enumerate(columns)
    ]


def _tick(column: Column, width: int = NAME_WIDTH) -> str:
    """At most three lines of a stage's name; a longer one is whole in the table."""
    name = column.gap.stage.name
    lines = textwrap.wrap(name, width, max_lines=3, placeholder=" …") or [name]
    text = "<br>".join(_escaped(line) for line in lines)
    return f"<b>◆ {text}</b>" if column.is_moment else text


def _reading(column: Column) -> str:
    """Sign, figure, word and n of one stage, in the colour of its class."""
    gap, colour = column.gap, column.colour
    if not column.is_shown:
        n, _comma, missing = gap.n_text.partition(", ")
        needed = "<br>".join([n, *textwrap.wrap(missing, 9)])
        return f'<span style="color:{colour}">{needed}</span>'
    word = gap.class_word
    if column.held_back:
        word += f'<br><span style="color:{COLOURS["enchantment"]}">✦ {_("held back")}</span>'
    lines = [f'<b><span style="color:{colour}">{gap.class_sign} {gap.score_text}</span></b>']
    lines.append(f'<span style="color:{colour}">{word}</span>')
    if gap.evidence_word:
        lines.append(f'<i><span style="color:{QUIET}">{gap.evidence_word}, {gap.n_text}</span></i>')
    else:
        lines.append(f'<span style="color:{QUIET}">{gap.n_text}</span>')
    return "<br>".join(lines)
