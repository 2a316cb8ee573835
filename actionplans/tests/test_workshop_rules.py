"""What the database itself refuses, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from actionplans.tests.factories import join, make_action, make_group, make_workshop
from actionplans.workshop_models import (
    Decision,
    Idea,
    IdeaGroup,
    Participant,
    Vote,
    Workshop,
    WorkshopGap,
)
from journeys.models import Journey


@pytest.fixture
def workshop(journey: Journey, facilitator: User) -> Workshop:
    return make_workshop(journey.stages.all()[:2], facilitator, phase="vote")


def refused(name: str, write: Callable[[], Any]) -> None:
    """SQLite names the columns of a unique constraint, not the constraint."""
    with pytest.raises(IntegrityError, match=f"{name}|UNIQUE"), transaction.atomic():
        write()


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("workshop_phase_known", {"phase": "party"}),
        ("workshop_dots_one_to_ten", {"votes_per_person": 11}),
        ("workshop_dots_one_to_ten", {"votes_per_person": 0}),
        ("workshop_clock_runs_or_waits", {"ends_at": timezone.now(), "left_s": 5}),
        ("workshop_closed_once", {"closed_at": timezone.now()}),
        ("workshop_has_code_while_open", {"code": None}),
        ("workshop_has_code_while_open", {"code_expires_at": None}),
    ],
)
def test_a_workshop(workshop: Workshop, rule: str, values: dict[str, Any]) -> None:
    refused(rule, lambda: Workshop.objects.filter(pk=workshop.pk).update(**values))


def test_a_code_opens_one_workshop(workshop: Workshop, journey: Journey, facilitator: User) -> None:
    other = make_workshop(journey.stages.all()[:1], facilitator, phase="vote")
    refused("code", lambda: Workshop.objects.filter(pk=other.pk).update(code=workshop.code))


def test_a_gap_is_worked_on_once_and_in_its_place(workshop: Workshop) -> None:
    first, second = workshop.gaps.all()
    new = {"workshop": workshop, "question": "?"}
    refused(
        "workshop_gap_once",
        lambda: WorkshopGap.objects.create(stage=first.stage, position=7, **new),
    )
    other = first.stage.journey.stages.exclude(pk__in=[first.stage_id, second.stage_id]).get()
    refused(
        "workshop_gap_in_order", lambda: WorkshopGap.objects.create(stage=other, position=1, **new)
    )


def test_a_name_is_one_person_until_they_are_removed(workshop: Workshop) -> None:
    _phone, lea = join(workshop, "Lea")
    new = {"workshop": workshop, "name": "LEA"}
    refused("workshop_name_once", lambda: Participant.objects.create(digest="x", **new))
    refused(
        "digest",
        lambda: Participant.objects.create(workshop=workshop, name="Other", digest=lea.digest),
    )
    refused(
        "workshop_participant_named",
        lambda: Participant.objects.create(workshop=workshop, name="", digest="y"),
    )
    Participant.objects.filter(pk=lea.pk).update(removed_at=timezone.now())
    Participant.objects.create(digest="x", **new)


@pytest.mark.parametrize(
    ("rule", "text"), [("idea_says_something", ""), ("idea_is_short", "é" * 501)]
)
def test_an_idea(workshop: Workshop, rule: str, text: str) -> None:
    gap = workshop.gaps.all()[0]
    refused(rule, lambda: Idea.objects.create(gap=gap, client_id=uuid4(), text=text))


def test_an_idea_is_one_however_often_it_is_sent(workshop: Workshop) -> None:
    gap, sent = workshop.gaps.all()[0], uuid4()
    Idea.objects.create(gap=gap, client_id=sent, text="😀" * 500)
    refused("client_id", lambda: Idea.objects.create(gap=gap, client_id=sent, text="again"))


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("idea_group_titled", {"title": ""}),
        ("idea_group_impact_limit", {"impact": 201}),
        ("idea_group_reaches_at_most_all", {"reach_bp": 10_001}),
        ("idea_group_effect_whole", {"interaction": "S1-b"}),
        ("idea_group_effect_whole", {"to_points": 1}),
        ("idea_group_effect_whole", {"interaction": "S1-b", "from_points": 1, "to_points": 1}),
    ],
)
def test_a_group(workshop: Workshop, rule: str, values: dict[str, Any]) -> None:
    group = make_group(workshop)
    refused(rule, lambda: IdeaGroup.objects.filter(pk=group.pk).update(**values))


def test_a_dot(workshop: Workshop) -> None:
    group, other = make_group(workshop), make_group(workshop, "Other")
    _phone, lea = join(workshop)
    Vote.objects.create(participant=lea, group=group, dot=1)
    for rule, values in (
        ("vote_once_a_group", {"group": group, "dot": 2}),
        ("vote_each_dot_once", {"group": other, "dot": 1}),
        ("vote_dot_one_to_ten", {"group": other, "dot": 11}),
        ("vote_dot_one_to_ten", {"group": other, "dot": 0}),
    ):
        refused(rule, partial(Vote.objects.create, participant=lea, **values))
    assert Vote.objects.count() == 1


def test_a_decision(workshop: Workshop, facilitator: User) -> None:
    group = make_group(workshop)
    action = make_action(group.gap.stage, facilitator)
    parked = Decision.Kind.PARKED
    refused(
        "decision_parked_without_action",
        lambda: Decision.objects.create(group=group, kind=parked, action=action),
    )
    Decision.objects.create(group=group, kind=parked)
    refused("decision_parked_once", lambda: Decision.objects.create(group=group, kind=parked))
