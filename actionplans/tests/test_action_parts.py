"""Who takes part in an action, what it waits for, its checklist."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from actionplans.action_models import ActionPerson
from actionplans.action_parts import add_dependency, add_task
from actionplans.models import Action
from actionplans.planning import PlanRefused
from actionplans.tests.factories import make_action
from journeys.models import AuditEntry, Journey, Stage
from journeys.tests.factories import make_member, make_programme, make_user

ClientOf = Callable[[User], Client]


@pytest.fixture
def stage(journey: Journey) -> Stage:
    return journey.stages.get(key="S1")


@pytest.fixture
def action(stage: Stage, facilitator: User) -> Action:
    return make_action(stage, facilitator, title="Redo the signs")


def url_of(action: Action, page: str = "") -> str:
    return f"/programmes/casa-nord/actions/{action.pk}/{page}"


def test_people_take_parts(
    action: Action, facilitator: User, contributor: User, outsider: User, client_of: ClientOf
) -> None:
    client = client_of(facilitator)
    url = url_of(action, "people/new/")
    for part in ("R", "C"):
        assert client.post(url, {"person": contributor.pk, "part": part}).status_code == 302
    again = client.post(url, {"person": contributor.pk, "part": "R"})
    assert again.status_code == 422
    assert again.context["person_form"].errors == {"person": ["They have this part already."]}
    for person, part in ((facilitator, "R"), (outsider, "I"), (contributor, "A")):
        assert client.post(url, {"person": person.pk, "part": part}).status_code == 422
    assert [(row.person, row.part) for row in action.people.all()] == [
        (contributor, "R"),
        (contributor, "C"),
    ]
    row = action.people.first()
    assert row is not None
    assert client.post(url_of(action, f"people/{row.pk}/drop/")).status_code == 302
    assert action.people.count() == 1


def test_who_is_responsible_updates_and_who_is_informed_reads(
    action: Action, contributor: User, client_of: ClientOf
) -> None:
    client = client_of(contributor)
    assert client.get(url_of(action)).status_code == 404
    row = ActionPerson.objects.create(action=action, person=contributor, part="I")
    assert client.get(url_of(action)).status_code == 200
    assert client.post(url_of(action, "update/"), {"status": "doing"}).status_code == 403
    row.part = "R"
    row.save()
    assert client.post(url_of(action, "update/"), {"status": "doing"}).status_code == 302


def test_waiting_for_another(
    action: Action, stage: Stage, facilitator: User, client_of: ClientOf
) -> None:
    first = make_action(stage, facilitator, title="Choose a supplier")
    client = client_of(facilitator)
    url = url_of(action, "waits/new/")
    assert client.post(url, {"needs": first.pk}).status_code == 302
    assert client.post(url, {"needs": first.pk}).status_code == 422
    action.refresh_from_db()
    assert action.waiting_for == [first]
    assert "waiting for it" in client.get(url_of(action)).content.decode()
    Action.objects.filter(pk=first.pk).update(status="done")
    assert Action.objects.get(pk=action.pk).waiting_for == []


def test_a_circle_is_refused_in_words(
    action: Action, stage: Stage, facilitator: User, client_of: ClientOf
) -> None:
    second = make_action(stage, facilitator, title="Choose a supplier")
    third = make_action(stage, facilitator, title="Ask for money")
    add_dependency(action=action, needs=second, actor=facilitator)
    add_dependency(action=second, needs=third, actor=facilitator)
    answer = client_of(facilitator).post(url_of(third, "waits/new/"), {"needs": action.pk})
    assert answer.status_code == 422
    [said] = answer.context["wait_form"].errors["needs"]
    for title in ("Redo the signs", "Choose a supplier", "Ask for money"):
        assert title in said
    assert not third.waits.exists()
    with pytest.raises(PlanRefused, match="itself"):
        add_dependency(action=action, needs=action, actor=facilitator)


def test_an_action_of_another_programme_is_not_offered(
    action: Action, facilitator: User, client_of: ClientOf
) -> None:
    from journeys.tests.factories import make_journey

    other = make_journey(make_programme("other"), "j", stages=1).stages.get()
    foreign = make_action(other, facilitator)
    answer = client_of(facilitator).post(url_of(action, "waits/new/"), {"needs": foreign.pk})
    assert answer.status_code == 422


def test_a_checklist(action: Action, facilitator: User, client_of: ClientOf) -> None:
    client = client_of(facilitator)
    url = url_of(action, "tasks/new/")
    client.post(url, {"text": "Measure", "owner": facilitator.pk})
    client.post(url, {"text": "Order"})
    assert client.post(url, {"text": " "}).status_code == 422
    first, second = action.tasks.all()
    assert (first.text, first.owner, second.owner) == ("Measure", facilitator, None)
    client.post(url_of(action, f"tasks/{second.pk}/move/"), {"way": "up"})
    client.post(url_of(action, f"tasks/{second.pk}/move/"), {"way": "up"})
    assert [task.text for task in action.tasks.all()] == ["Order", "Measure"]
    for _tap in range(2):
        client.post(url_of(action, f"tasks/{first.pk}/tick/"), {"done": "1"})
    first.refresh_from_db()
    assert first.done_at is not None
    assert AuditEntry.objects.filter(changes={"Measure": ["open", "done"]}).count() == 1
    assert "1 of 2 done" in client.get(url_of(action)).content.decode()
    client.post(url_of(action, f"tasks/{first.pk}/drop/"))
    assert action.tasks.get() == second


def test_a_checklist_has_an_end(action: Action, facilitator: User) -> None:
    for number in range(50):
        add_task(action=action, text=str(number), owner=None, actor=facilitator)
    with pytest.raises(PlanRefused):
        add_task(action=action, text="51", owner=None, actor=facilitator)


def test_a_contributor_of_another_action_sees_none_of_it(
    action: Action, programme: object, client_of: ClientOf
) -> None:
    other = make_member(action.programme, "contributor", make_user("Nora"))
    task = add_task(action=action, text="Measure", owner=None, actor=action.owner)
    for page in ("people/new/", "waits/new/", "tasks/new/", "files/new/", "comments/new/"):
        expected = 403 if page in ("people/new/", "waits/new/") else 404
        assert client_of(other).post(url_of(action, page)).status_code == expected
    tick = url_of(action, f"tasks/{task.pk}/tick/")
    assert client_of(other).post(tick, {"done": "1"}).status_code == 404
