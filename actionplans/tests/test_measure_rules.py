"""A measure is fixed before the action starts and is never changed: what the rules refuse."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import RestrictedError

from accounts.models import User
from actionplans.measure_closing import close_measure, due_measures
from actionplans.measure_models import Measure, MeasuredPlace, MeasuredStage, MeasureResult, State
from actionplans.measuring import fix_measure
from actionplans.models import Action
from actionplans.planning import PlanRefused, delete_action
from actionplans.tests.factories import make_action
from actionplans.tests.measures import EARLY_JUNE, make_measure, make_result, on
from journeys.models import AuditEntry, Journey, Programme, Wave
from observations.selection import Comparison, Selection

COMPARISON = Comparison(Selection("2026-03", "2026-05"), Selection("2026-09", "2026-11"))


@pytest.fixture
def action(journey: Journey, contributor: User) -> Action:
    return make_action(journey.stages.get(key="S2"), contributor)


@pytest.fixture(autouse=True)
def _june(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, EARLY_JUNE)


def fix(action: Action, **changes: Any) -> Measure:
    asked: dict[str, Any] = {
        "stages": [action.stage],
        "comparison": COMPARISON,
        "starts_on": date(2026, 7, 1),
    }
    return fix_measure(action=action, actor=action.owner, **asked | changes)


def refused(action: Action, **changes: Any) -> dict[str, str]:
    with pytest.raises(PlanRefused) as caught:
        fix(action, **changes)
    return caught.value.errors


def test_who_fixed_what_and_when(action: Action) -> None:
    control = Comparison(
        Selection("2026-03", "2026-05", ("mystery_visit",), ("PAR1",)),
        Selection("2026-09", "2026-11", ("mystery_visit",), ("PAR1",)),
        control=("LYO1",),
    )
    measure = fix(action, comparison=control, planned_n=20)
    assert (measure.fixed_by, measure.planned_n) == (action.owner, 20)
    assert f"{measure.fixed_at:%Y-%m-%d}" == "2026-06-03"
    assert measure.methods == ["mystery_visit"]
    places = measure.places.values_list("location__code", "is_control")
    assert set(places) == {("PAR1", False), ("LYO1", True)}
    assert AuditEntry.objects.filter(verb="fixed the measure of").exists()


@pytest.mark.parametrize("status", ["doing", "done", "dropped"])
def test_what_has_started_is_not_measured_afterwards(action: Action, status: str) -> None:
    Action.objects.update(status=status)
    assert list(refused(action)) == [""]
    assert not Measure.objects.exists()


def test_the_start_lies_between_the_windows(action: Action) -> None:
    assert list(refused(action, starts_on=date(2026, 6, 2))) == ["starts_on"]
    early = Comparison(Selection("2026-04", "2026-06"), COMPARISON.after)
    assert list(refused(action, comparison=early, starts_on=date(2026, 6, 30))) == ["before"]
    assert list(refused(action, starts_on=date(2026, 9, 2))) == ["after"]
    second = Comparison(
        COMPARISON.before, COMPARISON.after, baseline=Selection("2026-06", "2026-07")
    )
    assert list(refused(action, comparison=second)) == ["baseline"]
    assert fix(action, starts_on=date(2026, 9, 1)).starts_on == date(2026, 9, 1)


def test_only_stages_that_are_scored(action: Action, journey: Journey) -> None:
    journey.stages.filter(key="S3").update(in_perimeter=False)
    outside = journey.stages.get(key="S3")
    assert list(refused(action, stages=[])) == ["stages"]
    assert list(refused(action, stages=[action.stage, outside])) == ["stages"]


def test_a_measure_is_frozen_once_its_window_has_begun(
    action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fix(action)
    Action.objects.update(status="doing")
    on(monkeypatch, date(2026, 9, 1))
    words = refused(action, why="wrong stores")
    assert list(words) == ["after"] and "frozen" in words["after"]
    later = Comparison(COMPARISON.before, Selection("2026-10", "2026-12"))
    assert list(refused(action, comparison=later)) == ["why"]
    second = fix(action, comparison=later, why="wrong stores")
    assert (second.replaces, second.why) == (first, "wrong stores")
    assert Measure.objects.get(pk=first.pk).state is State.OPEN
    on(monkeypatch, date(2026, 12, 1))
    assert due_measures() == [first.pk], "told to its end: it was corrected when it had begun"


def test_one_corrected_before_it_began_says_nothing(
    action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fix(action)
    second = fix(action, starts_on=date(2026, 7, 8), why="starts a week later")
    assert Measure.objects.get(pk=first.pk).state is State.DROPPED
    on(monkeypatch, date(2026, 12, 1))
    assert due_measures() == [second.pk]
    assert not close_measure(first.pk)


@pytest.mark.usefixtures("framework")
def test_closing_twice_says_it_once(action: Action, monkeypatch: pytest.MonkeyPatch) -> None:
    measure = fix(action)
    assert not close_measure(measure.pk)
    on(monkeypatch, date(2026, 12, 1))
    assert close_measure(measure.pk)
    assert not close_measure(measure.pk)
    result = MeasureResult.objects.get()
    assert result.figures["stages"][0]["excluded_because"] == "too_few"
    assert result.figures["not_as_planned"] == "never_started"


def test_a_stage_that_is_not_scored_has_no_verdict(
    action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = fix(action)
    on(monkeypatch, date(2026, 12, 1))
    assert close_measure(measure.pk)
    [stage] = MeasureResult.objects.get().figures["stages"]
    assert (stage["excluded_because"], stage["verdict"]) == ("different_framework", None)


def test_the_database_keeps_windows_apart(action: Action, programme: Programme) -> None:
    measure = make_measure(action)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"before_to": "2026-09"}, "measure_windows_apart"),
        ({"after_to": "2026-08"}, "measure_windows_apart"),
        ({"before_from": "2026-06"}, "measure_windows_apart"),
        ({"baseline_from": "2026-05", "baseline_to": "2026-06"}, "measure_baseline_apart"),
        ({"baseline_from": "2026-07", "baseline_to": "2026-09"}, "measure_baseline_apart"),
        ({"baseline_from": "", "baseline_to": "2026-02"}, "measure_baseline_apart"),
        ({"planned_n": 0}, "measure_plans_something"),
    ]
    for fields, rule in wrong:
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            make_measure(action, replaces=measure, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_measure(action)
    make_measure(action, replaces=measure)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_measure(action, replaces=measure)


def test_a_place_is_once_and_never_both(action: Action, programme: Programme) -> None:
    lyon = programme.locations.get(code="LYO1")
    measure = make_measure(action, control=[lyon])
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasuredPlace.objects.create(measure=measure, location=lyon)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasuredStage.objects.create(measure=measure, stage=action.stage)
    with pytest.raises(RestrictedError):
        lyon.delete()


def test_an_action_takes_its_measures_along(action: Action, contributor: User) -> None:
    first = make_measure(action)
    make_result(make_measure(action, replaces=first))
    Wave.objects.all().delete()
    delete_action(action=action, actor=contributor)
    assert not Measure.objects.exists()
