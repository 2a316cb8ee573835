"""Plain makers of observation documents for tests."""

from __future__ import annotations

import uuid
from typing import Any

from journeys.models import Programme
from observations.intake import Outcome, submit_observation

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
