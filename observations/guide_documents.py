"""The guides an observer needs, as a tablet stores them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from journeys.access import Access
from journeys.models import Location, Method, OpeningHours
from observations.models import Visit
from scoring.models import Framework

# A visit that was missed may still be made good, or have been made by a tablet without a network.
KEPT_DAYS = 7
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def guides_document(access: Access) -> dict[str, Any]:
    """`{"programme", "methods", "locations", "guides", "visits"}`; locations are the observer's own."""
    locations = Location.objects.filter(programme=access.programme)
    if access.observing_location_ids is not None:
        locations = locations.filter(pk__in=access.observing_location_ids)
    frameworks = (
        Framework.objects.taking_observations()
        .filter(journey__programme=access.programme, journey__segment__in_perimeter=True)
        .order_by("journey__position", "-version")
        .with_guide()
    )
    return {
        "programme": {
            "slug": access.programme.slug,
            "name": access.programme.name,
            "language": access.programme.language,
        },
        "observer": access.observer_code or None,
        "methods": Method.values,
        "locations": [
            {"code": location.code, "name": location.name, "region": location.region}
            | opening_document(location)
            for location in locations.prefetch_related("opening_hours", "closures")
        ],
        "guides": [guide_document(framework) for framework in frameworks],
        "visits": visit_documents(access),
    }


def opening_document(location: Location) -> dict[str, Any]:
    """`hours` is null where they are unknown; a day that is missing in them is a day off."""
    closures = [
        {"from": str(one.first_on), "to": str(one.last_on), "reason": one.reason}
        for one in location.closures.all()
        if one.last_on >= timezone.localdate() - timedelta(days=KEPT_DAYS)
    ]
    return {"hours": _week(location.opening_hours.all()) or None, "closures": closures}


def _week(hours: Iterable[OpeningHours]) -> dict[str, list[list[str]]]:
    week: dict[str, list[list[str]]] = {}
    for one in hours:
        span = [f"{one.opens_at:%H:%M}", f"{one.closes_at:%H:%M}"]
        week.setdefault(WEEKDAYS[one.weekday], []).append(span)
    return week


def visit_documents(access: Access) -> list[dict[str, Any]]:
    """What this person or this tablet has still to observe, the most pressing first."""
    since = timezone.localdate() - timedelta(days=KEPT_DAYS)
    visits = Visit.objects.to_observe(access=access, since=since)
    return [
        {
            "id": str(visit.uuid),
            "journey": visit.journey.key,
            "method": visit.method,
            "location": visit.location.code,
            "observer": visit.observer or None,
            "wave": visit.wave.key if visit.wave else None,
            "from": str(visit.first_on),
            "to": str(visit.last_on),
            "note": visit.note,
            "done": visit.done,
            "quota": visit.quota,
        }
        for visit in visits.select_related("journey", "location", "wave")
    ]


def guide_document(framework: Framework) -> dict[str, Any]:
    """Stages in journey order, each with its interactions and their worded levels.

    A level is known by its points, because an answer is those points; the tablet shows the words.
    """
    stages: dict[str, dict[str, Any]] = {}
    for interaction in framework.interactions.all():
        if not interaction.stage.in_perimeter:
            continue
        stage = stages.setdefault(
            interaction.stage.key,
            {
                "key": interaction.stage.key,
                "name": interaction.stage.name,
                "phase": interaction.stage.phase,
                "interactions": [],
            },
        )
        channel = interaction.touchpoint.channel.key if interaction.touchpoint else None
        stage["interactions"].append(
            {
                "key": interaction.key,
                "statement": interaction.statement,
                "channel": channel,
                "levels": [
                    {"points": level.points, "label": level.label}
                    for level in interaction.levels.all()
                ],
            }
        )
    return {
        "journey": framework.journey.key,
        "name": framework.journey.name,
        "segment": framework.journey.segment.name,
        "framework_version": framework.version,
        "status": framework.status,
        "stages": list(stages.values()),
    }
