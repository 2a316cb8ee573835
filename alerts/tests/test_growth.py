"""The pages of rules, webhooks, their log and tokens cost as many queries for 2N rows as for N."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from alerts.models import Delivery, FeedToken, Notice, Rule, Webhook
from journeys.models import Programme
from journeys.tests.factories import make_member

HERE = "/programmes/casa-nord/alerts/"


@pytest.fixture
def webhook(programme: Programme) -> Webhook:
    return Webhook.objects.create(programme=programme, url="https://hooks.example/cx", nonce="n")


def grow(webhook: Webhook, lead: User, name: str) -> None:
    """One more row of everything the pages list, of somebody who was not there before."""
    programme = webhook.programme
    member = make_member(programme, "executive", None)
    for person in (member, lead):
        Rule.objects.get_or_create(programme=programme, person=person, kind="digest")
        Notice.objects.create(programme=programme, person=person, key=name)
    FeedToken.objects.create(programme=programme, person=member, name=name, digest=name)
    Delivery.objects.create(webhook=webhook, kind="test", key=name, body="{}")
    Webhook.objects.create(programme=programme, url=f"https://{name}.example/", nonce=name)


@pytest.mark.parametrize("path", ["", "webhooks/", "webhooks/{webhook}/", "feed/"])
def test_queries_do_not_grow_with_rows(
    client_of: Callable[[User], Client], webhook: Webhook, lead: User, path: str
) -> None:
    client = client_of(lead)
    address = HERE + path.format(webhook=webhook.pk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    for number in range(2):
        grow(webhook, lead, f"a{number}")
    before = cost()
    for number in range(4):
        grow(webhook, lead, f"b{number}")
    assert cost() == before


def test_the_log_is_cut_into_pages(
    client_of: Callable[[User], Client], webhook: Webhook, lead: User
) -> None:
    Delivery.objects.bulk_create(
        Delivery(webhook=webhook, kind="test", key=str(number), body="{}") for number in range(51)
    )
    client = client_of(lead)
    first = client.get(f"{HERE}webhooks/{webhook.pk}/").content.decode()
    second = client.get(f"{HERE}webhooks/{webhook.pk}/?page=2").content.decode()
    assert (first.count("msg_"), second.count("msg_")) == (50, 1)
