"""Asks for a document of the dashboard; a worker makes it, and its page says how far it is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from actionplans.gaps import perimeter_journeys
from dashboards.export_form import DriverExportForm, ExportForm
from dashboards.exports import kind_of
from dashboards.filters import FilterForm, filter_form
from dashboards.links import dashboard_url
from journeys.access import Access, enter
from journeys.documents import ask_for_document
from journeys.models import Journey
from journeys.pages import form_status, show
from journeys.rights import Right
from journeys.views.documents import go_to_document
from observations.selection import BadSelection, read_selection


@login_required
@require_http_methods(["GET", "POST"])
def dashboard_export(request: HttpRequest, slug: str) -> HttpResponse:
    """GET chooses, with the filters of the URL; POST asks, with those of the form."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    is_asked = request.method == "POST"
    query = request.POST if is_asked else request.GET
    journey = _journey(access, query.get("journey", ""))
    filters = filter_form(query, access, journey)
    form = ExportForm(
        request.POST if is_asked else None, initial={"language": translation.get_language()}
    )
    check_filters(filters, access, journey)
    if is_asked and form.is_valid() and not filters.errors:
        origin = dashboard_url(access, journey, filters.asked)
        return ask_for_export(access, journey, filters, form, origin)
    status = 422 if filters.errors else form_status(form)
    context: dict[str, Any] = {
        "active_step": "dashboard",
        "journey": journey,
        "form": filters,
        "export_form": form,
        "back": dashboard_url(access, journey, filters.asked),
    }
    return show(request, "dashboards/dashboard_export", context, status=status)


def _journey(access: Access, key: str) -> Journey:
    """The one asked for, the first without a key."""
    journeys = perimeter_journeys(access)
    found = next((one for one in journeys if not key or one.key == key), None)
    if found is None:
        raise Http404
    return found


def check_filters(filters: FilterForm, access: Access, journey: Journey) -> None:
    try:
        read_selection(filters.asked, journey=journey, access=access)
    except BadSelection as bad:
        filters.refuse(bad.errors)


def ask_for_export(
    access: Access,
    journey: Journey,
    filters: FilterForm,
    form: ExportForm | DriverExportForm,
    origin: str,
) -> HttpResponse:
    """What was chosen in a valid form, under the filters, made in its language."""
    with translation.override(form.cleaned_data["language"]):
        document = ask_for_document(
            programme=access.programme,
            kind=kind_of(form.cleaned_data["document"]),
            parameters={
                "journey": journey.key,
                "filters": filters.asked,
                **form.parameters(),
            },
            origin=origin,
            asked_by=access.user,
        )
    return go_to_document(document)
