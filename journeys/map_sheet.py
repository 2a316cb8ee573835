"""The map as a sheet: a row for each touchpoint, need and choice, a cell for each fact of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from journeys.lanes import Lane
from journeys.models import Choice, Need, Stage, Touchpoint
from journeys.models.journey import Criticality

_FACTS: Final = ("channel", "initiative", "nature", "customer_action", "criticality")


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One field of a row; `columns` is how many columns of the sheet it covers."""

    field: str
    text: str
    mark: str = ""
    columns: int = 1


@dataclass(frozen=True, slots=True)
class SheetRow:
    part: str
    pk: int
    kind: str
    name: SheetCell
    facts: tuple[SheetCell, ...]
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class SheetStage:
    """A stage with its rows; `parts` are the kinds that can be added to it, in their order."""

    stage: Stage
    rows: tuple[SheetRow, ...]
    parts: tuple[str, ...]

    @property
    def height(self) -> int:
        return max(1, len(self.rows))


@dataclass(frozen=True, slots=True)
class Sheet:
    stages: tuple[SheetStage, ...]
    facts: tuple[str, ...]

    @property
    def width(self) -> int:
        """Stage, phase, kind and name stand in front of the facts."""
        return 4 + len(self.facts)


def sheet_of(stages: Sequence[Stage], lanes: Sequence[Lane]) -> Sheet:
    """Stages loaded by `for_map()`; kinds of rows and columns follow the lanes that are shown."""
    keys = [lane.key for lane in lanes]
    facts = tuple(fact for fact in _FACTS if fact != "customer_action" or _has_actions(keys))
    parts = tuple(dict.fromkeys(_PART_OF[key] for key in keys if key in _PART_OF))
    return Sheet(tuple(_stage(stage, parts, facts) for stage in stages), facts)


_PART_OF: Final = {
    "customer-actions": "touchpoints",
    "touchpoints": "touchpoints",
    "needs": "needs",
    "choices": "choices",
}


def _has_actions(keys: Sequence[str]) -> bool:
    return "customer-actions" in keys


def _stage(stage: Stage, parts: tuple[str, ...], facts: tuple[str, ...]) -> SheetStage:
    rows: list[SheetRow] = []
    for part in parts:
        if part == "touchpoints":
            rows += [_touchpoint(each, facts) for each in stage.touchpoints.all()]
        elif part == "needs":
            rows += [_need(each, len(facts)) for each in stage.needs.all()]
        else:
            rows += [_choice(each, len(facts)) for each in stage.choices.all()]
    return SheetStage(stage, tuple(rows), parts)


def _touchpoint(row: Touchpoint, facts: tuple[str, ...]) -> SheetRow:
    cells = {
        "channel": SheetCell("channel", row.channel.name),
        "initiative": _initiative(row),
        "nature": SheetCell("nature", row.get_nature_display()),
        "customer_action": SheetCell("customer_action", row.customer_action),
        "criticality": SheetCell(
            "criticality", row.get_criticality_display(), criticality_mark(row.criticality)
        ),
    }
    return SheetRow(
        "touchpoints",
        row.pk,
        _("Touchpoint"),
        SheetCell("name", row.name),
        tuple(cells[fact] for fact in facts),
        is_outside=not row.channel.in_perimeter,
    )


def _initiative(row: Touchpoint) -> SheetCell:
    if row.initiative == Touchpoint.Initiative.PUSH:
        return SheetCell("initiative", _("Push"), "→")
    return SheetCell("initiative", _("Pull"), "←")


def _need(row: Need, columns: int) -> SheetRow:
    mark = "●" if row.level == Need.Level.EXPLICIT else "○"
    level = SheetCell("level", row.get_level_display(), mark, columns)
    return SheetRow("needs", row.pk, _("Need"), SheetCell("text", row.text), (level,))


def _choice(row: Choice, columns: int) -> SheetRow:
    text = ", ".join(each.text for each in row.criteria.all())
    criteria = SheetCell("criteria", text, columns=columns)
    return SheetRow(
        "choices", row.pk, _("Choice"), SheetCell("question", row.question), (criteria,)
    )


def criticality_mark(criticality: int) -> str:
    return {Criticality.IMPORTANT: "◇", Criticality.MOMENT_OF_TRUTH: "◆"}.get(
        Criticality(criticality), ""
    )
