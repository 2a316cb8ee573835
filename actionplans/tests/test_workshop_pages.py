"""The pages around a workshop: preparing it with the baseline first, the list, the minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from actionplans.steps import step_states
from actionplans.tests.factories import join, make_action, make_group, make_workshop
from actionplans.workshop_flow import TIMED
from actionplans.workshop_models import Decision, Vote, Workshop
from conftest import ClientOf
from journeys.access import access_of
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

URL = "/programmes/casa-nord/workshops/"


def typed(journey: Journey, *stages: str, **changes: Any) -> dict[str, Any]:
    keys = [journey.stages.get(key=key).pk for key in stages]
    times = {f"minutes_{phase}": 5 for phase in TIMED}
    return times | {"title": "End the wait", "votes_per_person": 3, "gaps": keys} | changes


def measured(programme: Programme) -> None:
    for _visit in range(6):
        submit(programme, answers={"S1-b": 0, "S1-p": 1, "S2-b": -2, "S2-p": -1, "S3-b": 0})
    fold_pending()


def test_without_a_measure_the_page_says_so_first(
    programme: Programme, framework: Framework, facilitator: User, client_of: ClientOf
) -> None:
    client = client_of(facilitator)
    assert "No baseline yet." in client.get(URL + "new/").content.decode()
    measured(programme)
    assert "No baseline yet." not in client.get(URL + "new/").content.decode()


def test_the_gaps_stand_in_their_lists_with_their_factors(
    programme: Programme, framework: Framework, facilitator: User, client_of: ClientOf
) -> None:
    measured(programme)
    page = client_of(facilitator).get(URL + "new/").content.decode()
    remove, create = page.index("Remove disappointment"), page.index("Create enchantment")
    assert remove < page.index("Stage S2") < create < page.index("Stage S1")
    assert "criticality 1 of 3" in page and "tier 1" in page
    assert remove < page.index("basics first") < create


def test_what_was_chosen_is_prepared_with_its_figures(
    programme: Programme,
    journey: Journey,
    framework: Framework,
    facilitator: User,
    client_of: ClientOf,
) -> None:
    measured(programme)
    data = typed(journey, "S1", "S2")
    answer = client_of(facilitator).post(URL + "new/", data)
    workshop = Workshop.objects.get()
    assert answer["Location"] == f"{URL}{workshop.pk}/"
    worst, other = workshop.gaps.all()
    assert [gap.stage.key for gap in (worst, other)] == ["S2", "S1"]
    assert (worst.figures["n"], worst.figures["label"]) == (6, "disappointing")
    assert worst.question == "What would end the disappointment in “Stage S2”?"
    assert "below expectations in 6 of 6" in worst.evidence["missed"][0]
    again = typed(journey, "S1", title="Other", votes_per_person=5)
    client_of(facilitator).post(f"{URL}{workshop.pk}/edit/", again)
    workshop.refresh_from_db()
    assert (workshop.title, workshop.votes_per_person) == ("Other", 5)
    assert workshop.gaps.get().stage.key == "S1"


@pytest.mark.parametrize(
    "change", [{"gaps": []}, {"title": ""}, {"votes_per_person": 11}, {"minutes_vote": 500}]
)
def test_a_bad_preparation_keeps_what_was_typed(
    journey: Journey,
    framework: Framework,
    facilitator: User,
    client_of: ClientOf,
    change: dict[str, Any],
) -> None:
    data = typed(journey, "S1", goal="Kept words") | change
    answer = client_of(facilitator).post(URL + "new/", data)
    assert answer.status_code == 422 and "Kept words" in answer.content.decode()
    assert not Workshop.objects.exists()


def test_once_open_the_preparation_stands(
    journey: Journey, framework: Framework, facilitator: User, client_of: ClientOf
) -> None:
    workshop = make_workshop(journey.stages.all()[:1], facilitator, phase="lobby")
    client = client_of(facilitator)
    assert client.post(f"{URL}{workshop.pk}/edit/", typed(journey, "S2")).status_code == 302
    assert client.post(f"{URL}{workshop.pk}/delete/").status_code == 302
    assert Workshop.objects.get().gaps.get().stage.key == "S1"


def ended(journey: Journey, facilitator: User) -> Workshop:
    workshop = make_workshop(journey.stages.all()[:1], facilitator, phase="vote")
    group = make_group(workshop)
    for number in range(3):
        _phone, person = join(workshop, f"Person {number}")
        Vote.objects.create(participant=person, group=group, dot=1)
    action = make_action(group.gap.stage, facilitator, title="Redo the rota")
    words = {"title": action.title, "owner": "Fanny", "due_on": "2027-01-31"}
    Decision.objects.create(group=group, kind="action", action=action, words=words)
    Workshop.objects.filter(pk=workshop.pk).update(
        phase="closed", code=None, closed_at=timezone.now(), vote_reopened=1
    )
    return workshop


def test_the_minutes_tell_what_was_decided_and_how(
    journey: Journey, facilitator: User, executive: User, client_of: ClientOf
) -> None:
    workshop = ended(journey, facilitator)
    client = client_of(executive)
    page = client.get(f"{URL}{workshop.pk}/minutes/").content.decode()
    for words in ("3 dots", "Redo the rota", "31 January 2027", "Open a till !", "Person 2"):
        assert words in page
    assert "opened again once after its totals were seen" in page
    pdf = client.get(f"{URL}{workshop.pk}/minutes.pdf?language=fr")
    assert pdf.content.startswith(b"%PDF") and pdf["Content-Type"] == "application/pdf"
    assert "End the wait" in client.get(URL).content.decode()


def test_an_action_that_was_deleted_stays_in_the_minutes(
    journey: Journey, facilitator: User, client_of: ClientOf
) -> None:
    workshop = ended(journey, facilitator)
    Decision.objects.get().action.delete()  # type: ignore[union-attr]  # it has one
    page = client_of(facilitator).get(f"{URL}{workshop.pk}/minutes/").content.decode()
    assert "Redo the rota" in page and "deleted from the plan" in page


def test_the_list_of_an_executive_holds_closed_ones_only(
    journey: Journey, facilitator: User, executive: User, client_of: ClientOf
) -> None:
    make_workshop(journey.stages.all()[:1], facilitator, phase="vote", title="Still running")
    assert "Still running" not in client_of(executive).get(URL).content.decode()
    assert "Still running" in client_of(facilitator).get(URL).content.decode()


def test_the_step_says_that_one_is_running(
    programme: Programme, journey: Journey, facilitator: User, executive: User
) -> None:
    workshop = make_workshop(journey.stages.all()[:1], facilitator, phase="vote")
    [step] = step_states(access_of(facilitator, programme))
    assert (step.summary, step.state) == ("a workshop is running", "started")
    [step] = step_states(access_of(executive, programme))
    assert step.summary == "no action yet"
    past = timezone.now() - timedelta(hours=1)
    Workshop.objects.filter(pk=workshop.pk).update(code_expires_at=past)
    [step] = step_states(access_of(facilitator, programme))
    assert step.summary == "no action yet"


@pytest.mark.parametrize("phase", ["grouping", "vote", "matrix", "commit", "closed"])
def test_query_counts_do_not_grow(
    journey: Journey, facilitator: User, client_of: ClientOf, phase: str
) -> None:
    workshop = make_workshop(journey.stages.all()[:2], facilitator, phase="vote", code="K7M2QX")
    here = f"{URL}{workshop.pk}/"
    pages = ["minutes/"] if phase == "closed" else ["", "wall/", "screen/"]
    client = client_of(facilitator)

    def fill(first: int) -> None:
        Workshop.objects.filter(pk=workshop.pk).update(phase="vote", code="K7M2QX", closed_at=None)
        for number in range(first, first + 3):
            group = make_group(workshop, f"Group {number}", gap=number % 2)
            _phone, person = join(workshop, f"Person {number}")
            Vote.objects.create(participant=person, group=group, dot=1)
            action = make_action(group.gap.stage, facilitator)
            words = {"title": "T", "owner": "O", "due_on": "2027-01-31"}
            Decision.objects.create(group=group, kind="action", action=action, words=words)
        closed = {"code": None, "closed_at": timezone.now()} if phase == "closed" else {}
        Workshop.objects.filter(pk=workshop.pk).update(phase=phase, **closed)

    def queries(page: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    fill(0)
    few = [queries(here + page) for page in pages] + [queries(URL)]
    fill(3)
    make_workshop(journey.stages.all()[:2], facilitator)
    assert [queries(here + page) for page in pages] + [queries(URL)] == few


def test_the_growth_of_a_phone_is_flat(journey: Journey, facilitator: User) -> None:
    from django.test import Client

    workshop = make_workshop(journey.stages.all()[:1], facilitator, phase="vote", code="K7M2QX")
    client = Client()
    client.post("/w/", {"code": "K7M2QX", "name": "Lea"})
    counts = []
    for number in range(2):
        make_group(workshop, f"Group {number}")
        make_group(workshop, f"More {number}")
        cache.clear()  # what all phones show alike is drawn anew
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/w/room/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 6
