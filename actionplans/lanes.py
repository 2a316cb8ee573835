"""What the plan adds to the journey map: the actions of each stage, and where one is missing."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.gaps import Gap, actions_of, gaps_of, may_plan, whole_sheet
from actionplans.measure_words import effect_of
from actionplans.models import Action
from journeys.access import Access
from journeys.lanes import Cell, Entry, Lane, register
from journeys.models import Journey
from journeys.rights import Right


def register_lanes() -> None:
    register(
        Lane(
            key="actions",
            name=gettext_lazy("Actions"),  # type: ignore[arg-type]  # a lazy string reads as one
            hint="",
            order=70,
            kind="entries",
            cells=action_cells,
            right=Right.SEE_PLAN,
        )
    )


def action_cells(journey: Journey, access: Access) -> Mapping[str, Cell]:
    """An entry an action; "No action yet" where a gap of tier 1 to 3 has none."""
    actions = actions_of(access, [journey])
    if access.may(Right.SEE_SCORES):
        gaps = gaps_of(whole_sheet(journey, access), actions=actions)
        cells = {gap.stage.key: _of_gap(gap, access, journey) for gap in gaps}
    else:
        cells = {}
    outside: dict[str, list[Entry]] = {}
    for action in actions:
        if action.stage.key not in cells:
            outside.setdefault(action.stage.key, []).append(_entry(action, access))
    return {key: cell for key, cell in cells.items() if cell} | {
        key: tuple(entries) for key, entries in outside.items()
    }


def _of_gap(gap: Gap, access: Access, journey: Journey) -> tuple[Entry, ...]:
    entries = tuple(_entry(action, access) for action in gap.actions)
    if not gap.lacks_action:
        return entries
    args = [access.programme.slug, journey.key, gap.stage.key]
    url = reverse("actionplans:action-create", args=args) if may_plan(access) else ""
    return (*entries, Entry(_("No action yet"), tone="late", url=url))


def _entry(action: Action, access: Access) -> Entry:
    done = action.status == Action.Status.DONE
    status = _("late") if action.is_late else str(action.get_status_display())
    effect = effect_of(action)
    return Entry(
        text=action.title,
        detail=f"{status} · {effect}" if effect else status,
        tone="late" if action.is_late else "done" if done else "",
        url=reverse("actionplans:action-detail", args=[access.programme.slug, action.pk]),
    )
