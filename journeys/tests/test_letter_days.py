"""When letters about actions go out is a setting of the programme, that its lead changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from journeys.bundle import programme_part
from journeys.models import Programme
from journeys.tests.pages import url

ClientOf = Callable[[User], Client]
TYPED = {
    "name": "Casa Nord",
    "language": "en",
    "remind_before_days": "0",
    "escalate_after_days": "90",
}


def days_of(programme: Programme) -> tuple[int, int]:
    programme.refresh_from_db()
    return programme.remind_before_days, programme.escalate_after_days


def test_the_lead_sets_them_and_the_history_says_so(
    client_of: ClientOf, programme: Programme, lead: User
) -> None:
    assert days_of(programme) == (3, 7)
    client = client_of(lead)
    page = client.get(url("programme-edit")).content.decode()
    assert (
        'name="remind_before_days" value="3"' in page
        and 'name="escalate_after_days" value="7"' in page
    )
    assert client.post(url("programme-edit"), TYPED).status_code == 302
    assert days_of(programme) == (0, 90)
    changes = {"remind_before_days": [3, 0], "escalate_after_days": [7, 90]}
    assert programme.audit_entries.get().changes == changes


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("remind_before_days", "-1"),
        ("remind_before_days", "31"),
        ("remind_before_days", ""),
        ("escalate_after_days", "0"),
        ("escalate_after_days", "91"),
        ("escalate_after_days", "a week"),
    ],
)
def test_what_is_no_such_number_of_days_is_refused_at_its_field(
    client_of: ClientOf, programme: Programme, lead: User, field: str, typed: str
) -> None:
    answer = client_of(lead).post(url("programme-edit"), TYPED | {field: typed})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"][field].value() == typed
    assert days_of(programme) == (3, 7)


@pytest.mark.parametrize(
    ("rule", "field", "days"),
    [
        ("programme_reminds_within_a_month", "remind_before_days", 31),
        ("programme_escalates_within_a_quarter", "escalate_after_days", 0),
        ("programme_escalates_within_a_quarter", "escalate_after_days", 91),
    ],
)
def test_the_database_holds_the_range(
    programme: Programme, rule: str, field: str, days: int
) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Programme.objects.filter(pk=programme.pk).update(**{field: days})


def test_the_bundle_is_the_method_without_them(programme: Programme) -> None:
    assert not {"remind_before_days", "escalate_after_days"} & set(
        programme_part(programme)["programme"]
    )
