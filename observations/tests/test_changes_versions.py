"""Windows of different framework versions, and what a second baseline brings into them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from journeys.models import Journey, Programme
from observations.changes import read_changes
from observations.folding import fold_pending
from observations.selection import Comparison, Selection
from observations.tests.factories import submit
from scoring.change import Guard, Withheld
from scoring.models import Framework, Interaction
from scoring.tests.factories import make_framework


@pytest.fixture
def newer(journey: Journey, framework: Framework) -> Framework:
    """Version 2: a heavier basic in S1, and nothing of S3 as it was."""
    newer = make_framework(journey, version=2)
    rows = Interaction.objects.filter(framework=newer)
    rows.filter(key="S1-b").update(weight=3)
    rows.filter(key__startswith="S3").update(weight=2)
    return newer


def observe(programme: Programme, month: str, level: int, version: int, **more: object) -> None:
    for day in range(10, 16):
        submit(
            programme,
            observed_at=f"{month}-{day}T10:00:00+02:00",
            framework_version=version,
            answers={"S1-b": -2, "S1-p": level, "S1-d": 3, "S3-p": level},
            **more,
        )


SPRING, SUMMER, AUTUMN = (Selection(one, one) for one in ("2026-05", "2026-06", "2026-09"))


def test_versions_are_compared_on_their_common_ground(
    programme: Programme, journey: Journey, newer: Framework
) -> None:
    observe(programme, "2026-05", -1, 1)
    observe(programme, "2026-06", 2, 2)
    fold_pending()
    observe(programme, "2026-06", 2, 2)  # counted as well, though not folded yet
    sheet = read_changes(journey, Comparison(SPRING, SUMMER))
    ground = sheet.common_ground
    assert ground is not None
    assert (ground.versions, sheet.framework) == ((1, 2), newer)
    assert [one.interaction for one in ground.left_out] == ["S1-b", "S3-b", "S3-p", "S3-d"]
    first, second, third = sheet.stages
    # Without the basic no gate closes: (-1 + 3) of 5, then (2 + 3) of 5.
    assert (first.before, first.after) == (Fraction(40), Fraction(100))
    assert (first.n_before, first.n_after) == (6, 12)
    assert second.excluded_because is Withheld.TOO_FEW
    assert third.excluded_because is Withheld.DIFFERENT_FRAMEWORK
    assert sheet.pending == 0


def test_a_shared_version_is_read_from_its_cells(
    programme: Programme, journey: Journey, framework: Framework, newer: Framework
) -> None:
    observe(programme, "2026-05", -1, 1)
    observe(programme, "2026-06", 2, 2)
    observe(programme, "2026-06", 2, 1)
    fold_pending()
    sheet = read_changes(journey, Comparison(SPRING, SUMMER))
    assert (sheet.common_ground, sheet.framework) == (None, framework)
    assert (sheet.stages[0].n_before, sheet.stages[0].n_after) == (6, 6)
    assert [(one.version, one.before, one.after) for one in sheet.versions] == [
        (2, 0, 6),
        (1, 6, 6),
    ]


def test_a_control_with_the_old_version_is_met_on_the_common_ground(
    programme: Programme, journey: Journey, newer: Framework
) -> None:
    observe(programme, "2026-05", -1, 1)
    observe(programme, "2026-06", 2, 1)
    for month in ("2026-05", "2026-06"):
        observe(programme, month, 0, 2, location="LYO1")
    fold_pending()
    before, after = (replace(one, locations=("PAR1",)) for one in (SPRING, SUMMER))
    here = Comparison(before, after, control=("LYO1",))
    sheet = read_changes(journey, here)
    assert sheet.common_ground is not None
    first = sheet.stages[0]
    assert [first.change, first.control, first.did] == [60, 0, 60]
    # Versions are counted where something was done.
    assert [(one.version, one.before, one.baseline) for one in sheet.versions] == [(1, 6, None)]


def test_a_second_baseline_of_an_older_version_takes_all_to_the_common_ground(
    programme: Programme, journey: Journey, newer: Framework
) -> None:
    observe(programme, "2026-05", 1, 1)
    observe(programme, "2026-06", -1, 2)
    observe(programme, "2026-09", 2, 2)
    fold_pending()
    alone = read_changes(journey, Comparison(SUMMER, AUTUMN))
    assert alone.common_ground is None
    sheet = read_changes(journey, Comparison(SUMMER, AUTUMN, baseline=SPRING))
    assert sheet.common_ground is not None
    first = sheet.stages[0]
    assert [first.change, first.baseline, first.n_baseline] == [60, 20, 6]
    assert first.guard is Guard.BASELINE
    assert [(one.version, one.baseline) for one in sheet.versions] == [(2, 0), (1, 6)]
    # A control is preferred: the baseline is not read, and its version not needed.
    with_control = Comparison(SUMMER, AUTUMN, control=("LYO1",), baseline=SPRING)
    assert read_changes(journey, with_control).common_ground is None


@pytest.mark.parametrize("both", [False, True])
def test_a_window_without_observations_says_nothing_of_versions(
    programme: Programme, journey: Journey, newer: Framework, both: bool
) -> None:
    if both:
        observe(programme, "2026-05", 1, 1)
        fold_pending()
    sheet = read_changes(journey, Comparison(SPRING, SUMMER))
    assert sheet.common_ground is None
    assert sheet.framework is not None
    assert sheet.framework.version == (1 if both else 2)
    assert {one.excluded_because for one in sheet.stages} == {Withheld.TOO_FEW}


def test_a_segment_outside_the_perimeter_has_no_common_ground_to_read(
    programme: Programme, journey: Journey, newer: Framework
) -> None:
    observe(programme, "2026-05", -1, 1)
    observe(programme, "2026-06", 2, 2)
    fold_pending()
    journey.segment.in_perimeter = False
    assert read_changes(journey, Comparison(SPRING, SUMMER)).stages == ()
