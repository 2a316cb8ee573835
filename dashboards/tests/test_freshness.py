"""The dashboard asks whether its figures are still those of now, and reads itself anew when not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dashboards.freshness import fingerprint
from dashboards.steps import step_states
from journeys.access import access_of
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.intake import submit_observation
from observations.models import Observation
from observations.tests.factories import make_document, submit
from observations.withdrawing import withdraw_observation

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/dashboard/"
ASKED = "/programmes/casa-nord/journeys/family-store/freshness/"
pytestmark = pytest.mark.usefixtures("framework")


def test_every_step_of_an_observation_is_news(programme: Programme, journey: Journey) -> None:
    told = [fingerprint(journey)]
    submit(programme)
    told.append(fingerprint(journey))
    fold_pending()
    told.append(fingerprint(journey))
    withdraw_observation(observation=Observation.objects.get())
    told.append(fingerprint(journey))
    fold_pending()
    told.append(fingerprint(journey))
    assert len(set(told)) == len(told)


def test_nothing_is_read_again_without_news(
    programme: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    submit(programme)
    client = client_of(executive)
    seen = client.get(URL).context["seen"]
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{ASKED}?seen={seen}").status_code == 204
    assert not [one for one in queries if "stagecell" in one["sql"]]
    fold_pending()
    answer = client.get(f"{ASKED}?seen={seen}")
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "scores-changed")


def test_the_page_asks_and_reads_itself_under_its_filters(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    submit(programme)
    fold_pending()
    page = client_of(executive).get(f"{URL}?method=mystery_visit").content.decode()
    assert f'hx-get="{URL}?journey=family-store&amp;method=mystery_visit"' in page
    assert 'hx-trigger="scores-changed from:body"' in page
    assert f'hx-get="{ASKED}?seen=1.0"' in page


def test_an_edit_is_one_observation_that_is_not_counted_yet(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    document = make_document()
    submit_observation(programme=programme, document=document, user=None)
    fold_pending()
    changed = document | {"base_revision": 1, "answers": {"S1-b": -2}}
    submit_observation(programme=programme, document=changed, user=None)
    said = "1 observation not counted yet"
    [step] = step_states(access_of(executive, programme))
    assert step.summary == said
    assert said in client_of(executive).get(URL).context["counted"]
