"""How many observations wait to be counted: one each, of whichever version of the journey."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.models import Journey, Programme
from journeys.tests.factories import make_journey
from observations.changes import read_changes
from observations.folding import fold_pending
from observations.intake import submit_observation
from observations.models import Observation, PendingFold
from observations.pending import pending_among, pending_in
from observations.scores import read_scores
from observations.selection import Comparison, Selection
from observations.tests.factories import make_document, submit
from observations.withdrawing import withdraw_observation
from scoring.models import Framework
from scoring.tests.factories import make_framework

pytestmark = pytest.mark.usefixtures("framework")
SEPTEMBER, OCTOBER = (Selection(one, one) for one in ("2026-09", "2026-10"))


def pending(journey: Journey) -> int:
    return read_scores(journey, Selection()).pending


def test_an_edit_is_one_observation(programme: Programme, journey: Journey) -> None:
    document = make_document()
    submit_observation(programme=programme, document=document, user=None)
    fold_pending()
    assert pending(journey) == 0
    changed = document | {"base_revision": 1, "answers": {"S1-b": -2}}
    submit_observation(programme=programme, document=changed, user=None)
    assert PendingFold.objects.count() == 2
    assert pending(journey) == pending_in(programme) == 1
    assert read_changes(journey, Comparison(SEPTEMBER, OCTOBER)).pending == 1
    withdraw_observation(observation=Observation.objects.get())
    assert (PendingFold.objects.count(), pending(journey)) == (3, 1)
    submit(programme)
    assert pending(journey) == pending_in(programme) == 2


def test_the_first_observation_of_a_new_version_waits_too(
    programme: Programme, journey: Journey
) -> None:
    submit(programme)
    fold_pending()
    make_framework(journey, version=2)
    submit(programme, framework_version=2)
    sheet = read_scores(journey, Selection())
    assert sheet.framework is not None
    assert (sheet.framework.version, sheet.pending) == (1, 1)
    assert read_changes(journey, Comparison(SEPTEMBER, OCTOBER)).pending == 1
    fold_pending()
    assert pending(journey) == 0


def test_each_journey_has_its_own(
    programme: Programme, journey: Journey, framework: Framework
) -> None:
    other, never = (make_journey(programme, key, stages=3) for key in ("trade", "never"))
    make_framework(other)
    for _number in range(2):
        submit(programme, journey="trade", answers={"S1-p": 1})
    submit(programme)
    with CaptureQueriesContext(connection) as captured:
        found = pending_among([journey, other, never])
    assert found == {journey.pk: 1, other.pk: 2}
    [query] = captured
    assert "observations_observation" not in query["sql"]
    assert pending_in(programme) == 3
