"""The journey score by wave as a small drawing: places in % along, in pixels up and down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import gettext as _

from dashboards.links import dashboard_url
from dashboards.wave_trend import WavePoint
from journeys.access import Access
from journeys.models import Journey

HEIGHT = 190
EDGE = 22  # pixels above the highest and below the lowest that is drawn
MONTHS = ("wave", "from", "to")


@dataclass(frozen=True, slots=True)
class Segment:
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One wave. Strings are attributes of SVG, empty where there is nothing to draw."""

    wave: WavePoint
    url: str
    is_chosen: bool
    x: str
    y: str
    label_y: str
    top: str
    height: str
    note: str


@dataclass(frozen=True, slots=True)
class TrendChart:
    """`is_drawn` is false where no wave has a score."""

    marks: tuple[Mark, ...]
    scores: tuple[Segment, ...]
    targets: tuple[Segment, ...]
    zero: str
    height: int
    target: str
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class _Scale:
    count: int
    low: float
    high: float

    def x(self, place: float) -> str:
        return f"{100 * (place + 0.5) / self.count:.3f}%"

    def y(self, score: float) -> float:
        span = self.high - self.low
        return EDGE + (HEIGHT - 2 * EDGE) * (self.high - score) / span


def trend_chart(
    waves: Sequence[WavePoint], access: Access, journey: Journey, asked: Mapping[str, str]
) -> TrendChart | None:
    """None without waves. A line joins two waves in a row of one framework version, and no others."""
    if not waves:
        return None
    scale = _scale(waves)
    versions = {wave.version for wave in waves if wave.is_known}
    kept = {name: value for name, value in asked.items() if name not in MONTHS}
    last = waves[-1]
    return TrendChart(
        marks=tuple(
            _mark(
                wave,
                place,
                scale,
                url=dashboard_url(access, journey, kept | {"wave": wave.key}),
                is_chosen=asked.get("wave") == wave.key,
                tells_version=len(versions) > 1,
            )
            for place, wave in enumerate(waves)
        ),
        scores=_segments(waves, [wave.journey.score for wave in waves], scale),
        targets=_targets(waves, scale),
        zero=f"{scale.y(0):.1f}",
        height=HEIGHT,
        target=last.line.target,
        is_drawn=any(wave.is_known for wave in waves),
    )


def _scale(waves: Sequence[WavePoint]) -> _Scale:
    drawn = [0.0]
    for wave in waves:
        one = wave.journey
        drawn += [float(value) for value in (one.score, one.target) if value is not None]
        drawn += one.interval or ()
    low, high = min(drawn), max(drawn)
    return _Scale(len(waves), low, high if high - low >= 10 else low + 10)


def _mark(
    wave: WavePoint,
    place: int,
    scale: _Scale,
    *,
    url: str,
    is_chosen: bool,
    tells_version: bool,
) -> Mark:
    note = _("Version %(version)d") % {"version": wave.version} if tells_version else ""
    x = scale.x(place)
    if wave.journey.score is None or wave.journey.interval is None:
        return Mark(wave, url, is_chosen, x, "", "", "", "", note)
    low, high = wave.journey.interval
    y, top = scale.y(float(wave.journey.score)), scale.y(high)
    height = max(2.0, scale.y(low) - top)
    label = y - 12 if y > HEIGHT / 3 else y + 22
    return Mark(
        wave, url, is_chosen, x, f"{y:.1f}", f"{label:.1f}", f"{top:.1f}", f"{height:.1f}", note
    )


def _segments(
    waves: Sequence[WavePoint], values: Sequence[Fraction | None], scale: _Scale
) -> tuple[Segment, ...]:
    found = []
    for place, ((one, was), (other, now)) in enumerate(pairwise(zip(waves, values, strict=True))):
        if was is None or now is None or one.version != other.version:
            continue
        y1, y2 = scale.y(float(was)), scale.y(float(now))
        found.append(Segment(scale.x(place), f"{y1:.1f}", scale.x(place + 1), f"{y2:.1f}"))
    return tuple(found)


def _targets(waves: Sequence[WavePoint], scale: _Scale) -> tuple[Segment, ...]:
    """A step a wave: each has the target of the stages that were measured in it."""
    return tuple(
        Segment(
            scale.x(place - 0.4),
            f"{scale.y(float(wave.journey.target)):.1f}",
            scale.x(place + 0.4),
            f"{scale.y(float(wave.journey.target)):.1f}",
        )
        for place, wave in enumerate(waves)
        if wave.journey.target is not None
    )
