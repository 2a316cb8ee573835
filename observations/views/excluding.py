"""Excluding an observer: what that takes, the exclusions there are, and readmitting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.excluding import AlreadyExcluded, exclude_observer, readmit_observer
from observations.forms import ExclusionForm
from observations.models import ObserverExclusion, Revision
from observations.views.reading import observer_asked


@login_required
@require_GET
def exclusion_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Those that stand, with what each takes, and those that have ended."""
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS, change=Right.EDIT_METHOD)
    rows = (
        ObserverExclusion.objects.filter(programme=access.programme)
        .select_related("excluded_by", "readmitted_by")
        .annotate(taken=Count("observations"))
        .order_by("-pk")
    )
    context = {"exclusions": rows, "active_step": "observations"}
    return show(request, "observations/exclusion_list", context)


@login_required
@require_http_methods(["GET", "POST"])
def exclusion_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows what would be taken month by month; excluding needs a reason."""
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS, change=Right.EDIT_METHOD)
    asked = {"observer": observer_asked(request)}
    form = ExclusionForm(request.POST if request.method == "POST" else None, initial=asked)
    if request.method == "POST" and form.is_valid():
        exclusion = _exclude(access, form)
        if exclusion is not None:
            messages.success(request, _told(exclusion))
            return redirect("observations:exclusion-list", slug)
    observer = str(form["observer"].value() or "").replace("\0", "")
    months = _months(access, observer)
    context = {
        "form": form,
        "observer": observer,
        "months": months,
        "total": sum(month["total"] for month in months),
        "counted": sum(month["counted"] for month in months),
        "active_step": "observations",
    }
    return show(request, "observations/exclusion_create", context, status=form_status(form))


def _exclude(access: Access, form: ExclusionForm) -> ObserverExclusion | None:
    try:
        return exclude_observer(programme=access.programme, user=access.user, **form.cleaned_data)
    except AlreadyExcluded:
        form.add_error(
            "observer", _("This observer is excluded already: readmit them to change the months.")
        )
        return None


def _told(exclusion: ObserverExclusion) -> str:
    taken = exclusion.observations.count()
    words = ngettext(
        "%(observer)s is excluded: %(n)d observation is kept and no longer counted.",
        "%(observer)s is excluded: %(n)d observations are kept and no longer counted.",
        taken,
    )
    return words % {"observer": exclusion.observer, "n": taken}


def _months(access: Access, observer: str) -> list[dict[str, Any]]:
    """By month: all observations of this observer, and those counted now."""
    rows = Revision.objects.filter(
        is_current=True, observation__programme=access.programme, observer=observer
    )
    counted = Count("pk", filter=Q(observation__is_counted=True))
    months = rows.exclude(observer="").order_by("month").values("month")
    return [dict(row) for row in months.annotate(total=Count("pk"), counted=counted)]


@login_required
@require_POST
def exclusion_readmit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS, change=Right.EDIT_METHOD)
    exclusion = get_object_or_404(ObserverExclusion, programme=access.programme, pk=pk)
    counted = readmit_observer(exclusion=exclusion, user=access.user)
    words = ngettext(
        "%(observer)s is readmitted: %(n)d observation is counted again.",
        "%(observer)s is readmitted: %(n)d observations are counted again.",
        counted,
    )
    messages.success(request, words % {"observer": exclusion.observer, "n": counted})
    return redirect("observations:exclusion-list", slug)
