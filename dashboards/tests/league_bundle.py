"""The shrinkage of golden example 3 as a bundle: visits whose scores have the example's means and variance.

A visit can win or lose 20 points, so that a point is 5 on the score scale. At each location the
sample variance is 900 = 36 points squared, hence v0 = 0.09, s2 = 36, and V_k = 900 / n_k exactly.
"""

from __future__ import annotations

import uuid
from typing import Any

POINTS = {
    "A": [6, -14, 0, -8, -1, -7, -3, -5],
    "B": [8, -4, 8, -4, 2],
    "C": [15, -5, 12, -2, 11, -1, 8, 2, 7, 3, 5, 5],
    "D": [6, 12, 18],
}
ITEMS = {"i1": (3, range(-3, 4)), "i2": (3, range(-3, 4)), "i3": (1, range(-2, 3))}

PROGRAMME = {
    "slug": "golden-3",
    "name": "Golden example 3",
    "brand": "Example",
    "language": "en",
    "ambition": "",
    "method_weights": {"mystery_visit": 3},
}
SEGMENT = {"key": "all", "name": "All customers", "expectations": "", "preferred_channels": []}
STAGE = {
    "key": "S1",
    "name": "Advice",
    "phase": "during",
    "criticality": 1,
    "moment_of_truth": False,
    "reach_bp": 10_000,
    "touchpoints": [],
    "needs": [],
    "choices": [],
}
THRESHOLDS = {
    "low": -10,
    "high": 50,
    "basics_covered_bp": 9_000,
    "min_observations": 3,
    "min_coverage_bp": 5_000,
    "broken_below": 0,
}


def answers(points: int) -> dict[str, int]:
    """3 i1 + 3 i2 + i3 = points."""
    rest = (points + 1) % 3 - 1
    whole = (points - rest) // 3
    first = max(-3, min(3, whole))
    return {"i1": first, "i2": whole - first, "i3": rest}


def league_bundle() -> dict[str, Any]:
    return {
        "format": "cxplan.programme",
        "version": 1,
        "programme": PROGRAMME,
        "channels": [
            {"key": "store", "name": "Store", "family": "face_to_face", "medium": "physical"}
        ],
        "locations": [{"code": code, "name": f"Store {code}", "region": ""} for code in POINTS],
        "segments": [SEGMENT],
        "journeys": [
            {
                "key": "visit",
                "segment": "all",
                "name": "A visit",
                "stages": [STAGE],
                "frameworks": [_framework()],
            }
        ],
        "observations": [
            _observation(code, points) for code, visits in POINTS.items() for points in visits
        ],
    }


def _framework() -> dict[str, Any]:
    return {
        "version": 1,
        "status": "published",
        "thresholds": THRESHOLDS,
        "interactions": [
            {
                "key": key,
                "stage": "S1",
                "statement": f"Interaction {key}",
                "kind": "performance",
                "weight": weight,
                "levels": [{"points": one, "label": f"Level {one}"} for one in levels],
            }
            for key, (weight, levels) in ITEMS.items()
        ],
    }


def _observation(code: str, points: int) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "journey": "visit",
        "framework_version": 1,
        "method": "mystery_visit",
        "location": code,
        "observed_at": "2026-10-03T10:30:00+02:00",
        "answers": answers(points),
    }
