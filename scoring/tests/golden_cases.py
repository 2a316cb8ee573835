"""The golden examples as values of the scoring modules."""

import json
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from scoring.classify import JourneyReading, Pool, StageFacts, pool_variance, score_journey
from scoring.figures import CellRow, LocationShare
from scoring.scale import Answer, Item, Kind, StageSums, Thresholds, score_observation
from scoring.vector import Vector

FLOAT = 2e-3  # absolute tolerance of the golden floats
METHOD = "mystery_visit"


@cache
def golden(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((Path(__file__).parent / "golden" / name).read_text())
    return data


def example_1() -> dict[str, Any]:
    return golden("ex1_small_journey.json")


def items_1() -> list[Item]:
    case = example_1()
    return [
        Item(
            key=row["key"],
            stage=row["stage"],
            kind=Kind(row["cls"]),
            weight=row["weight"],
            points=tuple(row["levels"]),
            target=case["target_levels"][row["key"]],
            channel="store",
        )
        for row in case["items"]
    ]


def answers_1(observation: str, **changed: Answer) -> dict[str, Answer]:
    values = example_1()["observations"][observation]
    return {item.key: value for item, value in zip(items_1(), values, strict=True)} | changed


def sums_1(answers: Mapping[str, Answer]) -> list[StageSums]:
    return score_observation(items_1(), answers, method=METHOD, thresholds=Thresholds())


def cells_1() -> dict[str | None, Vector]:
    """The cell of each stage (None: the journey row), channel facets left out."""
    rows = [row for name in example_1()["observations"] for row in sums_1(answers_1(name))]
    whole = [row for row in rows if row.channel is None]
    return {
        stage: Vector.total(Vector.from_sums(row) for row in whole if row.stage == stage)
        for stage in dict.fromkeys(row.stage for row in whole)
    }


def pool_1() -> Pool:
    return pool_variance(vector for stage, vector in cells_1().items() if stage is not None)


def facts_1() -> list[StageFacts]:
    return [
        StageFacts.from_items(
            stage["key"],
            items_1(),
            criticality=stage["c_declared"],
            has_touchpoint=True,
            reach_bp=int(Fraction(stage["reach"]) * 10_000),
        )
        for stage in example_1()["stages"]
    ]


def reading_1() -> JourneyReading:
    return score_journey(
        stages=facts_1(),
        cells=[CellRow(stage, METHOD, "PAR1", vector) for stage, vector in cells_1().items()],
        pools={METHOD: pool_1()},
        shares=[LocationShare("PAR1", 10_000)],
        method_weights={METHOD: 3},
        thresholds=Thresholds(),
    )
