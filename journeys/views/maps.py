"""The journey map: read by everybody who sees the method, the door to editing for consultants."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from journeys.access import Access, enter
from journeys.checklist import journey_missing, preferred_channels_hint
from journeys.commenting import bubbles_of, unseen_mentions
from journeys.lane_choice import LaneChoice, choose_lanes
from journeys.lanes import lanes_for
from journeys.map_grid import map_of, standings_of, walks
from journeys.map_sheet import sheet_of
from journeys.matrix import draw_matrix
from journeys.models import Channel, Journey, Stage
from journeys.models.journey import Criticality
from journeys.pages import show
from journeys.rights import Right
from journeys.views.pulse import BUILT, pulse_context

VIEWS = ("map", "table", "curve", "matrix")


@login_required
@require_GET
def journey_map(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Four views of the same rows: `?view=map`, `table`, `curve` or `matrix`.

    `?phone` is the map as a narrow screen reads it: the part of the page that it loads on its own.
    """
    access = enter(request, slug, see=Right.SEE_METHOD)
    journey = get_object_or_404(access.programme.journeys, key=key)
    together = pulse_context(journey, access)
    journey = get_object_or_404(Journey.objects.for_map(), pk=journey.pk)
    may_edit = access.may(Right.EDIT_METHOD) and not access.programme.is_archived
    asked = request.GET.get("view")
    view = asked if asked in VIEWS else "map"
    choice = choose_lanes(request, journey, access, view=view)
    channels = list(access.programme.channels.all())
    context: dict[str, Any] = {
        **together,
        "bubbles": bubbles_of(journey),
        "unseen_mentions": unseen_mentions(access.programme, access.user),
        "journey": journey,
        "journeys": access.programme.journeys.only("key", "name"),
        "view": view,
        "views": _views(view, choice),
        "choice": choice,
        **_missing(journey, channels, access),
        "may_edit": may_edit,
        "active_step": "journeys",
    }
    context |= _shown(view, journey, access, choice)
    if view == "map" and "phone" in request.GET:
        return render(request, "journeys/_map_table.html", context)
    if may_edit and view in BUILT:
        context["walks"] = walks(journey, access)
        context["channels"] = channels
        context["phases"] = Stage.Phase.choices
        context["criticalities"] = Criticality.choices
    if may_edit and view == "table":
        context["sheet"] = sheet_of(context["map"].stages, choice.lanes)
    return show(request, "journeys/journey_map", context)


@login_required
@require_GET
def map_missing(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What this map still lacks: read again when the list is opened."""
    access = enter(request, slug, see=Right.SEE_METHOD)
    journey = get_object_or_404(Journey.objects.for_map(), programme=access.programme, key=key)
    may_edit = access.may(Right.EDIT_METHOD) and not access.programme.is_archived
    context = _missing(journey, access.programme.channels.all(), access)
    context |= {"may_edit": may_edit, "oob": True}
    return render(request, "journeys/_map_missing.html", context)


def _missing(journey: Journey, channels: Iterable[Channel], access: Access) -> dict[str, Any]:
    missing = journey_missing(journey, channels, access.programme)
    return {
        "missing": missing,
        "missing_count": sum(len(one.ways) for one in missing),
        "hints": preferred_channels_hint(journey, access.programme),
    }


def _shown(view: str, journey: Journey, access: Access, choice: LaneChoice) -> dict[str, Any]:
    """The lanes chosen; in the curve and the matrix the lane of scores, hidden elsewhere or not."""
    if view in BUILT:
        return {"map": map_of(journey, access, choice.lanes)}
    lanes = [lane for lane in lanes_for(access) if lane.kind == "curve"][:1]
    drawn = map_of(journey, access, lanes)
    row = drawn.lane_rows[0] if drawn.lane_rows else None
    context: dict[str, Any] = {"map": drawn, "row": row}
    if row and view == "matrix":
        context["matrix"] = draw_matrix(standings_of(row))
    return context


def _views(shown: str, choice: LaneChoice) -> list[tuple[str, str, str]]:
    """Each view with its word and its address; the others remember their own choice of lanes."""
    words = (_("Map"), _("Table"), _("Curve"), _("Matrix"))
    lanes = {"lanes": choice.value} if choice.value else {}
    return [
        (view, word, "?" + urlencode({"view": view} | (lanes if view == shown else {}), safe=","))
        for view, word in zip(VIEWS, words, strict=True)
    ]
