"""A map as the values that `documents/map.typ` prints, in the language of the moment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from journeys.curve import Curve, Hole, Point, Threshold
from journeys.lanes import Cell, Entry, Figure
from journeys.map_grid import JourneyMap, LaneRow, phases_of
from journeys.models import Journey, Stage
from journeys.models.journey import Criticality
from journeys.templatetags.icons import drawing_of

LONG_WORD: Final = re.compile(r"\S{19,}")
SIGNS: Final = {"disappointing": "▼", "neutral": "●", "enchantment": "✦"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The columns of one page: stages `first` up to, but without, `last`."""

    first: int
    last: int


def document_of(
    journey: Journey, grid: JourneyMap, sheets: Iterable[Sheet], size: Literal["a3", "poster"]
) -> dict[str, Any]:
    today = formats.date_format(timezone.localdate(), "DATE_FORMAT")
    whose = " · ".join(filter(None, (journey.programme.brand, journey.programme.name)))
    facts = [whose, journey.segment.name, today, _observations(grid)]
    return {
        "sheet": size,
        "language": (translation.get_language() or "en")[:2],
        "title": soft(journey.name),
        "facts": soft(" · ".join(filter(None, facts))),
        "footer": soft(f"{whose} · {journey.name} · {today}"),
        "empty": _("no stage yet"),
        "icons": {name: drawing_of(name) for name in ("loop", *_channels(grid))},
        "legend": _legend(grid),
        "sheets": [_sheet(grid, one) for one in sheets],
    }


def soft(text: str) -> str:
    """Where a long word may break: no hyphenation knows it, and it would run over its neighbours."""
    return LONG_WORD.sub(lambda found: "\u200b".join(re.findall(".{1,12}", found[0])), text)


def _observations(grid: JourneyMap) -> str:
    """How many observations stand behind the curve, as few and as many as a stage has."""
    counts = [
        cell.n
        for row in grid.lane_rows
        if row.curve
        for _stage, cell in row.cells
        if isinstance(cell, Figure)
    ]
    if not counts:
        return ""
    if min(counts) == max(counts):
        return _("n = %(n)s a stage") % {"n": counts[0]}
    return _("n = %(fewest)s to %(most)s a stage") % {"fewest": min(counts), "most": max(counts)}


def _entries(grid: JourneyMap) -> Iterable[Entry]:
    for row in grid.lane_rows:
        for _stage, cell in row.cells:
            if isinstance(cell, tuple):
                yield from (entry for entry in cell if not entry.blank)


def _channels(grid: JourneyMap) -> dict[str, list[str]]:
    """The names of the channels that each icon stands for."""
    found: dict[str, set[str]] = {}
    for entry in _entries(grid):
        if entry.icon:
            found.setdefault(entry.icon, set()).add(entry.icon_label)
    return {icon: sorted(found[icon]) for icon in sorted(found)}


def _legend(grid: JourneyMap) -> list[dict[str, str]]:
    """Each icon with its channels, each sign on the map with its word."""
    marks = {sign for entry in _entries(grid) for sign in entry.mark}
    marks |= {"◆" for stage in grid.stages if _is_truth(stage)}
    words = {
        "→": _("push: the brand comes to the customer"),
        "←": _("pull: the customer comes to the brand"),
        "●": _("explicit need"),
        "○": _("implicit need"),
        "◇": _("important"),
        "◆": _("moment of truth"),
    }
    return [
        {"icon": icon, "text": soft(", ".join(names))} for icon, names in _channels(grid).items()
    ] + [{"icon": "", "text": f"{sign} {word}"} for sign, word in words.items() if sign in marks]


def _sheet(grid: JourneyMap, sheet: Sheet) -> dict[str, Any]:
    stages = grid.stages[sheet.first : sheet.last]
    phases: list[dict[str, Any]] = [
        {"phase": span.phase, "name": span.name, "count": span.stage_count, "loop": ""}
        for span in phases_of(stages)
    ]
    if sheet.last == len(grid.stages) and len(grid.phases) > 1:
        phases[-1]["loop"] = _("back to BEFORE")
    return {
        "phases": phases,
        "stages": [_stage(stage) for stage in stages],
        "lanes": [_lane(row, sheet) for row in grid.lane_rows],
    }


def _is_truth(stage: Stage) -> bool:
    return stage.in_perimeter and stage.is_moment_of_truth


def _stage(stage: Stage) -> dict[str, Any]:
    if not stage.in_perimeter:
        fact = _("outside the perimeter")
    elif stage.is_moment_of_truth:
        fact = f"◆ {_('moment of truth')}"
    else:
        is_important = stage.criticality == Criticality.IMPORTANT
        fact = _("important") if is_important else _("ordinary")
    return {
        "name": soft(stage.name),
        "fact": fact,
        "truth": _is_truth(stage),
        "outside": not stage.in_perimeter,
    }


def _lane(row: LaneRow, sheet: Sheet) -> dict[str, Any]:
    cells = [cell for _stage, cell in row.cells[sheet.first : sheet.last]]
    return {
        "name": soft(str(row.lane.name)),
        "hint": soft(str(row.lane.hint)),
        "kind": row.lane.kind,
        "cells": [] if row.curve else [_cell(cell) for cell in cells],
        "curve": _curve(row.curve, sheet) if row.curve else None,
    }


def _cell(cell: Cell | None) -> Any:
    if isinstance(cell, Figure):
        return _figure(cell)
    return [_entry(entry) for entry in cell or () if not entry.blank] or None


def _entry(entry: Entry) -> dict[str, str]:
    return {
        "icon": entry.icon,
        "text": soft(entry.text),
        "mark": entry.mark,
        "tone": entry.tone,
        "detail": soft(entry.detail),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "value": figure.value,
        "text": figure.text or ("" if figure.needed else _("no data")),
        "label": figure.label,
        "word": _class_word(figure),
        "n": _n(figure),
        "note": soft(figure.note),
    }


def _class_word(figure: Figure) -> str:
    words = {
        "disappointing": _("disappointing"),
        "neutral": _("neutral"),
        "enchantment": _("enchantment"),
        "insufficient": _("not enough data"),
    }
    word = f"{SIGNS.get(figure.label, '')} {words[figure.label]}".strip()
    return f"{word} · ✦ {_('held back')}" if figure.held_back else word


def _n(figure: Figure) -> str:
    if figure.needed:
        known = {"n": figure.n, "needed": figure.needed}
        return _("n = %(n)s, at least %(needed)s needed") % known
    return _("n = %(n)s") % {"n": figure.n} if figure.n else ""


def _curve(curve: Curve, sheet: Sheet) -> dict[str, Any]:
    """The part of the curve over the columns of one page, at the scale of the whole."""
    column = curve.width / max(1, len(curve.stops))
    left, right = column * sheet.first, column * sheet.last
    return {
        "left": left,
        "width": right - left,
        "height": curve.height,
        "zero": curve.zero_y,
        "columns": [x for x in curve.columns if left < x < right],
        "typical": [_numbers(line) for line in curve.typical],
        "bands": [_numbers(outline) for outline in curve.bands],
        "targets": [_numbers(line) for line in curve.targets],
        "points": [_point(point) for point in curve.points if left < point.x < right],
        "holes": [_hole(hole) for hole in curve.holes if left < hole.x < right],
        "low": _threshold(curve.low, f"{_('disappointing')} ▼"),
        "high": _threshold(curve.high, f"{_('enchantment')} ✦"),
        "legend": _curve_legend(curve),
    }


def _curve_legend(curve: Curve) -> list[dict[str, str]]:
    lines = [
        ("typical", _("typical"), bool(curve.points)),
        ("band", _("95 %% interval") % {}, bool(curve.bands)),
        ("target", _("target"), bool(curve.targets)),
    ]
    return [{"kind": kind, "text": word} for kind, word, is_drawn in lines if is_drawn]


def _numbers(points: str) -> list[list[int]]:
    return [[int(number) for number in point.split(",")] for point in points.split()]


def _threshold(threshold: Threshold | None, text: str) -> dict[str, Any] | None:
    if threshold is None:
        return None
    return {
        "y": threshold.y,
        "x": threshold.word_x,
        "word": threshold.word_y,
        "text": text,
    }


def _point(point: Point) -> dict[str, Any]:
    figure = point.figure
    sign = "✦" if figure.held_back else SIGNS.get(figure.label, "")
    return {
        "x": point.x,
        "y": point.y,
        "words": [point.text_x, point.text_y],
        "text": f"{figure.text} {sign}".strip(),
        "n": _("n %(n)s") % {"n": figure.n},
        "label": figure.label,
        "held": figure.held_back,
        "truth": point.stop.is_moment_of_truth,
    }


def _hole(hole: Hole) -> dict[str, Any]:
    figure = hole.stop.figure
    if hole.reason == "too_few" and figure is not None:
        lines = [
            _("n = %(n)s,") % {"n": figure.n},
            _("at least %(needed)s needed") % {"needed": figure.needed},
        ]
    else:
        lines = [_("outside the perimeter") if hole.reason == "outside" else _("no data")]
    return {
        "left": hole.left,
        "width": hole.width,
        "middle": hole.x,
        "text": hole.text_y,
        "outside": hole.reason == "outside",
        "lines": lines,
    }
