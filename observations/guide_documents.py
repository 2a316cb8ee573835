"""The guides an observer needs, as a tablet stores them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from journeys.access import Access
from journeys.models import Channel, Location, Membership, Method, OpeningHours, Programme
from journeys.rights import OBSERVER
from observations.device_access import DeviceAccess, device_of
from observations.models import Visit
from observations.visit_facts import rules_of
from scoring.models import Framework

# A visit that was missed may still be made good, or have been made by a tablet without a network.
KEPT_DAYS = 7
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def guides_document(access: Access) -> dict[str, Any]:
    """All that a tablet needs to observe offline; locations are those observed at."""
    locations = Location.objects.filter(programme=access.programme)
    if access.observing_location_ids is not None:
        locations = locations.filter(pk__in=access.observing_location_ids)
    frameworks = (
        Framework.objects.taking_observations()
        .filter(journey__programme=access.programme, journey__segment__in_perimeter=True)
        .order_by("journey__position", "-version")
        .with_guide()
    )
    device = device_of(access)
    channels = Channel.objects.filter(programme=access.programme, in_perimeter=True)
    return {
        "programme": programme_document(access.programme),
        "device": {"id": str(device.uuid), "name": device.name} if device else None,
        "observer": access.observer_code or None,
        "observers": _observers(access),
        "methods": Method.values,
        "locations": [
            location_document(location) | opening_document(location)
            for location in locations.prefetch_related("opening_hours", "closures")
        ],
        "channels": [{"key": channel.key, "name": channel.name} for channel in channels],
        "guides": [guide_document(framework) for framework in frameworks],
        "visits": visit_documents(access),
        "lockout_days": rules_of(access.programme).lockout_days,
    }


def programme_document(programme: Programme) -> dict[str, str]:
    return {"slug": programme.slug, "name": programme.name, "language": programme.language}


def location_document(location: Location) -> dict[str, str]:
    return {"code": location.code, "name": location.name, "region": location.region}


def _observers(access: Access) -> list[dict[str, str]]:
    """Who may take up a shared tablet: the observers of its locations by their code.

    To a person, who observes in their own name, only their own code is told. An e-mail address is
    no name: it does not leave the server.
    """
    rows = Membership.objects.filter(programme=access.programme, role=OBSERVER)
    if isinstance(access, DeviceAccess):
        rows = rows.filter(user__is_active=True, locations__in=access.location_ids).distinct()
    else:
        rows = rows.filter(user=access.user)
    named = rows.exclude(observer_code="").order_by("user__name", "observer_code")
    return [
        {"code": code, "name": name or code}
        for code, name in named.values_list("observer_code", "user__name")
    ]


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
                "moment_of_truth": interaction.stage.is_moment_of_truth,
                "interactions": [],
            },
        )
        channel = interaction.touchpoint.channel.key if interaction.touchpoint else None
        stage["interactions"].append(
            {
                "key": interaction.key,
                "statement": interaction.statement,
                "channel": channel,
                "kind": interaction.kind,
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
