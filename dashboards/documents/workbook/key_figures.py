"""The key figures beside the score, as formulas over the stages and over the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from actionplans.gaps import Gap
from actionplans.models import Action
from dashboards.documents.workbook.scores import Row
from dashboards.documents.workbook.tables import Formula, Table, text
from scoring.classify import Label
from scoring.scale import MOMENT_OF_TRUTH

# A gap of 0 that a spreadsheet computes from two fractions may differ from 0 in its last digits.
AT_TARGET: Final = "<=0.000000001"


def moment_rows(gaps: Sequence[Gap], stages: Table) -> list[Row]:
    """How many stages are moments of truth, and what they do; in how many something was observed."""
    declared, enough, gap, label, held, n = (
        stages.span(name, stages.rows)
        for name in ("declared", "enough", "gap", "class", "held", "n")
    )
    moments = [one for one in gaps if one.stage.is_moment_of_truth]
    truths = f"{declared},{MOMENT_OF_TRUTH}"
    low = next((one for one in gaps if one.score.label is Label.DISAPPOINTING), None)
    is_low = "0" if low is None else f"COUNTIFS({truths},{label},{text(class_of(low))})"
    return [
        _row(
            _("Moments of truth at target"),
            f'COUNTIFS({truths},{enough},1,{gap},"{AT_TARGET}")',
            sum(_is_at_target(one) for one in moments),
        ),
        _row(_("Moments of truth"), f"COUNTIFS({truths})", len(moments)),
        _row(
            _("Moments of truth that disappoint"),
            is_low,
            sum(one.score.label is Label.DISAPPOINTING for one in moments),
        ),
        _row(
            _("Moments of truth held back"),
            f"SUMIFS({held},{truths})",
            sum(one.held_back for one in moments),
        ),
        _row(
            _("Moments of truth not measured"),
            f"COUNTIFS({truths},{enough},0)",
            sum(not one.is_shown for one in moments),
        ),
        _row(
            _("Stages with observations"),
            f'COUNTIF({n},">0")',
            sum(bool(one.score.n) for one in gaps),
        ),
        _row(_("Stages"), f"ROWS({n})", len(gaps)),
    ]


def class_of(gap: Gap) -> str:
    return f"{gap.class_sign} {gap.class_word}".strip()


def _is_at_target(gap: Gap) -> bool:
    return gap.is_shown and gap.score.gap is not None and gap.score.gap <= 0


def action_rows(actions: Sequence[Action], plan: Table) -> list[Row]:
    """Of the open actions, those whose date has not passed; what became of the others."""
    open_, late, status = (
        plan.span(name, plan.rows) if plan.rows else "" for name in ("open", "late", "status")
    )
    still_open = [action for action in actions if action.is_open]
    is_late = sum(action.is_late for action in still_open)
    blocked, done = Action.Status.BLOCKED, Action.Status.DONE
    found = [
        (_("Actions on time"), f"SUM({open_})-SUM({late})", len(still_open) - is_late),
        (_("Open actions"), f"SUM({open_})", len(still_open)),
        (_("Actions late"), f"SUM({late})", is_late),
        *(
            (name, f"COUNTIF({status},{text(str(one.label))})", _with(actions, one))
            for name, one in ((_("Actions blocked"), blocked), (_("Actions done"), done))
        ),
    ]
    return [_row(name, formula if plan.rows else "0", value) for name, formula, value in found]


def _with(actions: Sequence[Action], status: Action.Status) -> int:
    return sum(action.status == status for action in actions)


def _row(name: str, formula: str, value: int) -> Row:
    return name, Formula(formula, value), "whole", _("formula")
