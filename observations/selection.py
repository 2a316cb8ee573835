"""Which observations a score is read from: the filters of a URL, the same on a page and in the API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from journeys.access import Access
from journeys.models import Journey, Location, Method
from scoring.models import Framework

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
PARAMETERS = ("wave", "from", "to", "method", "location", "region", "channel", "framework")
COMPARISON_PARAMETERS = ("before", "after", "control")


@dataclass(frozen=True, slots=True)
class Selection:
    """Months inclusive; empty tuples and None select everything. `locations` are codes."""

    first_month: str | None = None
    last_month: str | None = None
    methods: tuple[str, ...] = ()
    locations: tuple[str, ...] | None = None
    channel: str | None = None
    version: int | None = None
    wave: str | None = None

    def overlaps(self, other: Selection) -> bool:
        """Whether some month is in both; no bound is no end."""
        starts_late = bool(
            self.first_month and other.last_month and self.first_month > other.last_month
        )
        ends_early = bool(
            self.last_month and other.first_month and self.last_month < other.first_month
        )
        return not (starts_late or ends_early)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two windows of the same locations (those acted on), and the codes of the control."""

    before: Selection
    after: Selection
    control: tuple[str, ...] = ()


class BadSelection(Exception):
    """A filter that can't be read: {parameter: reason}."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(slots=True)
class _Reader:
    journey: Journey
    access: Access
    errors: dict[str, str] = field(default_factory=dict)


def read_selection(query: Mapping[str, Any], *, journey: Journey, access: Access) -> Selection:
    """The selection asked for, held to the locations this person may see.

    `method`, `location` and `region` take several values, separated by commas. Raises BadSelection
    with every parameter that is wrong.
    """
    reader = _Reader(journey, access)
    asked = {name: str(query.get(name, "")).strip() for name in PARAMETERS}
    selection = replace(
        _months(reader, asked),
        methods=_methods(reader, asked["method"]),
        locations=_locations(reader, asked["location"], asked["region"]),
        channel=_channel(reader, asked["channel"]),
        version=_version(reader, asked["framework"]),
    )
    if reader.errors:
        raise BadSelection(reader.errors)
    return selection


def _months(reader: _Reader, asked: dict[str, str]) -> Selection:
    if asked["wave"]:
        if asked["from"] or asked["to"]:
            reader.errors["wave"] = _("Either a wave or months, not both.")
        wave = reader.journey.programme.waves.filter(key=asked["wave"]).first()
        if wave is None:
            reader.errors["wave"] = _("No wave of the programme has this key.")
            return Selection()
        return Selection(wave.first_month, wave.last_month, wave=wave.key)
    for name in ("from", "to"):
        if asked[name] and not MONTH.fullmatch(asked[name]):
            reader.errors[name] = _("A month, written YYYY-MM.")
    if asked["from"] and asked["to"] and asked["from"] > asked["to"]:
        reader.errors["to"] = _("The last month is before the first.")
    return Selection(asked["from"] or None, asked["to"] or None)


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _methods(reader: _Reader, value: str) -> tuple[str, ...]:
    methods = _split(value)
    if set(methods) - set(Method.values):
        reader.errors["method"] = _("One of: %(methods)s.") % {"methods": ", ".join(Method.values)}
    return methods


def _locations(reader: _Reader, value: str, region: str) -> tuple[str, ...] | None:
    """Codes asked for by code or by region, and never others than this person may see."""
    held_to = reader.access.reading_location_ids
    rows = Location.objects.filter(programme=reader.journey.programme)
    if held_to is not None:
        rows = rows.filter(pk__in=held_to)
    codes, regions = set(_split(value)), set(_split(region))
    if not codes and not regions:
        return tuple(rows.values_list("code", flat=True)) if held_to is not None else None
    known = list(rows.values_list("code", "region"))
    if codes - {code for code, _region in known}:
        reader.errors["location"] = _("No location of yours has this code.")
    if regions - {name for _code, name in known}:
        reader.errors["region"] = _("No location of yours is in this region.")
    return tuple(
        code
        for code, name in known
        if (not codes or code in codes) and (not regions or name in regions)
    )


def read_comparison(query: Mapping[str, Any], *, journey: Journey, access: Access) -> Comparison:
    """The waves and the control asked for, held to the locations this person may see.

    The locations acted on are all others. Raises BadSelection with every parameter that is wrong.
    """
    reader = _Reader(journey, access)
    asked = {name: str(query.get(name, "")).strip() for name in COMPARISON_PARAMETERS}
    before, after = _waves(reader, asked)
    control = _split(asked["control"])
    locations = _acted_on(reader, control) if control else _locations(reader, "", "")
    if before.last_month and after.first_month and before.last_month >= after.first_month:
        reader.errors["after"] = _("A wave later than the one before.")
    if reader.errors:
        raise BadSelection(reader.errors)
    return Comparison(
        replace(before, locations=locations), replace(after, locations=locations), control
    )


def _waves(reader: _Reader, asked: dict[str, str]) -> list[Selection]:
    names = ("before", "after")
    keys = [asked[name] for name in names]
    waves = {wave.key: wave for wave in reader.journey.programme.waves.filter(key__in=keys)}
    found = []
    for name in names:
        wave = waves.get(asked[name])
        if wave is None:
            reader.errors[name] = _("No wave of the programme has this key.")
            found.append(Selection())
        else:
            found.append(Selection(wave.first_month, wave.last_month, wave=wave.key))
    return found


def _acted_on(reader: _Reader, control: tuple[str, ...]) -> tuple[str, ...]:
    """The codes that are not the control's."""
    rows = Location.objects.filter(programme=reader.journey.programme)
    if reader.access.reading_location_ids is not None:
        rows = rows.filter(pk__in=reader.access.reading_location_ids)
    codes = tuple(rows.values_list("code", flat=True))
    if set(control) - set(codes):
        reader.errors["control"] = _("No location of yours has this code.")
    acted_on = tuple(code for code in codes if code not in control)
    if not acted_on:
        reader.errors["control"] = _("A control leaves at least one location out.")
    return acted_on


def _channel(reader: _Reader, value: str) -> str | None:
    if value and not reader.journey.programme.channels.filter(key=value).exists():
        reader.errors["channel"] = _("No channel of the programme has this key.")
    return value or None


def _version(reader: _Reader, value: str) -> int | None:
    if not value:
        return None
    published = Framework.objects.published().filter(journey=reader.journey)
    if not value.isdecimal() or len(value) > 9 or not published.filter(version=int(value)).exists():
        reader.errors["framework"] = _("This journey has no such published framework version.")
        return None
    return int(value)
