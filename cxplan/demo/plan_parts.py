"""What the demo's actions have besides: people, sub-tasks, what they wait for, what is said of them.

And the projects that Maison Nord had before the programme, which were taken into its plan.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

import cxplan.demo
from accounts.models import User
from actionplans.action_models import ActionComment, ActionDependency, ActionPerson, SubTask
from actionplans.models import Action, ActionUpdate
from cxplan.demo.story import DEMO_PLAN
from journeys.models import Programme, Stage

_PATH = Path(cxplan.demo.__file__).with_name("maison_nord.plan_parts.json")
DEMO_PARTS: dict[str, list[dict[str, Any]]] = json.loads(_PATH.read_text(encoding="utf-8"))


@transaction.atomic
def create_plan_parts(*, programme: Programme, people: Mapping[str, User], language: str) -> None:
    """`parts` name the actions of the plan by their English words."""
    for facts in DEMO_PARTS["existing"]:
        _take_in(programme, facts, people, language)
    titles = {
        facts["text"]["en"]: facts["text"][language]
        for part in DEMO_PLAN
        for facts in part["actions"]
    }
    actions = {
        title: Action.objects.get(programme=programme, title=words)
        for title, words in titles.items()
    }
    for facts in DEMO_PARTS["parts"]:
        _complete(actions[facts["action"]], facts, people, language)
        for needed in facts.get("waits", ()):
            ActionDependency.objects.create(action=actions[facts["action"]], needs=actions[needed])


def _take_in(
    programme: Programme, facts: dict[str, Any], people: Mapping[str, User], language: str
) -> None:
    is_blocked = facts["status"] == Action.Status.BLOCKED
    action = Action.objects.create(
        programme=programme,
        stage=Stage.objects.get(
            journey__programme=programme, journey__key=facts["journey"], key=facts["stage"]
        ),
        channel=programme.channels.get(key=facts["channel"]),
        title=facts["text"][language],
        owner=people[facts["owner"]],
        department=facts["department"][language],
        start_on=date.fromisoformat(facts["start_on"]),
        due_on=date.fromisoformat(facts["due_on"]),
        status=facts["status"],
        blocked_on=date.fromisoformat(facts["since"]) if is_blocked else None,
        blocked_reason=facts["reason"][language] if is_blocked else "",
        is_existing=True,
        dimension=facts["dimension"],
        kind=facts["kind"],
        cost_cents=facts.get("cost_cents"),
    )
    ActionUpdate.objects.create(
        action=action, author=action.owner, status=action.status, note=action.blocked_reason
    )


def _complete(
    action: Action, facts: dict[str, Any], people: Mapping[str, User], language: str
) -> None:
    Action.objects.filter(pk=action.pk).update(
        department=facts["department"][language],
        channel=action.programme.channels.get(key=facts["channel"]),
        start_on=date.fromisoformat(facts["start_on"]) if "start_on" in facts else None,
    )
    for email, part in facts.get("people", ()):
        ActionPerson.objects.create(action=action, person=people[email], part=part)
    now = timezone.now()
    for position, task in enumerate(facts.get("tasks", ()), start=1):
        SubTask.objects.create(
            action=action,
            position=position,
            text=task["text"][language],
            owner=people[task["owner"]] if "owner" in task else None,
            done_at=now if task["done"] else None,
        )
    said = facts.get("comments", ())
    for number, comment in enumerate(said):
        ActionComment.objects.create(
            action=action,
            author=people[comment["by"]],
            text=comment["text"][language],
            created_at=now - timedelta(hours=len(said) - number),
        )
