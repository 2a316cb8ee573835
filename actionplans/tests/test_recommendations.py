"""Who reads a recommendation: whoever reads the plan, else only what their own actions carry out."""

from __future__ import annotations

import pytest

from accounts.models import User
from actionplans.models import Recommendation
from actionplans.tests.factories import make_action
from conftest import ClientOf
from journeys.access import access_of
from journeys.models import Journey, Programme
from journeys.tests.factories import make_member, make_user
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework


@pytest.fixture
def nora(programme: Programme) -> User:
    """Manages one location and carries actions: neither role sees the whole plan."""
    nora = make_user("Nora")
    make_member(programme, "location_manager", nora, programme.locations.filter(code="PAR1"))
    return make_member(programme, "contributor", nora)


def test_two_roles_do_not_lend_each_other_their_reach(
    programme: Programme,
    journey: Journey,
    framework: Framework,
    facilitator: User,
    nora: User,
    client_of: ClientOf,
) -> None:
    for _number in range(6):
        submit(programme, answers={"S2-b": -2, "S2-p": -1, "S2-d": 0})
    fold_pending()
    make_action(journey.stages.get(key="S2"), facilitator)
    make_action(journey.stages.get(key="S1"), nora)
    page = client_of(nora).get("/programmes/casa-nord/plan/")
    assert page.status_code == 200
    assert "Better Stage S1" in page.content.decode()
    assert "Better Stage S2" not in page.content.decode()


def test_by_role(
    programme: Programme, journey: Journey, facilitator: User, contributor: User, observer: User
) -> None:
    make_action(journey.stages.get(key="S1"), contributor)
    make_action(journey.stages.get(key="S2"), facilitator)

    def texts(user: User) -> set[str]:
        rows = Recommendation.objects.visible_to(access_of(user, programme))
        return {row.text for row in rows}

    assert texts(facilitator) == {"Better Stage S1", "Better Stage S2"}
    assert texts(contributor) == {"Better Stage S1"}
    assert texts(observer) == texts(make_user("Zoe")) == set()
