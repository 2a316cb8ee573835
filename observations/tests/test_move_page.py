from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from conftest import ClientOf
from journeys.models import Journey, Programme
from journeys.tests.factories import make_journey, make_segment
from observations.folding import fold_pending
from observations.models import Observation
from observations.tests.factories import submit
from observations.withdrawing import withdraw_observation
from scoring.models import Framework, StageCell
from scoring.tests.factories import make_framework

pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def other(programme: Programme) -> Journey:
    """The journey of another segment, with the first two stages of the cast's."""
    segment = make_segment(programme, "pro")
    journey = make_journey(programme, "pro-store", stages=2, segment=segment, position=1)
    make_framework(journey)
    return journey


def move_url(row: Observation) -> str:
    return reverse("observations:observation-move", args=[row.programme.slug, row.uuid])


def test_moved_it_says_so_at_both_ends(
    programme: Programme, other: Journey, consultant: User, client_of: ClientOf
) -> None:
    submit(programme, answers={"S1-b": 0, "S2-d": 3})
    row = Observation.objects.get()
    client = client_of(consultant)
    assert f'href="{move_url(row)}"' in client.get(row.get_absolute_url()).content.decode()
    assert client.get(move_url(row)).context["guides"][0].journey == other
    answer = client.post(move_url(row), {"journey": "pro-store"}, follow=True)
    [moved] = Observation.objects.exclude(pk=row.pk)
    assert answer.redirect_chain == [(moved.get_absolute_url(), 302)]
    words = answer.content.decode()
    assert "Moved. The former observation is withdrawn" in words
    assert "Moved here from “Family store”" in words
    words = client.get(row.get_absolute_url()).content.decode()
    assert "Moved to “Pro store”" in words
    restore = reverse("observations:observation-restore", args=[programme.slug, row.uuid])
    assert restore not in words
    answer = client.post(restore, follow=True)
    assert "move it back from there" in answer.content.decode()
    fold_pending()
    assert StageCell.objects.get(stage=None).framework.journey == other


def test_what_does_not_fit_is_named_in_words(
    programme: Programme, framework: Framework, consultant: User, client_of: ClientOf
) -> None:
    narrow = make_journey(programme, "pro-store", stages=2, segment=make_segment(programme, "pro"))
    there = make_framework(narrow)
    there.interactions.get(key="S1-p").levels.filter(points=2).delete()
    framework.interactions.filter(key="S3-b").update(statement="Somebody says goodbye")
    submit(programme, answers={"S1-p": 2, "S3-b": -2})
    row = Observation.objects.get()
    answer = client_of(consultant).post(move_url(row), {"journey": "pro-store"})
    assert answer.status_code == 422
    shown = [(line.statement, line.answer, line.key) for line in answer.context["misfits"]]
    assert shown == [
        ("Interaction S1-p", "Level 2", "S1-p"),
        ("Somebody says goodbye", "Level -2", "S3-b"),
    ]
    words = answer.content.decode()
    assert "It stays where it is" in words
    assert 'value="pro-store"\n                   checked' in words, "the choice is not lost"
    row.refresh_from_db()
    assert row.is_counted


@pytest.mark.parametrize("chosen", ["", "family-store", "nowhere", "pro\0"])
def test_only_another_journey_with_a_guide(
    programme: Programme, other: Journey, consultant: User, client_of: ClientOf, chosen: str
) -> None:
    submit(programme)
    answer = client_of(consultant).post(move_url(Observation.objects.get()), {"journey": chosen})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["journey"]


def test_alone_a_journey_has_nowhere_to_move_to(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    submit(programme)
    row = Observation.objects.get()
    client = client_of(consultant)
    words = client.get(move_url(row)).content.decode()
    assert "No other journey of this programme has a published guide." in words
    withdraw_observation(observation=row)
    assert client.get(move_url(row)).status_code == 404
    assert client.post(move_url(row), {"journey": "pro-store"}).status_code == 404
