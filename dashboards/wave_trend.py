"""The journey by wave, and what has changed between the last two: for the page and for documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from dashboards.boards import JourneyLine, line_of
from journeys.months import period_text
from observations.changes import ChangeSheet, read_changes
from observations.scores import ScoreSheet
from observations.selection import Comparison, Selection
from observations.trend import WaveReading
from observations.trend import read_waves as readings_of
from scoring.classify import JourneyScore
from scoring.wording import count_text

NOTHING = JourneyScore(
    score=None,
    interval=None,
    target=None,
    coverage=(0, 0),
    flags=(),
    cumulative=None,
    cumulative_interval=None,
    cumulative_sums=None,
)


@dataclass(frozen=True, slots=True)
class WavePoint:
    """The journey in one wave, as the page filtered on that wave has it; `line` is how it is printed."""

    key: str
    name: str
    period: str
    first_month: str
    last_month: str
    version: int | None
    n: int
    journey: JourneyScore
    line: JourneyLine
    # Observations are counted for all channels together: under one of them there is no n to tell.
    tells_n: bool

    @property
    def n_text(self) -> str:
        return _("n = %(n)s") % {"n": count_text(self.n)} if self.tells_n else ""

    @property
    def is_known(self) -> bool:
        return self.journey.score is not None


@dataclass(frozen=True, slots=True)
class LastChange:
    """`sheet` is None where nothing can be compared, and `why` says why not.

    `before` and `after` are the waves compared, `baseline` one before them where there is one.
    """

    sheet: ChangeSheet | None
    why: str = ""
    before: WavePoint | None = None
    after: WavePoint | None = None
    baseline: WavePoint | None = None


def read_waves(sheet: ScoreSheet) -> list[WavePoint]:
    """Each wave that has begun, oldest first, whatever months the sheet was read for."""
    tells_n = sheet.selection.channel is None
    return [_point(one, tells_n=tells_n) for one in readings_of(sheet)]


def _point(one: WaveReading, *, tells_n: bool) -> WavePoint:
    journey = (one.part.journey if one.part else None) or NOTHING
    wave = one.wave
    return WavePoint(
        wave.key,
        wave.name,
        period_text(wave.first_month, wave.last_month),
        wave.first_month,
        wave.last_month,
        one.version,
        one.n,
        journey,
        line_of(journey, one.n),
        tells_n,
    )


def read_last_change(sheet: ScoreSheet, waves: Sequence[WavePoint]) -> LastChange:
    """The wave chosen, else the last observed, against the one observed before it.

    The wave before those two, where one was observed, is the second baseline: nothing that is shown
    here was chosen by its figures.
    """
    selection = sheet.selection
    if why := why_no_change(selection):
        return LastChange(None, why)
    if selection.wave is None and (selection.first_month or selection.last_month):
        return LastChange(None, _("A change is told between waves, not between months."))
    measured = [wave for wave in waves if wave.n]
    if selection.wave is not None:
        keys = [wave.key for wave in measured]
        if selection.wave not in keys:
            return LastChange(None, _("Nothing was observed in this wave."))
        measured = measured[: keys.index(selection.wave) + 1]
    if len(measured) < 2:
        return LastChange(
            None, _("No wave before it was observed: there is nothing to compare with.")
        )
    *earlier, before, after = measured
    baseline = earlier[-1] if earlier else None
    comparison = Comparison(
        _window(selection, before),
        _window(selection, after),
        baseline=_window(selection, baseline) if baseline else None,
    )
    found = read_changes(sheet.journey, comparison)
    return LastChange(found, "", before, after, baseline)


def why_no_change(selection: Selection) -> str:
    """The filters under which nobody judges a change; empty where there is none."""
    if selection.channel is not None:
        return _("A change is told of all channels together.")
    if selection.version is not None:
        return _("A change is told without a framework version chosen.")
    return ""


def _window(selection: Selection, wave: WavePoint) -> Selection:
    return replace(
        selection, first_month=wave.first_month, last_month=wave.last_month, wave=wave.key
    )
