"""Workshops of a programme: the list, what prepares one, and how one ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actionplans.gaps import Gap, figures_of, gaps_of, may_plan, perimeter_journeys, whole_sheet
from actionplans.planning import PlanRefused
from actionplans.priority import Row
from actionplans.workshop import ChosenGap, delete_prepared, prepare_again, prepare_workshop
from actionplans.workshop_evidence import evidence_of, factors_text
from actionplans.workshop_flow import NoSuchMove, Phase
from actionplans.workshop_forms import PrepareForm
from actionplans.workshop_minutes import minutes_of, minutes_pdf
from actionplans.workshop_models import Workshop
from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from journeys.views.map_documents import language_asked


def enter_workshops(request: HttpRequest, slug: str) -> Access:
    """404 without the scores: a workshop is about all the gaps of the programme."""
    access = enter(request, slug, see=Right.SEE_PLAN)
    if not access.sees_whole_plan:
        raise Http404
    return access


def workshop_at(access: Access, pk: int) -> Workshop:
    rows = Workshop.objects.visible_to(access).select_related("programme", "facilitator")
    workshop: Workshop = get_object_or_404(rows, pk=pk)
    workshop.programme = access.programme
    return workshop


def require_planning(access: Access) -> None:
    """After what may not be seen has answered 404. Raises PermissionDenied."""
    if not access.may(Right.EDIT_PLAN):
        raise PermissionDenied(_("Your role in this programme does not allow this change."))
    if access.programme.is_archived:
        raise PermissionDenied(_("This programme is archived: its lead can restore it."))


@login_required
@require_GET
def workshop_list(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter_workshops(request, slug)
    rows = Workshop.objects.visible_to(access).for_list()
    for row in rows:
        row.programme = access.programme
    context = {"active_step": "plan", "workshops": rows, "may_plan": may_plan(access)}
    return show(request, "actionplans/workshop_list", context)


@login_required
@require_http_methods(["GET", "POST"])
def workshop_create(request: HttpRequest, slug: str) -> HttpResponse:
    return _prepare(request, slug, None)


@login_required
@require_http_methods(["GET", "POST"])
def workshop_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Before anybody can join; afterwards it leads to where the workshop stands."""
    return _prepare(request, slug, pk)


def _prepare(request: HttpRequest, slug: str, pk: int | None) -> HttpResponse:
    access = enter_workshops(request, slug)
    workshop = None if pk is None else workshop_at(access, pk)
    require_planning(access)
    if workshop is not None and workshop.phase != Phase.PREPARED:
        return redirect(workshop)
    gaps = _gaps(access)
    data = request.POST if request.method == "POST" else None
    form = PrepareForm(data, instance=workshop or Workshop(minutes={}), offered=gaps)
    if request.method == "POST" and form.is_valid():
        saved = _save(form, access, workshop)
        if saved is not None:
            messages.success(request, _("The workshop is prepared."))
            return redirect(saved)
    context = {
        "active_step": "plan",
        "form": form,
        "workshop": workshop,
        "lists": _lists(gaps, form),
        "has_baseline": any(gap.row is not Row.INSUFFICIENT for gap in gaps),
    }
    return show(request, "actionplans/workshop_prepare", context, status=form_status(form))


def _gaps(access: Access) -> list[Gap]:
    """Of all journeys, in the order of priority."""
    found = [
        gap
        for journey in perimeter_journeys(access)
        for gap in gaps_of(whole_sheet(journey, access))
    ]
    return sorted(
        found, key=lambda gap: (gap.row, -(gap.priority.index or 0), -gap.stage.criticality)
    )


def _lists(gaps: list[Gap], form: PrepareForm) -> list[dict[str, Any]]:
    """The two lists of the method, then what has to be measured first."""

    def lines(wanted: list[Gap]) -> list[dict[str, Any]]:
        return [
            {
                "gap": gap,
                "key": str(gap.stage.pk),
                "chosen": str(gap.stage.pk) in form.chosen_keys,
                "question": form.question_field(gap),
                "factors": factors_text(gap),
            }
            for gap in wanted
        ]

    removing = [gap for gap in gaps if gap.is_removing]
    measuring = [gap for gap in gaps if gap.asks_for_measure]
    creating = [gap for gap in gaps if not gap.is_removing and not gap.asks_for_measure]
    return [
        {"key": "remove", "name": _("Remove disappointment"), "lines": lines(removing)},
        {"key": "create", "name": _("Create enchantment"), "lines": lines(creating)},
        {"key": "measure", "name": _("Measure first"), "lines": lines(measuring)},
    ]


def _save(form: PrepareForm, access: Access, workshop: Workshop | None) -> Workshop | None:
    """None where the form now says why not."""
    facts: dict[str, Any] = {
        "actor": access.user,
        "title": form.cleaned_data["title"],
        "goal": form.cleaned_data["goal"],
        "votes_per_person": form.cleaned_data["votes_per_person"],
        "minutes": form.minutes,
        "gaps": [
            ChosenGap(gap.stage, question, figures_of(gap.sheet, gap.stage), evidence_of(gap))
            for gap, question in form.chosen
        ],
    }
    try:
        if workshop is None:
            return prepare_workshop(programme=access.programme, **facts)
        return prepare_again(workshop=workshop, **facts)
    except PlanRefused as refused:
        for field, why in refused.errors.items():
            form.add_error(field, why)
        return None


@login_required
@require_POST
def workshop_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter_workshops(request, slug)
    workshop = workshop_at(access, pk)
    require_planning(access)
    try:
        delete_prepared(workshop=workshop, actor=access.user)
    except NoSuchMove:
        messages.error(request, _("People took part in this workshop: it stays."))
        return redirect(workshop)
    messages.success(request, _("The workshop was deleted."))
    return redirect("actionplans:workshop-list", slug)


@login_required
@require_GET
def workshop_minutes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """While the workshop runs they hold no total of an open vote, for nobody."""
    access = enter_workshops(request, slug)
    workshop = workshop_at(access, pk)
    context = {
        "active_step": "plan",
        "workshop": workshop,
        "minutes": minutes_of(workshop),
        "may_plan": may_plan(access),
    }
    return show(request, "actionplans/workshop_minutes", context)


@login_required
@require_GET
def workshop_minutes_pdf(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter_workshops(request, slug)
    workshop = workshop_at(access, pk)
    with translation.override(language_asked(request)):
        content = minutes_pdf(minutes_of(workshop))
    name = slugify(workshop.title)[:60] or "minutes"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )
