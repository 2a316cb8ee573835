"""Waves of the cast's programme, and the cells of examples 2 and 3 in them, for tests of changes."""

from __future__ import annotations

from journeys.models import Location, Programme
from journeys.tests.factories import make_wave
from scoring.models import Framework, StageCell
from scoring.tests.test_golden_2 import mystery, verbatim, windows_3
from scoring.vector import VECTOR_FIELDS, Vector

MONTHS = {"W0": "2026-01", "W1": "2026-04", "W2": "2026-07"}


def make_waves(programme: Programme, *, baseline: bool = False) -> None:
    """W1 and W2 follow each other; W0 comes before both."""
    if baseline:
        make_wave(programme, "W0", first_month="2026-01", last_month="2026-02")
    make_wave(programme, "W1")
    make_wave(programme, "W2", first_month="2026-06", last_month="2026-08")


def put(
    framework: Framework,
    wave: str,
    place: str | None,
    vector: Vector,
    *,
    method: str = "mystery_visit",
    stage: str = "S1",
) -> None:
    """The cells of one stage and of the whole journey, as the fold would have left them."""
    location = place and Location.objects.get(programme=framework.journey.programme, code=place)
    for row in (framework.journey.stages.get(key=stage), None):
        StageCell.objects.update_or_create(
            framework=framework,
            stage=row,
            method=method,
            location=location or None,
            month=MONTHS[wave],
            defaults=dict(zip(VECTOR_FIELDS, vector.astuple(), strict=True)),
        )


def put_example_3(framework: Framework) -> None:
    cells = windows_3()
    for key, wave, place in (
        ("B", "W1", "PAR1"),
        ("A", "W2", "PAR1"),
        ("CB", "W1", "LYO1"),
        ("CA", "W2", "LYO1"),
    ):
        put(framework, wave, place, cells[key])


def put_example_2(framework: Framework) -> None:
    for wave, window in (("W1", "T1"), ("W2", "T2")):
        put(framework, wave, "PAR1", mystery(window, "Paris"))
        put(framework, wave, "LYO1", mystery(window, "Lyon"))
        put(framework, wave, None, verbatim(window), method="verbatim")
