"""Three waves of the cast's journey, in which not everything was seen in each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from journeys.models import Journey, Programme
from journeys.tests.factories import make_location, make_stage, make_touchpoint
from journeys.tests.factories import make_wave as wave_of
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework, ResponseLevel
from scoring.tests.factories import make_framework

MONTHS = {
    "W0": ("2026-01", "2026-02"),
    "W1": ("2026-03", "2026-04", "2026-05"),
    "W2": ("2026-06", "2026-07", "2026-08"),
}
# Who went where, and how often in each wave.
SEEN: tuple[tuple[str, str | None, Mapping[str, int]], ...] = (
    ("mystery_visit", "PAR1", {"W0": 15, "W1": 14, "W2": 11}),
    ("mystery_visit", "LYO1", {"W0": 11, "W1": 9, "W2": 17}),
    ("mystery_visit", "PAR2", {"W0": 6, "W1": 6}),
    ("mystery_visit", "NCE1", {"W2": 8}),
    ("mystery_visit", "MRS1", {"W1": 3, "W2": 5}),  # its share is 0
    ("mystery_visit", None, {"W1": 2, "W2": 2}),
    ("social_listening", None, {"W0": 8, "W1": 7, "W2": 9}),
    ("store_team", "LYO1", {"W1": 6, "W2": 7}),
    ("call_listening", "PAR1", {"W1": 4, "W2": 9}),
    ("shadowing", "LYO1", {"W0": 9, "W1": 8}),
    ("shadowing", "PAR1", {"W2": 8}),
    ("survey", "PAR1", {"W2": 7}),
    ("video_diary", "PAR1", {"W1": 6, "W2": 6}),  # weighs 0
)
# How much sooner a basic is missed somewhere.
WORSE = {"PAR2": 2, "LYO1": 1}


def measure_in_waves(programme: Programme, journey: Journey) -> None:
    """S2 is a moment of truth; S3 has too few before, S4 is told by the store's team alone."""
    _prepare(programme, journey)
    make_framework(journey, min_observations_moment_of_truth=10)
    for method, place, visits in SEEN:
        for wave, n in visits.items():
            for number in range(n):
                answers = _answers(number + WORSE.get(place or "", 0), wave, method)
                _visit(programme, wave, number, method=method, location=place, answers=answers)
    fold_pending()


def measure_at_seven(programme: Programme, journey: Journey) -> None:
    """Seven locations in both waves, the last with a share of 0, and an eighth in one of them."""
    _prepare(programme, journey)
    make_framework(journey)
    places = ["PAR1", "LYO1", "PAR2", "NCE1"]
    for number in range(3):
        make_location(programme, f"LIL{number}", region="HDF", share_bp=700 + 150 * number)
        places.append(f"LIL{number}")
    for order, place in enumerate([*places, "MRS1"]):
        for wave, n in (("W1", 2 + order % 3), ("W2", 5 - order % 4)):
            for number in range(n):
                answers = _answers(number * 2 + order, wave, "mystery_visit")
                _visit(programme, wave, number, location=place, answers=answers)
    for number in range(4):
        answers = _answers(number, "W2", "mystery_visit")
        _visit(programme, "W1", number, location="LONE", answers=answers)
    fold_pending()


def measure_in_two_versions(programme: Programme, journey: Journey) -> None:
    """The second asks S1-d with another weight and S2-p with one level more, and drops S4."""
    _prepare(programme, journey)
    make_framework(journey)
    newer = make_framework(journey, version=2)
    _change(newer)
    for method, place, visits in SEEN:
        for wave in ("W1", "W2"):
            for number in range(visits.get(wave, 0)):
                answers = _answers(number + WORSE.get(place or "", 0), wave, method)
                told: dict[str, Any] = {"method": method, "location": place, "answers": answers}
                if wave == "W2":
                    told |= {"framework_version": 2}
                    for key in [key for key in answers if key.startswith("S4")]:
                        del answers[key]
                _visit(programme, wave, number, **told)
    fold_pending()


def _prepare(programme: Programme, journey: Journey) -> None:
    make_touchpoint(make_stage(journey, "S4"), "t-S4")
    journey.stages.filter(key="S2").update(criticality=3)
    for key, months in MONTHS.items():
        wave_of(programme, key, first_month=months[0], last_month=months[-1])
    for code, share in (("PAR2", 1500), ("NCE1", 500), ("MRS1", 0), ("LONE", 900)):
        make_location(programme, code, share_bp=share)
    programme.method_weights = {"video_diary": 0, "call_listening": 2}
    programme.save()


def _change(newer: Framework) -> None:
    newer.interactions.filter(key="S1-d").update(weight=3)
    newer.interactions.filter(stage__key="S4").delete()
    more = newer.interactions.get(key="S2-p")
    ResponseLevel.objects.bulk_create([ResponseLevel(interaction=more, points=3, label="Level 3")])


def _visit(programme: Programme, wave: str, number: int, **told: Any) -> None:
    month = MONTHS[wave][number % len(MONTHS[wave])]
    submit(programme, observed_at=f"{month}-10T10:00:00+02:00", **told)


def _answers(number: int, wave: str, method: str) -> dict[str, int | str]:
    """In W2 S1 gets really better, and S2 worse; a delight is often behind a basic that is missed."""
    better = wave == "W2"
    answers: dict[str, int | str] = {
        "S1-b": -2 if number % (5 if better else 2) == 1 else 0,
        "S1-p": 2 if better else number % 3 - 1,
        "S1-d": ("NO", 3, 0)[number % 3],
        "S2-b": -2 if better and number % 4 == 0 else 0,
        "S2-p": (1, 2, "NA")[number % 3] if not better else (0, 1, -1)[number % 3],
        "S2-d": 3 if number % 4 == 0 else 0,
    }
    if better or number < 2:
        answers |= {"S3-b": 0, "S3-p": number % 4 - 1}
    if method == "store_team":
        answers |= {"S4-b": -2 * (number % 4 == 1), "S4-p": number % 3 - better, "S4-d": 3}
    return answers
