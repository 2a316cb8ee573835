"""Tables of counts: brought in, looked at before anything counts, applied, undone."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboards.indicator_forms import TableForm
from dashboards.indicator_tables import change_rows
from dashboards.views.indicator_entry import current_definition, enter_to_edit
from journeys.access import Access
from journeys.pages import form_status, show
from observations.indicator_applying import ask_to_apply, is_large, progress_of
from observations.indicator_file import template
from observations.indicator_imports import (
    HasFaults,
    NotHeld,
    Renewed,
    apply_import,
    discard_import,
    same_applied,
    undo_import,
)
from observations.indicator_previewing import (
    ask_to_read,
    findings_of,
    take_table,
    take_to_current,
)
from observations.models import ImportRun

SHOWN = 200  # faults and changes on the page; all faults are in their file
NEWEST = 100


@login_required
@require_GET
def import_list(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter_to_edit(request, slug)
    rows = access.programme.import_runs.defer("content", "found").select_related(
        "definition", "created_by", "undone_by"
    )
    runs = list(rows[:NEWEST])
    for run in runs:
        run.programme = access.programme  # whose address each of them is made with
    context = {
        "active_step": "dashboard",
        "runs": runs,
        "definitions": access.programme.indicators.current(),
    }
    return show(request, "dashboards/indicator_import_list", context)


@login_required
@require_http_methods(["GET", "POST"])
def import_create(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    access = enter_to_edit(request, slug)
    definition = current_definition(access, key)
    posted = request.method == "POST"
    form = TableForm(*((request.POST, request.FILES) if posted else ()))
    if posted and form.is_valid():
        run = take_table(
            definition=definition,
            text=form.text,
            source=form.source,
            actor=access.user,
            language=get_language() or "",
        )
        return redirect(run)
    context = {
        "active_step": "dashboard",
        "form": form,
        "definition": definition,
        "headings": template(definition),
    }
    return show(request, "dashboards/indicator_import_form", context, status=form_status(form))


def _run(access: Access, pk: int) -> ImportRun:
    """Without its text, which a page that looks every two seconds has no use for."""
    rows = ImportRun.objects.select_related("definition__programme", "programme", "created_by")
    rows = rows.defer("content")
    return get_object_or_404(rows, programme=access.programme, pk=pk)


@login_required
@require_GET
def import_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What a held table would do; of one that was applied, what it did."""
    access = enter_to_edit(request, slug)
    run = _run(access, pk)
    return _page(request, run)


def _page(request: HttpRequest, run: ImportRun, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"active_step": "dashboard", "run": run}
    if run.state == ImportRun.State.APPLYING:
        context["progress"] = progress_of(run)
    if run.state == ImportRun.State.HELD:
        context |= _found(run) if run.definition.is_current else {"is_renewed": True}
    return show(request, "dashboards/indicator_import_detail", context, status=status)


def _found(run: ImportRun) -> dict[str, Any]:
    found = findings_of(run)
    if found is None:
        return {"is_unread": True}
    return {
        "found": found,
        "faults": found.faults[:SHOWN],
        "more_faults": max(0, found.fault_count - SHOWN),
        "changes": change_rows(run.definition, found.changes[:SHOWN]),
        "more_changes": max(0, found.changed - SHOWN),
        "same": same_applied(run),
    }


@login_required
@require_POST
def import_read(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Read anew: places or counts were added since, or the indicator has a newer version."""
    access = enter_to_edit(request, slug)
    run = _run(access, pk)
    try:
        if not run.definition.is_current:
            take_to_current(run=run, language=get_language() or "")
        elif is_large(run):  # a small one is read whenever it is looked at
            ask_to_read(run=run, language=get_language() or "")
    except NotHeld:
        return _page(request, _run(access, pk), status=409)
    return redirect(run)


@login_required
@require_POST
def import_apply(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """All of it, or with `rows` = good what can be read of it."""
    access = enter_to_edit(request, slug)
    run = _run(access, pk)
    good = request.POST.get("rows") == "good"
    if is_large(run):
        return _leave_to_a_worker(request, access, run, good)
    try:
        applied = apply_import(run=run, only_good_rows=good, actor=access.user)
    except HasFaults:
        return _page(request, run, status=422)
    except (NotHeld, Renewed):
        return _page(request, _run(access, pk), status=409)
    messages.success(
        request,
        _("Imported: %(added)d new, %(changed)d changed, %(unchanged)d unchanged.")
        % {"added": applied.added, "changed": applied.changed, "unchanged": applied.unchanged},
    )
    return redirect(applied)


def _leave_to_a_worker(
    request: HttpRequest, access: Access, run: ImportRun, good: bool
) -> HttpResponse:
    """Its page shows how far it is; faults are on the page where it was asked for."""
    try:
        ask_to_apply(run=run, only_good_rows=good, actor=access.user)
    except (NotHeld, Renewed):
        return _page(request, _run(access, run.pk), status=409)
    return redirect(run)


@login_required
@require_POST
def import_undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter_to_edit(request, slug)
    run = _run(access, pk)
    try:
        kept = undo_import(run=run, actor=access.user)
    except NotHeld:
        return _page(request, _run(access, pk), status=409)
    messages.success(request, _("Undone: what stood before stands again."))
    if kept:
        words = ngettext(
            "%(n)d reading was changed since, and is left as it is.",
            "%(n)d readings were changed since, and are left as they are.",
            kept,
        )
        messages.warning(request, words % {"n": kept})
    return redirect("dashboards:indicator-import-list", slug)


@login_required
@require_POST
def import_discard(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter_to_edit(request, slug)
    run = _run(access, pk)
    try:
        discard_import(run=run)
    except NotHeld:
        return _page(request, _run(access, pk), status=409)
    return redirect("dashboards:indicator-import-list", slug)


@login_required
@require_GET
def import_faults(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Every fault as a table, to mend the file by."""
    access = enter_to_edit(request, slug)
    run = _run(access, pk)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="faults.csv"'
    answer.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    writer = csv.writer(answer, delimiter=";")
    writer.writerow([_("Row"), _("Column"), _("What is wrong")])
    found = findings_of(run) if run.state == ImportRun.State.HELD else None
    if found is None:
        return answer
    for fault in found.faults:
        writer.writerow([fault.row, _harmless(fault.column), _harmless(fault.why)])
    if left := found.fault_count - len(found.faults):
        writer.writerow(["", "", _("and %(n)d more, once these are mended") % {"n": left}])
    return answer


def _harmless(text: str) -> str:
    """What a spreadsheet would run as a formula starts with an apostrophe instead."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
