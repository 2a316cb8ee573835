"""Saved views: filters under a name, own or shared, a default each, and what is gone said plainly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from dashboards.models import DefaultView, SavedView
from dashboards.tests.factories import make_view
from journeys.models import Programme
from journeys.tests.factories import make_wave

ClientOf = Callable[[User], Client]
DASHBOARD = "/programmes/casa-nord/dashboard/"
VIEWS = f"{DASHBOARD}views/"
pytestmark = pytest.mark.usefixtures("framework")


def names(client: Client) -> list[str]:
    return [line.view.name for line in client.get(VIEWS).context["lines"]]


def test_what_the_address_says_is_kept_under_a_name(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    make_wave(programme, "W1")
    client = client_of(executive)
    page = client.get(f"{DASHBOARD}?region=IDF&wave=W1&journey=family-store&compare=wave:W1&x=1")
    asked = "compare=wave%3AW1&journey=family-store&region=IDF&wave=W1"
    assert page.context["view_query"] == asked
    answer = client.post(f"{VIEWS}new/?{asked}", {"name": "Spring, IDF"})
    assert answer.status_code == 302
    assert answer["Location"] == f"{DASHBOARD}?{asked}"
    view = SavedView.objects.get()
    assert (view.name, view.owner, view.query, view.is_shared) == (
        "Spring, IDF",
        executive,
        asked,
        False,
    )
    html = client.get(f"{DASHBOARD}?{asked}").content.decode()
    assert 'aria-current="true">Spring, IDF</a>' in html


def test_the_dimension_of_the_heat_map_is_kept_as_well(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    page = client.get(f"{DASHBOARD}?by=region&location=PAR1")
    asked = "by=region&journey=family-store&location=PAR1"
    assert page.context["view_query"] == asked
    html = page.content.decode()
    assert "heat-map/?location=PAR1&amp;by=region&amp;panel=1" in html
    assert 'id="heat-by" name="by" value="region"' in html
    client.post(f"{VIEWS}new/?{asked}", {"name": "Paris by region"})
    [line] = client.get(VIEWS).context["lines"]
    assert line.words == "heat map by: Region · Family store · PAR1"
    assert line.missing == ()
    html = client.get(f"{DASHBOARD}?by=nothing").content.decode()
    assert 'id="heat-by" name="by" value=""' in html and "heat-map/?panel=1" in html


@pytest.mark.parametrize("name", ["", "Paris", "x" * 81])
def test_a_bad_name_keeps_what_was_typed(
    programme: Programme, executive: User, client_of: ClientOf, name: str
) -> None:
    make_view(programme, executive)
    answer = client_of(executive).post(f"{VIEWS}new/?location=PAR1", {"name": name})
    assert answer.status_code == 422
    assert "name" in answer.context["form"].errors
    assert answer.context["form"]["name"].value() == name
    assert SavedView.objects.count() == 1


def test_too_many_filters_are_refused_in_words(executive: User, client_of: ClientOf) -> None:
    codes = ",".join(f"L{number}" for number in range(600))
    answer = client_of(executive).post(f"{VIEWS}new/?location={codes}", {"name": "All"})
    assert answer.status_code == 422
    assert "too many filters" in answer.content.decode()


def test_own_views_stay_private_and_shared_ones_are_everybodys(
    programme: Programme, lead: User, executive: User, consultant: User, client_of: ClientOf
) -> None:
    make_view(programme, executive, "Mine")
    make_view(programme, consultant, "Not yours")
    make_view(programme, lead, "Everybody's", is_shared=True)
    assert names(client_of(executive)) == ["Mine", "Everybody's"]
    page = client_of(executive).get(DASHBOARD).content.decode()
    assert "Mine" in page and "Not yours" not in page


def test_only_who_manages_the_programme_shares(
    programme: Programme, lead: User, executive: User, client_of: ClientOf
) -> None:
    for person, is_shared in ((executive, False), (lead, True)):
        answer = client_of(person).post(f"{VIEWS}new/", {"name": "All", "is_shared": "on"})
        assert answer.status_code == 302
        assert SavedView.objects.get(owner=person).is_shared is is_shared


def test_rename_and_delete(programme: Programme, executive: User, client_of: ClientOf) -> None:
    view = make_view(programme, executive)
    client = client_of(executive)
    assert client.post(f"{VIEWS}{view.pk}/edit/", {"name": "Capital"}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.query) == ("Capital", "journey=family-store&location=PAR1")
    assert client.post(f"{VIEWS}{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


def test_the_dashboard_opens_with_the_default_of_each(
    programme: Programme, lead: User, executive: User, client_of: ClientOf
) -> None:
    view = make_view(programme, lead, is_shared=True)
    client = client_of(executive)
    assert client.get(DASHBOARD).status_code == 200
    client.post(f"{VIEWS}{view.pk}/default/")
    assert client.get(DASHBOARD)["Location"] == f"{DASHBOARD}?{view.query}"
    assert client.get(f"{DASHBOARD}?journey=family-store").status_code == 200
    assert client_of(lead).get(DASHBOARD).status_code == 200  # the default is one person's
    SavedView.objects.update(is_shared=False)
    assert client.get(DASHBOARD).status_code == 200  # what is not seen any more opens nothing
    SavedView.objects.update(is_shared=True)
    client.post(f"{VIEWS}{view.pk}/default/")
    assert client.get(DASHBOARD).status_code == 200
    assert not DefaultView.objects.exists()


def test_a_second_default_takes_the_place_of_the_first(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    first, second = (make_view(programme, executive, name) for name in ("One", "Two"))
    for view in (first, second):
        client.post(f"{VIEWS}{view.pk}/default/")
    assert DefaultView.objects.get().view == second
    second.delete()
    assert client.get(DASHBOARD).status_code == 200


def test_an_archived_programme_keeps_its_views_as_they_are(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    view = make_view(programme, executive)
    Programme.objects.update(archived_at=timezone.now())
    client = client_of(executive)
    assert client.get(VIEWS).status_code == 200
    for url in ("new/", f"{view.pk}/edit/", f"{view.pk}/delete/", f"{view.pk}/default/"):
        assert client.post(VIEWS + url, {"name": "B"}).status_code == 403


def test_the_database_holds_the_rules(programme: Programme, executive: User) -> None:
    view = make_view(programme, executive)
    for broken in (
        lambda: make_view(programme, executive),
        lambda: make_view(programme, executive, ""),
        lambda: [
            DefaultView.objects.create(user=executive, programme=programme, view=view)
            for _ in range(2)
        ],
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()


@pytest.mark.parametrize("url", [VIEWS, DASHBOARD])
def test_more_views_cost_no_more_queries(
    programme: Programme, executive: User, client_of: ClientOf, url: str
) -> None:
    client = client_of(executive)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    make_view(programme, executive)
    queries()
    few = queries()
    for number in range(5):
        make_view(programme, executive, f"View {number}")
    assert queries() == few
