"""The guides an observer needs, as a tablet stores them."""

from __future__ import annotations

from typing import Any

from journeys.access import Access
from journeys.models import Location, Method
from scoring.models import Framework


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
            for location in locations
        ],
        "guides": [guide_document(framework) for framework in frameworks],
        "visits": [],
    }


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
