"""Golden example 3 as a measured action: from a bundle to a verdict that stays as it was computed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from actionplans.measure_cards import measures_context
from actionplans.measure_closing import due_measures
from actionplans.measure_models import Measure, MeasureResult
from actionplans.measure_reading import address_of
from actionplans.measuring import fix_measure
from actionplans.models import Action, ActionUpdate
from actionplans.tasks import close_due_measures
from actionplans.tests.factories import make_action
from dashboards.tests.golden_bundles import EX3, _answers_3, _visit, bundle_3, load
from journeys.access import access_of
from journeys.models import Journey
from journeys.tests.factories import make_user
from observations.folding import fold_pending
from observations.intake import submit_observation
from observations.selection import read_comparison
from scoring.tests.golden_cases import FLOAT

pytestmark = pytest.mark.django_db
WINDOWS = {"before": "W1", "after": "W2", "control": "LYO1"}


def the_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda _at=None, _zone=None: day)


@pytest.fixture
def lead(db: None) -> User:
    return make_user("Lea", is_superuser=True)


@pytest.fixture
def journey(tmp_path: Path) -> Journey:
    return load(bundle_3(), tmp_path)


@pytest.fixture
def action(journey: Journey, lead: User) -> Action:
    return make_action(journey.stages.get(), lead, title="Open a till")


def fix(action: Action, lead: User, **asked: str) -> Measure:
    """On 20 May, to start with the wave after."""
    journey = action.stage.journey
    access = access_of(lead, journey.programme)
    measure = fix_measure(
        action=action,
        actor=lead,
        stages=[action.stage],
        comparison=read_comparison(WINDOWS | asked, journey=journey, access=access),
        starts_on=date(2026, 6, 1),
        planned_n=12,
        at=datetime(2026, 5, 20, 9, tzinfo=UTC),
    )
    started = datetime(2026, 6, 1, 9, tzinfo=UTC)
    ActionUpdate.objects.create(action=action, status="doing", created_at=started)
    return measure


def changes(lead: User, journey: Journey, query: dict[str, str]) -> Any:
    client = APIClient()
    client.force_authenticate(lead)
    url = f"/api/v1/programmes/{journey.programme.slug}/journeys/{journey.key}/changes/"
    answer = client.get(url, query)
    assert answer.status_code == 200, answer.content
    [stage] = answer.json()["stages"]
    return stage


def test_the_verdict_of_example_3(
    journey: Journey, action: Action, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = fix(action, lead)
    the_day(monkeypatch, date(2026, 8, 31))
    assert close_due_measures() == 0
    the_day(monkeypatch, date(2026, 9, 1))
    assert close_due_measures() == 1
    [stage] = MeasureResult.objects.get(measure=measure).figures["stages"]
    for name, change, interval in (
        ("treated", "change", "interval"),
        ("control", "control_change", "control_interval"),
        ("did", "did", "did_interval"),
    ):
        found = [float(stage[change]), *stage[interval]]
        assert found == pytest.approx(EX3["change"][name], abs=FLOAT)
    assert (stage["before_exact"], stage["n_before"]) == ("-75/4", 12)
    assert (stage["after_exact"], stage["n_after"]) == ("100/9", 15)
    assert Fraction(stage["change_exact"]) == Fraction(1075, 36)
    assert (stage["verdict"], stage["guard"]) == ("real_improvement", "control")
    [line] = measures_context(action, access_of(lead, journey.programme))["card"].verdicts
    # From 2.2 to 53.0: half of it is more than 25, a trend, hence no decimals.
    assert line.verdict == "Real improvement: +27, from 2 to 53, against the control locations."
    assert (line.since, line.sign, line.is_real) == ("nothing has arrived since", "↗", True)


@pytest.mark.parametrize(
    "asked", [{}, {"control": ""}, {"control": "", "location": "LYO1", "method": "mystery_visit"}]
)
def test_the_api_says_the_same_of_the_same_selection(
    journey: Journey,
    action: Action,
    lead: User,
    monkeypatch: pytest.MonkeyPatch,
    asked: dict[str, str],
) -> None:
    measure = fix(action, lead, **asked)
    the_day(monkeypatch, date(2026, 9, 1))
    close_due_measures()
    [frozen] = MeasureResult.objects.get(measure=measure).figures["stages"]
    told = changes(lead, journey, WINDOWS | asked)
    assert {name: frozen[name] for name in told} == told
    assert changes(lead, journey, address_of(measure)) == told
    assert set(frozen) - set(told) == {"name", "needed_each", "ends"}


def test_what_comes_later_changes_nothing(
    journey: Journey, action: Action, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = fix(action, lead)
    the_day(monkeypatch, date(2026, 9, 1))
    close_due_measures()
    before = MeasureResult.objects.values().get(measure=measure)
    for number in range(3):
        late = _visit("W2", "PAR1", _answers_3(-6)) | {
            "id": f"0199aaaa-0000-7000-8000-00000000000{number}"
        }
        assert (
            submit_observation(programme=journey.programme, document=late, user=None).status
            == "created"
        )
    fold_pending()
    assert due_measures() == [] and close_due_measures() == 0
    assert MeasureResult.objects.values().get(measure=measure) == before
    [line] = measures_context(action, access_of(lead, journey.programme))["card"].verdicts
    assert line.since == "since then +3 observations"
    assert line.verdict.startswith("Real improvement: +27")
    now = changes(lead, journey, address_of(measure))
    assert now["after_exact"] != before["figures"]["stages"][0]["after_exact"]


def test_nothing_is_told_before_the_window_is_over(
    journey: Journey, action: Action, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fix(action, lead)
    the_day(monkeypatch, date(2026, 7, 20))
    card = measures_context(action, access_of(lead, journey.programme))["card"]
    assert card.verdicts == [] and card.known_on == date(2026, 9, 1)
    counts = {one.name: one.counts for one in card.windows}
    assert counts == {
        "Before": (12,),
        "After": (15,),
        "Control, before": (10,),
        "Control, after": (10,),
    }


def test_observations_that_wait_keep_the_verdict_waiting(
    journey: Journey, action: Action, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fix(action, lead)
    the_day(monkeypatch, date(2026, 9, 1))
    document = _visit("W2", "PAR1", _answers_3(4)) | {"id": "0199aaaa-0000-7000-8000-000000000009"}
    submit_observation(programme=journey.programme, document=document, user=None)
    close_due_measures()
    assert not MeasureResult.objects.exists()
    fold_pending()
    close_due_measures()
    assert MeasureResult.objects.get().figures["stages"][0]["n_after"] == 16
