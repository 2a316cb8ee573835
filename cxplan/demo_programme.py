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
from cxplan.demo.alerts import create_alerts
from cxplan.demo.desk import leave_on_the_desk
from cxplan.demo.indicators import (
    DEMO_INDICATORS,
    SOURCE,
    DemoIndicator,
    demo_readings,
)
from cxplan.demo.measures import close_measures, fix_demo_measure
from cxplan.demo.photos import bring_with_photos
from cxplan.demo.plan_parts import create_plan_parts
from cxplan.demo.story import DEMO_DEVICES, DEMO_PEOPLE, DEMO_PLAN, demo_observations
from cxplan.demo.visits import create_visits
from cxplan.demo.workshops import create_workshops
from journeys.bundle import Part
from journeys.models import Membership, Programme, Role, Stage, Wave
from observations.devices import add_device, enrol, make_code, note_seen
from observations.folding import fold_pending
from observations.indicator_writing import fill
from observations.models import Device, ImportRun, IndicatorDefinition, IndicatorReading
from scoring.indicators import SETTLED, Direction, Kind

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
    documents = left = demo_observations(bundle)
    if with_people:
        people = create_people(programme=programme, language=language)
        create_plan(programme=programme, people=people, language=language)
        create_plan_parts(programme=programme, people=people, language=language)
        device = create_devices(programme=programme, people=people, language=language)
        left = bring_with_photos(programme=programme, documents=documents, device=device)
    submit_all(programme=programme, documents=left, user=None)
    create_indicators(programme=programme, bundle=bundle, language=language)
    consultant = programme.memberships.filter(role=Role.CONSULTANT).first()
    planner = consultant.user if consultant else None
    create_visits(programme=programme, planner=planner, language=language)
    if with_people:
        with translation.override(language):  # what is refused is told in the sender's language
            leave_on_the_desk(programme=programme, documents=documents, people=people)
        fold_pending()  # at once: a workshop works on scores, and a verdict is read off them
        close_measures(programme)
        with translation.override(language):
            create_alerts(programme=programme, lead=_lead(people), language=language)
            create_workshops(
                programme=programme, facilitator=_facilitator(people), language=language
            )
    return programme


def _lead(people: Mapping[str, User]) -> User:
    return next(people[one["email"]] for one in DEMO_PEOPLE if Role.LEAD in one["roles"])


def _facilitator(people: Mapping[str, User]) -> User:
    return next(people[one["email"]] for one in DEMO_PEOPLE if Role.FACILITATOR in one["roles"])


@transaction.atomic
def create_indicators(*, programme: Programme, bundle: Mapping[str, Any], language: str) -> None:
    """Definitions with their fictitious counts, each said to come from a made-up file."""
    runs = {(one.key, one.edition): _define(programme, one, language) for one in DEMO_INDICATORS}
    segments = {row.key: row for row in programme.segments.all()}
    locations = {row.code: row for row in programme.locations.all()}
    rows = []
    for given in demo_readings(bundle):
        run = runs[given.key, given.edition]
        row = IndicatorReading(
            definition=run.definition,
            month=given.month,
            segment=segments[given.segment],
            location=locations[given.location],
            run=run,
        )
        fill(row, given.counts, None)
        rows.append(row)
    IndicatorReading.objects.bulk_create(rows, batch_size=500)


def _define(programme: Programme, one: DemoIndicator, language: str) -> ImportRun:
    """The definition, and the file that its counts are said to come from."""
    definition = IndicatorDefinition.objects.create(
        programme=programme,
        key=one.key,
        edition=one.edition,
        kind=one.kind.value,
        name=one.names[language],
        question=one.questions[language],
        active_rule=one.rules[language],
        direction=SETTLED.get(one.kind, Direction.HIGHER).value,
        currency="EUR" if one.kind is Kind.BASKET else "",
        target_hundredths=one.target,
        codir_rank=one.place,
        replaced_at=timezone.now() if one.is_replaced else None,
    )
    return ImportRun.objects.create(
        programme=programme,
        definition=definition,
        state=ImportRun.State.APPLIED,
        source=SOURCE[language],
        applied_at=timezone.now(),
    )


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


@transaction.atomic
def create_devices(*, programme: Programme, people: Mapping[str, User], language: str) -> Device:
    """A shared tablet that was seen, and one that still waits to be enrolled by its code."""
    lead = _lead(people)
    made = [
        add_device(
            programme=programme,
            name=facts["name"][language],
            locations=programme.locations.filter(code__in=facts["locations"]),
            actor=lead,
            takes_mystery_visits=facts["takes_mystery_visits"],
        )
        for facts in DEMO_DEVICES
    ]
    enrol(code=make_code(device=made[0], actor=lead), own_uuid=None)
    note_seen(made[0], client_version="", queue_length="0")
    return made[0]


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
            if "measure" in facts:
                fix_demo_measure(action, facts["measure"], actor=facilitator)
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
