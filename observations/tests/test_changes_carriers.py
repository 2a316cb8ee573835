"""Which framework versions a comparison is read in: those that carry its windows."""

from __future__ import annotations

import pytest

from journeys.models import Journey, Programme
from observations.changes import read_changes
from observations.folding import fold_pending
from observations.selection import Comparison, Selection
from observations.tests.factories import submit
from scoring.models import Framework, Interaction
from scoring.tests.factories import make_framework

SPRING, SUMMER = Selection("2026-05", "2026-05"), Selection("2026-06", "2026-06")
Seen = dict[int, int]


@pytest.fixture
def three(journey: Journey, framework: Framework) -> None:
    """Three versions, each with other basics."""
    for version in (2, 3):
        newer = make_framework(journey, version=version)
        Interaction.objects.filter(framework=newer, kind="basic").update(weight=version)


def observe(programme: Programme, month: str, level: int, seen: Seen) -> None:
    for version, n in seen.items():
        for _visit in range(n):
            submit(
                programme,
                observed_at=f"{month}-10T10:00:00+02:00",
                framework_version=version,
                answers={"S1-b": 0, "S1-p": level},
            )


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("before", "after", "versions"),
    [
        # One stray observation of the old version, on either side, decides nothing.
        ({1: 6}, {2: 6, 1: 1}, (1, 2)),
        ({1: 6, 2: 1}, {2: 6}, (1, 2)),
        # As many as a score needs, and less than half; half, and fewer than a score needs.
        ({1: 6}, {2: 6, 1: 5}, (1, 2)),
        ({1: 6}, {2: 4, 1: 4}, (1, 2)),
        # Half and enough.
        ({1: 6}, {2: 5, 1: 5}, (1,)),
        ({1: 5, 2: 5}, {2: 5, 1: 5}, (2,)),
        # No version has half: the two with most carry the window together.
        ({1: 3, 2: 3, 3: 2}, {2: 6}, (1, 2)),
        # Too few in all are still read in their own version.
        ({1: 2}, {1: 6}, (1,)),
    ],
)
def test_a_version_carries_a_window_with_half_of_it_and_enough(
    programme: Programme, journey: Journey, before: Seen, after: Seen, versions: tuple[int, ...]
) -> None:
    observe(programme, "2026-05", -1, before)
    observe(programme, "2026-06", 2, after)
    fold_pending()
    sheet = read_changes(journey, Comparison(SPRING, SUMMER))
    assert sheet.framework is not None
    read_in = sheet.common_ground.versions if sheet.common_ground else (sheet.framework.version,)
    assert read_in == versions
    first = sheet.stages[0]
    assert (first.n_before, first.n_after) == (
        sum(before.get(version, 0) for version in versions),
        sum(after.get(version, 0) for version in versions),
    )
    assert (first.change is None) is (first.n_before < 5)
