"""Versions of a framework: all of them, one of them, a new draft, its thresholds, its end."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys.pages import form_status, show
from journeys.rights import Right
from scoring.coverage import frameworks_of
from scoring.drafting import DraftExists, change_thresholds, delete_draft, start_draft
from scoring.forms import ThresholdsForm
from scoring.models import Framework
from scoring.reading import sheet_of
from scoring.views.reaching import (
    draft_at,
    edit_method,
    explains_frozen,
    journey_at,
    read_method,
    typed,
    version_at,
)


@login_required
@require_GET
def framework_list(request: HttpRequest, slug: str) -> HttpResponse:
    access = read_method(request, slug)
    context = {
        "active_step": "framework",
        "rows": frameworks_of(access.programme),
        "may_edit": access.may(Right.EDIT_METHOD) and not access.programme.is_archived,
    }
    return show(request, "scoring/framework_list", context)


@login_required
@require_GET
def framework_detail(request: HttpRequest, slug: str, key: str, version: int) -> HttpResponse:
    access = read_method(request, slug)
    framework = version_at(access, key, version)
    may_edit = access.may(Right.EDIT_METHOD) and not access.programme.is_archived
    versions = list(framework.journey.frameworks.order_by("-version"))
    context = {
        "active_step": "framework",
        "framework": framework,
        "journey": framework.journey,
        "versions": versions,
        "draft": next((one for one in versions if one.is_draft), None),
        "newest": versions[0],
        "sheet": sheet_of(framework),
        "may_edit": may_edit,
        "edits": may_edit and framework.is_draft,
        "may_target": access.may(Right.EDIT_METHOD if framework.is_draft else Right.MANAGE)
        and not access.programme.is_archived,
    }
    return show(request, "scoring/framework_detail", context)


@login_required
@require_POST
def draft_create(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """`copy_of` names a version of the journey to begin from; empty begins from nothing."""
    access = edit_method(request, slug)
    journey = journey_at(access, key)
    wanted = request.POST.get("copy_of", "")
    source: Framework | None = None
    if wanted:
        number = int(wanted) if wanted.isdecimal() and len(wanted) < 9 else -1
        source = get_object_or_404(journey.frameworks, version=number)
    try:
        draft = start_draft(journey=journey, copy_of=source, actor=access.user)
    except DraftExists as exists:
        draft = exists.args[0]
        messages.info(request, _("This journey has a draft already: here it is."))
    return redirect(draft)


@login_required
@require_http_methods(["GET", "POST"])
@explains_frozen
def thresholds_edit(request: HttpRequest, slug: str, key: str, version: int) -> HttpResponse:
    access = edit_method(request, slug)
    framework = draft_at(access, key, version)
    form = ThresholdsForm(typed(request), instance=framework)
    if request.method == "POST" and form.is_valid():
        change_thresholds(framework=framework, values=form.values(), actor=access.user)
        messages.success(request, _("The thresholds are saved."))
        return redirect(framework)
    context = {
        "active_step": "framework",
        "framework": framework,
        "journey": framework.journey,
        "form": form,
    }
    return show(request, "scoring/thresholds_edit", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
@explains_frozen
def draft_delete(request: HttpRequest, slug: str, key: str, version: int) -> HttpResponse:
    access = edit_method(request, slug)
    framework = draft_at(access, key, version)
    if request.method == "POST":
        delete_draft(framework=framework, actor=access.user)
        messages.success(request, _("The draft is deleted."))
        return redirect("scoring:framework-list", slug)
    context = {
        "active_step": "framework",
        "framework": framework,
        "journey": framework.journey,
        "interactions": len(framework.interactions.all()),
    }
    return show(request, "scoring/draft_delete", context)
