"""What is frozen beside the scores of a report: indicators, and what was being done for each gap.

Values stand in the words of whoever signed; a status and a date are told in those of the reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from actionplans.gaps import Gap
from actionplans.models import Action
from dashboards.indicator_words import IndicatorLine


@dataclass(frozen=True, slots=True)
class SignedIndicator:
    name: str
    value: str
    interval: str
    n: str
    target: str


@dataclass(frozen=True, slots=True)
class SignedAction:
    """An action as it stood, under the name of its stage then."""

    stage: str
    title: str
    owner: str
    status: str
    due_on: date


def indicators_document(lines: Iterable[IndicatorLine]) -> list[dict[str, str]]:
    return [
        {
            "key": line.figure.definition.key,
            "name": line.figure.definition.name,
            "value": line.value,
            "interval": line.interval,
            "n": line.n,
            "target": line.target,
        }
        for line in lines
    ]


def actions_document(gaps: Sequence[Gap]) -> dict[str, list[dict[str, str]]]:
    """By stage, in the order to act on."""
    return {
        gap.stage.key: [
            {
                "title": action.title,
                "owner": str(action.owner),
                "status": action.status,
                "due_on": action.due_on.isoformat(),
            }
            for action in gap.actions
        ]
        for gap in gaps
        if gap.actions
    }


def signed_indicators(figures: Mapping[str, Any]) -> list[SignedIndicator]:
    names = ("name", "value", "interval", "n", "target")
    rows = figures.get("indicators", ())
    return [SignedIndicator(**{name: one[name] for name in names}) for one in rows]


def signed_actions(figures: Mapping[str, Any]) -> list[SignedAction] | None:
    """None where the report does not tell: an older one, or signed without seeing the plan."""
    by_stage = figures.get("actions")
    if by_stage is None:
        return None
    return [
        SignedAction(
            stage=figures["named"][stage]["name"],
            title=one["title"],
            owner=one["owner"],
            status=str(Action.Status(one["status"]).label),
            due_on=date.fromisoformat(one["due_on"]),
        )
        for stage, rows in by_stage.items()
        for one in rows
    ]
