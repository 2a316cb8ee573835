"""The observation guide, on screen and on paper."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from journeys.access import enter
from journeys.pages import show
from journeys.rights import Right
from scoring.guide import guide_in_use, guide_stages, guide_versions, observer_of
from scoring.models import Framework
from scoring.views.reaching import journey_at


@login_required
@require_GET
def guide(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """`?version=` picks one; `?points=1` shows points, which would bias an observer."""
    access = enter(request, slug, see=Right.SEE_GUIDE)
    journey = journey_at(access, key)
    versions = guide_versions(journey, access)
    framework = _wanted(request.GET.get("version", ""), versions)
    if framework is not None:
        framework = Framework.objects.with_guide().get(pk=framework.pk)
    may_see_method = access.may(Right.SEE_METHOD)
    context = {
        "active_step": "framework" if may_see_method else "observations",
        "journey": journey,
        "framework": framework,
        "versions": versions,
        "stages": guide_stages(framework) if framework else [],
        "may_see_method": may_see_method,
        "shows_points": may_see_method and request.GET.get("points") == "1",
        "observer": observer_of(access),
    }
    return show(request, "scoring/guide", context)


def _wanted(asked: str, versions: list[Framework]) -> Framework | None:
    if not asked:
        return guide_in_use(versions)
    for version in versions:
        if str(version.version) == asked:
            return version
    raise Http404
