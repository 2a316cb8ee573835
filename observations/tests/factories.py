"""Plain makers of observation documents for tests."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from journeys.models import Programme
from observations.intake import Outcome, submit_observation
from observations.models import HeldCopy, Observation, Visit

ANSWERS = {
    "S1-b": 0,
    "S1-p": 1,
    "S1-d": 0,
    "S2-b": -2,
    "S2-p": 2,
    "S2-d": 3,
    "S3-b": 0,
    "S3-p": "NA",
}


def make_document(**changes: Any) -> dict[str, Any]:
    """An observation of the cast's journey at PAR1; a field given as None is sent as null."""
    document: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "journey": "family-store",
        "framework_version": 1,
        "method": "mystery_visit",
        "location": "PAR1",
        "channel": "store",
        "observed_at": "2026-10-03T10:30:00+02:00",
        "observer": "OBS-1",
        "answers": dict(ANSWERS),
    }
    return document | changes


def submit(programme: Programme, **changes: Any) -> Outcome:
    """Sends such a document through the door, as the programme itself."""
    return submit_observation(programme=programme, document=make_document(**changes), user=None)


def make_visit(programme: Programme, location: str = "PAR1", **fields: Any) -> Visit:
    """A mystery visit along the cast's journey in October 2026."""
    fields.setdefault("journey", programme.journeys.get(key="family-store"))
    fields.setdefault("method", "mystery_visit")
    fields.setdefault("first_on", date(2026, 10, 1))
    fields.setdefault("last_on", date(2026, 10, 31))
    return Visit.objects.create(
        programme=programme, location=programme.locations.get(code=location), **fields
    )


def submit_for(visit: Visit, **changes: Any) -> Observation:
    """An observation that names the visit and has its journey, method and location."""
    changes = {"location": visit.location.code, "method": visit.method} | changes
    outcome = submit(visit.programme, visit=str(visit.uuid), **changes)
    return Observation.objects.get(programme=visit.programme, uuid=outcome.id or "")


def hold(programme: Programme, points: Any = 9, **changes: Any) -> HeldCopy:
    """The copy kept of a document with a level that no guide has."""
    outcome = submit(programme, **{"answers": ANSWERS | {"S1-b": points}, **changes})
    assert outcome.status == "quarantined"
    copy: HeldCopy = HeldCopy.objects.get(sha256=outcome.sha256)
    return copy


def hold_conflict(programme: Programme, **changes: Any) -> HeldCopy:
    """The copy kept of other content under the id of an observation that is stored first."""
    document = make_document()
    submit_observation(programme=programme, document=document, user=None)
    outcome = submit_observation(programme=programme, document=document | changes, user=None)
    assert outcome.status == "conflict"
    copy: HeldCopy = HeldCopy.objects.get(sha256=outcome.sha256)
    return copy
