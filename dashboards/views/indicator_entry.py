"""Defining indicators, and typing what was counted."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboards.indicator_forms import DefinitionForm, ReadingForm
from dashboards.indicator_words import target_text
from dashboards.views.indicators import may_edit
from journeys.access import Access, enter
from journeys.audit import record
from journeys.pages import form_status, show
from journeys.rights import Right
from journeys.versions import StaleEdit
from observations.indicator_writing import (
    PlaceTaken,
    define_indicator,
    delete_reading,
    renew_indicator,
    write_reading,
)
from observations.models import IndicatorDefinition, IndicatorReading


def enter_to_edit(request: HttpRequest, slug: str) -> Access:
    return enter(request, slug, see=Right.SEE_SCORES, change=Right.EDIT_METHOD)


def current_definition(access: Access, key: str) -> IndicatorDefinition:
    return get_object_or_404(access.programme.indicators.current(), key=key)


@login_required
@require_GET
def indicator_definitions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every question with its rule, target and place, and the versions it had before."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    rows = list(access.programme.indicators.all())
    context = {
        "active_step": "dashboard",
        "definitions": [
            (
                row,
                target_text(row),
                [one for one in rows if one.key == row.key and not one.is_current],
            )
            for row in rows
            if row.is_current
        ],
        "may_edit": may_edit(access),
    }
    return show(request, "dashboards/indicator_definitions", context)


@login_required
@require_http_methods(["GET", "POST"])
def indicator_create(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter_to_edit(request, slug)
    form = DefinitionForm(
        request.POST if request.method == "POST" else None,
        instance=IndicatorDefinition(programme=access.programme),
        initial={"currency": "EUR"},
    )
    if request.method == "POST" and form.is_valid():
        define_indicator(definition=form.instance, actor=access.user)
        return redirect("dashboards:indicator-definitions", slug)
    context = {"active_step": "dashboard", "form": form}
    return show(request, "dashboards/indicator_form", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def indicator_edit(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Name, target and place in this version; another wording as a new one."""
    access = enter_to_edit(request, slug)
    form = _definition_form(request, access, key)
    if request.method == "POST" and form.is_valid():
        try:
            _save_definition(access, form)
        except StaleEdit:
            form = _definition_form(request, access, key)
            form.is_valid()
        else:
            return redirect("dashboards:indicator-definitions", slug)
    context = {"active_step": "dashboard", "form": form, "definition": form.instance}
    return show(request, "dashboards/indicator_form", context, status=form_status(form))


def _definition_form(request: HttpRequest, access: Access, key: str) -> DefinitionForm:
    posted = request.POST if request.method == "POST" else None
    definition = current_definition(access, key)
    definition.programme = access.programme
    return DefinitionForm(posted, instance=definition)


def _save_definition(access: Access, form: DefinitionForm) -> None:
    if form.needs_new:
        renew_indicator(definition=form.instance, actor=access.user)
        return
    changes = {
        name: [form.initial.get(name), form.cleaned_data[name]] for name in form.changed_data
    }
    saved = form.save()
    record(
        programme=access.programme,
        actor=access.user,
        verb="changed",
        subject=saved,
        changes={name: change for name, change in changes.items() if name != "version"},
    )


@login_required
@require_http_methods(["GET", "POST"])
def reading_create(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The form comes back with the same month and place, so that the next one can be typed."""
    access = enter_to_edit(request, slug)
    definition = current_definition(access, key)
    kept = {name: request.GET.get(name, "") for name in ("month", "segment", "channel")}
    form = ReadingForm(
        request.POST if request.method == "POST" else None, definition=definition, initial=kept
    )
    if request.method == "POST" and form.is_valid() and _write(access, form):
        messages.success(request, _("Counted. The next one can be typed."))
        answer = redirect("dashboards:reading-create", slug, key)
        answer["Location"] += f"?month={form.cleaned_data['month']}"
        return answer
    context = {"active_step": "dashboard", "form": form, "definition": definition}
    return show(request, "dashboards/reading_form", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def reading_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter_to_edit(request, slug)
    reading = _reading(access, pk)
    form = ReadingForm(
        request.POST if request.method == "POST" else None,
        definition=reading.definition,
        reading=reading,
    )
    if request.method == "POST" and form.is_valid() and _write(access, form, reading):
        return redirect("dashboards:indicator-readings", slug, reading.definition.key)
    context = {
        "active_step": "dashboard",
        "form": form,
        "definition": reading.definition,
        "reading": reading,
    }
    return show(request, "dashboards/reading_form", context, status=form_status(form))


def _reading(access: Access, pk: int) -> IndicatorReading:
    rows = IndicatorReading.objects.visible_to(access).select_related(
        "definition__programme", "segment", "location", "channel"
    )
    return get_object_or_404(rows, pk=pk)


def _write(access: Access, form: ReadingForm, reading: IndicatorReading | None = None) -> bool:
    """False where somebody else came first; the form says what stands there."""
    data = form.cleaned_data
    try:
        write_reading(
            definition=form.definition,
            month=data["month"],
            segment=data["segment"],
            location=data["location"],
            channel=data["channel"],
            counts=form.counts,
            actor=access.user,
            reading=reading,
            seen_version=data["version"] or 0,
        )
    except PlaceTaken:
        form.add_error("month", _("This month and place is counted already: correct it instead."))
        return False
    except StaleEdit as stale:
        form.show_overtaken(_reading(access, stale.args[0].pk))
        return False
    return True


@login_required
@require_POST
def reading_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter_to_edit(request, slug)
    reading = _reading(access, pk)
    delete_reading(reading=reading, actor=access.user)
    messages.success(request, _("Deleted."))
    return redirect("dashboards:indicator-readings", slug, reading.definition.key)
