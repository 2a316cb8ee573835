"""The state machine of `machine.py`: a seeded sample at the gate, a long run, and its mutants.

The long run, on either engine:

    pytest -m slow observations/tests/test_machine.py
    CXPLAN_TEST_DATABASE=sqlite pytest -m slow observations/tests/test_machine.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from accounts.models import User
from journeys.models import Programme
from journeys.tests.factories import make_journey, make_segment, make_touchpoint
from observations import excluding, folding, intake, storing
from observations.tests.machine import ObservationMachine
from scoring.models import Framework
from scoring.tests.factories import make_framework

Run = Callable[..., None]


@pytest.fixture
def run(programme: Programme, framework: Framework, lead: User) -> Run:
    """Runs the machine in the programme of the cast, beside a journey of two stages of its three."""
    make_framework(_second_journey(programme))

    class Machine(ObservationMachine):
        def __init__(self) -> None:
            super().__init__(programme, lead)

    def run_machine(**how: Any) -> None:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                report_multiple_bugs=False,
                **how,
            ),
        )

    return run_machine


def _second_journey(programme: Programme) -> Any:
    journey = make_journey(
        programme, "pro-store", stages=1, segment=make_segment(programme, "pro"), position=1
    )
    for stage in journey.stages.all():
        make_touchpoint(stage, f"pro-{stage.key}")
    return journey


def test_cells_follow_whatever_happens(run: Run) -> None:
    run(max_examples=40, stateful_step_count=25, derandomize=True)


@pytest.mark.slow
def test_cells_follow_whatever_happens_for_long(run: Run) -> None:
    run(max_examples=400, stateful_step_count=50)


def _forget_retractions(patch: pytest.MonkeyPatch) -> None:
    queue = storing.queue_folds

    def forgetful(signed: Iterable[tuple[Any, int]]) -> None:
        queue([(revision, sign) for revision, sign in signed if sign > 0])

    patch.setattr(intake, "queue_folds", forgetful)


def _forget_one_of_an_exclusion(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(excluding, "_QUEUE_MARKED", excluding._QUEUE_MARKED + " LIMIT 1000 OFFSET 1")


def _count_what_arrives_later(patch: pytest.MonkeyPatch) -> None:
    nobody = excluding.StandingExclusions()
    patch.setattr(intake, "as_exclusions", lambda *answers: nobody)


def _rebuild_what_does_not_count(patch: pytest.MonkeyPatch) -> None:
    everything = folding._EXPECTED.replace("AND o.is_counted", "")
    patch.setattr(folding, "_EXPECTED", everything)


@pytest.mark.parametrize(
    "mutate",
    [
        _forget_retractions,
        _forget_one_of_an_exclusion,
        _count_what_arrives_later,
        _rebuild_what_does_not_count,
    ],
)
def test_a_mutant_is_caught(
    run: Run, monkeypatch: pytest.MonkeyPatch, mutate: Callable[[pytest.MonkeyPatch], None]
) -> None:
    mutate(monkeypatch)
    with pytest.raises(AssertionError):
        run(
            max_examples=200,
            stateful_step_count=25,
            derandomize=True,
            phases=[Phase.generate],
        )
