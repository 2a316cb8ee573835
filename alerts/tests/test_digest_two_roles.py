"""The letter of somebody who reads a place's gaps and sees own actions alone."""

from __future__ import annotations

import pytest

from accounts.models import User
from actionplans.tests.factories import make_action
from alerts.digest import boards_of
from alerts.tests.past import live_through
from journeys.access import access_of
from journeys.models import Journey, Programme
from journeys.tests.factories import make_member, make_user


@pytest.mark.usefixtures("framework")
def test_it_does_not_say_that_there_is_no_action(
    programme: Programme, journey: Journey, lead: User
) -> None:
    live_through(programme)
    make_action(journey.stages.get(key="S1"), lead, title="Close the shop")
    person = make_member(programme, "contributor", make_user("Max"))
    make_member(programme, "location_manager", person, programme.locations.filter(code="PAR1"))
    [board] = boards_of(access_of(person, programme))
    assert board.gaps
    assert {line.doing for line in board.gaps} == {""}
