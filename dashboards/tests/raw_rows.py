"""The raw rows of a workbook: what somebody observed or declared.

Formulas and what the product computed are not read: a column of its results would prove nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dashboards.tests.recalculated import as_formulas

SHEETS = ("Stages", "Framework", "Rules", "Method weights", "Locations", "Visits", "Answers")


@dataclass(frozen=True)
class Question:
    stage: str
    kind: str
    channel: str
    weight: int
    target: int | None
    gain: int
    loss: int
    levels: str

    @property
    def meaning(self) -> tuple[object, ...]:
        """What an answer hangs on, from one version of the guide to the next."""
        return self.stage, self.kind, self.weight, self.levels


@dataclass(frozen=True)
class Visit:
    """One observation in one stage: where, when and how, and its answers by interaction."""

    observation: str
    stage: str
    month: str
    method: str
    location: str
    answers: dict[str, Any]


class RawRows:
    """Of one workbook. `stages` are the weights c by stage key, in journey order."""

    def __init__(self, content: bytes) -> None:
        book = as_formulas(content)
        sheets = {name: list(values_of(book[name])) for name in SHEETS}
        keys = {row["Stage"]: row["Key"] for row in sheets["Stages"]}
        self.stages = {
            row["Key"]: max(
                row["Criticality declared"], 2 * row["1 for a first or last contact that weighs 2"]
            )
            for row in sheets["Stages"]
        }
        self.questions = {
            row["Interaction"]: _question(row, keys[row["Stage"]]) for row in sheets["Framework"]
        }
        self.rules: dict[str, Any] = {row["Rule"]: row.get("Value") for row in sheets["Rules"]}
        self.weights = {row["Method"]: row["Weight"] for row in sheets["Method weights"]}
        self.places = {row["Code"]: row for row in sheets["Locations"]}
        answers: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
        for row in sheets["Answers"]:
            given = answers[row["Observation"], row["Stage"]]
            given[row["Interaction"]] = row["Points of the level, NA or NO"]
        self.visits = [
            _visit(row, keys[row["Stage"]], answers[row["Observation"], keys[row["Stage"]]])
            for row in sheets["Visits"]
        ]


def _question(row: dict[str, Any], stage: str) -> Question:
    weight = row["Weight"]
    return Question(
        stage=stage,
        kind=row["Kind"],
        channel=row["Channel"] or "",
        weight=weight,
        target=row["Target level"],
        gain=weight * max(0, row["Highest level"]),
        loss=-weight * min(0, row["Lowest level"]),
        levels=row["Levels"],
    )


def _visit(row: dict[str, Any], stage: str, answers: dict[str, Any]) -> Visit:
    return Visit(
        row["Observation"], stage, row["Month"], row["Method"], row["Location"] or "", answers
    )


def values_of(sheet: Any) -> Iterator[dict[str, Any]]:
    """Values only: a formula is left out, so that nothing can be read of what the product computed."""
    headings, *rows = sheet.iter_rows()
    for row in rows:
        yield {
            heading.value: cell.value
            for heading, cell in zip(headings, row, strict=True)
            if cell.data_type != "f"
        }
