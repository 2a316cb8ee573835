"""Snapshots of a map: taken, looked at, restored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys.access import Access, enter
from journeys.audit import record
from journeys.bundle import Part
from journeys.forms.reuse import SnapshotForm
from journeys.holding import Overtaken
from journeys.map_bundle import drawn_from
from journeys.map_grid import JourneyMap, map_of
from journeys.models import Journey, Snapshot
from journeys.pages import form_status, show
from journeys.rights import Right
from journeys.snapshots import RestoreRefused, missing_channels, restore_snapshot, take_snapshot


def _journey(access: Access, key: str) -> Journey:
    journeys = access.programme.journeys.select_related("programme", "segment")
    return get_object_or_404(journeys, key=key)


def _snapshot(access: Access, key: str, pk: int) -> Snapshot:
    snapshots = Snapshot.objects.select_related("journey__programme", "made_by")
    return get_object_or_404(
        snapshots, journey__programme=access.programme, journey__key=key, pk=pk
    )


def _may_edit(access: Access) -> bool:
    return access.may(Right.EDIT_METHOD) and not access.programme.is_archived


def picture_of(document: Part, journey: Journey, access: Access) -> JourneyMap:
    """The map of a document in the lanes of steps 1 and 2, as whoever only reads sees it."""
    reader = replace(access, rights=Right.SEE_METHOD)
    return map_of(drawn_from(document, journey), reader, own_lanes=True)


@login_required
@require_http_methods(["GET", "POST"])
def snapshot_list(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    change = Right.EDIT_METHOD if request.method == "POST" else None
    access = enter(request, slug, see=Right.SEE_METHOD, change=change)
    journey = _journey(access, key)
    form = SnapshotForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            take_snapshot(journey=journey, name=form.cleaned_data["name"], actor=access.user)
        except Overtaken as overtaken:
            raise Http404 from overtaken
        return redirect("journeys:snapshot-list", slug, key)
    context = {
        "active_step": "journeys",
        "journey": journey,
        "form": form,
        "snapshots": journey.snapshots.select_related("made_by").defer("document"),
        "may_edit": _may_edit(access),
    }
    return show(request, "journeys/snapshot_list", context, status=form_status(form))


@login_required
@require_GET
def snapshot_detail(request: HttpRequest, slug: str, key: str, pk: int) -> HttpResponse:
    """The map as it was, in the lanes of today, read only."""
    access = enter(request, slug, see=Right.SEE_METHOD)
    return _show_snapshot(request, access, _snapshot(access, key, pk))


def _show_snapshot(
    request: HttpRequest, access: Access, snapshot: Snapshot, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "active_step": "journeys",
        "snapshot": snapshot,
        "journey": snapshot.journey,
        "map": picture_of(snapshot.document, snapshot.journey, access),
        "missing": missing_channels(snapshot),
        "may_restore": _may_edit(access),
    }
    return show(request, "journeys/snapshot_detail", context | more, status=status)


@login_required
@require_POST
def snapshot_restore(request: HttpRequest, slug: str, key: str, pk: int) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)
    snapshot = _snapshot(access, key, pk)
    try:
        safety = restore_snapshot(snapshot=snapshot, actor=access.user)
    except RestoreRefused as refusal:
        return _show_snapshot(request, access, snapshot, status=409, refusal=refusal)
    except Overtaken as overtaken:
        raise Http404 from overtaken
    if safety is None:
        messages.info(request, _("The map is just as it was then: nothing had to be restored."))
    else:
        messages.success(
            request,
            _("The map is restored. What it was until now is kept as “%(name)s”; undo works too.")
            % {"name": safety.name},
        )
    return redirect("journeys:journey-map", slug, key)


@login_required
@require_POST
def snapshot_delete(request: HttpRequest, slug: str, key: str, pk: int) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)
    snapshot = _snapshot(access, key, pk)
    snapshot.delete()
    record(
        programme=access.programme,
        actor=access.user,
        verb="deleted",
        subject=f"{Snapshot._meta.verbose_name} {snapshot.name}",
    )
    return redirect("journeys:snapshot-list", slug, key)
