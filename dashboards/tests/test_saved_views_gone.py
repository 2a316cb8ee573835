"""What a saved view names and is gone, or is not for its reader: said plainly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from dashboards.tests.factories import make_view
from journeys.models import Location, Programme

ClientOf = Callable[[User], Client]
DASHBOARD = "/programmes/casa-nord/dashboard/"
VIEWS = f"{DASHBOARD}views/"
pytestmark = pytest.mark.usefixtures("framework")


def test_filters_that_are_gone_are_named(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    query = "compare=wave%3AW8&framework=7&journey=family-store&location=PAR1%2CLYO1&wave=W9"
    make_view(programme, executive, query=query)
    Location.objects.filter(code="LYO1").delete()
    client = client_of(executive)
    answer = client.get(VIEWS)
    [line] = answer.context["lines"]
    assert line.missing == ("comparison wave:W8", "location LYO1", "wave W9", "version 7")
    assert "Not there any more: comparison wave:W8, location LYO1" in answer.content.decode()
    opened = client.get(line.url)
    assert opened.status_code == 422
    page = opened.content.decode()
    assert "No location of yours has this code." in page
    assert "No wave of the programme has this key." in page


def test_a_manager_reads_of_a_shared_view_what_is_not_theirs(
    programme: Programme, lead: User, location_manager: User, client_of: ClientOf
) -> None:
    make_view(programme, lead, query="location=LYO1", is_shared=True)
    [line] = client_of(location_manager).get(VIEWS).context["lines"]
    assert line.missing == ("location LYO1",)


def test_a_region_whose_name_holds_a_comma_is_one_region(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    programme.locations.filter(code="PAR1").update(region="Paris, Nord")
    make_view(programme, executive, query="region=Paris%2C+Nord%2CARA")
    client = client_of(executive)
    [line] = client.get(VIEWS).context["lines"]
    assert (line.words, line.missing) == ("Paris, Nord, ARA", ())
    opened = client.get(line.url)
    assert opened.status_code == 200
    assert opened.context["form"].words == ["Paris, Nord, ARA"]
