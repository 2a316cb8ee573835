"""Two segments measured over two waves, four locations, two channels and three methods."""

from __future__ import annotations

from typing import Any

from journeys.models import Journey, Programme
from journeys.tests.factories import (
    make_channel,
    make_journey,
    make_location,
    make_segment,
    make_stage,
    make_touchpoint,
    make_wave,
)
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.tests.factories import make_framework

MONTHS = {"W1": ("2026-03", "2026-04", "2026-05"), "W2": ("2026-06", "2026-07", "2026-08")}
# In visits a wave.
VISITS = {"PAR1": 12, "PAR2": 7, "LYO1": 9}


def measure_widely(programme: Programme, journey: Journey) -> None:
    """With basics missed, NA, NO, silence that counts, months in no wave and too few in one location."""
    for key, months in MONTHS.items():
        make_wave(programme, key, first_month=months[0], last_month=months[-1])
    make_location(programme, "PAR2", region="IDF", share_bp=1500)
    make_location(programme, "NCE1", region="PACA", share_bp=500)
    _two_channels(programme, journey)
    trade = _trade(programme)
    for better, months in enumerate(MONTHS.values()):
        for code, visits in VISITS.items():
            for number in range(visits):
                month = months[number % 3]
                _visit(programme, month, location=code, answers=_answers(number, better))
        for number in range(6):
            said = {"S1-b": -2, "S2-p": number % 3, "S2-d": "NA"}
            how: dict[str, Any] = {"method": "social_listening", "location": None}
            _visit(programme, months[1], answers=said, **how)
            _visit(programme, months[2], method="store_team", answers=_answers(number + 1, 1))
            own = {"S1-b": 0, "S1-p": 1, "S2-b": 0, "S2-p": 2 - number % 3, "OWN-p": -better}
            _visit(programme, months[0], journey=trade.key, location="LYO1", answers=own)
    for _number in range(2):
        _visit(programme, "2026-10", location="NCE1")
    fold_pending()


def _visit(programme: Programme, month: str, **fields: Any) -> None:
    submit(programme, observed_at=f"{month}-10T10:00:00+02:00", **fields)


def _answers(number: int, better: int) -> dict[str, int | str]:
    """S2 is nearly always the same, so that its scores are sure to a decimal."""
    return {
        "S1-b": -2 if number % (4 + better) == 0 else 0,
        "S1-p": number % 3 - 1 + better,
        "S1-d": 3 if number % 2 else "NO",
        "S2-b": 0,
        "S2-p": 1,
        "S2-d": 3 if number % 6 == 5 else 0,
        "S3-b": -2 * better if number % 5 == 1 else 0,
        "S3-p": ("NA", 2, "NO", 1)[number % 4],
    }


def _two_channels(programme: Programme, journey: Journey) -> None:
    """S1 delights on the web, behind the basic that is asked for in the store; S3 is a moment of truth."""
    web = make_channel(programme, "web")
    journey.stages.filter(key="S3").update(criticality=3)
    framework = make_framework(journey, min_observations_moment_of_truth=10)
    for key in ("S1-d", "S2-p"):
        interaction = framework.interactions.get(key=key)
        point = make_touchpoint(interaction.stage, f"web-{key}", channel=web)
        framework.interactions.filter(key=key).update(touchpoint=point, weight=2)


def _trade(programme: Programme) -> Journey:
    """S2 has no target; a stage of its own has no column in the other's heat map."""
    segment = make_segment(programme, "pro", name="Trade")
    trade = make_journey(programme, "trade", segment=segment)
    for key in ("S2", "S1", "OWN"):
        make_touchpoint(make_stage(trade, key), f"p-{key}")
    framework = make_framework(trade)
    framework.interactions.filter(stage__key="S2").update(target=None)
    return trade
