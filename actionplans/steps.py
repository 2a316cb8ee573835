"""The state of step 5, for the stepper: how many actions, how many late."""

from __future__ import annotations

from typing import Literal

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.models import Action
from actionplans.workshop_models import Workshop
from journeys.access import Access
from journeys.rights import Right
from journeys.steps import Step


def step_states(access: Access) -> list[Step]:
    """Done when there are actions and none is open; a contributor's own ones only."""
    if not access.may(Right.SEE_PLAN):
        return []
    is_open = Q(status__in=Action.OPEN)
    counts = Action.objects.visible_to(access).aggregate(
        actions=Count("pk"),
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=is_open & Q(due_on__lt=timezone.localdate())),
    )
    is_running = Workshop.objects.visible_to(access).running().exists()
    return [
        Step(
            number=5,
            key="plan",
            title=_("Action plan"),
            url=reverse("actionplans:plan", args=[access.programme.slug]),
            summary=_summary(counts, is_running=is_running),
            state=_state(counts, is_running=is_running),
        )
    ]


def _state(counts: dict[str, int], *, is_running: bool) -> Literal["empty", "started", "done"]:
    if is_running or counts["open"]:
        return "started"
    return "done" if counts["actions"] else "empty"


def _summary(counts: dict[str, int], *, is_running: bool) -> str:
    if is_running:
        return _("a workshop is running")
    if not counts["actions"]:
        return _("no action yet")
    actions = ngettext("%(n)d action", "%(n)d actions", counts["actions"]) % {
        "n": counts["actions"]
    }
    if not counts["late"]:
        return actions
    return _("%(actions)s, %(late)d late") % {"actions": actions, "late": counts["late"]}
