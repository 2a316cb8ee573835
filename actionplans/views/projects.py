"""Projects that the client had before: entered one by one, or brought in from a sheet."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from actionplans.action_forms import ProjectForm, ProjectSheetForm
from actionplans.models import Action, ActionUpdate
from actionplans.project_cells import text_of
from actionplans.project_imports import NEEDED, Sheet, column_names, read_projects, take_in
from journeys.access import Access, enter
from journeys.audit import record
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.indicator_cells import Unreadable


@login_required
@require_http_methods(["GET", "POST"])
def project_create(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    data = request.POST if request.method == "POST" else None
    own = Action(programme=access.programme, is_existing=True)
    form = ProjectForm(data, programme=access.programme, instance=own)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            action = form.save()
            ActionUpdate.objects.create(action=action, author=access.user, status=action.status)
            record(programme=access.programme, actor=access.user, verb="planned", subject=action)
        messages.success(request, _("The project is in the plan."))
        return redirect(action)
    context = {"active_step": "plan", "form": form}
    return show(request, "actionplans/project_create", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def project_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Previewed first; applied whole, or in its good rows: the others stay in the box to be mended."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    data = request.POST if request.method == "POST" else None
    form = ProjectSheetForm(data, request.FILES or None)
    sheet = None
    if request.method == "POST" and form.is_valid():
        text = _text(form)
        sheet = read_projects(text, access.programme, access.user) if text else None
        wanted = request.POST.get("apply", "")
        if sheet is not None and sheet.new and wanted and (wanted == "good" or not sheet.faults):
            return _apply(request, access, sheet)
        if sheet is not None:
            form = ProjectSheetForm(initial={"text": text})
    return _show(request, form, sheet)


def _text(form: ProjectSheetForm) -> str:
    """The text typed, or that of the file; empty where the form now says why not."""
    upload = form.cleaned_data["file"]
    if upload is None:
        return str(form.cleaned_data["text"])
    try:
        return text_of(upload.read())
    except Unreadable as why:
        form.add_error("file", str(why))
        return ""


def _apply(request: HttpRequest, access: Access, sheet: Sheet) -> HttpResponse:
    added = take_in(
        programme=access.programme,
        lines=sheet.new,
        today=timezone.localdate(),
        actor=access.user,
    )
    said = ngettext("%(n)d project is in the plan.", "%(n)d projects are in the plan.", added)
    messages.success(request, said % {"n": added})
    if not sheet.faulty:
        address = reverse("actionplans:action-list", args=[access.programme.slug])
        return redirect(f"{address}?origin=existing")
    rest = read_projects(sheet.rest, access.programme, access.user)
    return _show(request, ProjectSheetForm(initial={"text": sheet.rest}), rest)


def _show(request: HttpRequest, form: ProjectSheetForm, sheet: Sheet | None) -> HttpResponse:
    context = {
        "active_step": "plan",
        "form": form,
        "sheet": sheet,
        "columns": list(column_names().values()),
        "needed": [column_names()[name] for name in NEEDED],
    }
    status = 422 if sheet is not None and sheet.faults else form_status(form)
    return show(request, "actionplans/project_import", context, status=status)
