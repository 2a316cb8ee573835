"""A touchpoint with interactions stays in its stage, whatever the map is asked."""

from __future__ import annotations

import pytest

from accounts.models import User
from journeys.guards import Blocked
from journeys.map_building import place_parts
from journeys.models import Journey, MapEdit
from journeys.tests.factories import make_touchpoint
from scoring.models import Framework
from scoring.tests.factories import make_interaction


@pytest.fixture
def draft(journey: Journey) -> Framework:
    return Framework.objects.create(journey=journey, version=1)


def test_a_framed_touchpoint_stays(journey: Journey, draft: Framework, consultant: User) -> None:
    first, second, _third = journey.stages.all()
    till, shelf = make_touchpoint(first, "till"), make_touchpoint(first, "shelf")
    make_interaction(draft, first, "greeting", (-2, 0), kind="basic", touchpoint=till)
    with pytest.raises(Blocked, match=r"till.*version 1"):
        place_parts(parts=[till, shelf], stage=second, before=None, actor=consultant)
    assert not second.touchpoints.filter(key__in=("till", "shelf")).exists()
    assert not MapEdit.objects.exists()


def test_it_may_change_its_place(journey: Journey, draft: Framework, consultant: User) -> None:
    first = journey.stages.all()[0]
    till, shelf = make_touchpoint(first, "till"), make_touchpoint(first, "shelf", position=1)
    make_interaction(draft, first, "greeting", (-2, 0), kind="basic", touchpoint=till)
    place_parts(parts=[shelf], stage=first, before=till, actor=consultant)
    order = list(first.touchpoints.all())
    assert order.index(shelf) + 1 == order.index(till)
