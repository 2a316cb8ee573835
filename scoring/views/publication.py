"""The review before publication, publication, and the end of a version."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journeys.pages import show
from scoring.models import Framework
from scoring.publishing import (
    NotClosable,
    NotPublishable,
    close_framework,
    publication_errors,
    publication_warnings,
    publish_framework,
)
from scoring.views.reaching import draft_at, edit_method, explains_frozen, version_at


@login_required
@require_http_methods(["GET", "POST"])
@explains_frozen
def framework_publish(request: HttpRequest, slug: str, key: str, version: int) -> HttpResponse:
    """GET reviews: errors forbid, warnings ask. POST publishes, or answers 422 with the errors."""
    access = edit_method(request, slug)
    framework = draft_at(access, key, version)
    if request.method == "GET":
        return _review(request, framework)
    try:
        published = publish_framework(framework=framework, actor=access.user)
    except NotPublishable:
        return _review(request, framework, status=422)
    messages.success(
        request, _("Version %(version)d is published.") % {"version": published.version}
    )
    return redirect(published)


def _review(request: HttpRequest, framework: Framework, status: int = 200) -> HttpResponse:
    interactions = {one.key: one for one in framework.interactions.all()}
    stages = {stage.key: stage for stage in framework.journey.stages.all()}
    errors = publication_errors(framework)
    warnings = publication_warnings(framework)
    in_use = framework.journey.frameworks.filter(status=Framework.Status.PUBLISHED).first()
    context = {
        "active_step": "framework",
        "framework": framework,
        "journey": framework.journey,
        "errors": [(one, interactions.get(one.interaction_key)) for one in errors],
        "warnings": [
            (one, stages[one.stage_key], interactions.get(one.interaction_key)) for one in warnings
        ],
        "in_use": in_use,
        "interactions": len(interactions),
    }
    return show(request, "scoring/framework_publish", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def framework_close(request: HttpRequest, slug: str, key: str, version: int) -> HttpResponse:
    """GET says what closing means; POST goes one step: published, closing, closed."""
    access = edit_method(request, slug)
    framework = version_at(access, key, version)
    context = {"active_step": "framework", "framework": framework, "journey": framework.journey}
    if request.method == "GET":
        return show(request, "scoring/framework_close", context)
    # The page names the step it was drawn for, so that pressing twice does not go two steps.
    seen = request.POST.get("status", framework.status)
    try:
        closed = close_framework(framework=framework, seen=seen, actor=access.user)
    except NotClosable:
        return show(request, "scoring/framework_close", context, status=409)
    messages.success(
        request,
        _("Version %(version)d: %(status)s.")
        % {"version": closed.version, "status": closed.get_status_display()},
    )
    return redirect(closed)
