"""A map on which everything can be seen, for the browser tests that look at it."""

from __future__ import annotations

from accounts.models import User
from actionplans.tests.factories import make_action
from journeys.models import Choice, Journey, Need
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

MAP = "/programmes/casa-nord/journeys/family-store/"


def measured_map(journey: Journey, framework: Framework, owner: User) -> Journey:
    """Three phases, a moment of truth, an action, one stage outside the perimeter; six observations."""
    first, second, third = journey.stages.all()
    journey.stages.filter(pk=first.pk).update(phase="before")
    journey.stages.filter(pk=second.pk).update(criticality=3)
    journey.stages.filter(pk=third.pk).update(phase="after", in_perimeter=False)
    Need.objects.create(stage=first, text="a need not to be told", level="implicit")
    Choice.objects.create(stage=first, question="Which one?").criteria.create(text="price")
    make_action(second, owner, title="an action not to be told")
    for _number in range(6):
        submit(framework.journey.programme)
    fold_pending()
    return journey
