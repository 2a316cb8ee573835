"""Two maps side by side: journeys as they are now, or snapshots of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from journeys.access import Access, enter
from journeys.bundle import Part
from journeys.comparing import SIGNS, compare
from journeys.map_bundle import document_of
from journeys.models import Journey, Snapshot
from journeys.pages import show
from journeys.rights import Right


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two; `snapshot` is None for the journey as it is now."""

    journey: Journey
    snapshot: Snapshot | None
    document: Part


@login_required
@require_GET
def journey_compare(request: HttpRequest, slug: str) -> HttpResponse:
    """`?left=journey:KEY&right=snapshot:NUMBER`; without both of them, two choosers."""
    access = enter(request, slug, see=Right.SEE_METHOD)
    chosen = {side: request.GET.get(side, "") for side in ("left", "right")}
    left, right = (_side(access, chosen[side]) for side in ("left", "right"))
    snapshots = Snapshot.objects.defer("document")
    context: dict[str, Any] = {
        "active_step": "journeys",
        "journeys": access.programme.journeys.prefetch_related(Prefetch("snapshots", snapshots)),
        "chosen": chosen,
        "left": left,
        "right": right,
        "only": "only" in request.GET,
        "signs": SIGNS,
    }
    if left and right:
        context["comparison"] = compare(left.document, right.document)
    return show(request, "journeys/journey_compare", context)


def _side(access: Access, named: str) -> Side | None:
    """What is named, None where nothing is; 404 for anything that isn't of the programme."""
    if not named:
        return None
    kind, _colon, name = named.partition(":")
    if kind == "journey":
        journeys = access.programme.journeys.all().for_map()
        journey = get_object_or_404(journeys, key=name)
        return Side(journey, None, document_of(journey))
    if kind == "snapshot" and name.isdecimal():
        snapshots = Snapshot.objects.select_related("journey")
        snapshot = get_object_or_404(snapshots, journey__programme=access.programme, pk=int(name))
        return Side(snapshot.journey, snapshot, snapshot.document)
    raise Http404
