"""A compiled query answers what its queryset answers, with the values of each call."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.compiled import CompiledQuery, as_row, ask, columns
from accounts.models import ApiToken, User
from accounts.tokens import create_token, user_of_token

by_email = CompiledQuery(
    lambda email: User.objects.filter(email=email, is_active=True).values_list(*columns(User)), str
)
by_key = CompiledQuery(lambda pk: User.objects.filter(pk=pk).values_list("email"), int)


def make_user(name: str) -> User:
    return User.objects.create_user(f"{name.lower()}@example.org", name=name)


@pytest.mark.django_db
def test_each_call_has_its_own_values_and_reads_anew() -> None:
    ada, bo = make_user("Ada"), make_user("Bo")
    for _time in range(4):  # the later ones are prepared
        for user in (ada, bo):
            (row,) = by_email.rows(user.email)
            found = as_row(User, row)
            for field in User._meta.concrete_fields:
                assert getattr(found, field.attname) == getattr(user, field.attname)
    User.objects.filter(pk=ada.pk).update(name="Ada L.")
    assert as_row(User, by_email.rows(ada.email)[0]).name == "Ada L."
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert by_email.rows(ada.email) == []
    assert by_email.rows("' OR 1=1 --") == []


@pytest.mark.django_db
def test_several_questions_are_answered_in_their_order() -> None:
    ada, bo = make_user("Ada"), make_user("Bo")
    with CaptureQueriesContext(connection) as caught:
        answers = ask(by_key(bo.pk), by_key(ada.pk), by_key(0))
    assert [list(map(tuple, rows)) for rows in answers] == [[(bo.email,)], [(ada.email,)], []]
    assert len(caught) == 3


@pytest.mark.django_db
def test_a_token_stops_working_at_once() -> None:
    user = make_user("Ada")
    tokens = [create_token(user=user) for _number in range(2)]
    for _time in range(4):
        assert [user_of_token(token) for token in tokens] == [user, user]
    ApiToken.objects.order_by("pk")[:1].get().delete()
    assert [user_of_token(token) for token in tokens] == [None, user]
    User.objects.update(is_active=False)
    assert [user_of_token(token) for token in tokens] == [None, None]
