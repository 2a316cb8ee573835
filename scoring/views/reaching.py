"""How the pages of step 3 reach a version, and what they answer when it is frozen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect

from journeys.access import Access, enter
from journeys.models import Journey
from journeys.pages import show
from journeys.rights import Right
from scoring.models import Framework, FrozenFramework

P = ParamSpec("P")


def read_method(request: HttpRequest, slug: str) -> Access:
    return enter(request, slug, see=Right.SEE_METHOD)


def edit_method(request: HttpRequest, slug: str) -> Access:
    return enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is a form with nothing in it, not a fresh one."""
    return request.POST if request.method == "POST" else None


def journey_at(access: Access, key: str) -> Journey:
    rows = Journey.objects.select_related("programme", "segment")
    return get_object_or_404(rows, programme=access.programme, key=key)


def version_at(access: Access, key: str, version: int) -> Framework:
    rows = Framework.objects.with_guide().select_related("published_by")
    found: Framework = get_object_or_404(
        rows, journey__programme=access.programme, journey__key=key, version=version
    )
    return found


def draft_at(access: Access, key: str, version: int) -> Framework:
    """Raises FrozenFramework for a version that is no draft."""
    framework = version_at(access, key, version)
    if not framework.is_draft:
        raise FrozenFramework(framework)
    return framework


def explains_frozen(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """An edit of a frozen version answers 409, with the way out: a draft of the next version.

    Wraps views of one version: their `slug`, `key` and `version` come from the URL.
    """

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except FrozenFramework:
            request = args[0]
            assert isinstance(request, HttpRequest)
            access = edit_method(request, str(kwargs["slug"]))
            framework = version_at(access, str(kwargs["key"]), int(str(kwargs["version"])))
            if request.method == "GET":
                return redirect(framework)
            return _frozen(request, framework)

    return answered


def _frozen(request: HttpRequest, framework: Framework) -> HttpResponse:
    versions = framework.journey.frameworks
    context = {
        "active_step": "framework",
        "framework": framework,
        "journey": framework.journey,
        "draft": versions.filter(status=Framework.Status.DRAFT).first(),
        "newest": versions.order_by("-version").first(),
    }
    return show(request, "scoring/frozen", context, status=409)
