"""A framework version as an XLSForm: ODK Collect and KoboToolbox ask what the guide asks."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from journeys.models import Location, Method
from observations.odk.names import (
    ANSWER,
    LEVELS,
    NOTE,
    PHOTO,
    PLACE,
    STAGE,
    WANTED,
    level_name,
    name_of,
)
from scoring.guide import GuideStage, guide_stages
from scoring.models import Framework, Interaction
from scoring.scale import NA, NO

SURVEY = (
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "appearance",
    "default",
    "calculation",
    "parameters",
)
CHOICES = ("list_name", "name", "label")
SETTINGS = ("form_title", "form_id", "version", "instance_name")
METADATA = ("start", "end", "today", "deviceid")
MAX_PIXELS = 1600

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class XlsForm:
    survey: list[Row]
    choices: list[Row]
    settings: Row

    def as_workbook(self) -> bytes:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            for name, columns, rows in (
                ("survey", SURVEY, self.survey),
                ("choices", CHOICES, self.choices),
                ("settings", SETTINGS, [self.settings]),
            ):
                _fill(book.add_worksheet(name), columns, rows)
        return out.getvalue()


def form_id(framework: Framework) -> str:
    journey = framework.journey
    return name_of(name_of("cx_", journey.programme.slug) + "_", journey.key)


def xlsform_of(framework: Framework, locations: Sequence[Location]) -> XlsForm:
    """In the programme's language. Wants a framework `with_guide()`."""
    with translation.override(framework.journey.programme.language):
        stages = guide_stages(framework)
        survey = [*_facts(framework, bool(locations)), *_visit(locations)]
        for part in stages:
            survey += _stage(part)
        survey.append(_row("text", "comment", _("Comment"), appearance="multiline"))
        return XlsForm(survey, list(_choices(stages, locations)), _settings(framework, locations))


def _row(kind: str, name: str, label: str = "", **more: str) -> Row:
    return {"type": kind, "name": name, "label": plain(label), **more}


def plain(text: str) -> str:
    """“${” would be read as a reference to a question."""
    return text.replace("${", "$\u200b{")


def _facts(framework: Framework, has_locations: bool) -> Iterator[Row]:
    """Who and when by the device; which guide, so that the answers find their way back."""
    for name in METADATA:
        yield _row(name, name)
    journey, version = framework.journey.key, framework.version
    yield _row("calculate", "cx_journey", calculation=f"'{journey}'")
    yield _row("calculate", "cx_version", calculation=f"'{version}'")


def _visit(locations: Sequence[Location]) -> Iterator[Row]:
    yield _row("begin_group", "visit", _("The visit"), appearance="field-list")
    if locations:
        yield _row(
            "select_one locations",
            "location",
            _("Location"),
            required="yes",
            appearance="autocomplete" if len(locations) > 12 else "",
        )
    yield _row("select_one methods", "method", _("Method"), required="yes", default="mystery_visit")
    yield _row(
        "dateTime",
        "observed_at",
        _("Date and time"),
        required="yes",
        default="now()",
        constraint=". <= now()",
        constraint_message=_("A visit lies in the past."),
    )
    yield _limited("observer", _("Observer"), 40)
    yield _limited("customer", _("Customer reference"), 80, _("A pseudonym, never a name."))
    yield {"type": "end_group"}


def _limited(name: str, label: str, limit: int, hint: str = "") -> Row:
    return _row(
        "text",
        name,
        label,
        hint=hint,
        constraint=f"string-length(.) <= {limit}",
        constraint_message=_("A text of at most %(limit)d characters.") % {"limit": limit},
    )


def _stage(part: GuideStage) -> Iterator[Row]:
    """One screen a stage; a note or a photo is asked for where it is wanted."""
    name = name_of(STAGE, part.stage.key)
    wanted = name_of(WANTED, part.stage.key)
    label = f"◆ {part.stage.name}" if part.stage.is_moment_of_truth else part.stage.name
    yield _row("begin_group", name, label, appearance="field-list")
    for one in part.interactions:
        list_name = name_of(LEVELS, one.key)
        yield _row(f"select_one {list_name}", name_of(ANSWER, one.key), one.statement)
    yield _row(f"select_multiple {wanted}_list", wanted, _("A note or a photo about"))
    for one in part.interactions:
        relevant = f"selected(${{{wanted}}}, '{name_of(ANSWER, one.key)}')"
        yield {
            **_limited(name_of(NOTE, one.key), f"{_('Note')}: {one.statement}", 2000),
            "relevant": relevant,
            "appearance": "multiline",
        }
        yield _row(
            "image",
            name_of(PHOTO, one.key),
            f"{_('Photo')}: {one.statement}",
            relevant=relevant,
            parameters=f"max-pixels={MAX_PIXELS}",
        )
    yield {"type": "end_group"}


def _choices(stages: list[GuideStage], locations: Sequence[Location]) -> Iterator[Row]:
    for place in locations:
        yield _choice("locations", name_of(PLACE, place.code), place.name)
    for value, label in Method.choices:
        yield _choice("methods", value, str(label))
    for part in stages:
        for one in part.interactions:
            yield from _levels(one)
        for one in part.interactions:
            list_name = f"{name_of(WANTED, part.stage.key)}_list"
            yield _choice(list_name, name_of(ANSWER, one.key), one.statement)


def _levels(one: Interaction) -> Iterator[Row]:
    list_name = name_of(LEVELS, one.key)
    for points, label in one.wording.items():
        yield _choice(list_name, level_name(points), label)
    yield _choice(list_name, NA, _("Not applicable"))
    yield _choice(list_name, NO, _("Not seen"))


def _choice(list_name: str, name: str, label: str) -> Row:
    return {"list_name": list_name, "name": name, "label": plain(label)}


def _settings(framework: Framework, locations: Sequence[Location]) -> Row:
    place = "jr:choice-name(${location}, '${location}'), ' · ', " if locations else ""
    return {
        "form_title": plain(f"{framework.journey.name} · {framework.version}"),
        "form_id": form_id(framework),
        "version": str(framework.version),
        "instance_name": f"concat({place}format-date-time(${{observed_at}}, '%Y-%m-%d %H:%M'))",
    }


def _fill(sheet: Any, columns: tuple[str, ...], rows: list[Row]) -> None:
    """Text cells only: a name that begins with “=” is no formula."""
    for column, name in enumerate(columns):
        sheet.write_string(0, column, name)
    for number, row in enumerate(rows, start=1):
        for column, name in enumerate(columns):
            if value := row.get(name):
                sheet.write_string(number, column, value)
