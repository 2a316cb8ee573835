"""Letters about planned visits: one a person and day, never twice, never unasked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from journeys.models import Programme
from journeys.tests.factories import make_location, make_member
from observations.models import VisitReminder, VisitRules
from observations.reminding import people_to_remind
from observations.tasks import remind_observers
from observations.tests.factories import make_visit, submit_for

pytestmark = pytest.mark.usefixtures("framework", "observer")


@pytest.fixture
def asked(programme: Programme) -> VisitRules:
    rules: VisitRules = VisitRules.objects.create(programme=programme, remind_days=3)
    return rules


def ends_in(days: int, **fields: Any) -> dict[str, Any]:
    last_on = timezone.localdate() + timedelta(days=days)
    return {"first_on": last_on - timedelta(days=20), "last_on": last_on, "observer": "OBS-1"} | (
        fields
    )


def test_nobody_is_written_to_unasked(programme: Programme) -> None:
    make_visit(programme, **ends_in(1))
    VisitRules.objects.create(programme=programme)
    assert remind_observers() == 0
    assert mail.outbox == []


@pytest.mark.usefixtures("asked")
def test_one_letter_tells_all_that_ends_soon_and_was_missed(
    programme: Programme, observer: User
) -> None:
    make_visit(programme, **ends_in(3))
    make_visit(programme, method="store_team", **ends_in(0))
    make_visit(programme, **ends_in(-1))
    make_visit(programme, **ends_in(4))  # too early
    make_visit(programme, **ends_in(-8))  # too long ago
    remind_observers()
    [letter] = mail.outbox
    assert letter.to == [observer.email]
    assert letter.subject == "2 visits end soon, 1 visit was missed"
    assert letter.body.count("PAR1") == 3
    assert "/programmes/casa-nord/visits/" in letter.body


@pytest.mark.usefixtures("asked")
def test_the_same_is_told_once_and_a_new_end_anew(programme: Programme) -> None:
    visit = make_visit(programme, **ends_in(1))
    remind_observers()
    remind_observers()
    assert len(mail.outbox) == 1
    visit.last_on += timedelta(days=1)
    visit.save()
    remind_observers()
    assert len(mail.outbox) == 2


@pytest.mark.usefixtures("asked")
def test_no_letter_about_what_is_done_cancelled_free_or_not_begun(programme: Programme) -> None:
    submit_for(make_visit(programme, **ends_in(1)))
    make_visit(programme, **ends_in(2, cancelled_at=timezone.now()))
    make_visit(programme, **ends_in(2, observer=""))
    make_visit(programme, **ends_in(2, observer="OBS-UNKNOWN"))
    make_visit(programme, **ends_in(2, first_on=timezone.localdate() + timedelta(days=1)))
    assert remind_observers() == 0


@pytest.mark.usefixtures("asked")
def test_an_archived_programme_and_a_closed_account_are_left_alone(
    programme: Programme, observer: User
) -> None:
    make_visit(programme, **ends_in(1))
    programme.archived_at = timezone.now()
    programme.save()
    assert remind_observers() == 0
    programme.archived_at = None
    programme.save()
    User.objects.filter(pk=observer.pk).update(is_active=False)
    assert remind_observers() == 0


@pytest.mark.usefixtures("asked")
def test_the_letter_is_in_the_language_of_the_person(programme: Programme, observer: User) -> None:
    User.objects.filter(pk=observer.pk).update(language="fr")
    make_visit(programme, **ends_in(1))
    remind_observers()
    assert mail.outbox[0].subject == "1 visite se termine bientôt"
    assert mail.outbox[0].body.startswith("Bonjour Odile Observer")


@pytest.mark.usefixtures("asked")
def test_a_mail_server_that_refuses_leaves_the_letter_to_be_sent(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_visit(programme, **ends_in(1))

    def refuse(*args: object) -> None:
        raise OSError("refused")

    with monkeypatch.context() as patch:
        patch.setattr("accounts.letters.EmailMultiAlternatives.send", refuse)
        patch.setattr("observations.tasks.remind_observer.max_retries", 0)
        with pytest.raises(OSError, match="refused"):
            remind_observers()
    assert not VisitReminder.objects.exists()
    remind_observers()
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("asked")
def test_the_cost_of_finding_whom_to_write_to_does_not_grow(programme: Programme) -> None:
    today: date = timezone.localdate()

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            people_to_remind(today)
        return len(queries)

    def grow(number: int) -> None:
        location = make_location(programme, f"L{number}")
        code = f"OBS-1{number}"
        make_member(programme, "observer", None, [location], observer_code=code)
        make_visit(programme, location.code, **ends_in(1, observer=code))

    grow(0)
    before = cost()
    for number in range(1, 4):
        grow(number)
    assert len(people_to_remind(today)) == 4
    assert cost() == before
