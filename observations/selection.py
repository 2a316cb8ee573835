"""Which observations a score is read from: the filters of a URL, the same on a page and in the API."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from journeys.access import Access
from journeys.models import Journey, Location, Method, Programme
from scoring.models import Framework

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
PARAMETERS = ("wave", "from", "to", "method", "location", "region", "channel", "framework")
INDICATOR_PARAMETERS = ("wave", "from", "to", "location", "region", "segment", "channel")
WINDOWS = ("before", "after", "baseline")
COMPARISON_PARAMETERS = (
    *WINDOWS,
    "control",
    "method",
    "location",
    *(f"{window}_{end}" for window in WINDOWS for end in ("from", "to")),
)


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
    segment: str | None = None  # of indicators; a score is that of a journey, which has one

    def overlaps(self, other: Selection) -> bool:
        """Whether some month is in both; no bound is no end."""
        starts_late = bool(
            self.first_month and other.last_month and self.first_month > other.last_month
        )
        ends_early = bool(
            self.last_month and other.first_month and self.last_month < other.first_month
        )
        return not (starts_late or ends_early)

    def holds(self, month: str, location: str | None, method: str) -> bool:
        """Whether an observation of this month, location and method is in it."""
        if self.methods and method not in self.methods:
            return False
        if self.first_month and month < self.first_month:
            return False
        if self.last_month and month > self.last_month:
            return False
        return self.locations is None or location in self.locations


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two windows of the same locations (those acted on), and what the change is held against.

    `control` are the codes of locations where nothing was done; `baseline` is a window that was not
    used for choosing what to act on.
    """

    before: Selection
    after: Selection
    control: tuple[str, ...] = ()
    baseline: Selection | None = None

    @property
    def second_baseline(self) -> Selection | None:
        """The guard where there is no control: a control comes first."""
        return None if self.control else self.baseline

    @property
    def windows(self) -> tuple[Selection, ...]:
        """Before and after, then what is read for the guard: one window more, or the control's two."""
        own = (self.before, self.after)
        if self.control:
            return (*own, *(replace(window, locations=self.control) for window in own))
        return own if self.baseline is None else (*own, self.baseline)


class BadSelection(Exception):
    """A filter that can't be read: {parameter: reason}."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(slots=True)
class _Reader:
    programme: Programme
    access: Access
    errors: dict[str, str] = field(default_factory=dict)


def read_selection(query: Mapping[str, Any], *, journey: Journey, access: Access) -> Selection:
    """The selection asked for, held to the locations this person may see.

    `method`, `location` and `region` take several values, separated by commas. Raises BadSelection
    with every parameter that is wrong.
    """
    reader = _Reader(journey.programme, access)
    asked = {name: str(query.get(name, "")).strip() for name in PARAMETERS}
    selection = replace(
        _months(reader, asked),
        methods=_methods(reader, asked["method"]),
        locations=_locations(reader, asked["location"], asked["region"]),
        channel=_channel(reader, asked["channel"]),
        version=_version(reader, journey, asked["framework"]),
    )
    if reader.errors:
        raise BadSelection(reader.errors)
    return selection


def read_indicator_selection(query: Mapping[str, Any], *, access: Access) -> Selection:
    """As `read_selection`, of a programme's indicators: by segment, and not by method or version."""
    reader = _Reader(access.programme, access)
    asked = {name: str(query.get(name, "")).strip() for name in INDICATOR_PARAMETERS}
    selection = replace(
        _months(reader, asked),
        locations=_locations(reader, asked["location"], asked["region"]),
        channel=_channel(reader, asked["channel"]),
        segment=_segment(reader, asked["segment"]),
    )
    if reader.errors:
        raise BadSelection(reader.errors)
    return selection


def _months(reader: _Reader, asked: dict[str, str]) -> Selection:
    if asked["wave"]:
        if asked["from"] or asked["to"]:
            reader.errors["wave"] = _("Either a wave or months, not both.")
        wave = reader.programme.waves.filter(key=asked["wave"]).first()
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


def values_among(value: str, known: Collection[str]) -> tuple[str, ...]:
    """Values separated by commas, where a known one, a region's name, may hold commas itself."""
    longest = 1 + max((name.count(",") for name in known), default=0)
    parts = value.split(",")
    found = []
    while parts:
        sizes = range(min(longest, len(parts)), 1, -1)
        taken = next((size for size in sizes if ",".join(parts[:size]).strip() in known), 1)
        found.append(",".join(parts[:taken]).strip())
        parts = parts[taken:]
    return tuple(name for name in found if name)


def _methods(reader: _Reader, value: str) -> tuple[str, ...]:
    methods = _split(value)
    if set(methods) - set(Method.values):
        reader.errors["method"] = _("One of: %(methods)s.") % {"methods": ", ".join(Method.values)}
    return methods


def _locations(reader: _Reader, value: str, region: str) -> tuple[str, ...] | None:
    """Codes asked for by code or by region, and never others than this person may see."""
    held_to = reader.access.reading_location_ids
    rows = Location.objects.filter(programme=reader.programme)
    if held_to is not None:
        rows = rows.filter(pk__in=held_to)
    if not value.strip(" ,") and not region.strip(" ,"):
        return tuple(rows.values_list("code", flat=True)) if held_to is not None else None
    known = list(rows.values_list("code", "region"))
    codes = set(_split(value))
    regions = set(values_among(region, {name for _code, name in known}))
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
    """The windows and the control asked for, held to the locations this person may see.

    A window is a wave (`before`) or its first and last month (`before_from`, `before_to`). The
    locations acted on are those of `location`, else all but the control's. Raises BadSelection with
    every parameter that is wrong.
    """
    reader = _Reader(journey.programme, access)
    asked = {name: str(query.get(name, "")).strip() for name in COMPARISON_PARAMETERS}
    windows = _windows(reader, asked)
    _refuse_overlaps(reader, asked, windows)
    control = _split(asked["control"])
    locations = _compared_at(reader, asked["location"], control)
    methods = _methods(reader, asked["method"])
    if reader.errors:
        raise BadSelection(reader.errors)
    held = {
        name: replace(window, locations=locations, methods=methods)
        for name, window in windows.items()
    }
    return Comparison(held["before"], held["after"], control, held.get("baseline"))


def _windows(reader: _Reader, asked: dict[str, str]) -> dict[str, Selection]:
    """Those that can be read, by name; a second baseline only where one is asked for."""
    keys = [asked[name] for name in WINDOWS]
    waves = {wave.key: wave for wave in reader.programme.waves.filter(key__in=keys)}
    found: dict[str, Selection] = {}
    for name in WINDOWS:
        months = asked[f"{name}_from"], asked[f"{name}_to"]
        wave = waves.get(asked[name])
        if asked[name] and any(months):
            reader.errors[name] = _("Either a wave or months, not both.")
        elif wave is not None:
            found[name] = Selection(wave.first_month, wave.last_month, wave=wave.key)
        elif asked[name]:
            reader.errors[name] = _("No wave of the programme has this key.")
        elif any(months):
            found |= _from_months(reader, name, *months)
        elif name != "baseline":
            reader.errors[name] = _("A wave, or a first and a last month.")
    return found


def _from_months(reader: _Reader, name: str, first: str, last: str) -> dict[str, Selection]:
    """Both ends: a window without one is never fixed before it is measured."""
    wrong = {
        f"{name}_{end}": _("A month, written YYYY-MM.")
        for end, month in (("from", first), ("to", last))
        if not MONTH.fullmatch(month)
    }
    if not wrong and first > last:
        wrong[f"{name}_to"] = _("The last month is before the first.")
    reader.errors |= wrong
    return {} if wrong else {name: Selection(first, last)}


def _refuse_overlaps(
    reader: _Reader, asked: dict[str, str], windows: Mapping[str, Selection]
) -> None:
    """Windows share no month; what was measured before the action comes before what came after."""
    before, after, baseline = (windows.get(name) for name in WINDOWS)
    if before and after and not _ends_before(before, after):
        why = _("It must begin after the window before has ended.")
        reader.errors[_named(asked, "after")] = why
    if baseline and before and baseline.overlaps(before):
        reader.errors[_named(asked, "baseline")] = _(
            "The window before was used for choosing: a second baseline shares no month with it."
        )
    elif baseline and after and not _ends_before(baseline, after):
        reader.errors[_named(asked, "baseline")] = _(
            "A second baseline is measured before the action: it must end before the window after begins."
        )


def _ends_before(one: Selection, other: Selection) -> bool:
    return (one.last_month or "") < (other.first_month or "")


def _named(asked: dict[str, str], window: str) -> str:
    """The parameter that said when the window begins."""
    return window if asked[window] else f"{window}_from"


def _compared_at(reader: _Reader, named: str, control: tuple[str, ...]) -> tuple[str, ...] | None:
    """The locations acted on; a location is never both that and a control."""
    if not control:
        return _locations(reader, named, "")
    others = _acted_on(reader, control)
    if not named:
        return others
    if set(_split(named)) & set(control):
        reader.errors["control"] = _("A location can't be acted on and a control at once.")
    return _locations(reader, named, "")


def _acted_on(reader: _Reader, control: tuple[str, ...]) -> tuple[str, ...]:
    """The codes that are not the control's."""
    rows = Location.objects.filter(programme=reader.programme)
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
    if value and not reader.programme.channels.filter(key=value).exists():
        reader.errors["channel"] = _("No channel of the programme has this key.")
    return value or None


def _segment(reader: _Reader, value: str) -> str | None:
    if value and not reader.programme.segments.filter(key=value).exists():
        reader.errors["segment"] = _("No segment of the programme has this key.")
    return value or None


def _version(reader: _Reader, journey: Journey, value: str) -> int | None:
    if not value:
        return None
    published = Framework.objects.published().filter(journey=journey)
    if not value.isdecimal() or len(value) > 9 or not published.filter(version=int(value)).exists():
        reader.errors["framework"] = _("This journey has no such published framework version.")
        return None
    return int(value)
