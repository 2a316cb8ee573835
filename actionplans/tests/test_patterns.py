"""The action library: whole in both languages, found by words, used without losing what was typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from actionplans.models import Action
from actionplans.pattern_models import Goal, OwnPattern, StageKind
from actionplans.patterns import find_pattern, library, narrowed, recommended
from actionplans.tests.factories import (
    create_data,
    create_url,
    make_action,
    make_group,
    make_workshop,
)
from actionplans.tests.test_plan_growth import queries
from conftest import ClientOf
from journeys.models import AuditEntry, Journey, Programme

LIST = "/programmes/casa-nord/plan/library/"
TILL = "till-as-soon-as-three"


@pytest.fixture
def client(facilitator: User, client_of: ClientOf) -> Client:
    return client_of(facilitator)


@pytest.mark.parametrize("language", Programme.Language.values)
def test_each_pattern_is_whole(language: str) -> None:
    patterns = library(language)
    assert len(patterns) >= 40
    assert (
        len({one.key for one in patterns}) == len({one.title for one in patterns}) == len(patterns)
    )
    for one in patterns:
        assert one.title and one.what and one.measure and len(one.steps) == 3, one.key
        assert one.dimension in Action.Dimension.values and one.kind in Action.Kind.values
        assert one.goal in Goal.values and set(one.stages) <= set(StageKind.values) and one.stages
        assert one.effort and 0 < one.effort[0] < one.effort[1]
        assert len(one.title) <= 200 and len(recommended(one, language)) <= 2000


def test_every_list_has_some_of_every_dimension() -> None:
    for goal in Goal.values:
        found = narrowed(library("en"), goal=goal)
        assert {one.dimension for one in found} == set(Action.Dimension.values), goal
    for kind in StageKind.values:
        assert len(narrowed(library("en"), stage=kind)) >= 3, kind


def test_the_languages_say_different_things() -> None:
    for english, french in zip(library("en"), library("fr"), strict=True):
        assert english.key == french.key
        assert english.title != french.title and english.what != french.what
        assert all(a != b for a, b in zip(english.steps, french.steps, strict=True))
    assert library("de") == library("en")


def test_looking_through_it(client: Client, journey: Journey) -> None:
    page = client.get(LIST)
    assert len(page.context["patterns"]) == len(library("en"))
    found = client.get(LIST, {"q": "QUEUE receipt"}).context["patterns"]
    assert [one.key for one in found] == ["pay-anywhere"]
    asked = {"goal": "create", "dimension": "skill", "stage": "bond"}
    keys = {one.key for one in client.get(LIST, asked).context["patterns"]}
    assert keys == {"freedom-to-please", "remember-the-moment", "proposal-defended"}
    assert client.get(LIST, {"goal": "x"}).status_code == 422
    assert "No pattern is like that" in client.get(LIST, {"q": "zzz"}).content.decode()
    assert "Use it" not in page.content.decode()
    chosen = client.get(LIST, {"target": "family-store:S2"})
    address = create_url(journey.stages.get(key="S2"))
    assert f"{address}?pattern={TILL}" in chosen.content.decode()


def test_using_one_fills_the_form(client: Client, journey: Journey) -> None:
    stage = journey.stages.get(key="S2")
    form = client.get(create_url(stage), {"pattern": TILL}).context["form"]
    assert form.initial["title"] == "Open a till as soon as three wait"
    assert form.initial["dimension"] == "process"
    text = form.initial["recommendation_text"]
    assert "First steps:\n- Name the second till" in text and "What to measure: How long" in text


def test_nothing_typed_is_lost(client: Client, journey: Journey, contributor: User) -> None:
    stage = journey.stages.get(key="S2")
    typed: dict[str, Any] = create_data(contributor, dimension="", kind="innovation", title="Mine")
    answer = client.post(create_url(stage), typed | {"pattern": TILL, "step": "pattern"})
    assert answer.status_code == 200 and not Action.objects.exists()
    page = answer.content.decode()
    assert 'value="Mine"' in page and "Open a till as soon as three wait</textarea>" in page
    initial = answer.context["form"].initial
    assert (initial["kind"], initial["dimension"]) == ("innovation", "process")
    assert initial["owner"] == str(contributor.pk) and initial["due_on"] == typed["due_on"]
    none = client.post(create_url(stage), typed | {"pattern": "none", "step": "pattern"})
    assert none.status_code == 200 and none.context["form"].initial["title"] == "Mine"
    made = client.post(create_url(stage), typed | {"pattern": TILL, "dimension": "tool"})
    assert made.status_code == 302 and Action.objects.get().title == "Mine"


def test_in_a_workshop_the_groups_own_title_makes_room(
    client: Client, journey: Journey, facilitator: User
) -> None:
    workshop = make_workshop(journey.stages.all()[:1], facilitator, phase="commit")
    group = make_group(workshop, "Shorter queue")
    url = f"/programmes/casa-nord/workshops/{workshop.pk}/groups/{group.pk}/action/"
    asked = {"title": "Shorter queue", "pattern": TILL, "step": "pattern", "due_on": "2030-01-01"}
    initial = client.post(url, asked).context["form"].initial
    assert initial["title"] == "Open a till as soon as three wait"
    assert initial["due_on"] == "2030-01-01"
    kept = client.post(url, asked | {"title": "Queue by name"}).context["form"].initial
    assert kept["title"] == "Queue by name"
    assert not Action.objects.exists()


def test_keeping_an_action_as_a_pattern(
    client: Client, journey: Journey, contributor: User, programme: Programme
) -> None:
    action = make_action(journey.stages.get(key="S2"), contributor, title="Open till 4")
    url = f"/programmes/casa-nord/actions/{action.pk}/pattern/new/"
    assert client.get(url).context["form"].initial["what"] == "Better Stage S2"
    typed = {
        "title": "Open one more till",
        "what": "Whoever sees three waiting calls",
        "steps": "Name the second till\n\n Count ",
        "dimension": "process",
        "kind": "improvement",
        "goal": "remove",
        "stages": ["wait", "buy"],
    }
    assert client.post(url, typed | {"stages": ["nowhere"]}).status_code == 422
    assert client.post(url, typed).status_code == 302
    assert client.post(url, typed).status_code == 422, "one of that title is there"
    row = OwnPattern.objects.get()
    kept = find_pattern(programme, f"own-{row.pk}")
    assert kept is not None and kept.steps == ("Name the second till", "Count")
    first = client.get(LIST, {"q": "three waiting"}).context["patterns"][0]
    assert first.own == row
    assert AuditEntry.objects.filter(verb="kept the pattern").exists()
    few = queries(client, LIST)
    for number in range(3):
        OwnPattern.objects.create(
            programme=programme, title=f"P{number}", dimension="tool", kind="innovation"
        )
    assert queries(client, LIST) == few
    assert client.post(f"{LIST}{row.pk}/delete/").status_code == 302
    assert not OwnPattern.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "wrong",
    [{"title": "One"}, {"goal": "win"}, {"dimension": "luck"}],
    ids=["twice", "goal", "dim"],
)
def test_what_the_database_refuses(programme: Programme, wrong: dict[str, str]) -> None:
    fields = {"programme": programme, "dimension": "tool", "kind": "innovation"}
    OwnPattern.objects.create(title="One", **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnPattern.objects.create(**{"title": "Two"} | fields | wrong)
