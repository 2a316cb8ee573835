"""When a location is open: its week and its closures, on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from journeys.access import Access, enter
from journeys.forms.opening import ClosureForm, WeekForm
from journeys.models import Closure, Location
from journeys.opening import add_closure, remove_closure, set_hours
from journeys.pages import form_status, show
from journeys.rights import Right


def _location(access: Access, code: str) -> Location:
    return get_object_or_404(Location, programme=access.programme, code=code)


def _page(request: HttpRequest, access: Access, location: Location, **forms_: Any) -> HttpResponse:
    week = forms_.get("week") or WeekForm(hours=location.opening_hours.all())
    closure = forms_.get("closure") or ClosureForm(instance=Closure(location=location))
    shown = forms_.get("week") or forms_.get("closure")
    context = {
        "location": location,
        "week": week,
        "days": [week[name] for name in week.fields if name.startswith("day")],
        "closure_form": closure,
        "closures": location.closures.all(),
        "hours": location.opening_hours.all(),
        "locations": access.programme.locations.all(),
        "may_edit": access.may(Right.EDIT_METHOD) and not access.programme.is_archived,
        "active_step": "perimeter",
    }
    status = form_status(shown) if shown is not None else 200
    return show(request, "journeys/location_opening", context, status=status)


def _enter_to_edit(request: HttpRequest, slug: str) -> Access:
    return enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)


def _meant(access: Access, location: Location, *, everywhere: bool) -> list[Location]:
    return list(access.programme.locations.all()) if everywhere else [location]


@login_required
@require_GET
def location_opening(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_METHOD)
    return _page(request, access, _location(access, code))


@login_required
@require_POST
def location_hours(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    access = _enter_to_edit(request, slug)
    location = _location(access, code)
    form = WeekForm(request.POST, hours=location.opening_hours.all())
    if not form.is_valid():
        return _page(request, access, location, week=form)
    set_hours(
        programme=access.programme,
        locations=_meant(access, location, everywhere=form.cleaned_data["everywhere"]),
        week=form.week,
        actor=access.user,
    )
    messages.success(request, _("Saved."))
    return redirect("journeys:location-opening", slug, code)


@login_required
@require_POST
def closure_create(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    access = _enter_to_edit(request, slug)
    location = _location(access, code)
    form = ClosureForm(request.POST, instance=Closure(location=location))
    if not form.is_valid():
        return _page(request, access, location, closure=form)
    data = form.cleaned_data
    add_closure(
        programme=access.programme,
        locations=_meant(access, location, everywhere=data.pop("everywhere")),
        actor=access.user,
        **data,
    )
    messages.success(request, _("Saved."))
    return redirect("journeys:location-opening", slug, code)


@login_required
@require_POST
def closure_delete(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    access = _enter_to_edit(request, slug)
    closure = get_object_or_404(Closure, location=_location(access, code), pk=pk)
    remove_closure(closure=closure, actor=access.user)
    return redirect("journeys:location-opening", slug, code)
