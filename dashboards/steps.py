"""The dashboard beside the five steps, with its freshness."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.access import Access
from journeys.rights import Right
from journeys.steps import Step
from observations.pending import pending_in
from scoring.models import StageCell


def step_states(access: Access) -> list[Step]:
    if not access.may(Right.SEE_SCORES):
        return []
    inside = {"framework__journey__programme": access.programme}
    pending = pending_in(access.programme)
    measured = pending > 0 or StageCell.objects.filter(**inside).exists()
    return [
        Step(
            number=0,
            key="dashboard",
            title=_("Dashboard"),
            url=reverse("dashboards:dashboard", args=[access.programme.slug]),
            summary=freshness(pending) if measured else _("nothing measured yet"),
            state="started" if measured else "empty",
        )
    ]


def freshness(pending: int) -> str:
    """Whether the scores count all that was received."""
    if not pending:
        return _("up to date")
    return ngettext(
        "%(n)d observation not counted yet", "%(n)d observations not counted yet", pending
    ) % {"n": pending}
