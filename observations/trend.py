"""The journey wave by wave, each wave read in the framework version that its filter shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from journeys.models import Wave
from observations.breakdowns import Dimension, Part, read_breakdown
from observations.cells import wave_of, within
from observations.scores import ScoreSheet, read_scores
from observations.selection import Selection
from scoring.models import StageCell


@dataclass(frozen=True, slots=True)
class WaveReading:
    """One wave: what its filter shows of the journey, `n` observations of `version`.

    `part` is None where nothing can be scored.
    """

    wave: Wave
    version: int | None
    n: int
    part: Part | None


def read_waves(sheet: ScoreSheet) -> list[WaveReading]:
    """The waves that have begun, oldest first, whatever months the sheet was read for.

    The number of queries grows with the framework versions that were observed, not with the waves.
    """
    if sheet.framework is None or not sheet.stages:
        return []
    this_month = f"{timezone.localdate():%Y-%m}"
    programme = sheet.framework.journey.programme
    waves = [wave for wave in programme.waves.all() if wave.first_month <= this_month]
    waves.sort(key=lambda wave: wave.first_month)
    seen = _versions(sheet)
    shown = {wave.pk: _shown(sheet, seen.get(wave.pk, {})) for wave in waves}
    parts = {version: _parts(sheet, version) for version in sorted(set(shown.values()))}
    return [
        WaveReading(
            wave,
            shown[wave.pk],
            seen.get(wave.pk, {}).get(shown[wave.pk], 0),
            parts[shown[wave.pk]].get(wave.key),
        )
        for wave in waves
    ]


def _versions(sheet: ScoreSheet) -> dict[int, dict[int, int]]:
    """{wave: {version: observations}}, in one query."""
    assert sheet.framework is not None
    cells = StageCell.objects.filter(
        within(_always(sheet.selection)), framework__journey=sheet.journey, stage=None
    )
    cells = cells.annotate(wave=wave_of(sheet.framework))
    rows: Any = cells.values_list("wave", "framework__version")
    found: dict[int, dict[int, int]] = {}
    for wave, version, n in rows.annotate(total=Sum("n")).order_by("wave", "framework__version"):
        if n > 0:
            found.setdefault(wave, {})[version] = int(n)
    return found


def _shown(sheet: ScoreSheet, seen: Mapping[int, int]) -> int:
    """As `read_scores` chooses: the version asked for, else the newest observed, else the sheet's."""
    assert sheet.framework is not None
    return sheet.selection.version or max(seen, default=sheet.framework.version)


def _parts(sheet: ScoreSheet, version: int) -> dict[str, Part]:
    assert sheet.framework is not None
    if version != sheet.framework.version:
        own = replace(_always(sheet.selection), version=version)
        sheet = read_scores(sheet.journey, own)
    return {part.key: part for part in read_breakdown(sheet, Dimension.WAVE)}


def _always(selection: Selection) -> Selection:
    return replace(selection, first_month=None, last_month=None, wave=None)
