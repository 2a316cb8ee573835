"""What the replay counts, when it asks for observations again, and what it says of the basics."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock, patch

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as ConnectionLost

from accounts.models import User
from actionplans.models import Action, ActionEffect
from actionplans.tests.factories import make_action
from actionplans.worth import Worth, worth_of
from conftest import ClientOf
from journeys.access import access_of
from journeys.models import Journey, Location, Stage
from observations import replays
from observations.answer_patterns import patterns_of
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

LIST = "/programmes/casa-nord/actions/"


@pytest.fixture
def stage(journey: Journey) -> Stage:
    return journey.stages.get(key="S2")


@pytest.fixture
def action(stage: Stage, framework: Framework, facilitator: User) -> Action:
    """On a basic that six visits have missed."""
    cache.clear()
    for _number in range(6):
        submit(stage.journey.programme, answers={"S2-b": -2, "S2-p": -1, "S2-d": 0})
    fold_pending()
    row = make_action(stage, facilitator, title="Fill", reach_bp=5_000, effort_tenths=50)
    ActionEffect.objects.create(action=row, interaction="S2-b", from_points=-2, to_points=0)
    return row


@pytest.fixture
def client(facilitator: User, client_of: ClientOf) -> Client:
    return client_of(facilitator)


def worth(action: Action) -> Worth:
    fresh = Action.objects.get(pk=action.pk)
    access = access_of(fresh.owner, fresh.programme)
    return worth_of([fresh], access, day_rate=None)[fresh.pk]


def facts_queries(client: Client, url: str) -> int:
    """How many queries go through the answers; counted here, because a streamed one isn't captured."""
    asked = Mock(wraps=patterns_of)
    with patch.object(replays, "patterns_of", asked):
        assert client.get(url).status_code == 200
    return sum(bool(stages) for (_framework, _selection, stages), _named in asked.call_args_list)


def test_the_observations_of_unused_methods_are_not_counted(action: Action) -> None:
    programme = action.programme
    for _number in range(2):
        submit(programme, method="shadowing", answers={"S2-b": -2})
    for _number in range(6):
        submit(programme, method="verbatim", answers={"S2-b": -2})
    programme.method_weights = programme.method_weights | {"verbatim": 0}
    programme.save()
    fold_pending()
    found = worth(action)
    assert found.replayed is not None
    assert (found.tally.n, found.tally.changed) == (6, 6)
    assert found.tally.n == found.replayed.before.n


@pytest.mark.parametrize("query", ["", "?order=worth"])
def test_the_list_reads_observations_once_and_not_at_every_view(
    action: Action, client: Client, query: str
) -> None:
    assert facts_queries(client, LIST + query) == 1
    assert facts_queries(client, LIST + query) == 0
    assert facts_queries(client, action.get_absolute_url()) == 0


def test_a_new_observation_shows_at_once_folded_or_not(action: Action) -> None:
    assert worth(action).tally.n == 6
    submit(action.programme, answers={"S2-b": 0, "S2-p": 2})
    for fold in (lambda: None, fold_pending):
        fold()
        for _view in range(2):
            found = worth(action)
            assert found.replayed is not None
            # 6 (-2 - 1) + 2 of P 25 and Q 21, and 6 (-1) + 2
            assert (found.tally.n, found.tally.changed) == (7, 6)
    before = worth(action).delta
    submit(action.programme, answers={"S2-b": -2, "S2-p": 2})
    assert worth(action).delta != before


def test_an_edit_of_the_effect_shows_at_once(action: Action) -> None:
    first = worth(action).delta
    action.effects.update(interaction="S2-p", from_points=-1, to_points=2)
    second = worth(action).delta
    ActionEffect.objects.create(action=action, interaction="S2-b", from_points=-2, to_points=0)
    assert len({first, second, worth(action).delta}) == 3


def test_weights_shares_and_criticality_show_at_once(action: Action) -> None:
    programme = action.programme
    for _number in range(6):
        submit(programme, method="shadowing", answers={"S2-b": 0, "S2-p": 1})
        submit(programme, location="LYO1", answers={"S2-b": 0, "S2-p": 2})
    fold_pending()
    seen = [worth(action).impact]
    programme.method_weights = programme.method_weights | {"shadowing": 9}
    programme.save()
    seen.append(worth(action).impact)
    Location.objects.filter(programme=programme, code="PAR1").update(share_bp=100)
    seen.append(worth(action).impact)
    Stage.objects.filter(pk=action.stage_id).update(criticality=3)
    seen.append(worth(action).impact)
    assert None not in seen and len(set(seen)) == 4


def test_pages_do_without_the_cache(
    action: Action, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_args: Any, **_kwargs: Any) -> None:
        raise ConnectionLost("gone")

    monkeypatch.setattr(cache, "get_many", lost)
    monkeypatch.setattr(cache, "set_many", lost)
    assert facts_queries(client, LIST) == 1


def test_an_innovation_without_effects_is_marked_on_every_page(
    action: Action, client: Client, facilitator: User
) -> None:
    new = make_action(action.stage, facilitator, kind=Action.Kind.INNOVATION)
    for url in ("/programmes/casa-nord/plan/", LIST, new.get_absolute_url()):
        assert client.get(url).content.decode().count(">basics first<") == 1, url
    api = client.get(f"/api/v1/programmes/casa-nord/actions/{new.pk}/effect/")
    assert api.json()["basics_first"] is True
    assert "basics first" not in client.get(action.get_absolute_url()).content.decode()


def test_the_list_says_in_which_quadrant_an_action_is(
    action: Action, client: Client, facilitator: User
) -> None:
    """Also under a filter, for the medians are those of the programme."""
    for tenths, levels, status in (
        (900, (-2, 0), "doing"),
        (10, None, "todo"),
        (1, (-2, 0), "dropped"),
    ):
        row = make_action(
            action.stage, facilitator, reach_bp=9_000, effort_tenths=tenths, status=status
        )
        if levels:
            ActionEffect.objects.create(
                action=row, interaction="S2-b", from_points=levels[0], to_points=levels[1]
            )
    words = [line.quadrant_word for _action, line, _effect in client.get(LIST).context["lines"]]
    assert words == ["fill-in", "major project", "", ""]
    page = client.get(f"{LIST}?status=doing")
    assert [line.quadrant_word for _action, line, _effect in page.context["lines"]] == [
        "major project"
    ]
    assert "major project" in page.content.decode()
    api = client.get(f"/api/v1/programmes/casa-nord/actions/{action.pk}/effect/?from=2030-01")
    assert api.json()["quadrant"] == "fill_in"
