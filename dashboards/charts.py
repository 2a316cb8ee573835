"""The experience curve as a Plotly figure: typical against target, stage by stage.

Colours are named as the CSS variables of the page ("var(--cx-ink)"); `static/js/dashboard.js` puts
their values in, so that one figure serves light and dark. Figures come in two ways of standing:
stages from left to right, or, for a phone, from top to bottom.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any, Final, Literal

import pandas as pd
import plotly.graph_objects as go
from django.utils.translation import gettext as _

from actionplans.gaps import Gap
from journeys.models import Stage
from scoring.classify import Evidence, Flag
from scoring.scale import Thresholds

Way = Literal["across", "down"]

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


def frame_of(stages: Sequence[Gap]) -> pd.DataFrame:
    """One row a perimeter stage, in journey order; score, low, high and target are NaN where unknown.

    Floats are for drawing only: `text` holds the figure as every page prints it.
    """
    return pd.DataFrame(
        [
            {
                "name": gap.stage.name,
                "phase": gap.stage.phase,
                "moment": gap.stage.is_moment_of_truth,
                "score": _float(gap.score.score) if gap.is_shown else math.nan,
                "low": gap.score.interval[0] if gap.is_shown and gap.score.interval else math.nan,
                "high": gap.score.interval[1] if gap.is_shown and gap.score.interval else math.nan,
                "target": _float(gap.score.target.score) if gap.score.target else math.nan,
                "label": gap.score.label.value,
                "is_trend": gap.score.evidence is Evidence.C,
                "held_back": Flag.ENCHANTMENT_WITHHELD in gap.score.flags,
                "shown": gap.is_shown,
                "text": gap.score_text,
                "sign": gap.class_sign,
                "word": gap.class_word,
                "quality": gap.evidence_word,
                "n_text": gap.n_text,
                "target_text": gap.target_text,
                "interval_text": gap.interval_text,
            }
            for gap in stages
        ]
    )


def _float(value: Any) -> float:
    return float(value)


def experience_curve(frame: pd.DataFrame, thresholds: Thresholds, way: Way) -> go.Figure:
    """The figure of one journey; `frame` as `frame_of` makes it, not empty."""
    figure = go.Figure()
    bottom, top = _range(frame, thresholds)
    figure.add_trace(_holes(frame, bottom, top, way))
    figure.add_trace(_interval_band(frame, way))
    figure.add_trace(
        _line(frame["target"], way, color=ACCENT, width=2, dash="dot", name=_("target"))
    )
    figure.add_trace(_line(frame["score"], way, color=INK, width=2.2, name=_("typical")))
    figure.add_trace(_points(frame, way))
    _add_thresholds(figure, thresholds, way)
    _add_phases(figure, frame, way)
    _lay_out(figure, frame, (bottom, top), way)
    return figure


def _range(frame: pd.DataFrame, thresholds: Thresholds) -> tuple[float, float]:
    drawn = frame[["score", "low", "high", "target"]].stack()
    lowest = min([*drawn, thresholds.low]) - PADDING
    highest = max([*drawn, thresholds.high]) + PADDING
    return max(-100.0, float(lowest)), min(100.0, float(highest))


def _along(way: Way, columns: Any, scores: Any) -> dict[str, Any]:
    """The coordinates of what lies at `columns` (0, 1, ...) and `scores`."""
    return {"x": columns, "y": scores} if way == "across" else {"x": scores, "y": columns}


def _known(values: pd.Series[float]) -> list[float | None]:
    return [None if math.isnan(value) else float(value) for value in values]


def _line(values: pd.Series[float], way: Way, *, name: str, **line: Any) -> go.Scatter:
    """With a gap wherever nothing is known."""
    return go.Scatter(
        **_along(way, list(range(len(values))), _known(values)),
        mode="lines",
        name=name,
        line=line,
        connectgaps=False,
        hoverinfo="skip",
    )


def _interval_band(frame: pd.DataFrame, way: Way) -> go.Scatter:
    """One polygon for each run of stages with a score."""
    columns: list[float | None] = []
    scores: list[float | None] = []
    for run in _runs(list(frame["shown"])):
        at: list[float] = [float(column) for column in run]
        rows = [*run]
        if len(run) == 1:
            at, rows = [run[0] - ALONE, run[0] + ALONE], [run[0], run[0]]
        low = [float(frame["low"].iloc[row]) for row in rows]
        high = [float(frame["high"].iloc[row]) for row in rows]
        columns += [*at, *reversed(at), at[0], None]
        scores += [*low, *reversed(high), low[0], None]
    return go.Scatter(
        **_along(way, columns, scores),
        mode="lines",
        fill="toself",
        fillcolor=BAND,
        line={"width": 0, "color": BAND},
        name=_("interval"),
        hoverinfo="skip",
    )


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


def _holes(frame: pd.DataFrame, bottom: float, top: float, way: Way) -> go.Bar:
    """Hatched columns where there is not enough data."""
    at = [column for column, shown in enumerate(frame["shown"]) if not shown]
    return go.Bar(
        **_along(way, at, [top - bottom] * len(at)),
        base=bottom,
        width=0.9,
        orientation="v" if way == "across" else "h",
        marker={
            "color": "rgba(0,0,0,0)",
            "line": {"width": 0},
            "pattern": {"shape": "/", "fgcolor": HATCH, "size": 7, "solidity": 0.25},
        },
        name=_("not enough data"),
        hovertext=[frame["n_text"].iloc[column] for column in at],
        hoverinfo="text",
    )


def _points(frame: pd.DataFrame, way: Way) -> go.Scatter:
    known = frame[frame["shown"]]
    symbols = [
        ("diamond" if row.moment else "circle") + ("-open" if row.is_trend else "")
        for row in known.itertuples()
    ]
    outlines = [
        COLOURS["enchantment"]
        if row.held_back
        else COLOURS[str(row.label)]
        if row.is_trend
        else CARD
        for row in known.itertuples()
    ]
    return go.Scatter(
        **_along(way, [int(column) for column in known.index], _known(known["score"])),
        mode="markers",
        name=_("typical"),
        marker={
            "symbol": symbols,
            "size": [17 if moment else 14 for moment in known["moment"]],
            "color": [COLOURS[label] for label in known["label"]],
            "opacity": 1,
            "line": {"color": outlines, "width": 2.5},
        },
        hovertext=[_hover(row) for row in known.itertuples()],
        hoverinfo="text",
    )


def _hover(row: Any) -> str:
    facts = [f"{row.sign} {row.word}", row.quality, _("held back") if row.held_back else ""]
    lines = [
        f"<b>{_escaped(row.name)}</b>",
        f"{row.text} {row.interval_text}",
        ", ".join(fact for fact in facts if fact),
        _("target %(target)s") % {"target": row.target_text},
        row.n_text,
    ]
    return "<br>".join(lines)


def _escaped(text: str) -> str:
    """Plotly reads its texts as HTML of its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _add_thresholds(figure: go.Figure, thresholds: Thresholds, way: Way) -> None:
    """A line with its words outside the plot, where no point can be."""
    words = {
        thresholds.high: f"✦ {_('enchantment')}",
        0: "0",
        thresholds.low: f"▼ {_('disappointing')}",
    }
    for value, word in words.items():
        dash = "solid" if value == 0 else "dot"
        line = {"color": LINE, "width": 1.2, "dash": dash}
        if way == "across":
            figure.add_hline(y=value, line=line, layer="below")
            figure.add_annotation(
                x=1, xref="paper", xanchor="left", xshift=6, y=value, yanchor="middle", text=word
            )
        else:
            figure.add_vline(x=value, line=line, layer="below")
    if way == "down":
        for value, word, anchor in (
            (thresholds.high, f"✦ {thresholds.high:+d}", "center"),
            (thresholds.low, f"▼ {thresholds.low:+d}", "center"),
        ):
            figure.add_annotation(
                x=value, xanchor=anchor, y=1, yref="paper", yanchor="bottom", text=word
            )
    figure.update_annotations(showarrow=False, font={"color": QUIET, "size": 10.5})


def _add_phases(figure: go.Figure, frame: pd.DataFrame, way: Way) -> None:
    """BEFORE, DURING, AFTER as bands over the columns, or beside the rows."""
    for phase in Stage.Phase:
        columns = [column for column, name in enumerate(frame["phase"]) if name == phase]
        if not columns:
            continue
        start, end = columns[0] - 0.5, columns[-1] + 0.5
        band = {"fillcolor": f"var(--cx-{phase.value})", "line": {"width": 0}}
        back = " ↺" if phase == Stage.Phase.AFTER else ""
        text = f"<b>{str(phase.label).upper()}</b>{back}"
        font = {"color": INK, "size": 11}
        if way == "across":
            figure.add_shape(
                type="rect",
                x0=start,
                x1=end,
                yref="paper",
                ysizemode="pixel",
                yanchor=1,
                y0=14,
                y1=40,
                **band,
            )
            figure.add_annotation(
                x=start,
                xanchor="left",
                xshift=8,
                yref="paper",
                y=1,
                yshift=27,
                yanchor="middle",
                text=text,
                showarrow=False,
                font=font,
            )
        else:
            figure.add_shape(
                type="rect",
                y0=start,
                y1=end,
                xref="paper",
                xsizemode="pixel",
                xanchor=0,
                x0=-134,
                x1=-116,
                **band,
            )
            figure.add_annotation(
                y=(start + end) / 2,
                xref="paper",
                x=0,
                xshift=-125,
                text=text,
                textangle=-90,
                showarrow=False,
                font={"color": INK, "size": 9},
            )


def _lay_out(figure: go.Figure, frame: pd.DataFrame, scores: tuple[float, float], way: Way) -> None:
    """Left to right, the page writes the words of each stage under its column, in the same widths."""
    count = len(frame)
    stages = {
        "tickvals": list(range(count)),
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
    measure = {
        "range": list(scores),
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "showticklabels": False,
    }
    figure.update_layout(
        template="none",
        showlegend=False,
        hovermode="closest",
        font={"color": INK, "size": 12},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"bgcolor": CARD, "bordercolor": LINE, "font": {"color": INK}},
    )
    if way == "across":
        figure.update_layout(
            margin={"l": 0, "r": 104, "t": 40, "b": 4},
            xaxis=stages | {"range": [-0.5, count - 0.5], "showticklabels": False},
            yaxis=measure,
        )
        return
    ticks = {"ticktext": [_tick(row) for row in frame.itertuples()], "tickfont": {"size": 11}}
    figure.update_layout(
        height=60 * count + 50,
        margin={"l": 136, "r": 92, "t": 30, "b": 10},
        xaxis=measure,
        yaxis=stages | ticks | {"range": [count - 0.5, -0.5]},
    )
    for column, row in enumerate(frame.itertuples()):
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=column,
            align="left",
            showarrow=False,
            text=_reading(row),
            font={"size": 11},
        )


def _tick(row: Any) -> str:
    """At most three lines of a stage's name; a longer one is whole in the table."""
    lines = textwrap.wrap(row.name, NAME_WIDTH, max_lines=3, placeholder=" …") or [row.name]
    name = "<br>".join(_escaped(line) for line in lines)
    return f"<b>◆ {name}</b>" if row.moment else name


def _reading(row: Any) -> str:
    """Sign, figure, word and n of one stage, in the colour of its class."""
    colour = COLOURS[row.label]
    if not row.shown:
        n, _comma, missing = row.n_text.partition(", ")
        needed = "<br>".join([n, *textwrap.wrap(missing, 9)])
        return f'<span style="color:{colour}">{needed}</span>'
    word = row.word
    if row.held_back:
        word += f'<br><span style="color:{COLOURS["enchantment"]}">✦ {_("held back")}</span>'
    lines = [f'<b><span style="color:{colour}">{row.sign} {row.text}</span></b>']
    lines.append(f'<span style="color:{colour}">{word}</span>')
    if row.quality:
        lines.append(f'<i><span style="color:{QUIET}">{row.quality}, {row.n_text}</span></i>')
    else:
        lines.append(f'<span style="color:{QUIET}">{row.n_text}</span>')
    return "<br>".join(lines)
