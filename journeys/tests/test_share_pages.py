"""Links as the team makes, lists and revokes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from journeys.models import AuditEntry, Journey, Programme, ShareLink
from journeys.sharing import share_maps
from journeys.tests.factories import make_journey, make_programme

ClientOf = Callable[[User], Client]
LIST = "journeys:share-list"


def typed(journey: Journey, **facts: object) -> dict[str, object]:
    return {"name": "The board", "journeys": [journey.pk], "lanes": ["needs", "choices"]} | facts


@pytest.fixture
def create_url(programme: Programme) -> str:
    return reverse("journeys:share-create", args=[programme.slug])


def test_a_consultant_makes_a_link_that_works_and_is_shown_once(
    consultant: User, client_of: ClientOf, journey: Journey, create_url: str
) -> None:
    client = client_of(consultant)
    answer = client.post(create_url, typed(journey), follow=True)
    page = answer.content.decode()
    [link] = re.findall(r"http://testserver(/shared/[\w-]+/)", page)
    assert Client().get(link, follow=True).status_code == 200
    again = client.get(reverse(LIST, args=[journey.programme.slug])).content.decode()
    assert link not in again
    assert "The board" in again
    assert "Experience" in again  # among what is hidden
    assert AuditEntry.objects.filter(verb="shared", subject="The board").exists()
    kept = ShareLink.objects.get()
    assert (kept.created_by, kept.expires_at, kept.password) == (consultant, None, "")


def test_a_link_works_to_the_end_of_its_last_day(
    consultant: User, client_of: ClientOf, journey: Journey, create_url: str
) -> None:
    today = timezone.localdate()
    client_of(consultant).post(create_url, typed(journey, last_day=today.isoformat()))
    ends = ShareLink.objects.get().expires_at
    assert ends is not None
    assert timezone.localtime(ends).date() == today + timedelta(days=1)
    assert timezone.localtime(ends).hour == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("journeys", []),
        ("journeys", [999_999]),
        ("lanes", []),
        ("lanes", ["needs", "nothing"]),
        ("password", "short"),
        ("password", "x" * 10_000),
        ("last_day", "2020-01-01"),
        ("last_day", "9999-12-31"),
        ("last_day", "<b>tomorrow</b>"),
    ],
)
def test_what_makes_no_link_is_said_and_kept(
    field: str,
    value: object,
    consultant: User,
    client_of: ClientOf,
    journey: Journey,
    create_url: str,
) -> None:
    answer = client_of(consultant).post(create_url, typed(journey) | {field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not ShareLink.objects.exists()


def test_a_map_of_another_programme_cannot_be_chosen(
    consultant: User, client_of: ClientOf, journey: Journey, create_url: str
) -> None:
    far = make_journey(make_programme("elsewhere"), "far-away", name="The far map")
    client = client_of(consultant)
    assert "The far map" not in client.get(create_url).content.decode()
    answer = client.post(create_url, typed(journey, journeys=[journey.pk, far.pk]))
    assert answer.status_code == 422


def test_a_link_is_revoked_once_even_in_an_archived_programme(
    consultant: User, facilitator: User, client_of: ClientOf, journey: Journey
) -> None:
    programme = journey.programme
    token = share_maps(
        programme=programme,
        name="The board",
        journeys=[journey],
        lanes=["needs"],
        password="",
        last_day=None,
        actor=consultant,
    )
    programme.archived_at = timezone.now()
    programme.save()
    url = reverse("journeys:share-revoke", args=[programme.slug, ShareLink.objects.get().pk])
    assert client_of(facilitator).post(url).status_code == 403
    client = client_of(consultant)
    assert client.post(url).status_code == 302
    first = ShareLink.objects.get().revoked_at
    assert client.post(url).status_code == 302
    assert ShareLink.objects.get().revoked_at == first
    assert AuditEntry.objects.filter(verb="revoked the link").count() == 1
    shared = reverse("journeys:shared-map", args=[token, journey.key])
    assert Client().get(shared).status_code == 404
    page = client.get(reverse(LIST, args=[programme.slug])).content.decode()
    assert "revoked on" in page
    assert url not in page


def test_a_link_of_another_programme_cannot_be_revoked_here(
    consultant: User, client_of: ClientOf, programme: Programme
) -> None:
    far = ShareLink.objects.create(programme=make_programme("elsewhere"), name="x", digest="d")
    url = reverse("journeys:share-revoke", args=[programme.slug, far.pk])
    assert client_of(consultant).post(url).status_code == 404
    far.refresh_from_db()
    assert far.revoked_at is None


def test_ten_links_cost_no_more_queries_than_two(
    consultant: User, client_of: ClientOf, journey: Journey
) -> None:
    client = client_of(consultant)
    url = reverse(LIST, args=[journey.programme.slug])

    def grow(number: int) -> None:
        for each in range(number):
            link = ShareLink.objects.create(
                programme=journey.programme,
                name=f"Link {each}",
                digest=f"{number}-{each}",
                created_by=consultant,
            )
            link.journeys.add(journey)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    grow(2)
    few = cost()
    grow(8)
    assert cost() == few


def test_the_map_offers_documents_to_all_and_links_to_editors(
    consultant: User, executive: User, client_of: ClientOf, journey: Journey, create_url: str
) -> None:
    args = [journey.programme.slug, journey.key]
    url = reverse("journeys:journey-map", args=args)
    for who, may_share in ((consultant, True), (executive, False)):
        page = client_of(who).get(url).content.decode()
        assert reverse("journeys:journey-map-pdf", args=args) in page
        assert (create_url in page) is may_share
