"""The planned visits: the list, one of them with its observations, changing and cancelling it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from journeys.versions import StaleEdit
from observations.fulfilling import revisions_of
from observations.models import Visit
from observations.planning import (
    Observed,
    cancel_visit,
    delete_visit,
    record_change,
    reinstate_visit,
)
from observations.views.planning import enter_to_plan
from observations.views.reading import query_without
from observations.visit_flags import Seen, flags_of, fulfils, read_flag_facts
from observations.visit_forms import METHOD_CHOICES, VisitForm
from observations.visit_querysets import VisitQuerySet, VisitState, state_of

PAGE = 100
STATES = (
    (VisitState.PLANNED, pgettext_lazy("visit", "Planned")),
    (VisitState.UNDER_WAY, pgettext_lazy("visit", "Under way")),
    (VisitState.DONE, pgettext_lazy("visit", "Done")),
    (VisitState.MISSED, pgettext_lazy("visit", "Missed")),
    (VisitState.CANCELLED, pgettext_lazy("visit", "Cancelled")),
)
NAMES = {state.value: name for state, name in STATES}


def line_of(visit: Visit) -> dict[str, Any]:
    """A visit as lists show it; it comes `with_done()`."""
    state = state_of(
        cancelled=visit.is_cancelled,
        done=visit.done,
        quota=visit.quota,
        last_on=visit.last_on,
        today=timezone.localdate(),
    )
    return {"visit": visit, "state": state.value, "state_name": NAMES[state.value]}


@login_required
@require_GET
def visit_list(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS)
    every = Visit.objects.visible_to(access)
    rows = _narrowed(every, request).select_related("location", "journey", "wave", "programme")
    page = _page_asked(request)
    found = list(rows[page * PAGE : (page + 1) * PAGE + 1])
    context = {
        "lines": [line_of(visit) for visit in found[:PAGE]],
        "next_page": page + 1 if len(found) > PAGE else None,
        "query": query_without(request, "page"),
        "states": STATES,
        "methods": METHOD_CHOICES,
        "journeys": access.programme.journeys.all(),
        "locations": access.programme.locations.all(),
        "waves": access.programme.waves.all(),
        "has_any": bool(found) or every.exists(),
        "may_plan": access.may(Right.EDIT_METHOD) and not access.programme.is_archived,
        "hides_mystery": not access.may(Right.SEE_ALL_LOCATIONS)
        and "location_manager" in access.roles,
        "sees_coverage": access.may(Right.SEE_SCORES),
        "active_step": "observations",
    }
    return show(request, "observations/visit_list", context)


def _page_asked(request: HttpRequest) -> int:
    page = request.GET.get("page", "")
    return min(int(page), 10_000) if page.isdecimal() and len(page) < 6 else 0


def _narrowed(rows: VisitQuerySet, request: HttpRequest) -> VisitQuerySet:
    """What is asked for by parameters that say nothing known narrows nothing."""
    fields = {
        "journey": "journey__key",
        "method": "method",
        "location": "location__code",
        "region": "location__region",
        "wave": "wave__key",
        "observer": "observer",
    }
    wanted = {field: request.GET[name] for name, field in fields.items() if request.GET.get(name)}
    rows = rows.filter(**wanted).with_done()
    state = request.GET.get("state", "")
    return rows.in_state(VisitState(state), timezone.localdate()) if state in NAMES else rows


def _visit(access: Access, one: uuid.UUID) -> Visit:
    rows = Visit.objects.visible_to(access).with_done()
    visit: Visit | None = (
        rows.select_related("location", "journey", "wave", "programme", "created_by")
        .filter(uuid=one)
        .first()
    )
    if visit is None:
        raise Http404
    return visit


@login_required
@require_GET
def visit_detail(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS)
    visit = _visit(access, one)
    revisions = list(revisions_of(Visit.objects.filter(pk=visit.pk)).order_by("-observed_at"))
    seen = [Seen.of(row, visit) for row in revisions]
    facts = read_flag_facts(access.programme, seen)
    context = line_of(visit) | {
        "observations": [
            (row, fulfils(each) and row.observation.is_counted, flags_of(each, facts))
            for row, each in zip(revisions, seen, strict=True)
        ],
        "may_plan": access.may(Right.EDIT_METHOD) and not access.programme.is_archived,
        "active_step": "observations",
    }
    return show(request, "observations/visit_detail", context)


@login_required
@require_http_methods(["GET", "POST"])
def visit_edit(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    access = enter_to_plan(request, slug)
    visit = _visit(access, one)
    form = VisitForm(request.POST if request.method == "POST" else None, instance=visit)
    if request.method == "POST" and form.is_valid() and _save(access, form):
        for problem in form.warnings:
            messages.warning(request, problem.text)
        messages.success(request, _("Saved."))
        return redirect("observations:visit-detail", slug, one)
    context = {"form": form, "visit": visit, "active_step": "observations"}
    return show(request, "observations/visit_edit", context, status=form_status(form))


def _save(access: Access, form: VisitForm) -> bool:
    changes = form.changes()
    try:
        with transaction.atomic():
            visit = form.save()
            record_change(visit=visit, actor=access.user, changes=changes)
    except StaleEdit:
        form.is_stale = True
        form.add_error(None, _("Somebody else changed this while you were editing."))
        return False
    return True


@login_required
@require_POST
def visit_cancel(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    access = enter_to_plan(request, slug)
    cancel_visit(visit=_visit(access, one), actor=access.user)
    messages.success(request, _("Cancelled: it is kept, and no longer wanted."))
    return redirect("observations:visit-detail", slug, one)


@login_required
@require_POST
def visit_reinstate(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    access = enter_to_plan(request, slug)
    try:
        reinstate_visit(visit=_visit(access, one), actor=access.user)
    except IntegrityError:
        messages.error(request, _("The same visit has been planned again meanwhile."))
    else:
        messages.success(request, _("It is wanted again."))
    return redirect("observations:visit-detail", slug, one)


@login_required
@require_POST
def visit_delete(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    access = enter_to_plan(request, slug)
    visit = _visit(access, one)
    try:
        delete_visit(visit=visit, actor=access.user)
    except Observed:
        messages.error(request, _("Observations speak of this visit: cancel it instead."))
        return redirect("observations:visit-detail", slug, one)
    messages.success(request, _("Deleted."))
    return redirect("observations:visit-list", slug)
