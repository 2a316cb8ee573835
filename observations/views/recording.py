"""Recording one observation through the guide, and correcting it afterwards."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.forms import ObservationForm, initial_of
from observations.intake import Outcome, submit_observation
from observations.models import Observation, Revision
from observations.ownership import may_change
from scoring.models import Framework


def _guides(access: Access) -> list[Framework]:
    """The newest open version of each journey in the perimeter."""
    rows = (
        Framework.objects.filter(
            status=Framework.Status.PUBLISHED,
            journey__programme=access.programme,
            journey__segment__in_perimeter=True,
        )
        .select_related("journey__segment")
        .order_by("journey__position", "-version")
    )
    newest: dict[int, Framework] = {}
    for framework in rows:
        newest.setdefault(framework.journey_id, framework)
    return list(newest.values())


@login_required
@require_http_methods(["GET"])
def observation_start(request: HttpRequest, slug: str) -> HttpResponse:
    """Which journey is observed; straight to the guide where there is only one."""
    access = enter(request, slug, see=Right.SEE_GUIDE, change=Right.OBSERVE)
    guides = _guides(access)
    if len(guides) == 1:
        return redirect("observations:observation-create", slug, guides[0].journey.key)
    context = {"guides": guides, "active_step": "observations"}
    return show(request, "observations/observation_start", context)


@login_required
@require_http_methods(["GET", "POST"])
def observation_create(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_GUIDE, change=Right.OBSERVE)
    framework = _posted_version(request, access, key) or _newest(access, key)
    form = ObservationForm(
        request.POST if request.method == "POST" else None, framework=framework, access=access
    )
    if request.method == "POST" and form.is_valid():
        outcome = _send(access, form)
        if outcome.status in ("created", "unchanged"):
            messages.success(request, _("Recorded. Thank you."))
            return redirect("observations:observation-detail", slug, outcome.id)
    return _form_page(request, form, framework, None)


def _newest(access: Access, key: str) -> Framework:
    found = next((one for one in _guides(access) if one.journey.key == key), None)
    if found is None:
        raise Http404
    return Framework.objects.with_guide().get(pk=found.pk)


def _posted_version(request: HttpRequest, access: Access, key: str) -> Framework | None:
    """The version the page was drawn from: a newer one may have been published since."""
    version = request.POST.get("framework_version", "")
    if not version.isdecimal():
        return None
    rows = Framework.objects.taking_observations().with_guide()
    return rows.filter(
        journey__programme=access.programme, journey__key=key, version=int(version)
    ).first()


@login_required
@require_http_methods(["GET", "POST"])
def observation_edit(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS, change=Right.OBSERVE)
    row = Observation.objects.visible_to(access).filter(uuid=one, withdrawn_at=None).first()
    if row is None:
        raise Http404
    if not may_change(access, row):
        raise PermissionDenied(_("This observation belongs to somebody else."))
    current = _current(row)
    if not current.framework.takes_observations:
        raise PermissionDenied(_("This framework version is closed."))
    framework = Framework.objects.with_guide().get(pk=current.framework_id)
    posted = request.POST.copy() if request.method == "POST" else None
    if posted is not None:
        posted["id"] = str(one)
    form = ObservationForm(posted, framework=framework, access=access, stored=current)
    if request.method == "POST" and form.is_valid():
        outcome = _send(access, form)
        if outcome.status in ("revised", "unchanged"):
            messages.success(request, _("Corrected. The former answers are kept in its history."))
            return redirect("observations:observation-detail", slug, one)
        if outcome.status == "conflict":
            form.show_overtaken(initial_of(_current(row)))
    return _form_page(request, form, framework, row)


def _current(row: Observation) -> Revision:
    rows = Revision.objects.select_related("observation", "location", "channel", "framework")
    return rows.get(observation=row, is_current=True)


def _send(access: Access, form: ObservationForm) -> Outcome:
    """Through the door; what it refuses goes back to the fields, nothing is parked behind the page."""
    outcome = submit_observation(
        programme=access.programme,
        document=form.document(),
        user=access.user,
        access=access,
        hold=False,
    )
    form.take_errors(outcome.errors)
    form.is_stale = outcome.status == "conflict"
    return outcome


def _form_page(
    request: HttpRequest, form: ObservationForm, framework: Framework, row: Observation | None
) -> HttpResponse:
    context = {
        "form": form,
        "framework": framework,
        "sections": list(form.sections()),
        "observation": row,
        "active_step": "observations",
    }
    return show(request, "observations/observation_form", context, status=form_status(form))
