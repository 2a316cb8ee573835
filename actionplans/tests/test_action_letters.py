"""Letters about actions: before they are due, when late, to the lead when blocked; each thing once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.ways_out import link_out
from actionplans.action_models import ActionLetter, ActionPerson, LetterChoice
from actionplans.models import Action
from actionplans.reminding import people_to_write_to
from actionplans.tasks import write_about_actions
from actionplans.tests.factories import make_action
from journeys.models import Journey, Programme, Stage
from journeys.tests.factories import make_journey, make_member, make_programme


@pytest.fixture
def stage(journey: Journey, lead: User) -> Stage:
    """Of a programme that has a lead."""
    return journey.stages.get(key="S1")


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_one_letter_tells_all_and_tells_it_once(
    stage: Stage, facilitator: User, contributor: User
) -> None:
    make_action(stage, contributor, title="Late one", due_on=in_days(-1))
    theirs = make_action(stage, facilitator, title="Helping", due_on=in_days(3))
    ActionPerson.objects.create(action=theirs, person=contributor, part="R")
    make_action(stage, contributor, title="Too early", due_on=in_days(4))
    make_action(stage, contributor, title="Old news", due_on=in_days(-15))
    make_action(stage, contributor, title="Finished", due_on=in_days(0), status="done")
    write_about_actions()
    [mine] = [letter for letter in mail.outbox if letter.to == [contributor.email]]
    assert mine.subject == "1 action is late, 1 action is due soon"
    assert "Late one" in mine.body and "Helping" in mine.body
    for other in ("Too early", "Old news", "Finished"):
        assert other not in mine.body
    assert "/my/actions/" in mine.body and "/programmes/casa-nord/actions/" in mine.body
    sent = len(mail.outbox)
    assert write_about_actions() == 0 and len(mail.outbox) == sent


def test_a_date_that_moved_is_told_anew(stage: Stage, contributor: User) -> None:
    action = make_action(stage, contributor, due_on=in_days(1))
    write_about_actions()
    Action.objects.filter(pk=action.pk).update(due_on=in_days(2))
    write_about_actions()
    assert len(mail.outbox) == 2


def test_letters_before_the_date_can_be_declined_late_ones_not(
    stage: Stage, contributor: User
) -> None:
    LetterChoice.objects.create(person=contributor, before_due=False)
    make_action(stage, contributor, due_on=in_days(1))
    assert write_about_actions() == 0
    make_action(stage, contributor, due_on=in_days(-1))
    write_about_actions()
    [letter] = mail.outbox
    assert letter.subject == "1 action is late"


def test_letters_before_the_date_are_left_in_one_click_and_for_oneself_alone(
    stage: Stage, contributor: User, facilitator: User
) -> None:
    for person in (contributor, facilitator):
        make_action(stage, person, due_on=in_days(1))
    write_about_actions()
    [letter] = [one for one in mail.outbox if one.to == [contributor.email]]
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert link in letter.body
    path = link.removeprefix(settings.SITE_URL)
    stranger = Client(enforce_csrf_checks=True)
    assert "before they are due" in stranger.get(path).content.decode()
    assert not LetterChoice.objects.exists()  # looking changes nothing
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert LetterChoice.objects.get().person == contributor
    assert stranger.post(path.replace("/off/", "x/off/")).status_code == 404
    foreign = link_out("alerts:unsubscribe", facilitator.pk).split("/")[-2]
    assert stranger.post(f"/my/actions/letters/{foreign}/off/").status_code == 404


def test_what_is_late_has_no_way_out(stage: Stage, contributor: User) -> None:
    make_action(stage, contributor, due_on=in_days(-1))
    write_about_actions()
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers
    assert "without logging in" not in mail.outbox[0].body


def test_what_stays_blocked_goes_to_the_lead_and_not_to_the_owner(
    stage: Stage, contributor: User, lead: User
) -> None:
    make_action(stage, contributor, title="Fresh", status="blocked", blocked_on=in_days(-6))
    assert write_about_actions() == 0
    make_action(
        stage,
        contributor,
        title="Stuck",
        status="blocked",
        blocked_on=in_days(-7),
        blocked_reason="No money",
        due_on=in_days(-1),
    )
    write_about_actions()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([lead.email], "1 action is blocked")
    assert "Stuck" in letter.body and "No money" in letter.body and "Fresh" not in letter.body
    assert write_about_actions() == 0
    assert ActionLetter.objects.get().kind == "escalated"


def test_each_programme_has_its_own_days(stage: Stage, contributor: User, lead: User) -> None:
    blocked = {"status": "blocked", "blocked_reason": "No money", "due_on": in_days(40)}
    make_action(stage, contributor, title="In five days", due_on=in_days(5))
    make_action(stage, contributor, title="In six days", due_on=in_days(6))
    make_action(stage, contributor, title="Two days", blocked_on=in_days(-2), **blocked)
    make_action(stage, contributor, title="One day", blocked_on=in_days(-1), **blocked)
    other = make_programme("casa-sud")
    there = make_journey(other, "family-store", stages=1).stages.get()
    make_member(other, "contributor", contributor)
    make_action(there, contributor, title="Elsewhere", due_on=in_days(5))
    assert write_about_actions() == 0
    Programme.objects.filter(pk=stage.journey.programme_id).update(
        remind_before_days=5, escalate_after_days=2
    )
    write_about_actions()
    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    assert "In five days" in letters[contributor.email]
    assert "In six days" not in letters[contributor.email]
    assert "Elsewhere" not in letters[contributor.email]
    assert "Two days" in letters[lead.email] and "One day" not in letters[lead.email]


def test_nothing_to_who_has_no_access(
    stage: Stage, contributor: User, observer: User, outsider: User
) -> None:
    for person in (contributor, observer, outsider):
        make_action(stage, person, due_on=in_days(1))
    contributor.memberships.all().delete()
    assert write_about_actions() == 0 and mail.outbox == []


def test_nothing_of_an_archived_programme_and_to_a_closed_account(
    stage: Stage, contributor: User
) -> None:
    make_action(stage, contributor, due_on=in_days(1))
    programme = stage.journey.programme
    programme.archived_at = timezone.now()
    programme.save()
    assert write_about_actions() == 0
    programme.archived_at = None
    programme.save()
    User.objects.filter(pk=contributor.pk).update(is_active=False)
    assert write_about_actions() == 0


def test_the_letter_is_in_the_language_of_the_person(stage: Stage, contributor: User) -> None:
    User.objects.filter(pk=contributor.pk).update(language="fr")
    make_action(stage, contributor, due_on=in_days(-1))
    write_about_actions()
    assert mail.outbox[0].subject == "1 action est en retard"
    assert mail.outbox[0].body.startswith("Bonjour Carla Contributor")


def test_a_mail_server_that_refuses_leaves_the_letter_to_be_sent(
    stage: Stage, contributor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_action(stage, contributor, due_on=in_days(1))

    def refuse(*args: object) -> None:
        raise OSError("refused")

    with monkeypatch.context() as patch:
        patch.setattr("accounts.letters.EmailMultiAlternatives.send", refuse)
        patch.setattr("actionplans.tasks.write_to.max_retries", 0)
        with pytest.raises(OSError, match="refused"):
            write_about_actions()
    assert not ActionLetter.objects.exists()
    write_about_actions()
    assert len(mail.outbox) == 1


def test_the_question_does_not_grow_with_actions(
    stage: Stage, facilitator: User, contributor: User
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            people_to_write_to(timezone.localdate())
        return len(captured)

    action = make_action(stage, contributor, due_on=in_days(1))
    ActionPerson.objects.create(action=action, person=facilitator, part="R")
    few = count()
    for _number in range(9):
        make_action(stage, contributor, due_on=in_days(1))
    assert count() == few
