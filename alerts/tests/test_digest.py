"""The digest: the page in a letter, with the page's figures, once a month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from actionplans.tests.factories import make_action
from alerts.letters import write_digest
from alerts.models import Kind
from alerts.rules import switch_on
from alerts.tests.past import BAD, GOOD, TODAY, live_through, observe
from dashboards.tests.change_cells import MONTHS, make_waves
from journeys.access import access_of
from journeys.models import Journey, Membership, Programme
from journeys.tests.factories import make_member, make_user
from observations.folding import fold_pending

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("framework")
NOVEMBER = date(2026, 11, 1)


def digest_for(person: User, programme: Programme, today: date = NOVEMBER) -> bool:
    return write_digest(programme=programme.pk, person=person.pk, today=today)


def subscribe(person: User, programme: Programme) -> None:
    switch_on(access=access_of(person, programme), kind=Kind.DIGEST, today=TODAY)


def test_the_figures_are_those_of_the_page(
    programme: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    live_through(programme)
    make_action(journey.stages.get(key="S1"), executive, title="Mend the till")
    subscribe(executive, programme)
    assert digest_for(executive, programme)
    page = client_of(executive).get("/programmes/casa-nord/dashboard/").context
    [letter] = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    html = str(letter.alternatives[0][0])
    assert len(page["figures"]) == 4
    for figure in page["figures"]:
        assert f"{figure.name}: {figure.text}" in letter.body
        assert escape(figure.text) in html
        assert all(note in letter.body for note in figure.notes if note)
    assert page["gaps"]
    for wide in page["gaps"]:
        assert wide.gap.gap_text in letter.body
        assert wide.gap.gap_text in html
    assert "Mend the till" in html
    assert letter.subject == "Casa Nord: the figures as of 1 November 2026"


def test_it_comes_once_a_month_and_not_in_the_month_of_the_rule(
    programme: Programme, executive: User
) -> None:
    live_through(programme)
    subscribe(executive, programme)
    assert not digest_for(executive, programme, TODAY)
    assert digest_for(executive, programme)
    assert not digest_for(executive, programme, date(2026, 11, 2))
    assert digest_for(executive, programme, date(2026, 12, 1))


def test_nothing_measured_is_no_digest_of_that_month(programme: Programme, executive: User) -> None:
    """Whatever is measured after the first of the month is in the next one."""
    subscribe(executive, programme)
    assert not digest_for(executive, programme)
    live_through(programme)
    assert not digest_for(executive, programme, date(2026, 11, 4))
    assert mail.outbox == []
    assert digest_for(executive, programme, date(2026, 12, 1))


@pytest.mark.parametrize("lost", ["membership", "role", "account"])
def test_after_access_was_withdrawn_none_comes(
    programme: Programme, executive: User, lost: str
) -> None:
    live_through(programme)
    subscribe(executive, programme)
    memberships = Membership.objects.filter(user=executive, programme=programme)
    if lost == "membership":
        memberships.delete()
    elif lost == "role":
        memberships.update(role="observer")  # who reads no score
    else:
        User.objects.filter(pk=executive.pk).update(is_active=False)
    assert not digest_for(executive, programme)
    assert mail.outbox == []


def test_a_location_manager_reads_own_locations_and_no_plan(
    programme: Programme, journey: Journey, executive: User, location_manager: User
) -> None:
    live_through(programme)
    make_action(journey.stages.get(key="S1"), executive, title="Mend the till")
    lyon = programme.locations.filter(code="LYO1")
    elsewhere = make_member(programme, "location_manager", make_user("Luc"), lyon)
    for person in (location_manager, elsewhere):
        subscribe(person, programme)
    assert digest_for(location_manager, programme)
    assert "Mend the till" not in mail.outbox[0].body
    assert not digest_for(elsewhere, programme)  # nothing was measured in Lyon


def test_it_is_in_the_language_of_the_person(programme: Programme, executive: User) -> None:
    live_through(programme)
    User.objects.filter(pk=executive.pk).update(language="fr")
    executive.refresh_from_db()
    subscribe(executive, programme)
    assert digest_for(executive, programme)
    assert mail.outbox[0].subject == "Casa Nord : les chiffres au 1er novembre 2026"
    body = str(mail.outbox[0].body)
    assert body.startswith("Bonjour Eve Executive")
    assert "Casa Nord, au 1er novembre 2026\n" in body


def test_one_that_comes_late_is_named_by_its_day(programme: Programme, executive: User) -> None:
    live_through(programme)
    subscribe(executive, programme)
    assert digest_for(executive, programme, date(2026, 11, 17))
    assert mail.outbox[0].subject == "Casa Nord: the figures as of 17 November 2026"
    html = str(mail.outbox[0].alternatives[0][0])  # type: ignore[attr-defined]
    assert "<h1>Casa Nord, as of 17 November 2026</h1>" in html


@pytest.mark.parametrize(
    ("today", "arrow", "words"),
    [
        (date(2026, 11, 1), "↗", "since W1"),
        (date(2026, 8, 31), "", "no verdict yet since W1"),  # its last month is not over
    ],
)
def test_the_step_of_the_score_is_that_of_the_page(
    programme: Programme,
    executive: User,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
    today: date,
    arrow: str,
    words: str,
) -> None:
    make_waves(programme, baseline=True)
    for wave, month in MONTHS.items():
        observe(programme, month, GOOD if wave == "W2" else BAD, 12)
    fold_pending()
    subscribe(executive, programme)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: today)
    assert digest_for(executive, programme)
    panel = "/programmes/casa-nord/journeys/family-store/trend/?panel=1"
    step = client_of(executive).get(panel).context["step"]
    assert (step.arrow, step.text.endswith(words)) == (arrow, True)
    [letter] = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    assert f"  {arrow} {step.text}\n  {step.why}\n".replace("   ", "  ") in letter.body
    html = str(letter.alternatives[0][0])
    assert escape(step.text) in html and escape(step.why) in html
    assert ("↗" in html) is bool(arrow)


def test_without_waves_the_letter_says_that_no_change_is_told(
    programme: Programme, executive: User
) -> None:
    live_through(programme)
    subscribe(executive, programme)
    assert digest_for(executive, programme)
    assert "\n  no change told\n  No wave before it was observed" in mail.outbox[0].body
