"""The observation guide, on screen and on paper."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from journeys.access import enter
from journeys.documents import MadeFile
from journeys.pages import show
from journeys.rights import Right
from journeys.views.map_documents import download, language_asked
from scoring.guide import guide_in_use, guide_stages, guide_versions, observer_of
from scoring.guide_printing import guide_pdf
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


@login_required
@require_GET
def guide_paper(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The same as a PDF on A4; `?language=` picks English or French."""
    access = enter(request, slug, see=Right.SEE_GUIDE)
    journey = journey_at(access, key)
    framework = _wanted(request.GET.get("version", ""), guide_versions(journey, access))
    if framework is None:
        raise Http404
    framework = Framework.objects.with_guide().get(pk=framework.pk)
    may_see_method = access.may(Right.SEE_METHOD)
    with translation.override(language_asked(request)):
        content = guide_pdf(
            framework,
            shows_points=may_see_method and request.GET.get("points") == "1",
            observer="" if may_see_method else str(observer_of(access)),
        )
    name = f"{slugify(journey.name)[:60] or 'guide'}.pdf"
    return download(MadeFile(content, name, "application/pdf"))


def _wanted(asked: str, versions: list[Framework]) -> Framework | None:
    if not asked:
        return guide_in_use(versions)
    for version in versions:
        if str(version.version) == asked:
            return version
    raise Http404
