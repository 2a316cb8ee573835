"""What the dashboard reads once for all its parts, and what it does not count where it can't."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dashboards.models import DefaultView, SavedView
from dashboards.tests.change_cells import make_waves
from dashboards.tests.test_segment_heat import trade as trade  # noqa: PLC0414 - a fixture
from dashboards.tests.test_wave_trend import observe
from journeys.models import Journey, Programme
from journeys.tests.factories import make_journey
from observations.folding import fold_pending
from observations.tests.factories import submit

ClientOf = Callable[[User], Client]
DASHBOARD = "/programmes/casa-nord/dashboard/"
JOURNEY = "/programmes/casa-nord/journeys/family-store/"
pytestmark = pytest.mark.usefixtures("framework")


def test_waves_and_saved_views_are_read_once(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    make_waves(programme)
    observe(programme, ("W1", "W2"), n=2)
    SavedView.objects.create(programme=programme, owner=executive, name="A", query="wave=W1")
    client = client_of(executive)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(DASHBOARD).status_code == 200
    for table in ("journeys_wave", "dashboards_savedview"):
        assert sum(f'FROM "{table}"' in one["sql"] for one in captured) == 1


def test_the_default_of_somebody_else_opens_nothing(
    programme: Programme, lead: User, executive: User, client_of: ClientOf
) -> None:
    view = SavedView.objects.create(
        programme=programme, owner=lead, name="A", query="location=PAR1", is_shared=True
    )
    DefaultView.objects.create(user=lead, programme=programme, view=view)
    assert client_of(executive).get(DASHBOARD).status_code == 200
    answer = client_of(lead).get(DASHBOARD)
    assert (answer.status_code, answer["Location"]) == (302, f"{DASHBOARD}?location=PAR1")


def test_under_a_channel_the_trend_counts_no_observations(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    make_waves(programme)
    observe(programme, ("W1", "W2"), n=6)
    client = client_of(executive)
    assert "n = 6" in client.get(f"{JOURNEY}trend/").content.decode()
    assert "n = " not in client.get(f"{JOURNEY}trend/?channel=store").content.decode()


def test_a_trend_without_a_score_draws_nothing(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    make_waves(programme)
    observe(programme, ("W1",), n=1)
    text = client_of(executive).get(f"{JOURNEY}trend/").content.decode()
    assert "not enough data" in text and "trend-zero" not in text
    observe(programme, ("W2",), n=12)
    assert "trend-zero" in client_of(executive).get(f"{JOURNEY}trend/").content.decode()


def test_a_wave_is_compared_with_one_that_was_observed_at_the_places_selected(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    make_waves(programme)
    observe(programme, ("W1", "W2"), n=6)
    submit(programme, location="LYO1", observed_at="2026-04-10T10:00:00+02:00")
    fold_pending()
    client = client_of(executive)
    compared = client.get(f"{JOURNEY}compare/?compare=wave:W1&location=PAR1").context["compared"]
    assert (compared.first, compared.second) == ("W1", "W2")
    page = client.get(f"{JOURNEY}compare/?compare=wave:W1&location=LYO1")
    assert page.context["compared"] is None
    assert "It takes another wave" in page.content.decode()


def test_a_segment_of_several_journeys_is_named_with_the_journey(
    trade: Journey, programme: Programme, executive: User, client_of: ClientOf
) -> None:
    make_journey(programme, "yard", name="Yard", segment=trade.segment)
    page = client_of(executive).get(f"{JOURNEY}compare/?compare=journey:trade")
    assert page.context["compared"].second == f"Trade · {trade.name}"
