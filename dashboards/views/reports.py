"""Reports that an executive has signed off: the list, one of them beside today, and signing."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from actionplans.gaps import actions_of, gaps_of, journey_at
from dashboards.boards import counted_sentence, journey_line
from dashboards.executive_indicators import executive_indicators
from dashboards.filters import filter_form
from dashboards.forms import SignOffForm
from dashboards.links import dashboard_url
from dashboards.models import SignedReport
from dashboards.saved_views import filter_words, known_filters
from dashboards.signed_beside import signed_actions, signed_indicators
from dashboards.signing import seen_figures, sign_report, signed_head, signed_lines, since_text
from dashboards.views.boards import read_filtered
from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.scores import ScoreSheet

# A report holds every location: whoever reads some of them only would read the others' in it.
_SEE = Right.SEE_SCORES | Right.SEE_ALL_LOCATIONS


@login_required
@require_GET
def report_list(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    access = enter(request, slug, see=_SEE)
    journey = journey_at(access, key)
    reports = SignedReport.objects.filter(journey=journey).select_related("signed_by")
    known = known_filters(access)
    context = {
        "active_step": "dashboard",
        "journey": journey,
        "reports": [(one, filter_words(one.asked, known)) for one in reports.defer("figures")],
        "may_sign": access.may(Right.SIGN_OFF) and not access.programme.is_archived,
    }
    return show(request, "dashboards/report_list", context)


@login_required
@require_GET
def report_detail(request: HttpRequest, slug: str, key: str, pk: int) -> HttpResponse:
    """As it was signed, with today's score of each stage beside it."""
    access = enter(request, slug, see=_SEE)
    journey = journey_at(access, key)
    rows = SignedReport.objects.with_versions()
    reports = rows.select_related("signed_by", "journey__programme")
    report = get_object_or_404(reports, journey=journey, pk=pk)
    asked = report.asked
    form = filter_form(asked, access, journey)
    now = read_filtered(form, asked, access, journey)
    context = {
        "active_step": "dashboard",
        "journey": journey,
        "report": report,
        "words": form.words,
        "head": signed_head(report),
        "lines": signed_lines(report, now),
        "indicators": signed_indicators(report.figures),
        "actions": signed_actions(report.figures) if access.may(Right.SEE_PLAN) else None,
        "since": since_text(report, now) if now else "",
        "now_url": dashboard_url(access, journey, asked),
    }
    return show(request, "dashboards/report_detail", context)


@login_required
@require_http_methods(["GET", "POST"])
def report_sign(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The filters stand in the address, so that what is signed is what was on the screen."""
    access = enter(request, slug, see=_SEE, change=Right.SIGN_OFF)
    journey = journey_at(access, key)
    filters = filter_form(request.GET, access, journey)
    sheet = read_filtered(filters, request.GET, access, journey)
    form = SignOffForm(request.POST if request.method == "POST" else None)
    seen = seen_figures(sheet) if sheet and sheet.framework and sheet.stages else ""
    has_moved = request.method == "POST" and bool(seen) and request.POST.get("seen") != seen
    if sheet is not None and request.method == "POST" and form.is_valid() and not has_moved:
        return _sign(request, access, sheet, filters.asked, form.cleaned_data["note"])
    context = {
        "active_step": "dashboard",
        "journey": journey,
        "form": form,
        "filters": filters,
        "sheet": sheet,
        "line": journey_line(sheet) if sheet else None,
        "counted": counted_sentence(sheet) if sheet else "",
        "seen": seen,
        "has_moved": has_moved,
        "query": request.GET.urlencode(),
    }
    status = form_status(filters) if filters.errors else form_status(form)
    if has_moved and status == 200:
        status = 409
    return show(request, "dashboards/report_sign", context, status=status)


def _sign(
    request: HttpRequest, access: Access, sheet: ScoreSheet, asked: Mapping[str, str], note: str
) -> HttpResponse:
    if sheet.framework is None or not sheet.stages:
        raise PermissionDenied(_("There is nothing to sign: this journey has no scores."))
    journey, sees_plan = sheet.journey, access.may(Right.SEE_PLAN)
    report = sign_report(
        sheet=sheet,
        asked=asked,
        note=note,
        actor=access.user,
        indicators=executive_indicators(access, journey, sheet.selection, asked),
        gaps=gaps_of(sheet, actions=actions_of(access, [journey])) if sees_plan else None,
    )
    messages.success(request, _("Signed off. What arrives from now on is shown beside it."))
    return redirect(report)
