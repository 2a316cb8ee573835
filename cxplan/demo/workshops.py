"""The workshops of the demo programme: one that ended with actions, one in the middle of its vote."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.tokens import digest_of
from actionplans.gaps import Gap, figures_of, gaps_of, journey_at
from actionplans.models import Action
from actionplans.workshop import CODE_ALPHABET, CODE_LENGTH, ChosenGap, prepare_workshop
from actionplans.workshop_evidence import evidence_of
from actionplans.workshop_flow import Phase
from actionplans.workshop_matrix import replay_effect
from actionplans.workshop_models import (
    Decision,
    Idea,
    IdeaGroup,
    Participant,
    Vote,
    Workshop,
    WorkshopGap,
)
from cxplan.demo.story import DEMO_PLAN
from journeys.access import Access, access_of
from journeys.models import Programme, Wave
from observations.scores import read_scores
from observations.selection import read_selection
from scoring.replay import Effect

DEMO_WORKSHOPS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("maison_nord.workshops.json").read_text(encoding="utf-8")
)
# A demo is tried for weeks: its room stays open.
OPEN_FOR = timedelta(days=365)
LEFT_SECONDS = 134


@transaction.atomic
def create_workshops(*, programme: Programme, facilitator: User, language: str) -> None:
    """After the observations are folded: the gaps carry the figures of the end of their wave."""
    access = access_of(facilitator, programme)
    for story in DEMO_WORKSHOPS:
        wave = programme.waves.get(key=story["wave"])
        gaps = _gaps(access, story["journey"], wave)
        workshop = prepare_workshop(
            programme=programme,
            actor=facilitator,
            title=story["title"][language],
            goal=story["goal"][language],
            gaps=[
                ChosenGap(
                    gaps[part["stage"]].stage,
                    part["question"][language],
                    figures_of(gaps[part["stage"]].sheet, gaps[part["stage"]].stage),
                    evidence_of(gaps[part["stage"]]),
                )
                for part in story["gaps"]
            ],
        )
        _stand(workshop, story, wave)
        _fill(workshop, story, language, access)


def _gaps(access: Access, journey_key: str, wave: Wave) -> dict[str, Gap]:
    journey = journey_at(access, journey_key)
    selection = read_selection({"to": wave.last_month}, journey=journey, access=access)
    return {gap.stage.key: gap for gap in gaps_of(read_scores(journey, selection))}


def _stand(workshop: Workshop, story: Mapping[str, Any], wave: Wave) -> None:
    """Closed in the month after its wave, or open now with its clock paused."""
    values: dict[str, Any] = {"phase": Phase(story["state"]), "round": len(story["gaps"]) - 1}
    if story["state"] == Phase.CLOSED:
        held_at = _held_at(wave)
        values |= {"opened_at": held_at, "closed_at": held_at + timedelta(hours=2)}
        values["created_at"] = held_at - timedelta(days=2)
    else:
        now = timezone.now()
        values |= {"opened_at": now, "left_s": LEFT_SECONDS, "code_expires_at": now + OPEN_FOR}
        values["code"] = "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))
    Workshop.objects.filter(pk=workshop.pk).update(**values)


def _held_at(wave: Wave) -> datetime:
    """The second day after the wave, at two in the afternoon."""
    year, month = int(wave.last_month[:4]), int(wave.last_month[5:])
    zone = timezone.get_default_timezone()
    return datetime(year + month // 12, month % 12 + 1, 2, 14, tzinfo=zone)


def _fill(workshop: Workshop, story: Mapping[str, Any], language: str, access: Access) -> None:
    people = [
        Participant.objects.create(
            workshop=workshop, name=name, digest=digest_of(secrets.token_urlsafe(32))
        )
        for name in story["people"]
    ]
    for person in people[: len(people) // 2]:  # the others still think
        person.done_with = Phase.VOTE
        person.save(update_fields=["done_with"])
    dots = dict.fromkeys(range(len(people)), 0)
    rows = workshop.gaps.select_related("stage__journey", "workshop").order_by("position")
    for gap, part in zip(rows, story["gaps"], strict=True):
        for facts in part["groups"]:
            group = _group(gap, facts, language, access)
            _ideas(gap, group, [one[language] for one in facts["ideas"]], people)
            _vote(group, facts["votes"], people, dots)
            _decide(group, facts["actions"], language, access.user)
        _ideas(gap, None, [one[language] for one in part["loose"]], people)


def _group(gap: WorkshopGap, facts: Mapping[str, Any], language: str, access: Access) -> IdeaGroup:
    group = IdeaGroup(
        gap=gap,
        title=facts["title"][language],
        impact=facts["impact"],
        effort_tenths=facts["effort_tenths"],
        reach_bp=facts["reach_bp"],
    )
    if facts["effect"]:
        for name, value in facts["effect"].items():
            setattr(group, name, value)
        effect = Effect(**facts["effect"])
        group.replay = replay_effect(gap, effect, reach_bp=group.reach_bp, access=access)
    group.save()
    return group


def _ideas(
    gap: WorkshopGap, group: IdeaGroup | None, texts: list[str], people: list[Participant]
) -> None:
    for number, text in enumerate(texts):
        Idea.objects.create(
            gap=gap,
            group=group,
            participant=people[number % len(people)],
            client_id=uuid4(),
            text=text,
        )


def _vote(group: IdeaGroup, votes: int, people: list[Participant], dots: dict[int, int]) -> None:
    """By those who have put the fewest dots so far; each person has three."""
    for number in sorted(dots, key=lambda one: (dots[one], one))[:votes]:
        dots[number] += 1
        Vote.objects.create(participant=people[number], group=group, dot=dots[number])


def _decide(group: IdeaGroup, titles: list[str], language: str, actor: User) -> None:
    names = {
        action["text"]["en"]: action["text"][language]
        for part in DEMO_PLAN
        for action in part["actions"]
    }
    for title in titles:
        action = Action.objects.get(stage=group.gap.stage, title=names[title])
        Decision.objects.create(
            group=group,
            kind=Decision.Kind.ACTION,
            action=action,
            words={
                "title": action.title,
                "owner": str(action.owner),
                "due_on": action.due_on.isoformat(),
                "basics_first": False,
            },
            decided_by=actor,
            decided_at=group.gap.workshop.closed_at or timezone.now(),
        )
