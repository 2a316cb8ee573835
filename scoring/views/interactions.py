"""The interactions of a draft."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from journeys.models import Stage
from journeys.pages import form_status, show
from journeys.versions import StaleEdit
from scoring.drafting import Direction, delete_interaction, move_interaction, save_interaction
from scoring.forms import InteractionForm
from scoring.models import Framework, Interaction
from scoring.views.reaching import draft_at, edit_method, explains_frozen, typed

_DIRECTIONS: dict[str, Direction] = {"up": "up", "down": "down"}


@login_required
@require_http_methods(["GET", "POST"])
@explains_frozen
def interaction_create(request: HttpRequest, slug: str, key: str, version: int) -> HttpResponse:
    """Saved, the next empty form for the same stage follows, until "Save and finish"."""
    access = edit_method(request, slug)
    framework = draft_at(access, key, version)
    row = Interaction(framework=framework)
    stages = {stage.key: stage for stage in framework.journey.stages.all()}
    asked = stages.get(request.GET.get("stage", ""))
    form = InteractionForm(typed(request), instance=row, initial={"stage": asked})
    if request.method == "POST" and form.is_valid():
        row = form.save(commit=False)
        save_interaction(interaction=row, levels=form.levels, seen=None, actor=access.user)
        messages.success(request, _("Added: “%(interaction)s”.") % {"interaction": row})
        if "finish" in request.POST:
            return redirect(_place(framework, row.stage))
        again = reverse("scoring:interaction-create", args=[slug, key, version])
        return redirect(f"{again}?stage={row.stage.key}")
    return _show_form(request, form, framework, asked)


@login_required
@require_http_methods(["GET", "POST"])
@explains_frozen
def interaction_edit(
    request: HttpRequest, slug: str, key: str, version: int, interaction: str
) -> HttpResponse:
    access = edit_method(request, slug)
    framework = draft_at(access, key, version)
    row = _row(framework, interaction)
    stage = row.stage
    form = InteractionForm(typed(request), instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            _save(form, access.user)
        except StaleEdit:
            form = InteractionForm(request.POST, instance=_row(framework, interaction))
            form.is_valid()
        else:
            return redirect(_place(framework, row.stage))
    return _show_form(request, form, framework, stage)


@login_required
@require_POST
@explains_frozen
def interaction_move(
    request: HttpRequest, slug: str, key: str, version: int, interaction: str
) -> HttpResponse:
    access = edit_method(request, slug)
    framework = draft_at(access, key, version)
    row = _row(framework, interaction)
    direction = _DIRECTIONS.get(request.POST.get("direction", ""))
    if direction is None:
        return HttpResponseBadRequest(_("The direction is “up” or “down”."))
    move_interaction(interaction=row, direction=direction)
    return redirect(_place(framework, row.stage))


@login_required
@require_http_methods(["GET", "POST"])
@explains_frozen
def interaction_delete(
    request: HttpRequest, slug: str, key: str, version: int, interaction: str
) -> HttpResponse:
    access = edit_method(request, slug)
    framework = draft_at(access, key, version)
    row = _row(framework, interaction)
    if request.method == "POST":
        place = _place(framework, row.stage)
        delete_interaction(interaction=row, actor=access.user)
        messages.success(request, _("Deleted: “%(interaction)s”.") % {"interaction": row})
        return redirect(place)
    context = {
        "active_step": "framework",
        "framework": framework,
        "journey": framework.journey,
        "interaction": row,
    }
    return show(request, "scoring/interaction_delete", context)


def _save(form: InteractionForm, actor: User) -> None:
    seen = form.cleaned_data["version"]
    row = form.save(commit=False)
    save_interaction(interaction=row, levels=form.levels, seen=seen, actor=actor)


def _row(framework: Framework, key: str) -> Interaction:
    rows = framework.interactions.select_related("stage", "touchpoint__channel")
    row = rows.prefetch_related("levels").filter(key=key).first()
    if row is None:
        raise Http404
    # One framework object for all: the form reads its journey, prefetched.
    row.framework = framework
    return row


def _place(framework: Framework, stage: Stage) -> str:
    """The page of the version, at the stage that was worked on."""
    return f"{framework.get_absolute_url()}#stage-{stage.key}"


def _show_form(
    request: HttpRequest, form: InteractionForm, framework: Framework, stage: Stage | None
) -> HttpResponse:
    pk, stage_pk = form.instance.pk, stage.pk if stage else None
    siblings = [one for one in framework.interactions.all() if one.stage_id == stage_pk]
    page = "interaction_edit" if pk else "interaction_create"
    context = {
        "active_step": "framework",
        "framework": framework,
        "journey": framework.journey,
        "form": form,
        "stage": stage,
        "siblings": siblings,
    }
    return show(request, f"scoring/{page}", context, status=form_status(form))
