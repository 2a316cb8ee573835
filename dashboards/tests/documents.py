"""What the tests of documents share: a journey to write about, and contents as somebody sees them."""

from __future__ import annotations

from accounts.models import User
from dashboards.documents.contents import Contents, read_contents
from journeys.access import access_of
from journeys.models import Journey, Programme
from journeys.tests.factories import make_stage, make_wave
from observations.folding import fold_pending
from observations.scores import read_scores
from observations.selection import read_selection
from observations.tests.factories import ANSWERS, submit

MONTHS = {"W1": "2026-04", "W2": "2026-07"}


def unwatched(*_done: int) -> None:
    """A bar that nobody looks at."""


def measured_journey(programme: Programme) -> Journey:
    """Two closed waves of six observations each; S2 disappoints, S4 was never seen."""
    journey: Journey = programme.journeys.get()
    journey.stages.filter(key="S2").update(criticality=3, name="Checkout")
    make_stage(journey, "S4", name="Never seen")
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-05")
    make_wave(programme, "W2", first_month="2026-06", last_month="2026-08")
    for wave, month in MONTHS.items():
        for number in range(6):
            better = 1 + number % 2 if wave == "W2" else 0
            answers = {**ANSWERS, "S1-p": better, "S2-p": -1}
            submit(programme, answers=answers, observed_at=f"{month}-10T10:00:00+02:00")
    fold_pending()
    return journey


def contents_for(user: User, journey: Journey, **asked: str) -> Contents:
    """As the worker reads them, under the filters of a URL."""
    access = access_of(user, journey.programme)
    fresh = Journey.objects.get(pk=journey.pk)
    selection = read_selection(asked, journey=fresh, access=access)
    return read_contents(access, read_scores(fresh, selection), list(asked.values()), asked)
