"""The dashboard on a projector: no frame around it, one message a screen, the filters in the address."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actionplans.gaps import journey_at
from dashboards.documents.contents import read_contents
from dashboards.filters import filter_form
from dashboards.links import dashboard_url
from dashboards.presenting import screens
from dashboards.views.boards import read_filtered
from journeys.access import enter
from journeys.pages import form_status
from journeys.rights import Right


@login_required
@require_GET
def presentation(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_SCORES)
    journey = journey_at(access, key)
    form = filter_form(request.GET, access, journey)
    sheet = read_filtered(form, request.GET, access, journey)
    context: dict[str, Any] = {
        "journey": journey,
        "form": form,
        "back": dashboard_url(access, journey, form.asked),
    }
    if sheet is not None:
        contents = read_contents(access, sheet, form.words, form.asked, with_places=False)
        context |= {"contents": contents, "screens": screens(contents, access, form.asked)}
    return render(request, "dashboards/presentation.html", context, status=form_status(form))
