"""Golden examples 2 and 3 as programme bundles: answers that add up to the sums they print.

The examples give only sums (example 2) or the gated sum of each visit (example 3). Their one stage
is asked about by interactions with just the P and Q of the example, and every visit answers all.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command

from journeys.models import Journey
from observations.folding import fold_pending
from scoring.tests.golden_cases import golden

EX2 = golden("ex2_methods_and_simpson.json")
EX3 = golden("ex3_remeasure_and_indicators.json")
MONTHS = {"W1": "2026-04", "W2": "2026-07"}
FULL = range(-3, 4)

Visit = dict[str, Any]


def load(bundle: dict[str, Any], folder: Path) -> Journey:
    path = folder / "bundle.json"
    path.write_text(json.dumps(bundle))
    call_command("load_programme", str(path))
    fold_pending()
    return Journey.objects.get(programme__slug=bundle["programme"]["slug"])


def bundle_2() -> dict[str, Any]:
    """P = Q = 10: three times -3..3, and once -1..1."""
    interactions = [
        _interaction("big", "performance", 3, FULL),
        _interaction("small", "performance", 1, range(-1, 2)),
    ]
    observations = []
    for wave, window in (("W1", "T1"), ("W2", "T2")):
        cells = EX2["cells"][window]
        for place, sums in (
            ("PAR1", cells["mystery"]["Paris"]),
            ("LYO1", cells["mystery"]["Lyon"]),
        ):
            observations += [_visit(wave, place, _answers_2(points)) for points in spread(*sums)]
        for points in spread(*cells["verbatim"]):
            observations.append(_visit(wave, None, _answers_2(points)) | {"method": "verbatim"})
    return _bundle("golden-2", interactions, observations)


def bundle_3() -> dict[str, Any]:
    """P = 6, Q = 12: twice -3..3, and a basic that can only lose 6."""
    interactions = [
        _interaction("one", "performance", 1, FULL),
        _interaction("other", "performance", 1, FULL),
        _interaction("floor", "basic", 2, range(-3, 1)),
    ]
    windows = (
        ("W1", "PAR1", "before"),
        ("W2", "PAR1", "after"),
        ("W1", "LYO1", "control_before"),
        ("W2", "LYO1", "control_after"),
    )
    observations = [
        _visit(wave, place, _answers_3(points))
        for wave, place, name in windows
        for points in EX3[name]
    ]
    return _bundle("golden-3", interactions, observations)


def spread(n: int, points: int, squares: int) -> list[int]:
    """n whole numbers with this sum, and this sum of squares: drawn apart, two at a time."""
    mean, rest = divmod(points, n)
    values = [mean + 1] * rest + [mean] * (n - rest)
    while (lacking := squares - sum(value * value for value in values)) > 0:
        _gain, high, low = max(_pairs(values, lacking))
        values[high] += 1
        values[low] -= 1
    assert (sum(values), sum(value * value for value in values)) == (points, squares)
    return values


def _pairs(values: list[int], at_most: int) -> Iterator[tuple[int, int, int]]:
    for high, x in enumerate(values):
        for low, y in enumerate(values):
            gain = 2 * (x - y) + 2
            if high != low and 0 < gain <= at_most and x < 10 and y > -10:
                yield gain, high, low


def _answers_2(points: int) -> dict[str, int]:
    big = max(-3, min(3, round(points / 3)))
    return {"big": big, "small": points - 3 * big}


def _answers_3(points: int) -> dict[str, int]:
    one = max(-3, min(3, points))
    return {"one": one, "other": points - one, "floor": 0}


def _visit(wave: str, place: str | None, answers: dict[str, int]) -> Visit:
    return {
        "journey": "one-stage",
        "framework_version": 1,
        "method": "mystery_visit",
        "location": place,
        "observed_at": f"{MONTHS[wave]}-10T10:00:00+02:00",
        "answers": answers,
    }


def _interaction(key: str, kind: str, weight: int, points: Iterable[int]) -> dict[str, Any]:
    levels = [{"points": one, "label": f"Level {one}"} for one in points]
    return {
        "key": key,
        "stage": "S",
        "statement": f"Interaction {key}",
        "kind": kind,
        "weight": weight,
        "levels": levels,
    }


def _bundle(
    slug: str, interactions: list[dict[str, Any]], observations: list[Visit]
) -> dict[str, Any]:
    thresholds = {
        "low": -10,
        "high": 50,
        "basics_covered_bp": 9000,
        "min_observations": 5,
        "min_coverage_bp": 5000,
        "broken_below": 0,
    }
    stage = {
        "key": "S",
        "name": "The stage",
        "phase": "during",
        "in_perimeter": True,
        "criticality": 1,
        "moment_of_truth": False,
        "reach_bp": 10000,
        "touchpoints": [],
        "needs": [],
        "choices": [],
    }
    framework = {
        "version": 1,
        "status": "published",
        "thresholds": thresholds,
        "interactions": interactions,
    }
    return {
        "format": "cxplan.programme",
        "version": 1,
        "programme": {
            "slug": slug,
            "name": slug,
            "brand": "Example",
            "language": "en",
            "ambition": "",
            "method_weights": {"mystery_visit": 3, "verbatim": 1},
        },
        "waves": [
            {"key": "W1", "name": "Wave 1", "from": "2026-03", "to": "2026-05"},
            {"key": "W2", "name": "Wave 2", "from": "2026-06", "to": "2026-08"},
        ],
        "channels": [],
        "locations": [
            {"code": "PAR1", "name": "Paris", "region": "", "share_bp": 6000},
            {"code": "LYO1", "name": "Lyon", "region": "", "share_bp": 4000},
        ],
        "segments": [{"key": "all", "name": "All", "expectations": "", "preferred_channels": []}],
        "journeys": [
            {
                "key": "one-stage",
                "segment": "all",
                "name": "One stage",
                "stages": [stage],
                "frameworks": [framework],
            }
        ],
        "observations": [
            one | {"id": str(uuid.UUID(int=number))}
            for number, one in enumerate(observations, start=1)
        ],
    }
