"""Pages with measured actions ask as many questions for many as for a few; the API tells every one."""

from __future__ import annotations

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from actionplans.models import Action
from actionplans.tests.factories import make_action
from actionplans.tests.measures import make_measure, make_result
from actionplans.tests.test_plan_growth import queries
from conftest import ClientOf
from journeys.models import Journey, Location
from journeys.tests.factories import make_location, make_member, make_user
from scoring.models import Framework


@pytest.fixture
def client(facilitator: User, client_of: ClientOf) -> Client:
    return client_of(facilitator)


@pytest.mark.parametrize("address", ["plan/", "actions/", "journeys/family-store/"])
def test_lists_of_measured_actions(
    journey: Journey, framework: Framework, facilitator: User, client: Client, address: str
) -> None:
    url = f"/programmes/casa-nord/{address}"
    first, *others = journey.stages.all()
    make_result(make_measure(make_action(first, facilitator)))
    client.get(url)
    few = queries(client, url)
    for stage in (first, *others, *others):
        measure = make_measure(make_action(stage, facilitator))
        make_result(make_measure(measure.action, replaces=measure))
    assert queries(client, url) == few


def test_an_action_that_was_corrected_often(
    journey: Journey, framework: Framework, facilitator: User, client: Client
) -> None:
    action = make_action(journey.stages.get(key="S2"), facilitator)
    url = f"/programmes/casa-nord/actions/{action.pk}/"
    measure = make_measure(action, control=[_place(journey, 9)])
    make_result(measure)
    client.get(url)
    few = queries(client, url)
    for number in range(4):
        measure = make_measure(action, replaces=measure, control=[_place(journey, number)])
        make_result(measure)
    assert queries(client, url) == few


def _place(journey: Journey, number: int) -> Location:
    return make_location(journey.programme, f"P{number}")


def test_the_api_tells_every_measure(journey: Journey, facilitator: User) -> None:
    action = make_action(journey.stages.get(key="S2"), facilitator)
    first = make_measure(action)
    make_result(make_measure(action, replaces=first, why="wrong stores"))
    api = APIClient()
    api.force_authenticate(facilitator)
    url = f"/api/v1/programmes/casa-nord/actions/{action.pk}/measures/"
    newest, oldest = api.get(url).json()["measures"]
    assert (newest["replaces"], newest["why"]) == (first.pk, "wrong stores")
    assert newest["state"] == "closed" and oldest["state"] == "dropped"
    [verdict] = newest["verdicts"]
    assert (verdict["verdict"], verdict["change_exact"]) == ("real_improvement", "1075/36")
    assert oldest["verdicts"] is None and oldest["known_on"] == "2026-12-01"
    assert oldest["months"] == {
        "before": ["2026-03", "2026-05"],
        "after": ["2026-09", "2026-11"],
        "baseline": None,
    }
    assert Action.objects.count() == 1


def test_whose_scores_end_at_some_locations_has_no_verdict_to_see(
    journey: Journey, facilitator: User
) -> None:
    both = make_member(journey.programme, "location_manager", make_user("Both"))
    make_member(journey.programme, "contributor", both)
    action = make_action(journey.stages.get(key="S2"), both)
    make_result(make_measure(action))
    api = APIClient()
    api.force_authenticate(both)
    url = f"/api/v1/programmes/casa-nord/actions/{action.pk}/"
    assert api.get(f"{url}measures/").status_code == 404
