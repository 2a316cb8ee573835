from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from conftest import ClientOf
from journeys.models import Programme
from journeys.tests.factories import make_programme
from observations.bundle import observation_parts
from observations.excluding import exclude_observer
from observations.models import Observation, ObserverExclusion
from observations.tests.factories import submit
from observations.withdrawing import withdraw_observation

pytestmark = pytest.mark.usefixtures("framework")


def address(name: str, programme: Programme, *args: object) -> str:
    return reverse(f"observations:{name}", args=[programme.slug, *args])


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_the_list_to_the_exclusion_and_back(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    client = client_of(consultant)
    for month in ("2026-09", "2026-10"):
        submit(programme, observed_at=f"{month}-03T10:30:00+02:00")
    submit(programme, observer="OBS-2")
    withdraw_observation(observation=Observation.objects.order_by("pk")[0])
    listed = client.get(address("observation-list", programme), {"observer": "OBS-1"})
    assert len(listed.context["lines"]) == 2
    words = " ".join(listed.content.decode().split())
    assert (
        "<strong>OBS-1</strong>: 2 observations over all journeys and months, 1 counted." in words
    )
    create = address("exclusion-create", programme)
    assert f'href="{create}?observer=OBS-1"' in words
    shown = client.get(create, {"observer": "OBS-1"})
    assert shown.context["months"] == [
        {"month": "2026-09", "total": 1, "counted": 0},
        {"month": "2026-10", "total": 1, "counted": 1},
    ]
    data = {"observer": "OBS-1", "reason": "Two stores at once"}
    answer = client.post(create, data, follow=True)
    assert answer.redirect_chain == [(address("exclusion-list", programme), 302)]
    words = " ".join(answer.content.decode().split())
    assert "OBS-1 is excluded: 2 observations are kept and no longer counted." in words
    assert "Two stores at once" in words
    listed = client.get(address("observation-list", programme), {"observer": "OBS-1"})
    assert "Excluded, not counted" in listed.content.decode()
    assert "Exclude this observer" not in listed.content.decode()
    [exclusion] = ObserverExclusion.objects.all()
    readmit = address("exclusion-readmit", programme, exclusion.pk)
    answer = client.post(readmit, follow=True)
    words = " ".join(answer.content.decode().split())
    assert "OBS-1 is readmitted: 1 observation is counted again." in words
    assert readmit not in words, "done once"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"observer": ""}, "observer"),
        ({"observer": "x" * 41}, "observer"),
        ({"observer": "OBS\0"}, "observer"),
        ({"observer": "OBS-9"}, "observer"),
        ({"first_month": "2026-13"}, "first_month"),
        ({"first_month": "2026-10", "last_month": "2026-09"}, "last_month"),
    ],
)
def test_bad_input_is_told_at_its_place(
    programme: Programme,
    consultant: User,
    client_of: ClientOf,
    change: dict[str, str],
    field: str,
) -> None:
    exclude_observer(programme=programme, observer="OBS-9", reason="Before", user=None)
    data = {"observer": "OBS-1", "reason": "Why not"} | change
    answer = client_of(consultant).post(address("exclusion-create", programme), data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert ObserverExclusion.objects.count() == 1


def test_an_observer_nobody_knows_is_an_empty_list(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    client = client_of(consultant)
    submit(programme)
    for asked in ("OBS-7", " OBS-1", "x" * 500):
        listed = client.get(address("observation-list", programme), {"observer": asked})
        assert (listed.status_code, listed.context["lines"]) == (200, [])
        shown = client.get(address("exclusion-create", programme), {"observer": asked})
        assert "Nothing was observed by" in shown.content.decode()


def test_who_may_not_exclude_is_offered_nothing(
    programme: Programme, observer: User, client_of: ClientOf
) -> None:
    submit(programme)
    client = client_of(observer)
    listed = client.get(address("observation-list", programme), {"observer": "OBS-1"})
    assert len(listed.context["lines"]) == 1
    assert "xclu" not in listed.content.decode()
    exclude_observer(programme=programme, observer="OBS-1", reason="Secret", user=None)
    row = Observation.objects.get()
    words = page(client, row.get_absolute_url())
    assert "Excluded: it is kept, but no score counts it" in words
    assert "See why" not in words


def test_an_exclusion_of_another_programme_is_not_found(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    other = exclude_observer(
        programme=make_programme("elsewhere"), observer="OBS-1", reason="Why", user=None
    )
    url = address("exclusion-readmit", programme, other.pk)
    assert client_of(consultant).post(url).status_code == 404


def test_what_is_excluded_stays_behind_in_an_export(programme: Programme) -> None:
    submit(programme)
    kept = submit(programme, observer="OBS-2")
    exclude_observer(programme=programme, observer="OBS-1", reason="Why", user=None)
    assert [one["id"] for one in observation_parts(programme)] == [kept.id]


def test_the_list_of_exclusions_asks_as_often_for_twice_as_many(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    client, counts = client_of(lead), []
    for size in (3, 6):
        for number in range(size):
            observer = f"OBS-{size}-{number}"
            submit(programme, observer=observer)
            exclude_observer(programme=programme, observer=observer, reason="Why", user=lead)
        with CaptureQueriesContext(connection) as caught:
            page(client, address("exclusion-list", programme))
        counts.append(len(caught))
    assert counts[0] == counts[1]
