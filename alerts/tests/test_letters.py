"""Letters: never unasked, never twice, never lost, and nothing after the access is gone."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction

from accounts.models import User
from actionplans.tests.factories import make_action
from alerts.letters import write_alerts, write_digest
from alerts.models import Kind, Notice, Rule
from alerts.rules import switch_on
from alerts.tasks import write_letters
from alerts.tests.past import BAD, GOOD, TODAY, live_through, observe
from journeys.access import access_of
from journeys.models import Journey, Membership, Programme
from observations.folding import fold_pending

pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def asked(programme: Programme, executive: User) -> User:
    """Two rules, switched on before anything was measured."""
    for kind in (Kind.CLASS_CHANGE, Kind.BROKEN_GATE):
        switch_on(access=access_of(executive, programme), kind=kind, today=TODAY)
    return executive


def alerts_for(person: User, programme: Programme) -> bool:
    return write_alerts(programme=programme.pk, person=person.pk, today=TODAY)


def test_nothing_is_sent_unasked(programme: Programme, executive: User) -> None:
    live_through(programme)
    assert write_letters() == 0
    assert not alerts_for(executive, programme)
    assert not write_digest(programme=programme.pk, person=executive.pk, today=TODAY)
    assert mail.outbox == []


def test_several_events_are_one_letter_and_told_once(programme: Programme, asked: User) -> None:
    live_through(programme)
    assert alerts_for(asked, programme)
    assert not alerts_for(asked, programme)
    [letter] = mail.outbox
    assert letter.subject == "Casa Nord: 3 alerts"
    assert letter.to == [asked.email]
    body = str(letter.body)
    assert "▼ disappointing" in body
    assert "Confirmed; it was: enchantment. score" in body
    assert "n = 60" in body
    assert "/programmes/casa-nord/journeys/family-store/scores/S1/" in body
    assert isinstance(letter, EmailMultiAlternatives)
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    assert "▼ disappointing" in str(html)


def test_what_one_was_told_is_news_to_another(
    programme: Programme, asked: User, consultant: User
) -> None:
    for kind in (Kind.BROKEN_GATE, Kind.DIGEST):
        switch_on(access=access_of(consultant, programme), kind=kind, today=TODAY)
    live_through(programme)
    assert alerts_for(asked, programme)
    assert alerts_for(consultant, programme)
    [_first, second] = mail.outbox
    assert (second.to, second.subject) == ([consultant.email], "Casa Nord: 2 alerts")


def test_what_happened_before_the_rule_is_no_news(programme: Programme, executive: User) -> None:
    observe(programme, "2026-07", GOOD, 8)
    fold_pending()
    access = access_of(executive, programme)
    switch_on(access=access, kind=Kind.BROKEN_GATE, today=TODAY)  # S2 misses its basic already
    assert not alerts_for(executive, programme)
    observe(programme, "2026-09", BAD, 40)
    fold_pending()
    assert alerts_for(executive, programme)
    assert mail.outbox[0].subject == "Casa Nord: Basics missed: Stage S1"


def test_an_action_that_is_late(programme: Programme, journey: Journey, executive: User) -> None:
    access = access_of(executive, programme)
    switch_on(access=access, kind=Kind.LATE_ACTION, today=TODAY)
    action = make_action(journey.stages.get(key="S1"), executive, due_on=date(2026, 10, 19))
    assert write_alerts(programme=programme.pk, person=executive.pk, today=date(2026, 10, 20))
    assert mail.outbox[0].subject == f"Casa Nord: Late: {action.title}"
    action.due_on = date(2026, 10, 25)
    action.save()
    assert write_alerts(programme=programme.pk, person=executive.pk, today=date(2026, 10, 26))


def test_a_mail_server_that_refuses_leaves_it_to_be_told(
    programme: Programme, asked: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_through(programme)

    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError("refused")

    with monkeypatch.context() as patch:
        patch.setattr("accounts.letters.EmailMultiAlternatives.send", refuse)
        with pytest.raises(OSError, match="refused"):
            alerts_for(asked, programme)
    assert not Notice.objects.filter(is_old=False).exists()
    assert alerts_for(asked, programme)
    assert len(mail.outbox) == 1


def test_nothing_is_sent_once_the_access_is_gone(programme: Programme, asked: User) -> None:
    live_through(programme)
    Membership.objects.filter(user=asked).delete()
    assert not alerts_for(asked, programme)
    assert Rule.objects.filter(person=asked).exists()
    assert mail.outbox == []


def test_nothing_is_sent_to_a_closed_account(programme: Programme, asked: User) -> None:
    live_through(programme)
    User.objects.filter(pk=asked.pk).update(is_active=False)
    assert not alerts_for(asked, programme)
    assert write_letters() == 0


def test_the_same_notice_is_refused_by_the_database(programme: Programme, asked: User) -> None:
    Notice.objects.create(programme=programme, person=asked, key="x")
    with (
        pytest.raises(IntegrityError, match=r"alert_notice_told_once|UNIQUE"),
        transaction.atomic(),
    ):
        Notice.objects.create(programme=programme, person=asked, key="x")


def test_a_rule_is_once_a_person_and_of_a_known_kind(programme: Programme, asked: User) -> None:
    for kind in (Kind.CLASS_CHANGE.value, "weather"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rule.objects.create(programme=programme, person=asked, kind=kind)


def test_the_same_news_has_the_same_message_id(programme: Programme, asked: User) -> None:
    live_through(programme)
    for _time in range(2):
        alerts_for(asked, programme)
        Notice.objects.all().delete()
    first, second = (letter.extra_headers["Message-ID"] for letter in mail.outbox)
    assert first == second
