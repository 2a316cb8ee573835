"""Who works in a programme, with which roles and where: for its lead."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from journeys.access import Access, enter
from journeys.forms.members import RoleForm
from journeys.members import LastLead, change_role, give_role, hand_over_lead, take_role
from journeys.models import Membership, Role
from journeys.pages import form_status, show
from journeys.rights import Right


def _member(access: Access, pk: int) -> User:
    return get_object_or_404(
        User.objects.filter(memberships__programme=access.programme).distinct(), pk=pk
    )


def _list_context(access: Access, **more: Any) -> dict[str, Any]:
    """People with their roles below them, and the invitations that wait."""
    memberships = access.programme.memberships.select_related("user").prefetch_related("locations")
    people: dict[User, list[Membership]] = {}
    for membership in memberships:
        people.setdefault(membership.user, []).append(membership)
    invitations = access.programme.invitations.filter(accepted_at=None)
    context = {
        "people": people.items(),
        "invitations": invitations.prefetch_related("locations"),
        "now": timezone.now(),
        "held_to_locations": (Role.OBSERVER, Role.LOCATION_MANAGER),
    }
    return context | more


@login_required
@require_GET
def member_list(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, change=Right.MANAGE)
    return show(request, "journeys/member_list", _list_context(access))


@login_required
@require_http_methods(["GET", "POST"])
def role_create(request: HttpRequest, slug: str, user_pk: int) -> HttpResponse:
    access = enter(request, slug, change=Right.MANAGE)
    member = _member(access, user_pk)
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        programme=access.programme,
        user=member,
    )
    if request.method == "POST" and form.is_valid():
        give_role(programme=access.programme, user=member, actor=access.user, **form.cleaned_data)
        return redirect("journeys:member-list", slug)
    context = {"form": form, "member": member}
    return show(request, "journeys/role_create", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def role_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The locations and the observer code of a role that is held."""
    access = enter(request, slug, change=Right.MANAGE)
    membership = get_object_or_404(access.programme.memberships.select_related("user"), pk=pk)
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        programme=access.programme,
        membership=membership,
    )
    if request.method == "POST" and form.is_valid():
        change_role(membership=membership, actor=access.user, **form.cleaned_data)
        return redirect("journeys:member-list", slug)
    context = {"form": form, "membership": membership, "member": membership.user}
    return show(request, "journeys/role_edit", context, status=form_status(form))


@login_required
@require_POST
def role_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter(request, slug, change=Right.MANAGE)
    membership = get_object_or_404(access.programme.memberships.select_related("user"), pk=pk)
    try:
        take_role(membership=membership, actor=access.user)
    except LastLead as refusal:
        context = _list_context(access, problem=str(refusal))
        return show(request, "journeys/member_list", context, status=409)
    return redirect("journeys:member-list", slug)


@login_required
@require_http_methods(["GET", "POST"])
def lead_hand_over(request: HttpRequest, slug: str, user_pk: int) -> HttpResponse:
    """GET asks; POST makes this member the lead, and the former lead a consultant."""
    access = enter(request, slug, change=Right.MANAGE)
    member = _member(access, user_pk)
    if request.method == "POST":
        hand_over_lead(programme=access.programme, to=member, actor=access.user)
        messages.success(
            request,
            _("%(person)s leads “%(programme)s” from now on.")
            % {"person": member, "programme": access.programme},
        )
        return redirect("journeys:programme-list")
    lead = access.programme.memberships.filter(role=Role.LEAD).select_related("user").first()
    return show(request, "journeys/lead_hand_over", {"member": member, "lead": lead})
