"""The state of step 4, for the stepper."""

from __future__ import annotations

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.access import Access
from journeys.rights import Right
from journeys.steps import Step
from observations.models import HeldCopy, Observation
from scoring.models import StageCell


def step_states(access: Access) -> list[Step]:
    """Counted from the cells for who reads them all, so that the cost does not grow; else own ones."""
    if not access.may(Right.SEE_OBSERVATIONS):
        return []
    if access.may_at_once(Right.SEE_OBSERVATIONS | Right.SEE_ALL_LOCATIONS):
        cells = StageCell.objects.filter(framework__journey__programme=access.programme, stage=None)
        total = int(cells.aggregate(total=Sum("n"))["total"] or 0)
    else:
        total = Observation.objects.visible_to(access).counted().count()
    waiting = _waiting(access)
    summary = ngettext("%(n)d observation", "%(n)d observations", total) % {"n": total}
    return [
        Step(
            number=4,
            key="observations",
            title=_("Observations"),
            url=reverse("observations:observation-list", args=[access.programme.slug]),
            summary=_joined(summary if total else _("none yet"), waiting),
            state="done" if total else "empty",
        )
    ]


def _waiting(access: Access) -> int:
    """Held copies that this person would decide about."""
    if not access.may(Right.EDIT_METHOD):
        return 0
    return HeldCopy.objects.filter(programme=access.programme).waiting().count()


def _joined(summary: str, waiting: int) -> str:
    if not waiting:
        return summary
    held = ngettext("%(n)d copy to decide on", "%(n)d copies to decide on", waiting)
    return f"{summary}, {held % {'n': waiting}}"
