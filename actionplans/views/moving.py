"""An action moved to another status or other dates: by a drag, by its menu, by keys, by its page."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionplans.action_forms import DatesForm, MoveForm
from actionplans.date_words import clashes, moved_text
from actionplans.forms import stale_words
from actionplans.models import Action
from actionplans.planning import PlanRefused, StaleAction, date_action, update_action
from actionplans.views.action_page import action_at, refuse_others
from actionplans.views.action_parts import back
from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right

Form = MoveForm | DatesForm


def _show(
    request: HttpRequest, access: Access, action: Action, form: Form, heading: str
) -> HttpResponse:
    asked = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    context = {
        "active_step": "plan",
        "programme": access.programme,
        "action": action,
        "form": form,
        "heading": heading,
        "here": request.path,
        "next": asked if safe else action.get_absolute_url(),
    }
    return show(request, "actionplans/action_change", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def action_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """To another status. A block is asked for its reason; a stale move is told what stands there."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.UPDATE_OWN_ACTIONS)
    action = action_at(access, pk)
    refuse_others(access, action)
    if request.method == "GET":
        asked = request.GET.get("status", action.status)
        form = MoveForm(initial={"status": asked, "version": action.version})
        return _show(request, access, action, form, _("Move the action"))
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            update_action(action=action, actor=access.user, **form.cleaned_data)
        except PlanRefused as refused:
            for field, why in refused.errors.items():
                form.add_error(field, why)
        except StaleAction as stale:
            _tell_stale(form, stale.now)
        else:
            moved = dict(Action.Status.choices)[form.cleaned_data["status"]]
            said = _("“%(action)s” is now: %(status)s.")
            messages.success(request, said % {"action": action, "status": moved})
            return back(request, action)
    return _show(request, access, action, form, _("Move the action"))


def _tell_stale(form: Form, now: Action) -> None:
    """Sent again it counts: then they know."""
    form.is_stale = True
    form.add_error(None, stale_words(now))
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["version"] = str(now.version)  # type: ignore[index]


@login_required
@require_http_methods(["GET", "POST"])
def action_dates(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """New dates, or both dates by so many days; for whoever edits the plan."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    action = action_at(access, pk)
    if request.method == "GET":
        seen = {"start_on": action.start_on, "due_on": action.due_on, "version": action.version}
        return _show(request, access, action, DatesForm(initial=seen), _("Dates of the action"))
    form = DatesForm(request.POST)
    if form.is_valid():
        try:
            start_on, due_on = _dates(form, action)
            date_action(
                action=action,
                actor=access.user,
                start_on=start_on,
                due_on=due_on,
                version=form.cleaned_data["version"],
            )
        except PlanRefused as refused:
            for field, why in refused.errors.items():
                form.add_error(field, why)
        except StaleAction as stale:
            _tell_stale(form, stale.now)
        else:
            _tell_dates(request, action)
            return back(request, action)
    return _show(request, access, action, form, _("Dates of the action"))


def _tell_dates(request: HttpRequest, before: Action) -> None:
    action = Action.objects.prefetch_related("waits__needs").get(pk=before.pk)
    messages.success(request, moved_text(action, (before.start_on, before.due_on)))
    for said in clashes(action):
        messages.warning(request, said)


def _dates(form: DatesForm, action: Action) -> tuple[date | None, date]:
    typed = form.cleaned_data
    if typed.get("days"):
        shift = timedelta(days=typed["days"])
        return action.start_on and action.start_on + shift, action.due_on + shift
    return typed["start_on"], typed["due_on"]
