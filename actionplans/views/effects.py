"""What an action would change for customers, and the day rate that compares efforts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from actionplans.declaring import declare_effect, drop_effect, offered_interactions
from actionplans.forms import DayRateForm, EffectForm
from actionplans.models import Action, DayRate
from actionplans.planning import PlanRefused
from journeys.access import Access, enter
from journeys.audit import record
from journeys.pages import form_status, show
from journeys.rights import Right
from journeys.versions import StaleEdit


def _enter(request: HttpRequest, slug: str) -> Access:
    return enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)


def _action_at(access: Access, pk: int) -> Action:
    action: Action = get_object_or_404(Action.objects.visible_to(access).for_list(), pk=pk)
    return action


@login_required
@require_http_methods(["GET", "POST"])
def effect_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """First the interaction (`?interaction=`), then the level it leaves and the one it reaches."""
    access = _enter(request, slug)
    action = _action_at(access, pk)
    interactions = offered_interactions(action.stage)
    form = EffectForm(
        request.POST if request.method == "POST" else None,
        interactions=interactions,
        chosen=request.GET.get("interaction", ""),
    )
    if request.method == "POST" and form.is_valid() and _declare(form, action, access):
        messages.success(request, _("The effect is noted, and replayed on past observations."))
        return redirect(action)
    context = {
        "active_step": "plan",
        "action": action,
        "interactions": interactions,
        "form": form,
    }
    return show(request, "actionplans/effect_create", context, status=form_status(form))


def _declare(form: EffectForm, action: Action, access: Access) -> bool:
    """False where the form now says why not."""
    typed = form.cleaned_data
    assert form.chosen is not None
    try:
        declare_effect(
            action=action,
            actor=access.user,
            interaction=form.chosen,
            from_points=typed["from_points"],
            to_points=typed["to_points"],
        )
    except PlanRefused as refused:
        for field, why in refused.errors.items():
            form.add_error(field, why)
        return False
    return True


@login_required
@require_POST
def effect_delete(request: HttpRequest, slug: str, pk: int, effect_pk: int) -> HttpResponse:
    access = _enter(request, slug)
    action = _action_at(access, pk)
    drop_effect(effect=get_object_or_404(action.effects, pk=effect_pk), actor=access.user)
    messages.success(request, _("The effect was removed."))
    return redirect(action)


@login_required
@require_http_methods(["GET", "POST"])
def day_rate_edit(request: HttpRequest, slug: str) -> HttpResponse:
    access = _enter(request, slug)
    form = _rate_form(request, access)
    if request.method == "POST" and form.is_valid():
        try:
            _save_rate(form, access)
        except StaleEdit:
            # Overtaken between check and write: checked again, the form says by what.
            form = _rate_form(request, access)
            form.is_valid()
        else:
            messages.success(request, _("Saved."))
            return redirect("actionplans:action-list", slug)
    context = {"active_step": "plan", "form": form}
    return show(request, "actionplans/day_rate_edit", context, status=form_status(form))


def _rate_form(request: HttpRequest, access: Access) -> DayRateForm:
    rate = DayRate.objects.filter(programme=access.programme).first()
    data = request.POST if request.method == "POST" else None
    return DayRateForm(data, instance=rate or DayRate(programme=access.programme))


def _save_rate(form: DayRateForm, access: Access) -> None:
    before = form.initial.get("cents")
    rate = form.save()
    record(
        programme=access.programme,
        actor=access.user,
        verb="edited",
        subject=access.programme,
        changes={"day_rate": [_cents(before), _cents(rate.cents)]},
    )


def _cents(value: int | None) -> str | None:
    return None if value is None else f"{value / 100:.2f}"
