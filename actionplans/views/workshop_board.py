"""The board of a workshop: ideas into groups, groups into the matrix, groups into actions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionplans.declaring import offered_interactions
from actionplans.pattern_start import start_from
from actionplans.planning import PlanRefused
from actionplans.views.workshop_desk import button, desk, typed_in
from actionplans.workshop_board import (
    add_idea,
    choose_gap_for_vote,
    commit_action,
    edit_group,
    give_effect,
    group_ideas,
    group_the_rest,
    park_group,
    place_group,
    ungroup_idea,
)
from actionplans.workshop_forms import (
    AddIdeaForm,
    CommitForm,
    GroupEffectForm,
    GroupForm,
    GroupIdeasForm,
    PlaceForm,
)
from actionplans.workshop_matrix import replay_effect
from actionplans.workshop_models import Idea, IdeaGroup, Workshop, WorkshopGap
from actionplans.workshop_screens import BASICS_FIRST_ROWS
from journeys.access import Access
from journeys.pages import form_status
from scoring.models import Interaction
from scoring.replay import Effect


def _gap_at(workshop: Workshop, pk: int) -> WorkshopGap:
    return get_object_or_404(workshop.gaps.select_related("workshop", "stage__journey"), pk=pk)


def _group_at(workshop: Workshop, pk: int) -> IdeaGroup:
    rows = IdeaGroup.objects.select_related("gap__workshop", "gap__stage__journey__programme")
    return get_object_or_404(rows, gap__workshop=workshop, pk=pk)


@button
def workshop_idea(request: HttpRequest, access: Access, workshop: Workshop, gap_pk: int) -> None:
    gap = _gap_at(workshop, gap_pk)
    add_idea(workshop=workshop, gap=gap, text=typed_in(AddIdeaForm(request.POST))["text"])


@button
def workshop_grouping(
    request: HttpRequest, access: Access, workshop: Workshop, gap_pk: int
) -> None:
    """The chosen ideas into a group, or a group for each idea that is in none."""
    gap = _gap_at(workshop, gap_pk)
    typed = typed_in(GroupIdeasForm(request.POST, gap=gap))
    if typed["rest"]:
        group_the_rest(workshop=workshop, gap=gap)
        return
    group_ideas(
        workshop=workshop,
        ideas=typed["ideas"].select_related("gap"),
        group=typed["group"],
        title=typed["title"],
    )


@button
def workshop_ungroup(
    request: HttpRequest, access: Access, workshop: Workshop, idea_pk: int
) -> None:
    idea = get_object_or_404(Idea, gap__workshop=workshop, pk=idea_pk)
    ungroup_idea(workshop=workshop, idea=idea)


@button
def workshop_group(request: HttpRequest, access: Access, workshop: Workshop, group_pk: int) -> None:
    """Its name, and whether it is voted on."""
    edit_group(group=_group_at(workshop, group_pk), **typed_in(GroupForm(request.POST)))


@button
def workshop_gap_vote(
    request: HttpRequest, access: Access, workshop: Workshop, gap_pk: int
) -> None:
    gap = _gap_at(workshop, gap_pk)
    choose_gap_for_vote(gap=gap, in_vote=bool(request.POST.get("in_vote")))


@button
def workshop_place(request: HttpRequest, access: Access, workshop: Workshop, group_pk: int) -> None:
    group, typed = _group_at(workshop, group_pk), typed_in(PlaceForm(request.POST))
    place_group(group=group, impact=typed["impact"], effort_tenths=typed["effort"])


@button
def workshop_effect_drop(
    request: HttpRequest, access: Access, workshop: Workshop, group_pk: int
) -> None:
    give_effect(group=_group_at(workshop, group_pk), interaction=None)


@button
def workshop_park(request: HttpRequest, access: Access, workshop: Workshop, group_pk: int) -> None:
    parked = not request.POST.get("take_up")
    park_group(group=_group_at(workshop, group_pk), actor=access.user, parked=parked)


@login_required
@require_http_methods(["GET", "POST"])
def workshop_effect(request: HttpRequest, slug: str, pk: int, group_pk: int) -> HttpResponse:
    """What a group would change for customers: first the interaction, then the levels."""
    access, workshop = desk(request, slug, pk)
    group = _group_at(workshop, group_pk)
    interactions = offered_interactions(group.gap.stage)
    form = GroupEffectForm(
        request.POST if request.method == "POST" else None,
        interactions=interactions,
        chosen=request.GET.get("interaction", group.interaction),
        reach=group.reach_bp,
    )
    if request.method == "POST" and form.is_valid() and _give(form, group, access):
        return redirect("actionplans:workshop-console", slug, pk)
    context = {
        "active_step": "plan",
        "workshop": workshop,
        "group": group,
        "interactions": interactions,
        "form": form,
    }
    status = form_status(form)
    return render(request, "actionplans/workshop_effect.html", context, status=status)


def _give(form: GroupEffectForm, group: IdeaGroup, access: Access) -> bool:
    """False where the form now says why not."""
    typed, interaction = form.cleaned_data, form.chosen
    assert interaction is not None
    levels = typed["from_points"], typed["to_points"]
    try:
        give_effect(
            group=group,
            interaction=interaction,
            from_points=levels[0],
            to_points=levels[1],
            reach_bp=typed["reach_bp"],
            replay=replay_effect(
                group.gap,
                Effect(interaction.key, *levels),
                reach_bp=typed["reach_bp"],
                access=access,
            ),
        )
    except PlanRefused as refused:
        for field, why in refused.errors.items():
            form.add_error(field if field in form.fields else None, why)
        return False
    return True


@login_required
@require_http_methods(["GET", "POST"])
def workshop_commit(request: HttpRequest, slug: str, pk: int, group_pk: int) -> HttpResponse:
    """One owner, one due date: from here on it is an action of the plan."""
    access, workshop = desk(request, slug, pk)
    group = _group_at(workshop, group_pk)
    start, values = start_from(request, access.programme, untouched=group.title)
    data = request.POST if request.method == "POST" and values is None else None
    initial = values or {"title": group.title}
    form = CommitForm(data, programme=access.programme, initial=initial)
    basics_first = _is_basics_first(group)
    if data is not None and form.is_valid() and _commit(form, group, access):
        messages.success(request, _("The action is in the plan."))
        return redirect("actionplans:workshop-console", slug, pk)
    context = {
        "active_step": "plan",
        "workshop": workshop,
        "group": group,
        "gap": group.gap,
        "basics_first": basics_first,
        "form": form,
        "start": start,
    }
    status = form_status(form)
    return render(request, "actionplans/workshop_commit.html", context, status=status)


def _is_basics_first(group: IdeaGroup) -> bool:
    return group.gap.figures.get("row") in BASICS_FIRST_ROWS


def _commit(form: CommitForm, group: IdeaGroup, access: Access) -> bool:
    """False where the form now says why not."""
    typed = form.cleaned_data
    delight = Interaction.objects.filter(
        stage=group.gap.stage, key=group.interaction, kind=Interaction.Kind.DELIGHT
    )
    about_delight = typed["kind"] == "innovation" or delight.exists()
    try:
        commit_action(
            group=group,
            actor=access.user,
            basics_first=about_delight and _is_basics_first(group),
            **typed,
        )
    except PlanRefused as refused:
        for field, why in refused.errors.items():
            form.add_error(field if field in form.fields else None, why)
        return False
    return True
