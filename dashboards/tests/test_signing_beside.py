"""What is signed with the scores: the indicators of the page, and what was being done for each gap."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from actionplans.models import Action
from actionplans.tests.factories import make_action
from dashboards.models import SignedReport
from dashboards.tests.test_signing import observe, sign
from journeys.access import Access
from journeys.models import Journey, Programme
from journeys.rights import Right
from observations.tests.indicator_factories import count_nps, make_indicator

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("framework")


def test_indicators_and_actions_stay_as_they_stood(
    programme: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 6)
    nps = make_indicator(programme, codir_rank=1, target_hundredths=4000)
    count_nps(nps, 50, 20)
    action = make_action(
        journey.stages.get(key="S2"), executive, title="Greet at the door", status="doing"
    )
    client = client_of(executive)
    [line] = client.get("/programmes/casa-nord/dashboard/").context["indicators"]
    report = sign(client)
    count_nps(nps, 0, 90, location="LYO1")
    Action.objects.filter(pk=action.pk).update(title="Another", status="done")
    make_action(journey.stages.get(key="S1"), executive, title="Later")
    page = client.get(report.get_absolute_url())
    [one] = page.context["indicators"]
    assert (one.name, one.value, one.interval, one.n, one.target) == (
        nps.name,
        "+30",
        line.interval,
        line.n,
        line.target,
    )
    [done] = page.context["actions"]
    assert (done.stage, done.title, done.status, done.due_on, done.owner) == (
        "Stage S2",
        "Greet at the door",
        "In progress",
        action.due_on,
        "Eve Executive",
    )
    text = page.content.decode()
    assert "Greet at the door" in text and "Later" not in text


def test_actions_are_for_whoever_may_see_the_plan(
    programme: Programme,
    journey: Journey,
    executive: User,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    observe(programme, 6)
    make_action(journey.stages.get(key="S2"), executive, title="Greet at the door")
    client = client_of(executive)
    report = sign(client)
    monkeypatch.setattr(Access, "may", lambda self, right: right in self.rights & ~Right.SEE_PLAN)
    page = client.get(report.get_absolute_url())
    assert page.context["actions"] is None
    assert "Greet at the door" not in page.content.decode()
    assert sign(client).figures["actions"] is None


def test_an_older_report_without_them_still_reads(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 6)
    client = client_of(executive)
    report = sign(client)
    for name in ("indicators", "actions"):
        del report.figures[name]
    SignedReport.objects.filter(pk=report.pk).update(figures=report.figures)
    page = client.get(report.get_absolute_url())
    assert (page.context["indicators"], page.context["actions"]) == ([], None)
    assert "signed-actions" not in page.content.decode()
