"""Plain makers of measures for tests, and another day for today."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from actionplans.measure_models import Measure, MeasuredPlace, MeasuredStage, MeasureResult
from actionplans.models import Action

EARLY_JUNE = date(2026, 6, 3)


def make_measure(action: Action, **fields: Any) -> Measure:
    """Of the action's stage: spring 2026 against autumn, fixed in June."""
    control = fields.pop("control", ())
    values = {
        "starts_on": date(2026, 7, 1),
        "before_from": "2026-03",
        "before_to": "2026-05",
        "after_from": "2026-09",
        "after_to": "2026-11",
        "fixed_at": datetime(2026, 6, 3, 9, tzinfo=UTC),
    }
    measure = Measure.objects.create(action=action, **values | fields)
    MeasuredStage.objects.create(measure=measure, stage=action.stage)
    for location in control:
        MeasuredPlace.objects.create(measure=measure, location=location, is_control=True)
    return measure


def make_result(measure: Measure, verdict: str | None = "real_improvement") -> MeasureResult:
    """With the figures of golden example 3, whatever was observed."""
    stage = measure.action.stage
    figures = {
        "stage": stage.key,
        "name": stage.name,
        "needed_each": 5,
        "n_before": 12,
        "n_after": 15,
        "before_exact": "-75/4",
        "after_exact": "100/9",
        "change_exact": "1075/36",
        "guard": "control",
        "control_change": "3.333333",
        "did_exact": "955/36",
        "n_baseline": None,
        "n_baseline_after": None,
        "baseline_change_exact": None,
        "verdict": verdict,
        "needed": None,
        "excluded_because": None if verdict else "too_few",
        "ends": {
            "interval": [11.204, 51.254],
            "control_interval": [-12.277, 18.943],
            "did_interval": [2.202, 53.011],
            "baseline_interval": None,
            "before_interval": [-30.494, -7.006],
            "after_interval": [-3.385, 28.992],
        },
    }
    return MeasureResult.objects.create(
        measure=measure,
        n=0,
        figures={
            "not_as_planned": None,
            "stages": [figures],
            "counted": {stage.key: {"before": 12, "after": 15}},
        },
    )


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Today is that day, and a moment given is still on its own."""
    real = __import__("django.utils.timezone", fromlist=["localdate"]).localdate
    monkeypatch.setattr(
        "django.utils.timezone.localdate",
        lambda value=None, timezone=None: day if value is None else real(value, timezone),
    )
    monkeypatch.setattr(
        "django.utils.timezone.now",
        lambda: datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
    )
