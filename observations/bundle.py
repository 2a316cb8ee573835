"""The part of a programme bundle that step 4 owns: observations, and aggregated readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection, reset_queries, transaction

from accounts.models import User
from journeys.bundle import BundleError, Part, find_unknown
from journeys.models import Location, Programme
from observations.documents import DEVICE
from observations.intake import Outcome, submit_observations
from observations.models import Reading, Revision
from scoring.models import Framework, Interaction

BATCH = 500
CHUNK = 1_000
# Of very many errors the first are told.
MAX_ERRORS = 1_000
READING_KEY = ("journey", "framework_version", "method", "location", "month", "interaction")
MEDIA = ("id", "interaction", "sha256", "size", "type")


# --- rules -----------------------------------------------------------------------------------
def find_errors(bundle: Part) -> Iterator[BundleError]:
    """Identifiers used twice, and readings that don't fit; the rest of an observation is the door's."""
    yield from _find_repeated_ids(bundle.get("observations", []))
    yield from _find_reading_errors(bundle)


def _find_repeated_ids(documents: Iterable[Part]) -> Iterator[BundleError]:
    """Each document whose id an earlier one has; 16 bytes are kept of each."""
    ids = bytearray()
    for document in documents:
        ids += UUID(document["id"]).bytes
    halves = np.frombuffer(ids, dtype=">u8").reshape(-1, 2)
    order = np.lexsort((halves[:, 1], halves[:, 0]))  # of equal ones the first stays first
    ordered = halves[order]
    again = (ordered[1:] == ordered[:-1]).all(axis=1)
    for index in sorted(order[1:][again].tolist()):
        one = str(UUID(bytes=bytes(ids[16 * index : 16 * index + 16])))
        yield BundleError(f"/observations/{index}/id", f"{one!r} is used twice.")


def _find_reading_errors(bundle: Part) -> Iterator[BundleError]:
    journeys = {journey["key"]: journey for journey in bundle["journeys"]}
    locations = {location["code"] for location in bundle["locations"]}
    seen: set[tuple[object, ...]] = set()
    for index, reading in enumerate(bundle.get("readings", [])):
        path = f"/readings/{index}"
        key = tuple(reading.get(name) for name in READING_KEY)
        if key in seen:
            yield BundleError(path, "Another reading counts the same levels.")
        seen.add(key)
        location = reading.get("location")
        yield from find_unknown(location, locations, f"{path}/location", "location")
        yield from find_unknown(reading["journey"], journeys, f"{path}/journey", "journey")
        if reading["journey"] in journeys:
            yield from _find_count_errors(reading, journeys[reading["journey"]], path)


def _find_count_errors(reading: Part, journey: Part, path: str) -> Iterator[BundleError]:
    """The version is published, the interaction in it, and what is counted are its levels."""
    version = reading["framework_version"]
    frameworks = {framework["version"]: framework for framework in journey["frameworks"]}
    framework = frameworks.get(version)
    if framework is None or framework["status"] == Framework.Status.DRAFT:
        detail = f"The journey has no published framework version {version}."
        yield BundleError(f"{path}/framework_version", detail)
        return
    interactions = {one["key"]: one for one in framework["interactions"]}
    interaction = interactions.get(reading["interaction"])
    if interaction is None:
        yield from find_unknown(
            reading["interaction"], interactions, f"{path}/interaction", "interaction"
        )
        return
    levels = {str(level["points"]) for level in interaction["levels"]}
    for points in reading["counts"]:
        if points not in levels:
            yield BundleError(f"{path}/counts/{points}", "The interaction has no such level.")


# --- in --------------------------------------------------------------------------------------
@transaction.atomic
def create_readings(*, programme: Programme, bundle: Part) -> None:
    """Before the observations: the door refuses a method that is there as readings already."""
    parts = bundle.get("readings", [])
    if not parts:
        return
    locations = {row.code: row for row in Location.objects.filter(programme=programme)}
    interactions = {
        (row.framework.journey.key, row.framework.version, row.key): row
        for row in Interaction.objects.filter(
            framework__journey__programme=programme
        ).select_related("framework__journey")
    }
    rows = []
    for part in parts:
        row = interactions[part["journey"], part["framework_version"], part["interaction"]]
        code = part.get("location")
        rows.append(
            Reading(
                framework=row.framework,
                interaction=row,
                method=part["method"],
                location=locations[code] if code is not None else None,
                month=part["month"],
                counts=part["counts"],
            )
        )
    Reading.objects.bulk_create(rows)


@transaction.atomic(savepoint=False)
def submit_documents(
    *, programme: Programme, documents: Iterable[Part], user: User | None
) -> list[BundleError]:
    """Through the door, in batches; every refusal with its path in the bundle, nothing held.

    Stops after more than MAX_ERRORS refusals. However many documents come, one batch is in memory.
    """
    errors: list[BundleError] = []
    done = 0
    rest = iter(documents)
    while len(errors) <= MAX_ERRORS and (batch := list(islice(rest, BATCH))):
        outcomes = submit_observations(programme=programme, documents=batch, user=user, hold=False)
        for index, outcome in enumerate(outcomes, done):
            errors += _refusals(index, outcome)
        done += len(batch)
        _let_go_of_the_batch()
    return errors


def _refusals(index: int, outcome: Outcome) -> Iterator[BundleError]:
    for error in outcome.errors:
        yield BundleError(f"/observations/{index}{error['path']}".rstrip("/"), error["detail"])
    if outcome.status != "created" and not outcome.errors:
        yield BundleError(f"/observations/{index}/id", f"It was {outcome.status}.")


def _let_go_of_the_batch() -> None:
    """What would be remembered until the end of the transaction.

    PostgreSQL keeps every foreign key to be checked in memory, dozens an observation, and forgets
    what it has checked outside a savepoint only. DEBUG keeps the text of the last statements.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()
    if settings.DEBUG:
        reset_queries()


# --- out -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Version:
    """What an observation's row doesn't say of its framework version itself."""

    journey: str
    number: int
    # {interaction key: its place}, because PostgreSQL keeps no order in an object
    places: Mapping[str, int]


def observation_parts(programme: Programme) -> Iterator[Part]:
    """Current content of what is counted, in the order of ids, which a reload keeps; streamed."""
    versions = _versions(programme)
    rows = Revision.objects.counted().filter(
        observation__programme=programme, framework__in=list(versions)
    )
    names = ("method", "observed_at", "utc_offset", "observer", "customer", "answers", "details")
    values = rows.order_by("observation__uuid").values(
        "observation__uuid", "framework_id", "location__code", "channel__key", *names
    )
    for row in values.iterator(chunk_size=CHUNK):
        yield _observation_part(row, versions[row["framework_id"]])


def _versions(programme: Programme) -> dict[int, _Version]:
    frameworks = Framework.objects.filter(journey__programme=programme).published().with_guide()
    return {
        framework.pk: _Version(
            journey=framework.journey.key,
            number=framework.version,
            places={row.key: place for place, row in enumerate(framework.interactions.all())},
        )
        for framework in frameworks
    }


def _observation_part(row: Mapping[str, Any], version: _Version) -> Part:
    details = row["details"]
    return {
        "id": str(row["observation__uuid"]),
        "journey": version.journey,
        "framework_version": version.number,
        "method": row["method"],
        "location": row["location__code"],
        "channel": row["channel__key"],
        "observed_at": _as_written(row["observed_at"], row["utc_offset"]),
        "observer": row["observer"] or None,
        "customer": row["customer"] or None,
        "answers": _in_order(row["answers"], version.places),
        "notes": _in_order(details.get("notes") or {}, version.places),
        "comment": details.get("comment") or "",
        "media": [
            {name: medium[name] for name in MEDIA if name in medium}
            for medium in details.get("media") or []
        ],
        **{name: details[name] for name in DEVICE if details.get(name) is not None},
    }


def _as_written(moment: datetime, utc_offset: int) -> str:
    return moment.astimezone(timezone(timedelta(minutes=utc_offset))).isoformat()


def _in_order(document: Mapping[str, Any], places: Mapping[str, int]) -> Part:
    return {key: document[key] for key in sorted(document, key=lambda key: places[key])}


def reading_parts(programme: Programme) -> Iterator[Part]:
    rows = Reading.objects.filter(framework__journey__programme=programme)
    names = {
        "journey": "framework__journey__key",
        "framework_version": "framework__version",
        "method": "method",
        "location": "location__code",
        "month": "month",
        "interaction": "interaction__key",
    }
    values = rows.order_by("month", "pk").values(*names.values(), "counts")
    for row in values.iterator(chunk_size=CHUNK):
        counts = {points: row["counts"][points] for points in sorted(row["counts"], key=int)}
        yield {**{name: row[column] for name, column in names.items()}, "counts": counts}
