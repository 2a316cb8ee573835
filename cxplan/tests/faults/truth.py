"""What must hold after any fault: nothing accepted is missing, and everything counts once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.management import call_command
from django.db.models import Sum

from observations.folding import rebuild_cells
from observations.models import Observation, PendingFold
from scoring.models import Framework, LevelCount, StageCell
from scoring.vector import VECTOR_FIELDS


def everything_is_folded() -> bool:
    return not PendingFold.objects.exists()


def assert_each_stands_once(acknowledged: Collection[str]) -> None:
    """None is missing, none is there twice; cells and outbox together are what a rebuild gives."""
    stored = sorted(str(one) for one in Observation.objects.values_list("uuid", flat=True))
    assert stored == sorted(set(acknowledged))
    call_command("rebuild_scores", check=True)


def assert_each_counts_once(acknowledged: Collection[str], framework: Framework) -> None:
    """As above with all of them folded and none withdrawn: the cells are those of a rebuild."""
    assert everything_is_folded()
    assert_each_stands_once(acknowledged)
    assert journeys_counted(framework) == len(set(acknowledged))
    folded = cells_of(framework)
    rebuild_cells(framework)
    assert folded == cells_of(framework)


def journeys_counted(framework: Framework) -> int:
    rows = StageCell.objects.filter(framework=framework, stage=None, channel=None)
    return int(rows.aggregate(n=Sum("n"))["n"] or 0)


def cells_of(framework: Framework) -> list[Any]:
    """Every sum under its key; a cell whose sums are all 0 is none."""
    cells = StageCell.objects.filter(framework=framework).values_list(
        "method", "month", "stage", "channel", "location", *VECTOR_FIELDS
    )
    counts = LevelCount.objects.filter(framework=framework).exclude(count=0)
    rows = counts.values_list("method", "month", "interaction", "answer", "location", "count")
    return sorted(map(str, [*(row for row in cells if any(row[5:])), *rows]))
