"""What goes with an indicator, location by location: as much as the number of locations carries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.charts import ACCENT, CARD, INK, LINE, QUIET
from dashboards.indicator_words import fixed, n_text, value_text
from journeys.models import Stage
from observations.driver_rows import DriverRow, DriverSheet
from scoring import wording
from scoring.drivers import (
    MAX_DRIVERS,
    MIN_ANSWERS_HERE,
    MIN_RANKED,
    MIN_SHARED,
    MIN_VISITS,
    PER_DRIVER,
    Level,
    Ranked,
    Shares,
    level_of,
    shares_of,
    spearman,
)
from scoring.indicators import Kind
from scoring.numbers import Interval


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage: r where there are locations enough; `n` counts those with both sides."""

    stage: Stage
    n: int
    r: str
    interval: str


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One driver of the explained part, a stage or a whole phase; `declared` is its criticality."""

    name: str
    declared: str
    share: str
    interval: str
    lmg: str
    johnson: str
    width: int


@dataclass(frozen=True, slots=True)
class Analysis:
    level: Level
    used: int
    stages: tuple[StageLine, ...]
    shares: tuple[ShareLine, ...]
    r2: str
    by_phase: bool
    complete: int
    verdict: str


def analyse(sheet: DriverSheet) -> Analysis:
    rows = sheet.used
    ranked = len(rows) >= MIN_RANKED
    stages = tuple(_stage_line(stage, rows, ranked=ranked) for stage in sheet.stages)
    groups, by_phase = _groups(sheet, rows)
    complete = [
        row for row in rows if all(_mean(row, group) is not None for group in groups.values())
    ]
    level = level_of(len(rows), 0)
    shares = None
    if groups and level_of(len(complete), len(groups)) is Level.SHARES:
        shares = shares_of(
            [[_mean(row, group) or 0.0 for group in groups.values()] for row in complete],
            [float(row.value) for row in complete],
        )
    level = Level.SHARES if shares else level
    lines = _share_lines(groups, shares, by_phase=by_phase) if shares else ()
    return Analysis(
        level=level,
        used=len(rows),
        stages=stages,
        shares=lines,
        r2=fixed(100 * shares.r2, 0) if shares else "",
        by_phase=by_phase,
        complete=len(complete),
        verdict=_verdict(level, len(rows), len(groups)),
    )


def _stage_line(stage: Stage, rows: Sequence[DriverRow], *, ranked: bool) -> StageLine:
    pairs = [row for row in rows if stage.key in row.scores]
    found = Ranked(len(pairs), None, None)
    if ranked and len(pairs) >= MIN_RANKED:
        found = spearman(
            [float(row.scores[stage.key]) for row in pairs], [float(row.value) for row in pairs]
        )
    r = wording.UNKNOWN if found.r is None else _signed(found.r)
    return StageLine(stage, found.n, r, _ends(found.interval, 2))


def _signed(value: float) -> str:
    text = fixed(value, 2)
    return text if text.startswith("-") else f"+{text}"


def _ends(interval: Interval | None, digits: int) -> str:
    if interval is None:
        return ""
    low, high = (fixed(end, digits) for end in interval)
    return f"[{low}; {high}]" if "," in low or "," in high else f"[{low}, {high}]"


def _groups(sheet: DriverSheet, rows: Sequence[DriverRow]) -> tuple[dict[str, list[Stage]], bool]:
    """The drivers by name: each stage that some location has a score of, or the phases of them."""
    seen = [stage for stage in sheet.stages if any(stage.key in row.scores for row in rows)]
    fits = len(seen) <= min(MAX_DRIVERS, len(rows) // PER_DRIVER)
    if fits:
        return {stage.name: [stage] for stage in seen}, False
    phases: dict[str, list[Stage]] = {}
    for stage in seen:
        phases.setdefault(str(Stage.Phase(stage.phase).label), []).append(stage)
    return phases, True


def _mean(row: DriverRow, stages: Sequence[Stage]) -> float | None:
    """The mean score of the stages at a location; None unless it has a score of each."""
    scores = [row.scores.get(stage.key) for stage in stages]
    known = [float(score) for score in scores if score is not None]
    return sum(known) / len(known) if known and len(known) == len(scores) else None


def _share_lines(
    groups: dict[str, list[Stage]], shares: Shares, *, by_phase: bool
) -> tuple[ShareLine, ...]:
    lines = [
        ShareLine(
            name=name,
            declared="" if by_phase else str(stages[0].criticality),
            share=fixed(100 * one.share, 0),
            interval=_ends(one.interval and (100 * one.interval[0], 100 * one.interval[1]), 0),
            lmg=fixed(one.lmg, 3),
            johnson=fixed(one.johnson, 3),
            width=round(100 * one.share),
        )
        for (name, stages), one in zip(groups.items(), shares.drivers, strict=True)
    ]
    return tuple(sorted(lines, key=lambda line: -line.width))


def _verdict(level: Level, used: int, drivers: int) -> str:
    if level is Level.TABLE:
        return ngettext(
            "Too few locations to measure a link: %(n)d has visits and answers enough,"
            " %(least)d are needed.",
            "Too few locations to measure a link: %(n)d have visits and answers enough,"
            " %(least)d are needed.",
            used,
        ) % {"n": used, "least": MIN_RANKED}
    if level is Level.RANKS:
        needed = max(MIN_SHARED, PER_DRIVER * min(drivers, MAX_DRIVERS))
        return _(
            "Exploratory: with %(n)d locations the order of each stage can be compared with that of the"
            " indicator, no more. To share out what the stages explain together takes %(needed)d"
            " locations with a score of every stage."
        ) % {"n": used, "needed": needed}
    return _(
        "With %(n)d locations, what the stages explain together can be shared out between them."
    ) % {"n": used}


def cautions(sheet: DriverSheet) -> list[str]:
    """Printed with every level, since each of them is a way to be wrong."""
    found = [
        _("Association is not cause: what goes together may both come from a third thing."),
        _(
            "A link between locations is not one between customers: those who live a good stage need not"
            " be those who answer well."
        ),
        _(
            "A stage seen in few visits at a location is noisy, and noise pulls r towards 0: an r near 0"
            " with a wide interval is not “no effect”."
        ),
        _(
            "A location counts with at least %(visits)d visits of a stage and %(answers)d answers of the"
            " indicator."
        )
        % {"visits": MIN_VISITS, "answers": MIN_ANSWERS_HERE},
    ]
    if not sheet.is_own_segment:
        found.append(
            _("The counts don't tell this segment apart: the indicator is that of all customers.")
        )
    return found


@dataclass(frozen=True, slots=True)
class RowLine:
    name: str
    value: str
    n: str
    cells: list[str]
    used: bool


def row_lines(sheet: DriverSheet) -> list[RowLine]:
    return [
        RowLine(
            name=row.location.name,
            value=value_text(sheet.definition, row.figure),
            n=n_text(sheet.definition, row.figure),
            cells=[score_text(row, stage) for stage in sheet.stages],
            used=row.used,
        )
        for row in sheet.rows
    ]


def score_text(row: DriverRow, stage: Stage) -> str:
    score = row.scores.get(stage.key)
    if score is None:
        return wording.UNKNOWN
    return signed_text(score, 0)


def signed_text(value: Fraction, digits: int) -> str:
    text = fixed(value, digits)
    return f"+{text}" if value > 0 and text.strip("0.,") else text


def shown_value(sheet: DriverSheet, row: DriverRow) -> Fraction:
    """The indicator in what is read on the page: money whole, not in cents."""
    return row.value / 100 if sheet.definition.measured is Kind.BASKET else row.value


def stage_drawn(sheet: DriverSheet, key: str) -> Stage | None:
    """The one asked for, else the one most locations have a score of; None where there is no stage."""
    asked = next((one for one in sheet.stages if one.key == key), None)
    counts = {one.key: len(points_of(sheet, one)) for one in sheet.stages}
    return asked or max(sheet.stages, key=lambda one: counts[one.key], default=None)


def points_of(sheet: DriverSheet, stage: Stage) -> list[DriverRow]:
    """The locations that have both: a score of the stage, and the indicator."""
    return [row for row in sheet.used if stage.key in row.scores]


def nothing_drawn() -> str:
    return _("No location has both a score of this stage and the indicator under these filters.")


def scatter(sheet: DriverSheet, stage: Stage) -> str:
    """The locations as points: the score of one stage across, the indicator up."""
    rows = points_of(sheet, stage)
    figure: dict[str, Any] = {
        "data": [
            {
                "type": "scatter",
                "mode": "markers",
                "x": [float(row.scores[stage.key]) for row in rows],
                "y": [float(shown_value(sheet, row)) for row in rows],
                "hovertext": [
                    f"{row.location.name}: {score_text(row, stage)}, "
                    f"{value_text(sheet.definition, row.figure)}"
                    for row in rows
                ],
                "hoverinfo": "text",
                "marker": {"color": ACCENT, "size": 10, "line": {"color": CARD, "width": 1.5}},
            }
        ],
        "layout": {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "margin": {"l": 64, "r": 20, "t": 10, "b": 56},
            "font": {"color": INK, "size": 12},
            "xaxis": _axis(_("Score of the stage")),
            "yaxis": _axis(sheet.definition.name),
            "height": 340,
        },
    }
    return json.dumps(figure)


def _axis(title: str) -> dict[str, Any]:
    return {
        "title": {"text": title, "font": {"color": QUIET}},
        "gridcolor": LINE,
        "zerolinecolor": QUIET,
        "fixedrange": True,
        "automargin": True,
    }
