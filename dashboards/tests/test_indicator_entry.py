"""Defining indicators and typing counts: what is refused, what is kept, who came first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from journeys.models import AuditEntry, Programme
from observations.models import IndicatorDefinition, IndicatorReading
from observations.tests.indicator_factories import count_nps, make_indicator

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/indicators/"
NEW = f"{URL}definitions/new/"
TYPE = f"{URL}figures/nps/readings/new/"
DEFINITION = {"name": "Recommandation", "kind": "nps", "direction": "higher"}
COUNTS = {"month": "2026-03", "promoters": "19", "passives": "9", "detractors": "8"}


@pytest.fixture
def page(client_of: ClientOf, consultant: User) -> Client:
    return client_of(consultant)


def test_an_indicator_is_defined(programme: Programme, page: Client) -> None:
    answer = page.post(
        NEW, DEFINITION | {"question": "Would you?", "target_hundredths": "42,5", "codir_rank": "1"}
    )
    assert answer.status_code == 302
    made = IndicatorDefinition.objects.get()
    assert (made.key, made.edition, made.target_hundredths) == ("recommandation", 1, 4250)
    assert AuditEntry.objects.get(verb="defined").subject == "Recommandation"
    assert "“Would you?”" in page.get(f"{URL}definitions/").content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "mood"}, "kind"),
        ({"target_hundredths": "101"}, "target_hundredths"),
        ({"target_hundredths": "many"}, "target_hundredths"),
        ({"kind": "csat", "target_hundredths": "-1"}, "target_hundredths"),
        ({"kind": "retention"}, "active_rule"),
        ({"codir_rank": "1"}, "codir_rank"),
        ({"codir_rank": "4"}, "codir_rank"),
        ({"key": "taken"}, "key"),
        ({"key": "no spaces"}, "key"),
    ],
)
def test_a_definition_that_cannot_be(
    programme: Programme, page: Client, typed: dict[str, str], field: str
) -> None:
    make_indicator(programme, key="taken", codir_rank=1)
    answer = page.post(NEW, DEFINITION | {"question": "kept words"} | typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "kept words" in answer.content.decode()
    assert IndicatorDefinition.objects.count() == 1


def test_the_published_questions_settle_which_way_is_better(
    programme: Programme, page: Client
) -> None:
    page.post(NEW, DEFINITION | {"kind": "ces1", "direction": "higher"})
    assert IndicatorDefinition.objects.get().direction == "lower"


def edited(definition: IndicatorDefinition, **typed: str) -> dict[str, str]:
    return {
        "name": definition.name,
        "kind": definition.kind,
        "question": definition.question,
        "direction": definition.direction,
        "version": str(definition.version),
    } | typed


def test_name_and_target_change_in_this_version(programme: Programme, page: Client) -> None:
    definition = make_indicator(programme)
    count_nps(definition, 40, 20)
    url = f"{URL}definitions/nps/edit/"
    assert page.post(url, edited(definition, target_hundredths="30")).status_code == 302
    definition.refresh_from_db()
    assert (definition.target_hundredths, definition.edition, definition.version) == (3000, 1, 1)
    assert AuditEntry.objects.get(verb="changed").changes == {"target_hundredths": [None, 3000]}


def test_another_wording_of_what_is_counted_is_another_version(
    programme: Programme, page: Client
) -> None:
    definition = make_indicator(programme)
    count_nps(definition, 40, 20)
    url = f"{URL}definitions/nps/edit/"
    answer = page.post(url, edited(definition, question="Would you come back?"))
    assert answer.status_code == 422
    assert "as_new" in answer.context["form"].errors
    posted = edited(definition, question="Would you come back?", as_new="on")
    assert page.post(url, posted).status_code == 302
    assert list(IndicatorDefinition.objects.order_by("edition").values_list("question")) == [
        ("",),
        ("Would you come back?",),
    ]
    assert "version 1, until" in page.get(f"{URL}definitions/").content.decode()


def test_before_anything_is_counted_the_wording_may_change(
    programme: Programme, page: Client
) -> None:
    definition = make_indicator(programme)
    page.post(f"{URL}definitions/nps/edit/", edited(definition, question="Would you?"))
    assert IndicatorDefinition.objects.get().question == "Would you?"


def test_the_second_editor_of_a_definition_is_told(programme: Programme, page: Client) -> None:
    definition = make_indicator(programme)
    url = f"{URL}definitions/nps/edit/"
    page.post(url, edited(definition, name="Theirs"))
    answer = page.post(url, edited(definition, name="Mine"))
    assert answer.status_code == 409
    assert "It is now: Theirs" in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()
    # Saving again means: mine, knowing theirs.
    assert page.post(url, edited(definition, name="Mine", version="1")).status_code == 302
    assert IndicatorDefinition.objects.get().name == "Mine"


def test_a_count_is_typed(programme: Programme, page: Client) -> None:
    make_indicator(programme)
    answer = page.post(TYPE, COUNTS | {"location": "PAR1", "segment": "family", "channel": "store"})
    assert answer["Location"] == f"{TYPE}?month=2026-03"
    reading = IndicatorReading.objects.select_related("location", "segment", "channel").get()
    assert (reading.n, str(reading.location), str(reading.segment)) == (36, "PAR1", "Family")
    assert 'value="2026-03"' in page.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"promoters": "53 %"}, "promoters", "is a percentage"),
        ({"promoters": "12,5"}, "promoters", "not a whole number"),
        ({"promoters": "-1"}, "promoters", "is negative"),
        ({"promoters": ""}, "promoters", "required"),
        ({"month": "2026-13"}, "month", "is not a month"),
        ({"month": "2099-01"}, "month", "in the future"),
        ({"location": "MARS"}, "location", "valid choice"),
    ],
)
def test_a_count_that_cannot_be(
    programme: Programme, page: Client, typed: dict[str, str], field: str, says: str
) -> None:
    make_indicator(programme)
    answer = page.post(TYPE, COUNTS | {"passives": "777"} | typed)
    assert answer.status_code == 422
    [error] = answer.context["form"].errors[field]
    assert says in error
    assert 'value="777"' in answer.content.decode()
    assert not IndicatorReading.objects.exists()


def test_a_place_that_is_counted_is_corrected_instead(programme: Programme, page: Client) -> None:
    count_nps(make_indicator(programme), 40, 20, month="2026-03")
    answer = page.post(TYPE, COUNTS)
    assert answer.status_code == 422
    assert "correct it instead" in answer.content.decode()


def test_two_people_correct_one_count(programme: Programme, page: Client) -> None:
    reading = count_nps(make_indicator(programme), 40, 20, month="2026-03", location="PAR1")
    url = f"{URL}readings/{reading.pk}/edit/"
    assert 'value="40"' in page.get(url).content.decode()
    place = {"location": "PAR1", "version": "0"}
    assert page.post(url, COUNTS | place | {"promoters": "50"}).status_code == 302
    answer = page.post(url, COUNTS | place | {"promoters": "60"})
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "It is now: 50" in said
    assert 'value="60"' in said
    assert page.post(url, COUNTS | place | {"promoters": "60", "version": "1"}).status_code == 302
    reading.refresh_from_db()
    assert reading.hits == 60


def test_money_is_typed_and_shown_as_money(programme: Programme, page: Client) -> None:
    make_indicator(programme, "basket")
    typed = {"month": "2026-03", "transactions": "8", "revenue": "270,05"}
    page.post(f"{URL}figures/basket/readings/new/", typed)
    reading = IndicatorReading.objects.get()
    assert (reading.total, reading.squares) == (27_005, None)
    page_of = page.get(f"{URL}readings/{reading.pk}/edit/").content.decode()
    assert 'value="270.05"' in page_of


def test_a_count_is_deleted(programme: Programme, page: Client) -> None:
    reading = count_nps(make_indicator(programme), 40, 20)
    assert page.post(f"{URL}readings/{reading.pk}/delete/").status_code == 302
    assert not IndicatorReading.objects.exists()


def test_rows_of_another_programme_are_not_here(programme: Programme, page: Client) -> None:
    from journeys.tests.factories import make_programme

    other = count_nps(make_indicator(make_programme()), 40, 20)
    assert page.get(f"{URL}readings/{other.pk}/edit/").status_code == 404
    assert page.get(TYPE).status_code == 404
