"""Windows of months, as an action fixes them, compared without waves."""

from __future__ import annotations

from datetime import date

import pytest

from journeys.models import Journey, Programme
from observations.changes import read_changes
from observations.folding import fold_pending
from observations.selection import Comparison, Selection
from observations.tests.factories import submit
from scoring.change import Verdict, Withheld
from scoring.models import Framework


def months(first: str | None, last: str | None) -> Selection:
    return Selection(first, last)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (months("2026-03", "2026-05"), months("2026-06", "2026-08"), False),
        (months("2026-06", "2026-08"), months("2026-03", "2026-05"), False),
        (months("2026-03", "2026-05"), months("2026-05", "2026-08"), True),
        (months("2026-03", "2026-09"), months("2026-05", "2026-06"), True),
        (months(None, "2026-05"), months("2026-06", None), False),
        (months(None, "2026-06"), months("2026-06", None), True),
        (months(None, None), months("2026-06", "2026-06"), True),
    ],
)
def test_windows_overlap_where_they_share_a_month(
    one: Selection, other: Selection, overlap: bool
) -> None:
    assert one.overlaps(other) is overlap


def test_months_are_compared_like_waves(
    programme: Programme, journey: Journey, framework: Framework
) -> None:
    for month, level in (("2026-05", -1), ("2026-06", 2)):
        for day in range(10, 16):
            at = f"{month}-{day}T10:00:00+02:00"
            submit(programme, observed_at=at, answers={"S1-p": level})
    fold_pending()
    apart = read_changes(journey, Comparison(months(None, "2026-05"), months("2026-06", "2026-06")))
    first = apart.stages[0]
    # All that could be lost was lost, then all that could be won was won.
    assert first.change == 200
    assert (first.n_before, first.n_after) == (6, 6)
    assert first.verdict is Verdict.IMPROVEMENT_WITHOUT_CONTROL
    assert apart.stages[1].excluded_because is Withheld.TOO_FEW


@pytest.mark.parametrize(
    ("today", "verdict"),
    [
        (date(2026, 6, 30), None),
        (date(2026, 7, 1), Verdict.IMPROVEMENT_WITHOUT_CONTROL),
    ],
)
def test_there_is_no_verdict_before_the_window_closes(
    programme: Programme,
    journey: Journey,
    framework: Framework,
    monkeypatch: pytest.MonkeyPatch,
    today: date,
    verdict: Verdict | None,
) -> None:
    for month, level in (("2026-05", -1), ("2026-06", 2)):
        for day in range(10, 16):
            at = f"{month}-{day}T10:00:00+02:00"
            submit(programme, observed_at=at, answers={"S1-p": level})
    fold_pending()
    monkeypatch.setattr("observations.changes.timezone.localdate", lambda: today)
    sheet = read_changes(
        journey, Comparison(months("2026-05", "2026-05"), months("2026-06", "2026-06"))
    )
    first, second, _third = sheet.stages
    assert sheet.after_closed is (verdict is not None)
    assert first.verdict is verdict
    assert first.change == 200
    assert first.excluded_because is (None if verdict else Withheld.WINDOW_OPEN)
    assert first.interval is not None
    assert second.excluded_because is Withheld.TOO_FEW
