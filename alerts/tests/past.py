"""A past of several months for the cast's journey: S1 delights until September, then breaks."""

from __future__ import annotations

from datetime import date

from journeys.models import Programme
from observations.folding import fold_pending
from observations.tests.factories import ANSWERS, submit

TODAY = date(2026, 10, 20)
GOOD = {"S1-b": 0, "S1-p": 2, "S1-d": 3}
BAD = {"S1-b": -2, "S1-p": -1, "S1-d": 0}


def observe(programme: Programme, month: str, answers: dict[str, int], times: int) -> None:
    """The rest of the journey as in the factories' observation."""
    for number in range(times):
        submit(
            programme,
            location="PAR1",
            observed_at=f"{month}-{number % 28 + 1:02d}T10:30:00+02:00",
            answers=ANSWERS | answers,
        )


def live_through(programme: Programme) -> None:
    """Enchanting beyond doubt in July and August, broken beyond doubt in September."""
    observe(programme, "2026-07", GOOD, 10)
    observe(programme, "2026-08", GOOD, 2)
    observe(programme, "2026-09", BAD, 48)
    fold_pending()
