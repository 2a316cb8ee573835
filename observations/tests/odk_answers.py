"""Synthetic submissions, made from nothing but the converted form: what Collect would send."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree

from pyxform.xls2xform import convert

from observations.odk.xlsform import XlsForm, xlsform_of
from scoring.models import Framework

XFORMS = "{http://www.w3.org/2002/xforms}"
Fields = dict[str, str]


def form_of(framework: Framework) -> XlsForm:
    guide = Framework.objects.with_guide().get(pk=framework.pk)
    return xlsform_of(guide, list(guide.journey.programme.locations.all()))


def converted(form: XlsForm) -> str:
    """The XForm; any warning fails."""
    warnings: list[str] = []
    made = convert(io.BytesIO(form.as_workbook()), warnings=warnings, file_type=".xlsx")
    assert not warnings and not made.warnings
    return str(made.xform)


def leaves_of(xform: str) -> list[str]:
    """The path of every question of the form's model, as "group/name"."""
    root = ElementTree.fromstring(xform)  # noqa: S314  # made by the test itself
    instance = root.find(f".//{XFORMS}instance")
    assert instance is not None
    found: list[str] = []

    def walk(node: ElementTree.Element, path: str) -> None:
        for child in node:
            name = f"{path}{child.tag.split('}')[-1]}"
            found.append(name)
            walk(child, f"{name}/")

    walk(instance[0], "")
    return found


def filled(form: XlsForm, **changes: str) -> Fields:
    """Every question of the model answered with one of its choices, notes included."""
    choices: dict[str, list[str]] = {}
    for row in form.choices:
        choices.setdefault(row["list_name"], []).append(row["name"])
    asked = {row["name"]: row for row in form.survey if "name" in row}
    fields: Fields = {}
    for number, path in enumerate(leaves_of(converted(form))):
        row = asked.get(path.split("/")[-1], {"type": ""})
        kind, _space, name = row["type"].partition(" ")
        if kind == "select_one":
            fields[path] = choices[name][number % len(choices[name])]
        elif kind == "calculate":
            fields[path] = row["calculation"].strip("'")
        elif path.split("/")[-1].startswith("n_"):
            fields[path] = f"Note {number}, “quoted”; with signs"
    return (
        fields
        | {
            "start": "2026-10-03T10:20:00.000+02:00",
            "end": "2026-10-03T10:50:30.000+02:00",
            "visit/observed_at": "2026-10-03T10:30:00.000+02:00",
            "visit/method": "mystery_visit",
            "visit/observer": "OBS-1",
            "meta/instanceID": "uuid:8a6c1d4e-0d3e-4b8e-9d5a-111111111111",
        }
        | changes
    )


def as_central(rows: list[Fields]) -> bytes:
    """The CSV of ODK Central: groups before a dash, the instanceID once more as KEY."""
    table: list[dict[str, Any]] = [
        {path.replace("/", "-"): value for path, value in row.items()}
        | {"KEY": row["meta/instanceID"], "SubmissionDate": "2026-10-03T09:00:00.000Z"}
        for row in rows
    ]
    return _csv(table, ",")


def as_kobo_csv(rows: list[Fields]) -> bytes:
    """The CSV of KoboToolbox with XML names and no groups, separated by semicolons."""
    table = [{path.split("/")[-1]: value for path, value in row.items()} for row in rows]
    return _csv(table, ";")


def as_kobo_json(rows: list[Fields]) -> bytes:
    results = [row | {"_id": 7, "formhub/uuid": "of the form", "_attachments": []} for row in rows]
    return json.dumps({"count": len(rows), "next": None, "results": results}).encode()


def _csv(table: list[dict[str, Any]], separator: str) -> bytes:
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in table for name in row))
    writer = csv.DictWriter(out, names, delimiter=separator)
    writer.writeheader()
    writer.writerows(table)
    return ("\ufeff" + out.getvalue()).encode()
