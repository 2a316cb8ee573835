"""The charts as CSV: exact and rounded figures, interval and n; UTF-8 with a mark for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from fractions import Fraction
from io import StringIO
from typing import Final

from actionplans.gaps import Gap
from dashboards.documents.heat_parts import HeatParts
from dashboards.wave_trend import WavePoint
from observations.driver_rows import DriverRow, DriverSheet
from scoring import wording
from scoring.classify import StageScore
from scoring.numbers import Interval, decimal6, exact, interval3

SCORE: Final = ("n", "score_exact", "score", "interval_low", "interval_high", "label")
AIM: Final = ("target_exact", "gap_exact", "gap", "gap_low", "gap_high")
PLACE: Final = ("location", "location_name", "used")
DRIVER: Final = (*PLACE, "indicator", "unit", "n", "value_exact", "value")
STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def curve_csv(stages: Sequence[Gap]) -> bytes:
    rows = [
        (
            gap.stage.key,
            safe(gap.stage.name),
            gap.stage.phase,
            int(gap.stage.is_moment_of_truth),
            *_score(gap.score),
            *_aim(gap.score),
        )
        for gap in stages
    ]
    return _written(("stage", "name", "phase", "moment_of_truth", *SCORE, *AIM), rows)


def heat_csv(stages: Sequence[Gap], heat: HeatParts) -> bytes:
    """The first two columns are named after what the rows are: `wave`, `wave_name`."""
    rows = [
        (
            safe(part.key),
            safe(part.name),
            gap.stage.key,
            safe(gap.stage.name),
            *_score(score),
            *_aim(score),
        )
        for part in heat.parts
        for gap in stages
        if (score := part.stages.get(gap.stage.key)) is not None
    ]
    by = heat.by.value
    return _written((by, f"{by}_name", "stage", "name", *SCORE, *AIM), rows)


def trend_csv(waves: Sequence[WavePoint]) -> bytes:
    rows = []
    for wave in waves:
        journey = wave.journey
        version = "" if wave.version is None else wave.version
        figures = (
            wave.n if wave.tells_n else "",
            *_number(journey.score),
            *_ends(journey.interval),
        )
        target = "" if journey.target is None else exact(journey.target)
        months = wave.first_month, wave.last_month
        rows.append((safe(wave.name), *months, version, *figures, target, journey.coverage_text))
    names = ("wave", "first_month", "last_month", "framework_version", *SCORE[:-1])
    return _written((*names, "target_exact", "coverage"), rows)


def drivers_csv(sheet: DriverSheet) -> bytes:
    """A row a location, three columns a stage: visits, and the score where there are enough of them.

    The unit is that of the exact value; amounts are in cents.
    """
    stages = [
        f"{stage.key}_{name}" for stage in sheet.stages for name in ("n", "score_exact", "score")
    ]
    rows = [
        (
            safe(row.location.code),
            safe(row.location.name),
            int(row.used),
            sheet.definition.key,
            row.figure.unit.value,
            row.figure.n,
            *_number(row.figure.value),
            *(figure for stage in sheet.stages for figure in _visited(row, stage.key)),
        )
        for row in sheet.rows
    ]
    return _written((*DRIVER, *stages), rows)


def _visited(row: DriverRow, stage: str) -> tuple[object, ...]:
    return (row.visits.get(stage, 0), *_number(row.scores.get(stage)))


def safe(text: str) -> str:
    """Typed text that a spreadsheet would take for a formula is marked as text."""
    return f"'{text}" if text.startswith(STARTS) else text


def _score(score: StageScore) -> tuple[object, ...]:
    """Nothing but n and the label without enough data, as on the pages."""
    shown = wording.is_shown(score)
    value, interval = (score.score, score.interval) if shown else (None, None)
    return (score.n, *_number(value), *_ends(interval), score.label.value)


def _aim(score: StageScore) -> tuple[object, ...]:
    shown = wording.is_shown(score)
    gap, ends = (score.gap, score.gap_interval) if shown else (None, None)
    target = "" if score.target is None else exact(score.target.score)
    return (target, *_number(gap), *_ends(ends))


def _number(value: Fraction | None) -> tuple[str, str]:
    return ("", "") if value is None else (exact(value), decimal6(value))


def _ends(interval: Interval | None) -> tuple[object, object]:
    if interval is None:
        return "", ""
    low, high = interval3(interval)
    return low, high


def _written(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    into = StringIO(newline="")
    table = csv.writer(into)
    table.writerow(headings)
    table.writerows(rows)
    return into.getvalue().encode("utf-8-sig")
