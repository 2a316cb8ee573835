"""Moments of truth at target, and actions on time: LibreOffice counts what the page counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from actionplans.models import Action
from actionplans.tests.factories import make_action
from dashboards.boards import KeyFigure
from dashboards.documents.workbook.build import build_workbook
from dashboards.tests.documents import unwatched
from dashboards.tests.recalculated import as_formulas, recalculated
from journeys.access import access_of
from journeys.models import Journey, Programme
from journeys.tests.factories import make_stage, make_touchpoint
from observations.folding import fold_pending
from observations.scores import read_scores
from observations.selection import Selection
from observations.tests.factories import ANSWERS, submit
from scoring.models import Framework, Interaction
from scoring.tests.factories import make_framework

ClientOf = Callable[[User], Client]
PAGE = "/programmes/casa-nord/dashboard/"
Counts = dict[str, int]


def made_for(user: User, journey: Journey) -> bytes:
    access = access_of(user, journey.programme)
    sheet = read_scores(Journey.objects.get(pk=journey.pk), Selection())
    return build_workbook(sheet, access, [], unwatched).content


def figures_of(client: Client) -> dict[str, KeyFigure]:
    return {one.name: one for one in client.get(PAGE).context["figures"]}


@pytest.fixture
def moments(programme: Programme) -> Journey:
    """Of six: S1 held back beyond its target, S2 exactly at its own, S3 under it, the others not seen."""
    journey: Journey = programme.journeys.get()
    for number in (4, 5, 6):
        make_touchpoint(make_stage(journey, f"S{number}"), f"t-S{number}")
    journey.stages.update(criticality=3)
    framework = make_framework(journey)
    # Aimed at and reached are 2 of 7 points: a score with digits without end.
    Interaction.objects.filter(framework=framework, key="S2-p").update(weight=2)
    for number in range(12):
        basic = -2 if number % 6 == 0 else 0
        answers = {"S1-b": basic, "S1-p": 2, "S1-d": 3, "S2-b": 0, "S2-p": 1, "S2-d": 0}
        submit(programme, answers={**ANSWERS, **answers, "S3-b": -2, "S3-p": -1})
    fold_pending()
    return journey


def counted(rows: list[dict[str, object]]) -> Counts:
    """The whole numbers of the sheet of the journey, by name."""
    return {str(row["Figure"]): row["Value"] for row in rows if isinstance(row["Value"], int)}


def test_moments_of_truth(
    moments: Journey, executive: User, client_of: ClientOf, soffice: str, tmp_path: Path
) -> None:
    figure = figures_of(client_of(executive))["Moments of truth at target"]
    found = counted(recalculated(made_for(executive, moments), soffice, tmp_path)["Journey"])
    at_target, whole = found["Moments of truth at target"], found["Moments of truth"]
    assert (at_target, whole) == (2, 6)
    assert figure.text == f"{at_target} of {whole}"
    low, held, unknown = (
        found[f"Moments of truth {name}"]
        for name in ("that disappoint", "held back", "not measured")
    )
    assert (low, held, unknown) == (1, 1, 3)
    assert figure.notes[0] == "1 disappointing, 1 held back, 3 not measured"
    said = client_of(executive).get(PAGE).context["counted"]
    seen, stages = found["Stages with observations"], found["Stages"]
    assert (seen, stages) == (3, 6)
    assert said.endswith(f"seen in {seen} of {stages} stages")


def plan(journey: Journey, owner: User) -> None:
    """Four open, one of them blocked and two late; done and dropped after their date are not late."""
    stage, today = journey.stages.get(key="S2"), timezone.localdate()
    status = Action.Status
    for days, state in (
        (-1, status.TODO),
        (0, status.TODO),
        (1, status.DOING),
        (-9, status.BLOCKED),
        (-5, status.DONE),
        (-5, status.DROPPED),
    ):
        due = today + timedelta(days=days)
        make_action(stage, owner, title=f"={days}+1", due_on=due, status=state)


def test_actions_on_time(
    moments: Journey, lead: User, client_of: ClientOf, soffice: str, tmp_path: Path
) -> None:
    plan(moments, lead)
    figure = figures_of(client_of(lead))["Actions on time"]
    content = made_for(lead, moments)
    computed = recalculated(content, soffice, tmp_path)
    found = counted(computed["Journey"])
    assert (found["Actions on time"], found["Open actions"]) == (2, 4)
    assert figure.text == "2 of 4"
    late, blocked, done = (found[f"Actions {name}"] for name in ("late", "blocked", "done"))
    assert (
        figure.notes
        == (f"{late} late, {blocked} blocked, {done} done",)
        == ("2 late, 1 blocked, 1 done",)
    )
    assert len(computed["Actions"]) == 6
    titles = [row[0] for row in as_formulas(content)["Actions"].iter_rows(min_row=2)]
    assert all(cell.data_type == "s" and cell.value.startswith("=") for cell in titles)


def test_nobody_carries_an_action_by_name(moments: Journey, lead: User) -> None:
    plan(moments, lead)
    rows = as_formulas(made_for(lead, moments))["Actions"].iter_rows(values_only=True)
    assert not any("Lea Lead" in str(cell) for row in rows for cell in row)


def test_without_a_plan_to_see_there_is_none(
    moments: Journey, lead: User, location_manager: User
) -> None:
    plan(moments, lead)
    book = as_formulas(made_for(location_manager, moments))
    assert "Actions" not in book.sheetnames
    names = [row[0] for row in book["Journey"].iter_rows(values_only=True)]
    assert "Moments of truth at target" in names and "Actions on time" not in names
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    titles = set(Action.objects.values_list("title", flat=True))
    assert len(titles) == 5 and not titles & cells


def test_no_action_and_no_moment_are_none(
    programme: Programme,
    framework: Framework,
    executive: User,
    soffice: str,
    tmp_path: Path,
) -> None:
    journey = programme.journeys.get()
    found = counted(recalculated(made_for(executive, journey), soffice, tmp_path)["Journey"])
    names = ("Moments of truth at target", "Moments of truth", "Actions on time", "Open actions")
    assert [found[name] for name in names] == [0, 0, 0, 0]
