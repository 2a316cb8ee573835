"""What has arrived since the sign-off, where the framework got a new version meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from dashboards.models import SignedReport
from dashboards.tests.documents import contents_for
from dashboards.tests.test_signing import DASHBOARD, observe, sign
from journeys.models import Journey, Programme
from observations.models import Observation
from observations.withdrawing import withdraw_observation
from scoring.tests.factories import make_framework

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("framework")


def test_observations_of_every_version_are_those_since(
    programme: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 8)
    client = client_of(executive)
    report = sign(client)
    make_framework(journey, version=2)
    observe(programme, 2, framework_version=2)
    said = "since then +2 observations · framework version 1 then, 2 now"
    assert said in client.get(DASHBOARD).content.decode()
    assert said in client.get(report.get_absolute_url()).content.decode()
    assert said in contents_for(executive, journey).signed
    again = sign(client)
    assert again.n == 2, "the report says what its scores are made of"
    assert "nothing has arrived since" in client.get(DASHBOARD).content.decode()
    observe(programme, 1)  # a tablet comes late with an observation of version 1
    text = client.get(DASHBOARD).content.decode()
    assert "since then +1 observation" in text and "then, 2 now" not in text


def test_a_version_that_the_filters_name_is_compared_with_itself(
    programme: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 6)
    make_framework(journey, version=2)
    observe(programme, 3, framework_version=2)
    client = client_of(executive)
    sign(client, "?framework=1")
    observe(programme, 5, framework_version=2)
    page = f"{DASHBOARD}?framework=1"
    assert "nothing has arrived since" in client.get(page).content.decode()
    withdraw_observation(observation=Observation.objects.earliest("pk"))
    observe(programme, 0)
    text = client.get(page).content.decode()
    assert "since then -1 observation" in text and "framework version 1 then" not in text


def test_a_report_that_does_not_tell_its_versions_still_reads(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 6)
    client = client_of(executive)
    report = sign(client)
    for name in ("versions", "framework_version"):
        del report.figures[name]
    SignedReport.objects.filter(pk=report.pk).update(figures=report.figures)
    observe(programme, 3)
    for page in (DASHBOARD, report.get_absolute_url()):
        text = client.get(page).content.decode()
        assert "since then +3 observations" in text and " then, " not in text
