"""A small room over real connections: what the benchmark does with thirty phones for minutes."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from actionplans.tests.factories import make_workshop
from actionplans.tests.phones import run_load
from journeys.models import Journey


@pytest.mark.django_db(transaction=True)
def test_dots_and_ideas_are_exact_and_no_total_leaks(
    journey: Journey, facilitator: User, live_server: LiveServer
) -> None:
    cache.clear()
    workshop = make_workshop(journey.stages.all()[:1], facilitator, phase="lobby")
    found = run_load((live_server.thread.port,), workshop, phones=6, seconds=8)
    assert found["errors"] == []
    assert found["votes_equal"] and found["votes_stored"] > 0, found
    assert found["votes_replayed"] == 2 * found["votes_stored"]
    assert found["votes_equal_after_replay"], found
    assert found["ideas_equal"] and found["ideas_stored"] > 0, found
    assert found["most_dots_of_a_phone"] <= 3 and found["participants"] == 6
    assert found["leaks_before_closing"] == 0
    assert found["polls_by_status"][304] > 0
