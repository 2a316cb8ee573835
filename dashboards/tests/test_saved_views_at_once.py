"""Two clicks on one button: the second finds its name taken only when it writes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from dashboards.forms import SavedViewForm
from dashboards.models import SavedView
from dashboards.tests.factories import make_view
from journeys.models import Programme

ClientOf = Callable[[User], Client]
VIEWS = "/programmes/casa-nord/dashboard/views/"
pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one is not written yet when the name is looked for."""
    monkeypatch.setattr(SavedViewForm, "clean_name", lambda form: form.cleaned_data["name"])


@pytest.mark.usefixtures("unseen")
def test_a_second_click_is_told_that_the_name_is_taken(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    url = f"{VIEWS}new/?method=mystery_visit"
    assert client.post(url, {"name": "Visits"}).status_code == 302
    again = client.post(url, {"name": "Visits"})
    assert again.status_code == 422
    assert again.context["form"].errors == {"name": ["You have a view of this name."]}
    assert again.context["form"]["name"].value() == "Visits"
    assert SavedView.objects.get().query == "method=mystery_visit"


@pytest.mark.usefixtures("unseen")
def test_renaming_at_once_leaves_the_name_as_it_was(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    make_view(programme, executive, name="Visits")
    other = make_view(programme, executive, name="Calls")
    answer = client_of(executive).post(f"{VIEWS}{other.pk}/edit/", {"name": "Visits"})
    assert answer.status_code == 422
    other.refresh_from_db()
    assert other.name == "Calls"
