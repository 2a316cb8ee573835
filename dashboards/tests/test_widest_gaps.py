"""Where to act first: of what disappoints, moments of truth first; what is not measured waits."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import User
from dashboards.boards import WIDEST, widest
from dashboards.tests.documents import contents_for
from journeys.models import Journey, Programme
from journeys.tests.factories import make_stage, make_touchpoint
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.tests.factories import make_framework


def first_of(user: User, journey: Journey) -> list[str]:
    return [wide.gap.stage.key for wide in widest(contents_for(user, journey).gaps)]


def disappoint(programme: Programme, journey: Journey, stages: dict[str, int]) -> None:
    """Each of these stages is seen six times, at so many points a basic."""
    make_framework(journey)
    answers = {f"{stage}-b": points for stage, points in stages.items()}
    for _number in range(6):
        submit(programme, answers=answers)
    fold_pending()


def test_stages_that_are_not_measured_take_no_gaps_place(
    programme: Programme, journey: Journey, executive: User
) -> None:
    for number in range(4, 10):
        make_touchpoint(make_stage(journey, f"S{number}", criticality=3), f"t-{number}")
    disappoint(programme, journey, {"S1": -2, "S2": -2})
    found = first_of(executive, journey)
    assert set(found[:2]) == {"S1", "S2"}
    assert len(found) == WIDEST
    assert not {"S1", "S2"} & set(found[2:]), "the rest is to be measured"


def test_moments_of_truth_come_before_other_disappointments(
    programme: Programme, journey: Journey, executive: User
) -> None:
    """However much wider the others' gaps are; what only disappoints less comes after both."""
    journey.stages.update(criticality=1)
    journey.stages.filter(key="S2").update(criticality=3, reach_bp=1_000)
    disappoint(programme, journey, {"S1": -2, "S2": -2, "S3": 0})
    gaps = contents_for(executive, journey).gaps
    rows = {gap.stage.key: gap.row for gap in gaps}
    assert rows["S1"] is rows["S2"]
    assert next(gap.stage.key for gap in gaps) == "S1", "the index alone has S1 first"
    assert first_of(executive, journey)[:2] == ["S2", "S1"]


def test_the_page_says_why_one_comes_before_a_wider_one(
    programme: Programme,
    journey: Journey,
    executive: User,
    client_of: Callable[[User], Client],
) -> None:
    disappoint(programme, journey, {"S1": -2, "S2": 0})
    page = client_of(executive).get("/programmes/casa-nord/dashboard/")
    html = page.content.decode()
    for wide in page.context["gaps"]:
        assert f'<p class="gap-why">{wide.gap.tier_word}</p>' in html


def test_a_difference_is_no_gap_in_french_either() -> None:
    """A comparison of the page tells differences, and these here what lacks to the target."""
    with translation.override("fr"):
        assert gettext("Difference") != gettext("Gap")
