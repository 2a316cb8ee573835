"""The journey map: read by everybody who sees the method, the door to editing for consultants."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from journeys.access import enter
from journeys.map_grid import map_of
from journeys.models import Journey
from journeys.pages import show
from journeys.rights import Right


@login_required
@require_GET
def journey_map(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The map as a grid, or with `?view=table` the same cells as a table, a row a stage."""
    access = enter(request, slug, see=Right.SEE_METHOD)
    journey = get_object_or_404(Journey.objects.for_map(), programme=access.programme, key=key)
    context = {
        "journey": journey,
        "journeys": access.programme.journeys.only("key", "name"),
        "map": map_of(journey, access),
        "as_table": request.GET.get("view") == "table",
        "may_edit": access.may(Right.EDIT_METHOD) and not access.programme.is_archived,
        "active_step": "journeys",
    }
    return show(request, "journeys/journey_map", context)
