"""An action's effect on its pages: declared by wording, replayed in plain words, compared in the list."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from actionplans.models import Action, ActionEffect
from actionplans.tests.factories import make_action
from conftest import ClientOf
from journeys.models import AuditEntry, Journey, Stage
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

LIST = "/programmes/casa-nord/actions/"


@pytest.fixture
def stage(journey: Journey) -> Stage:
    """Its basic is missed by each of five customers, whose delight is held back."""
    return journey.stages.get(key="S2")


@pytest.fixture
def action(stage: Stage, framework: Framework, contributor: User) -> Action:
    for _number in range(5):
        submit(stage.journey.programme)
    fold_pending()
    return make_action(stage, contributor, title="Fill the shelves")


@pytest.fixture
def client(facilitator: User, client_of: ClientOf) -> Client:
    return client_of(facilitator)


def url_of(action: Action, page: str = "") -> str:
    return f"{LIST}{action.pk}/{page}"


def add(client: Client, action: Action, **data: Any) -> Any:
    data = {"interaction": "S2-b", "from_points": "", "to_points": "0"} | data
    return client.post(url_of(action, "effects/new/"), data)


def page_of(client: Client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


def test_from_the_wording_to_the_replay(action: Action, client: Client) -> None:
    new = url_of(action, "effects/new/")
    assert "Interaction S2-b" in page_of(client, new)
    levels = page_of(client, f"{new}?interaction=S2-b")
    assert "-2  Level -2" in client.get(f"{new}?interaction=S2-b").content.decode()
    assert "anything worse" in levels
    answer = add(client, action)
    assert (answer.status_code, answer["Location"]) == (302, action.get_absolute_url())
    page = page_of(client, url_of(action))
    assert "anything worse becomes “Level 0”" in page
    # S = 0 of 25 P, 15 Q before: 2 - 2 + 0; after it is 2 + 3 of 5.
    assert "Replayed on 5 past observations, of which it changes 5: Stage S2 would go from" in page
    assert "15 points of delight that a missed basic had held back would count." in page
    assert "say which part of the cases it can reach" in page
    assert AuditEntry.objects.get(verb="edited").changes == {"effect": [None, "S2-b: < → +0"]}


def test_impact_with_its_factors_and_the_ratio(action: Action, client: Client) -> None:
    add(client, action)
    data = {
        "title": action.title,
        "owner": action.owner_id,
        "due_on": action.due_on.isoformat(),
        "dimension": "process",
        "kind": "improvement",
        "version": 0,
        "reach_bp": "50",
        "effort_tenths": "7.5",
        "cost_cents": "1 000,50",
    }
    assert client.post(url_of(action, "edit/"), data).status_code == 302
    action.refresh_from_db()
    assert (action.reach_bp, action.effort_tenths, action.cost_cents) == (5_000, 75, 100_050)
    entry = AuditEntry.objects.filter(verb="edited").latest("pk")
    assert entry.changes["effort_tenths"] == ["", "7.5"]
    page = page_of(client, url_of(action))
    assert "Confidence</dt>" in page and "Impact, all of them multiplied" in page
    assert "no day rate turns that into days yet" in page
    client.post("/programmes/casa-nord/plan/day-rate/", {"cents": "400.2", "version": 0})
    assert "Effort in person-days: <b>10</b>." in page_of(client, url_of(action))
    edit = client.get(url_of(action, "edit/")).content.decode()
    assert 'value="7.5"' in edit and 'value="1000.50"' in edit and 'value="50"' in edit


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"interaction": ""}, "interaction"),
        ({"interaction": "S1-b"}, "interaction"),
        ({"to_points": ""}, "to_points"),
        ({"to_points": "x"}, "to_points"),
        ({"to_points": "1"}, "to_points"),
        ({"interaction": "S2-p", "to_points": "-1"}, "to_points"),
        ({"interaction": "S2-p", "from_points": "1", "to_points": "1"}, "to_points"),
        ({"interaction": "S2-p", "from_points": "1", "to_points": "0"}, "to_points"),
        ({"interaction": "S2-p", "from_points": "2", "to_points": "1"}, "from_points"),
        ({"interaction": "S2-p", "from_points": "-3", "to_points": "1"}, "from_points"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    action: Action, client: Client, data: dict[str, str], field: str
) -> None:
    answer = add(client, action, **data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not ActionEffect.objects.exists()


def test_several_effects_and_never_twice_the_same(action: Action, client: Client) -> None:
    assert add(client, action).status_code == 302
    assert add(client, action).status_code == 422
    assert add(client, action, from_points="-2").status_code == 302
    assert add(client, action, from_points="-2").status_code == 422
    assert add(client, action, interaction="S2-d", to_points="3").status_code == 302
    assert [str(one) for one in action.effects.all()] == [
        "S2-b: < → +0",
        "S2-b: -2 → +0",
        "S2-d: < → +3",
    ]
    page = page_of(client, url_of(action))
    assert page.count(">Remove</button>") == 3
    assert "mend what disappoints first" in page
    effect = action.effects.get(from_points=-2)
    assert client.post(url_of(action, f"effects/{effect.pk}/delete/")).status_code == 302
    assert action.effects.count() == 2


def test_an_effect_of_another_action_is_not_there(
    action: Action, facilitator: User, client: Client
) -> None:
    add(client, action)
    other = make_action(action.stage, facilitator)
    effect = action.effects.get()
    assert client.post(url_of(other, f"effects/{effect.pk}/delete/")).status_code == 404
    assert action.effects.exists()


def test_the_plan_says_basics_first_for_an_effect_on_delight(
    action: Action, client: Client
) -> None:
    plan = "/programmes/casa-nord/plan/"
    add(client, action)
    assert "basics first" not in page_of(client, plan)
    add(client, action, interaction="S2-d", to_points="3")
    assert page_of(client, plan).count("basics first") == 1
    assert page_of(client, LIST).count("basics first") == 1


def test_without_observations_or_framework_the_page_says_so(
    stage: Stage, facilitator: User, client: Client
) -> None:
    lone = make_action(stage, facilitator)
    assert "no published interaction yet" in page_of(client, url_of(lone, "effects/new/"))
    assert "No effect yet" in page_of(client, url_of(lone))
    ActionEffect.objects.create(action=lone, interaction="S2-b", to_points=0)
    assert "The stage is not scored" in page_of(client, url_of(lone))


def test_a_contributor_reads_the_effect_and_no_score(
    action: Action, client: Client, contributor: User, client_of: ClientOf
) -> None:
    add(client, action)
    page = page_of(client_of(contributor), url_of(action))
    assert "Interaction S2-b" in page
    assert "Replayed" not in page and "Add an effect" not in page
    assert "Impact" not in page_of(client_of(contributor), LIST)


def test_the_list_by_impact_for_the_effort(
    action: Action, facilitator: User, client: Client
) -> None:
    add(client, action)
    Action.objects.update(reach_bp=10_000, effort_tenths=1_000)
    quick = make_action(action.stage, facilitator, title="Quick", reach_bp=10_000, effort_tenths=10)
    unknown = make_action(action.stage, facilitator, title="Unknown", due_on=action.due_on)
    ActionEffect.objects.create(action=quick, interaction="S2-b", to_points=0)
    found = client.get(f"{LIST}?order=worth").context["page"].object_list
    assert [one.pk for one in found] == [quick.pk, action.pk, unknown.pk]
    assert client.get(f"{LIST}?order=magic").status_code == 422


@pytest.mark.parametrize("query", ["", "?order=worth"])
def test_the_list_asks_no_more_for_more_actions(
    action: Action, facilitator: User, client: Client, query: str
) -> None:
    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST + query).status_code == 200
        return len(captured)

    ActionEffect.objects.create(action=action, interaction="S2-b", to_points=0)
    client.get(LIST + query)
    few = queries()
    for key in ("S1", "S2", "S3"):
        stage = action.stage.journey.stages.get(key=key)
        for _number in range(2):
            more = make_action(stage, facilitator, reach_bp=10_000, effort_tenths=10)
            ActionEffect.objects.create(action=more, interaction=f"{key}-b", to_points=0)
            ActionEffect.objects.create(action=more, interaction=f"{key}-p", to_points=1)
    assert queries() == few
