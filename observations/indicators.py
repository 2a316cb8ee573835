"""Indicators as they can be read now: sums of counts under a selection, through the arithmetic."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from journeys.access import Access
from journeys.models import Wave
from observations.changes import is_closed
from observations.indicator_querysets import SUMS
from observations.models import IndicatorDefinition, IndicatorReading
from observations.selection import Selection
from scoring.indicators import (
    Change,
    Figure,
    Kind,
    Sums,
    added,
    before_closing,
    compare,
    figure,
    shortfall,
)
from scoring.numbers import Interval

Facet = Literal["wave", "segment", "location", "channel"]
FACETS: tuple[Facet, ...] = ("wave", "segment", "location", "channel")
_KEYS: Mapping[Facet, str] = {
    "wave": "wave_number",
    "segment": "segment",
    "location": "location",
    "channel": "channel",
}
NO_WAVE = -1
# With the annotations that are made here, which the type of the model does not know.
Readings = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """The change between two waves, at the locations that have readings in both."""

    before: Wave
    after: Wave
    change: Change
    locations_left_out: int = 0


@dataclass(frozen=True, slots=True)
class IndicatorFigure:
    """One definition under one selection. `sums` and `days` are what the figure was computed from.

    `all_segments` where a segment was asked for and the readings don't tell segments apart.
    """

    definition: IndicatorDefinition
    figure: Figure
    sums: Sums
    days: int = 0
    compared: Compared | None = None
    all_segments: bool = False

    @property
    def gap(self) -> Fraction | None:
        target, value = self.definition.target, self.figure.value
        if target is None or value is None:
            return None
        return shortfall(value, target, self.definition.better)

    @property
    def gap_interval(self) -> Interval | None:
        target, interval = self.definition.target, self.figure.interval
        if target is None or interval is None:
            return None
        ends = [float(shortfall(Fraction(end), target, self.definition.better)) for end in interval]
        return min(ends), max(ends)


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One wave, segment, location or channel of an indicator; `row` None is "not told"."""

    row: Any
    figure: Figure
    gap: Fraction | None
    change: Change | None = None


class _Read(NamedTuple):
    sums: Sums
    days: int


@dataclass(slots=True)
class _Counted:
    """The sums of one definition by part and location, and the months of each; a part is a wave's
    number, or whatever else a table has rows of."""

    sums: dict[Any, dict[int | None, Sums]] = field(default_factory=dict)
    months: dict[Any, dict[int | None, set[str]]] = field(default_factory=dict)

    def add(self, part: Any, location: int | None, sums: Sums) -> None:
        by_location = self.sums.setdefault(part, {})
        had = by_location.get(location)
        by_location[location] = sums if had is None else had + sums

    def add_month(self, part: Any, location: int | None, month: str) -> None:
        self.months.setdefault(part, {}).setdefault(location, set()).add(month)

    def read(self, parts: Iterable[Any], among: Container[int | None] | None = None) -> _Read:
        """Of some parts, at some locations or at all."""
        places = [
            (part, location)
            for part in parts
            for location in self.sums.get(part, {})
            if among is None or location in among
        ]
        months = (self.months.get(part, {}).get(location, ()) for part, location in places)
        sums = added(self.sums[part][location] for part, location in places)
        return _Read(sums, days_of(month for some in months for month in some))

    def between(
        self, definition: IndicatorDefinition, before: int, after: int, wave: Wave
    ) -> tuple[Change, int]:
        """At the locations counted in both waves, and how many were not; `wave` is the one after."""
        first, second = set(self.sums[before]), set(self.sums[after])
        was, now = (
            figure(definition.measured, *self.read([number], first & second))
            for number in (before, after)
        )
        return _change(definition, was, now, wave), len(first ^ second)


def read_indicators(
    definitions: Sequence[IndicatorDefinition],
    selection: Selection,
    access: Access,
    *,
    segment_if_told: bool = False,
) -> list[IndicatorFigure]:
    """The figures in the order given; the number of queries is fixed.

    With `segment_if_told` the segment of the selection is held to where the readings of a
    definition tell segments apart; else all of them count, and the figure says so.
    """
    if not definitions:
        return []
    waves = list(access.programme.waves.all())
    read = _Reading(definitions, selection, access, waves, segment_if_told)
    return [read.figure_of(one) for one in definitions]


class _Reading:
    """Two queries for all definitions, and one more where a speed needs its months."""

    def __init__(
        self,
        definitions: Sequence[IndicatorDefinition],
        selection: Selection,
        access: Access,
        waves: Sequence[Wave],
        segment_if_told: bool,
    ) -> None:
        self.selection, self.waves = selection, waves
        self.chosen = next((w for w in waves if w.key == selection.wave), None)
        readings = (
            readings_at(access, selection, or_untold=segment_if_told)
            .filter(definition__in=[one.pk for one in definitions])
            .filter(self._window())
        )
        self.told = defaultdict[int, _Counted](_Counted)
        self.untold = defaultdict[int, _Counted](_Counted)
        split = bool(selection.segment) and segment_if_told
        keys = ("definition", "wave_number", "location", *(("segment",) if split else ()))
        for (pk, wave, location, *rest), sums in _summed(_by_wave(readings, waves), *keys):
            counted = self.untold if split and rest == [None] else self.told
            counted[pk].add(wave, location, sums)
        speeds = [one.pk for one in definitions if one.measured is Kind.RECRUITMENT]
        if speeds:
            self._read_months(_by_wave(readings.filter(definition__in=speeds), waves), split)

    def _window(self) -> Q:
        """The months asked for, and those of the wave before a chosen one."""
        first = self.selection.first_month
        before = self._before(self.chosen)
        return in_months(before.first_month if before else first, self.selection.last_month)

    def _before(self, wave: Wave | None) -> Wave | None:
        if wave is None or wave == self.waves[0]:
            return None
        return self.waves[self.waves.index(wave) - 1]

    def _read_months(self, readings: Readings, split: bool) -> None:
        keys = ("definition", "wave_number", "location", "month", "segment")
        for pk, wave, location, month, segment in readings.order_by().values_list(*keys).distinct():
            counted = self.untold if split and segment is None else self.told
            counted[pk].add_month(wave, location, month)

    def figure_of(self, definition: IndicatorDefinition) -> IndicatorFigure:
        all_segments = definition.pk in self.untold and definition.pk not in self.told
        counted = (self.untold if all_segments else self.told)[definition.pk]
        asked = [self._number(self.chosen)] if self.chosen else list(counted.sums)
        sums, days = counted.read(asked)
        return IndicatorFigure(
            definition,
            figure(definition.measured, sums, days),
            sums,
            days,
            self._compared(definition, counted),
            all_segments,
        )

    def _number(self, wave: Wave | None) -> int:
        return NO_WAVE if wave is None else self.waves.index(wave)

    def _compared(self, definition: IndicatorDefinition, counted: _Counted) -> Compared | None:
        """The wave chosen against the one before; without months chosen, the two latest counted."""
        if self.chosen is None and (self.selection.first_month or self.selection.last_month):
            return None
        seen = [number for number in sorted(counted.sums) if number != NO_WAVE]
        after = self._number(self.chosen) if self.chosen else (seen[-1] if seen else NO_WAVE)
        before = after - 1
        if before < 0 or not {before, after} <= set(seen):
            return None
        change, left_out = counted.between(definition, before, after, self.waves[after])
        return Compared(self.waves[before], self.waves[after], change, left_out)


def read_facet(
    definition: IndicatorDefinition, selection: Selection, access: Access, facet: Facet
) -> list[FacetRow]:
    """The figures of one definition wave by wave, or segment by segment, in one or two queries.

    Waves stand in their order, each with its change against the one before; months of no wave,
    and counts that do not tell, come last.
    """
    waves = list(access.programme.waves.all())
    readings = _by_wave(
        readings_at(access, selection).filter(
            in_months(selection.first_month, selection.last_month), definition=definition
        ),
        waves,
    )
    counted, keys = _Counted(), tuple(dict.fromkeys((_KEYS[facet], "location")))
    for key, sums in _summed(readings, *keys):
        counted.add(key[0], key[-1], sums)
    if definition.measured is Kind.RECRUITMENT:
        for *key, month in readings.order_by().values_list(*keys, "month").distinct():
            counted.add_month(key[0], key[-1], month)
    return list(_facet_rows(definition, facet, _named(access, waves, facet), counted))


def _facet_rows(
    definition: IndicatorDefinition, facet: Facet, named: Mapping[Any, Any], counted: _Counted
) -> Iterator[FacetRow]:
    for key, row in named.items():
        if key not in counted.sums:
            continue
        one, change = figure(definition.measured, *counted.read([key])), None
        if facet == "wave" and row is not None and key > 0 and key - 1 in counted.sums:
            change, _left_out = counted.between(definition, key - 1, key, row)
        target = definition.target
        gap = None
        if target is not None and one.value is not None:
            gap = shortfall(one.value, target, definition.better)
        yield FacetRow(row, one, gap, change)


def _change(definition: IndicatorDefinition, was: Figure, now: Figure, after: Wave) -> Change:
    """Without a trend while the wave after is open."""
    change = compare(definition.measured, was, now, definition.better)
    closed = is_closed(Selection(last_month=after.last_month))
    return change if closed else before_closing(change)


def _named(access: Access, waves: Sequence[Wave], facet: Facet) -> dict[Any, Any]:
    """{key: row} in the order to show; the key of what is not told comes last."""
    if facet == "wave":
        return dict(enumerate(waves)) | {NO_WAVE: None}
    rows: dict[str, Any] = {
        "segment": access.programme.segments,
        "location": access.programme.locations,
        "channel": access.programme.channels,
    }
    return {row.pk: row for row in rows[facet].all()} | {None: None}


def readings_at(access: Access, selection: Selection, *, or_untold: bool = False) -> Readings:
    """At the places of a selection, months aside; never more than this person may read."""
    rows = IndicatorReading.objects.visible_to(access)
    if selection.locations is not None:
        rows = rows.filter(location__code__in=selection.locations)
    if selection.channel:
        rows = rows.filter(channel__key=selection.channel)
    if selection.segment:
        asked = Q(segment__key=selection.segment)
        rows = rows.filter(asked | Q(segment=None) if or_untold else asked)
    return rows


def in_months(first: str | None, last: str | None) -> Q:
    wanted = Q()
    if first:
        wanted &= Q(month__gte=first)
    if last:
        wanted &= Q(month__lte=last)
    return wanted


def _by_wave(readings: Readings, waves: Iterable[Wave]) -> Readings:
    """With the place of the wave of each month in the programme's order."""
    numbers = [
        When(month__gte=wave.first_month, month__lte=wave.last_month, then=Value(number))
        for number, wave in enumerate(waves)
    ]
    number = Case(*numbers, default=Value(NO_WAVE), output_field=IntegerField())
    found: Readings = readings.annotate(wave_number=number)
    return found


def _summed(readings: Readings, *keys: str) -> Iterator[tuple[tuple[Any, ...], Sums]]:
    rows = readings.order_by().values(*keys).annotate(**SUMS).values_list(*keys, *SUMS)
    for row in rows.order_by(*keys):
        yield row[: len(keys)], Sums(*row[len(keys) :])


def days_of(months: Iterable[str]) -> int:
    """The days of the months, each once; of the month under way those up to today."""
    today = timezone.localdate()
    return sum(
        today.day if month == f"{today:%Y-%m}" else monthrange(int(month[:4]), int(month[5:]))[1]
        for month in set(months)
    )
