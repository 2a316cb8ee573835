"""The state of step 4, for the stepper."""

from __future__ import annotations

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.access import Access
from journeys.rights import Right
from journeys.steps import Step
from observations.models import Observation
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
    summary = ngettext("%(n)d observation", "%(n)d observations", total) % {"n": total}
    return [
        Step(
            number=4,
            key="observations",
            title=_("Observations"),
            url=reverse("observations:observation-list", args=[access.programme.slug]),
            summary=summary if total else _("none yet"),
            state="done" if total else "empty",
        )
    ]
