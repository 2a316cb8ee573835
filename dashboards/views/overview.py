"""Where every member lands: the five steps, and the next thing to do."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from actionplans.gaps import gaps_of, perimeter_journeys, whole_sheet
from actionplans.models import Action
from dashboards.boards import journey_line
from journeys.access import Access, enter
from journeys.models import Journey
from journeys.pages import show
from journeys.rights import Right
from scoring.classify import Label

OWN_ACTIONS = 5


@login_required
@require_GET
def programme_overview(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug)
    journeys = perimeter_journeys(access) if access.may(Right.SEE_SCORES) else []
    writes = not access.programme.is_archived
    context = {
        "active_step": "overview",
        "lines": [_line(journey, access) for journey in journeys],
        "own_actions": _own_actions(access),
        "today": timezone.localdate(),
        "may_observe": access.may(Right.OBSERVE) and writes,
        "may_edit_method": access.may(Right.EDIT_METHOD) and writes,
        "may_edit_plan": access.may(Right.EDIT_PLAN) and writes,
        "sees_scores": access.may(Right.SEE_SCORES),
        "manages": access.may(Right.MANAGE),
    }
    context["lacking"] = sum(line["lacking"] for line in context["lines"])  # type: ignore[attr-defined]
    return show(request, "dashboards/programme_overview", context)


def _line(journey: Journey, access: Access) -> dict[str, Any]:
    sheet = whole_sheet(journey, access)
    actions = Action.objects.visible_to(access).filter(stage__journey=journey)
    gaps = gaps_of(sheet, actions=actions)
    return {
        "journey": journey,
        "score": journey_line(sheet),
        "has_framework": sheet.framework is not None,
        "disappointing": sum(gap.score.label is Label.DISAPPOINTING for gap in gaps),
        "lacking": sum(gap.lacks_action for gap in gaps) if access.sees_whole_plan else 0,
        "stages": len(gaps),
    }


def _own_actions(access: Access) -> list[Action]:
    """The next of this person's own open actions."""
    rows = Action.objects.visible_to(access).open().filter(owner=access.user)
    return list(rows.for_list().select_related("programme")[:OWN_ACTIONS])
