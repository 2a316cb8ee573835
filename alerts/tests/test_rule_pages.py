"""A person's own rules: off until switched on, tried on the past before, left without a login."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail, signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from actionplans.tests.factories import make_action
from alerts.letters import write_alerts
from alerts.models import Kind, Rule
from alerts.rules import switch_on
from alerts.tests.past import BAD, TODAY, live_through, observe
from alerts.unsubscribing import unsubscribe_link
from journeys.access import access_of
from journeys.models import Journey, Programme
from journeys.tests.factories import make_member, make_programme
from observations.folding import fold_pending

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/alerts/"
pytestmark = pytest.mark.usefixtures("framework")


def kinds_of(person: User) -> set[str]:
    return set(Rule.objects.filter(person=person).values_list("kind", flat=True))


def test_a_rule_is_switched_on_and_off(
    programme: Programme, executive: User, consultant: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    assert client.get(URL).content.count(b"Switch on\n") == 4
    client.post(f"{URL}rules/class_change/on/")
    client.post(f"{URL}rules/class_change/on/")
    assert kinds_of(executive) == {"class_change"}
    assert kinds_of(consultant) == set()
    client.post(f"{URL}rules/class_change/off/")
    assert kinds_of(executive) == set()


def test_a_rule_of_what_one_may_not_see_is_not_there(
    location_manager: User, client_of: ClientOf
) -> None:
    client = client_of(location_manager)
    assert "Action late" not in client.get(URL).content.decode()
    assert client.post(f"{URL}rules/late_action/on/").status_code == 404
    assert client.post(f"{URL}rules/weather/on/").status_code == 404
    assert client.post(f"{URL}rules/weather/off/").status_code == 404


def test_the_past_tells_what_the_letters_would_have_told(
    programme: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    late = timezone.localdate() - timedelta(days=3)
    born = timezone.now() - timedelta(days=40)
    make_action(journey.stages.get(key="S1"), executive, due_on=late, created_at=born)
    page = client_of(executive).get(f"{URL}?try=late_action").content.decode()
    assert "With this rule you would have had 1 e-mail since" in page
    assert "Late: Mend Stage S1" in page
    assert Rule.objects.count() == 0
    assert mail.outbox == []


def test_a_month_alone_says_how_many_at_least_and_at_most(
    programme: Programme, executive: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_through(programme)
    monkeypatch.setattr("alerts.views.rules.timezone.localdate", lambda: TODAY)
    page = client_of(executive).get(f"{URL}?try=broken_gate").content.decode()
    assert "With this rule you would have had 2 e-mails since May 2026." in page
    observe(programme, "2026-09", {"S3-b": -2}, 30)
    fold_pending()
    page = client_of(executive).get(f"{URL}?try=broken_gate").content.decode()
    assert "2 to 3 e-mails since May 2026" in page
    assert "the day is not known" in page


def test_the_digest_says_in_how_many_months_something_had_been_measured(
    programme: Programme, executive: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alerts.views.rules.timezone.localdate", lambda: TODAY)
    client = client_of(executive)
    nothing = "With this rule you would have had no e-mail since May 2026."
    assert nothing in client.get(f"{URL}?try=digest").content.decode()
    observe(programme, "2026-07", BAD, 1)
    fold_pending()
    page = client.get(f"{URL}?try=digest").content.decode()
    assert "With this rule you would have had 4 e-mails since May 2026." in page


@pytest.mark.usefixtures("nothing_kept")
def test_trying_reads_no_more_for_more_observations(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{URL}?try=class_change")
        return len(captured)

    observe(programme, f"{timezone.localdate():%Y-%m}", BAD, 2)
    fold_pending()
    queries()
    few = queries()
    observe(programme, f"{timezone.localdate():%Y-%m}", BAD, 10)
    fold_pending()
    assert queries() == few


def test_the_way_out_of_a_letter_needs_no_login(programme: Programme, executive: User) -> None:
    access = access_of(executive, programme)
    for kind in (Kind.CLASS_CHANGE, Kind.DIGEST):
        switch_on(access=access, kind=kind, today=TODAY)
    live_through(programme)
    write_alerts(programme=programme.pk, person=executive.pk, today=TODAY)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = headers["List-Unsubscribe"].strip("<>")
    assert link in mail.outbox[0].body
    path = link.partition("/unsubscribe/")[2]
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(f"/unsubscribe/{path}").status_code == 200
    assert kinds_of(executive) == {"class_change", "digest"}  # looking changes nothing
    answer = stranger.post(f"/unsubscribe/{path}", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert kinds_of(executive) == {"digest"}
    assert stranger.post("/unsubscribe/x:y:z/").status_code == 404


def test_a_way_out_is_of_one_person_in_one_programme(
    programme: Programme, executive: User, consultant: User
) -> None:
    other = make_programme("casa-sud")
    make_member(other, "executive", executive)
    for person, where in ((executive, programme), (executive, other), (consultant, programme)):
        switch_on(access=access_of(person, where), kind=Kind.DIGEST, today=TODAY)
    link = unsubscribe_link(access_of(executive, programme), [Kind.DIGEST.value])
    assert Client().post(link.removeprefix(settings.SITE_URL)).status_code == 200
    left = Rule.objects.values_list("person", "programme")
    assert set(left) == {(executive.pk, other.pk), (consultant.pk, programme.pk)}


def test_what_was_signed_for_something_else_is_no_way_out(
    programme: Programme, executive: User
) -> None:
    switch_on(access=access_of(executive, programme), kind=Kind.DIGEST, today=TODAY)
    token = signing.dumps([programme.pk, executive.pk, ["digest"]], salt="something.else")
    assert Client().post(f"/unsubscribe/{token}/").status_code == 404
    assert kinds_of(executive) == {"digest"}
