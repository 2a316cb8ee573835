"""Plain makers of plan rows for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from actionplans.models import Action, Recommendation
from journeys.models import Stage


def make_action(stage: Stage, owner: User, **fields: Any) -> Action:
    """Due in a month, to do, with a recommendation of its own."""
    programme = stage.journey.programme
    fields.setdefault("title", f"Mend {stage.name}")
    fields.setdefault("due_on", timezone.localdate() + timedelta(days=30))
    fields.setdefault("dimension", Action.Dimension.PROCESS)
    advice = fields.pop("recommendation", None) or Recommendation.objects.create(
        programme=programme, stage=stage, text=f"Better {stage.name}"
    )
    return Action.objects.create(
        programme=programme, stage=stage, owner=owner, recommendation=advice, **fields
    )


def create_url(stage: Stage) -> str:
    journey = stage.journey
    slug = journey.programme.slug
    return f"/programmes/{slug}/plan/journeys/{journey.key}/stages/{stage.key}/action/new/"


def create_data(owner: User, **changes: Any) -> dict[str, Any]:
    """A valid post of the creation form."""
    return {
        "recommendation_text": "Open a till as soon as three wait",
        "title": "Redo the rota",
        "owner": owner.pk,
        "due_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
        "dimension": "process",
        "kind": "improvement",
    } | changes
