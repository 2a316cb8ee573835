"""Step 2, the journeys of a programme: one or more a segment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from journeys.access import Access, enter
from journeys.checklist import journeys_missing, programme_missing, programme_rows
from journeys.commenting import unseen_mentions
from journeys.copying import copy_journey
from journeys.deleting import StillUsed, delete_row
from journeys.drawing import draw_journey
from journeys.forms.journeys import JourneyCopyForm, JourneyForm
from journeys.forms.programmes import TypedConfirmationForm
from journeys.holding import Overtaken
from journeys.journey_templates import journey_templates
from journeys.models import Journey
from journeys.pages import form_status, show
from journeys.rights import Right


def _enter_to_edit(request: HttpRequest, slug: str) -> Access:
    return enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)


def _context(**more: Any) -> dict[str, Any]:
    return {"active_step": "journeys"} | more


@login_required
@require_GET
def journey_list(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_METHOD)
    journeys = Journey.objects.annotate(
        stage_count=Count("stages", distinct=True),
        touchpoint_count=Count("touchpoints", distinct=True),
    )
    segments = access.programme.segments.prefetch_related(Prefetch("journeys", journeys))
    contract = programme_rows(access.programme)
    context = _context(
        segments=segments,
        unseen_mentions=unseen_mentions(access.programme, access.user),
        missing=programme_missing(contract),
        journeys_missing=journeys_missing(contract),
        may_edit=access.may(Right.EDIT_METHOD) and not access.programme.is_archived,
    )
    return show(request, "journeys/journey_list", context)


@login_required
@require_http_methods(["GET", "POST"])
def journey_create(request: HttpRequest, slug: str) -> HttpResponse:
    access = _enter_to_edit(request, slug)
    segment = access.programme.segments.filter(key=request.GET.get("segment")).first()
    form = JourneyForm(
        request.POST if request.method == "POST" else None,
        siblings=access.programme.journeys.all(),
        instance=Journey(programme=access.programme),
        initial={"segment": segment, "name": segment.name} if segment else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            journey = draw_journey(form=form)
        except Overtaken as overtaken:
            form.add_error(None, overtaken.reason)
        else:
            return redirect("journeys:journey-map", slug, journey.key)
    form.fields["name" if segment else "segment"].widget.attrs["autofocus"] = True
    context = _context(
        form=form,
        has_segments=access.programme.segments.exists(),
        templates=journey_templates(access.programme.language),
    )
    return show(request, "journeys/journey_create", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def journey_edit(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    access = _enter_to_edit(request, slug)
    journey = get_object_or_404(access.programme.journeys, key=key)
    stored_name = journey.name
    form = JourneyForm(
        request.POST if request.method == "POST" else None,
        siblings=access.programme.journeys.all(),
        instance=journey,
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("journeys:journey-list", slug)
    context = _context(form=form, journey=journey, stored_name=stored_name)
    return show(request, "journeys/journey_edit", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def journey_copy(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    access = _enter_to_edit(request, slug)
    journey = get_object_or_404(access.programme.journeys.select_related("programme"), key=key)
    form = JourneyCopyForm(
        request.POST if request.method == "POST" else None,
        source=journey,
        initial={"name": journey.name},
    )
    if request.method == "POST" and form.is_valid():
        try:
            copied = copy_journey(source=journey, actor=access.user, **form.cleaned_data)
        except Overtaken as overtaken:
            form.add_error(None, overtaken.reason)
        else:
            messages.success(request, _("The journey is copied."))
            return redirect("journeys:journey-map", slug, copied.journey.key)
    context = _context(form=form, journey=journey)
    return show(request, "journeys/journey_copy", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def journey_delete(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Its key is typed to confirm; refused while observations were made along it."""
    access = _enter_to_edit(request, slug)
    journey = get_object_or_404(access.programme.journeys, key=key)
    form = TypedConfirmationForm(
        request.POST if request.method == "POST" else None, expected=journey.key
    )
    context = _context(form=form, journey=journey)
    if request.method == "POST" and form.is_valid():
        try:
            delete_row(row=journey, programme=access.programme, actor=access.user)
        except StillUsed as refusal:
            context["refusal"] = refusal
            return show(request, "journeys/journey_delete", context, status=409)
        return redirect("journeys:journey-list", slug)
    return show(request, "journeys/journey_delete", context, status=form_status(form))
