"""What `manage.py demo` puts in place: the fictional retailer, its people and its action plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

import cxplan.demo
from accounts.models import User
from actionplans.models import Action, ActionEffect, ActionUpdate, Recommendation
from cxplan.bundle import load_bundle, parse_bundle, submit_all
from cxplan.demo.story import DEMO_PEOPLE, DEMO_PLAN, demo_observations
from cxplan.demo_workshops import create_workshops
from journeys.bundle import Part
from journeys.models import Membership, Programme, Role, Stage, Wave
from observations.folding import fold_pending

# Shown by the command; such accounts exist in DEBUG only.
DEMO_PASSWORD = "demo-cxplan"  # noqa: S105
SLUGS: Mapping[str, str] = {"en": "maison-nord", "fr": "maison-nord-fr"}
# The third wave of the story is under way; nothing in it is dated later.
STORY_ENDS = date(2026, 11, 20)


def demo_bundle(language: str) -> Part:
    """The method of Maison Nord with its observations, under the address of that language."""
    path = Path(cxplan.demo.__file__).with_name(f"maison_nord.{language}.json")
    bundle = parse_bundle(path.read_bytes())
    bundle["programme"]["slug"] = SLUGS[language]
    return bundle


@transaction.atomic
def load_demo(*, language: str, with_people: bool) -> Programme:
    """All or nothing, so that a run that was stopped half-way leaves nothing for the next."""
    bundle = demo_bundle(language)
    programme = load_bundle(bundle=bundle)
    people: dict[str, User] = {}
    if with_people:
        people = create_people(programme=programme, language=language)
        create_plan(programme=programme, people=people, language=language)
    submit_all(programme=programme, documents=demo_observations(bundle), user=None)
    if with_people:
        fold_pending()  # at once: a workshop works on scores
        with translation.override(language):
            create_workshops(
                programme=programme, facilitator=_facilitator(people), language=language
            )
    return programme


def _facilitator(people: Mapping[str, User]) -> User:
    return next(people[one["email"]] for one in DEMO_PEOPLE if Role.FACILITATOR in one["roles"])


@transaction.atomic
def create_people(*, programme: Programme, language: str) -> dict[str, User]:
    """The accounts with the known password, and their roles in this programme, by e-mail."""
    people: dict[str, User] = {}
    locations = {location.code: location for location in programme.locations.all()}
    for facts in DEMO_PEOPLE:
        user = User.objects.filter(email=facts["email"]).first()
        if user is None:
            user = User.objects.create_user(facts["email"], DEMO_PASSWORD, name=facts["name"])
        user.language = language
        user.save(update_fields=["language"])
        people[user.email] = user
        for role in _roles(facts):
            code = facts["observer"] if role == Role.OBSERVER else None
            membership = Membership.objects.create(
                programme=programme, user=user, role=role, observer_code=code or ""
            )
            if role in (Role.OBSERVER, Role.LOCATION_MANAGER):
                membership.locations.set([locations[code] for code in facts["locations"]])
    return people


def _roles(facts: Mapping[str, Any]) -> list[str]:
    """A code belongs to the role of an observer: who has one observes, whatever else they do."""
    roles: list[str] = list(facts["roles"])
    if facts["observer"] and Role.OBSERVER not in roles:
        roles.append(Role.OBSERVER)
    return roles


@transaction.atomic
def create_plan(*, programme: Programme, people: Mapping[str, User], language: str) -> None:
    """The recommendations of each wave with their actions, dated as the story has them."""
    facilitator = _facilitator(people)
    waves = {wave.key: wave for wave in programme.waves.all()}
    names = {location.code: location.name for location in programme.locations.all()}
    for part in DEMO_PLAN:
        stage = Stage.objects.get(
            journey__programme=programme, journey__key=part["journey"], key=part["stage"]
        )
        written_at = _moment(_day_after(waves[part["wave"]]))
        recommendation = Recommendation.objects.create(
            programme=programme,
            stage=stage,
            text=part["text"][language],
            created_by=facilitator,
            created_at=written_at,
        )
        for facts in part["actions"]:
            places = ", ".join(names[code] for code in facts["locations"])
            action = Action.objects.create(
                programme=programme,
                recommendation=recommendation,
                stage=stage,
                title=facts["text"][language],
                owner=people[facts["owner"]],
                due_on=date.fromisoformat(facts["due_on"]),
                status=facts["status"],
                dimension=facts["dimension"],
                kind=facts["kind"],
                **facts.get("takes", {}),
                created_at=written_at,
            )
            for effect in facts.get("effects", ()):
                ActionEffect.objects.create(action=action, **effect)
            _tell_progress(action, author=facilitator, note=places)


def _tell_progress(action: Action, *, author: User, note: str) -> None:
    """The action was opened as to do; a further update says how it stands."""
    ActionUpdate.objects.create(
        action=action,
        author=author,
        status=Action.Status.TODO,
        note=note,
        created_at=action.created_at,
    )
    if action.status == Action.Status.TODO:
        return
    came = action.due_on if action.status == Action.Status.DONE else None
    since = _moment(came or timezone.localdate(action.created_at) + timedelta(days=14))
    ActionUpdate.objects.create(
        action=action, author=action.owner, status=action.status, created_at=since
    )


def _day_after(wave: Wave) -> date:
    year, month = int(wave.last_month[:4]), int(wave.last_month[5:])
    return date(year + month // 12, month % 12 + 1, 1)


def _moment(day: date) -> datetime:
    """Nine in the morning, never after the story's last day nor in the future."""
    at = datetime.combine(min(day, STORY_ENDS), time(9), tzinfo=timezone.get_default_timezone())
    return min(at, timezone.now())
