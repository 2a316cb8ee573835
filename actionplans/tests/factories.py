"""Plain makers of plan rows for tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from actionplans.models import Action, Recommendation
from actionplans.workshop import ChosenGap, prepare_workshop
from actionplans.workshop_flow import Phase, is_open
from actionplans.workshop_models import Idea, IdeaGroup, Participant, Workshop
from actionplans.workshop_room import Phone, join_workshop
from journeys.models import Stage


def make_action(stage: Stage, owner: User, **fields: Any) -> Action:
    """Due in a month, to do, with a recommendation of its own; a blocked one lacks a budget."""
    programme = stage.journey.programme
    fields.setdefault("title", f"Mend {stage.name}")
    fields.setdefault("due_on", timezone.localdate() + timedelta(days=30))
    fields.setdefault("dimension", Action.Dimension.PROCESS)
    if fields.get("status") == Action.Status.BLOCKED:
        fields.setdefault("blocked_reason", "No budget")
        fields.setdefault("blocked_on", timezone.localdate())
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


def make_workshop(stages: Iterable[Stage], facilitator: User, **fields: Any) -> Workshop:
    """On these stages in their order, open where `phase` says so."""
    stages = list(stages)
    question = fields.pop("question", "What about {stage}?")
    workshop = prepare_workshop(
        programme=stages[0].journey.programme,
        actor=facilitator,
        title=fields.pop("title", "End the wait"),
        goal="",
        gaps=[ChosenGap(stage, question.format(stage=stage.name)) for stage in stages],
        votes_per_person=fields.pop("votes_per_person", 3),
    )
    phase = fields.get("phase", Phase.PREPARED)
    if is_open(Phase(phase)):
        fields.setdefault("code", f"{workshop.pk:06d}".translate(str.maketrans("01", "ZY")))
        fields.setdefault("code_expires_at", timezone.now() + timedelta(hours=1))
        fields.setdefault("opened_at", timezone.now())
    elif phase == Phase.CLOSED:
        fields.setdefault("closed_at", timezone.now())
    Workshop.objects.filter(pk=workshop.pk).update(**fields)
    workshop.refresh_from_db()
    return workshop


def make_group(workshop: Workshop, title: str = "Open a till", gap: int = 0) -> IdeaGroup:
    """With one idea, on the gap at this place."""
    row = workshop.gaps.get(position=gap)
    group = IdeaGroup.objects.create(gap=row, title=title)
    Idea.objects.create(gap=row, group=group, client_id=uuid4(), text=f"{title} !")
    return group


def join(workshop: Workshop, name: str = "Lea") -> tuple[Phone, Participant]:
    phone = join_workshop(code=workshop.code or "", name=name)
    return phone, Participant.objects.get(pk=phone.participant)
