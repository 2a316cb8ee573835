"""Planning visits: many at once or a wave into the next, looked at before they are made; the rules."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.models import Visit
from observations.planning import Planned, drafts_for, judge, plan_visits, preview, set_rules
from observations.visit_facts import rules_of
from observations.visit_forms import NextWaveForm, PlanForm, VisitRulesForm


def enter_to_plan(request: HttpRequest, slug: str) -> Access:
    return enter(request, slug, see=Right.SEE_OBSERVATIONS, change=Right.EDIT_METHOD)


@login_required
@require_http_methods(["GET", "POST"])
def visit_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """A first POST shows what would be planned; one with `step` = create plans it."""
    access = enter_to_plan(request, slug)
    posted = request.POST if request.method == "POST" else None
    form = PlanForm(posted, programme=access.programme, initial=_asked(request))
    planned = None
    if posted is not None and form.is_valid():
        planned = preview(access.programme, form.wanted)
        if posted.get("step") == "create":
            return _create(request, access, planned)
    context = {"form": form, "active_step": "observations"} | _previewed(planned)
    return show(request, "observations/visit_plan", context, status=form_status(form))


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What a link chose beforehand."""
    names = ("locations", "journeys", "methods", "waves")
    return {name: request.GET.getlist(name) for name in names if name in request.GET}


@login_required
@require_http_methods(["GET", "POST"])
def visit_next_wave(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan of a wave once more in another: looked at first, then made."""
    access = enter_to_plan(request, slug)
    posted = request.POST if request.method == "POST" else None
    form = NextWaveForm(posted, programme=access.programme)
    planned = None
    if posted is not None and form.is_valid():
        visits = (
            Visit.objects.standing()
            .filter(wave=form.cleaned_data["source"])
            .select_related("journey", "location", "wave")
        )
        drafts = drafts_for(list(visits), form.cleaned_data["into"])
        planned = judge(access.programme, drafts)
        if posted.get("step") == "create":
            return _create(request, access, planned)
    context = {"form": form, "active_step": "observations"} | _previewed(planned)
    return show(request, "observations/visit_next_wave", context, status=form_status(form))


def _previewed(planned: list[Planned] | None) -> dict[str, Any]:
    if planned is None:
        return {"planned": None}
    stopped = sum(one.is_stopped for one in planned)
    return {
        # What is wrong stands where it is seen first.
        "planned": sorted(planned, key=lambda one: (not one.is_stopped, not one.problems)),
        "stopped": stopped,
        "possible": len(planned) - stopped,
        "wanted": sum(one.draft.quota for one in planned if not one.is_stopped),
    }


def _create(request: HttpRequest, access: Access, planned: list[Planned]) -> HttpResponse:
    made = plan_visits(programme=access.programme, planned=planned, actor=access.user)
    if made:
        words = ngettext("%(n)d visit planned.", "%(n)d visits planned.", made)
        messages.success(request, words % {"n": made})
    else:
        messages.warning(request, _("No visit was planned: each breaks a rule."))
    return redirect("observations:visit-list", access.programme.slug)


@login_required
@require_http_methods(["GET", "POST"])
def visit_rules(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter_to_plan(request, slug)
    form = VisitRulesForm(
        request.POST if request.method == "POST" else None, instance=rules_of(access.programme)
    )
    if request.method == "POST" and form.is_valid():
        set_rules(rules=form.instance, actor=access.user, changes=form.changes())
        messages.success(request, _("Saved."))
        return redirect("observations:visit-list", slug)
    context = {"form": form, "active_step": "observations"}
    return show(request, "observations/visit_rules", context, status=form_status(form))
