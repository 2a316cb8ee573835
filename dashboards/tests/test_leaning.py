"""Which way customers lean who speak unasked (R109), said wherever what they said counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from dashboards.documents.messages import reading_notes
from dashboards.tests.documents import contents_for
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.tests.factories import submit

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("framework")
STAGE = "/programmes/casa-nord/journeys/family-store/scores/S1/"
ENGLISH = "lean to the negative: a satisfied customer shares an opinion less readily"
FRENCH = "un client satisfait partage moins facilement son avis"


def observe(programme: Programme, method: str, times: int) -> None:
    for _number in range(times):
        submit(programme, method=method)
    fold_pending()


@pytest.mark.parametrize(
    ("method", "times", "counts"),
    [
        ("verbatim", 6, True),
        ("social_listening", 6, True),
        ("survey", 6, False),
        ("verbatim", 1, False),  # too few to be used
    ],
)
def test_it_is_said_where_such_a_method_was_used(
    programme: Programme,
    journey: Journey,
    executive: User,
    client_of: ClientOf,
    method: str,
    times: int,
    counts: bool,
) -> None:
    observe(programme, "mystery_visit", 6)
    observe(programme, method, times)
    page = client_of(executive).get(STAGE).content.decode()
    panel = page.split('aria-labelledby="methods"', 1)[1].split("<details", 1)[0]
    assert (ENGLISH in panel) is counts
    contents = contents_for(executive, journey)
    assert any(ENGLISH in note for note in reading_notes(contents)) is counts
    with translation.override("fr"):
        assert any(FRENCH in note for note in reading_notes(contents)) is counts
