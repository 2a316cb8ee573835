"""The programmes of a person: begin one, set it up, copy, archive, delete."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from journeys.access import enter
from journeys.copying import copy_programme
from journeys.deleting import delete_programme
from journeys.forms.programmes import (
    ProgrammeCopyForm,
    ProgrammeForm,
    ProgrammeSettingsForm,
    TypedConfirmationForm,
)
from journeys.lifecycle import (
    archive_programme,
    change_settings,
    create_programme,
    may_create_programmes,
    restore_programme,
)
from journeys.models import Membership, Programme
from journeys.pages import form_status, show
from journeys.rights import Right

ENTRIES_A_PAGE = 50


def _creator(request: HttpRequest) -> User:
    """Raises PermissionDenied for somebody who may not begin programmes."""
    assert isinstance(request.user, User)
    if not may_create_programmes(request.user):
        raise PermissionDenied(_("Ask an administrator for the right to create programmes."))
    return request.user


@login_required
@require_GET
def programme_list(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    programmes = (
        Programme.objects.visible_to(user)
        .annotate(journey_count=Count("journeys"))
        .prefetch_related(
            Prefetch("memberships", Membership.objects.filter(user=user), to_attr="my_roles")
        )
    )
    context = {
        "current": [each for each in programmes if not each.is_archived],
        "archived": [each for each in programmes if each.is_archived],
        "may_create": may_create_programmes(user),
    }
    return show(request, "journeys/programme_list", context)


@login_required
@require_http_methods(["GET", "POST"])
def programme_create(request: HttpRequest) -> HttpResponse:
    user = _creator(request)
    form = ProgrammeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        programme = create_programme(actor=user, **form.cleaned_data)
        return redirect("journeys:perimeter", programme.slug)
    return show(request, "journeys/programme_create", {"form": form}, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def programme_edit(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, change=Right.MANAGE)
    # The form writes into its row while it validates; the page around it shows the stored one.
    programme = Programme.objects.get(pk=access.programme.pk)
    form = ProgrammeSettingsForm(
        request.POST if request.method == "POST" else None, instance=programme
    )
    if request.method == "POST" and form.is_valid():
        change_settings(programme=access.programme, actor=access.user, **form.settings)
        messages.success(request, _("The settings are saved."))
        return redirect("journeys:programme-edit", slug)
    return show(request, "journeys/programme_edit", {"form": form}, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def programme_copy(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_METHOD)
    user = _creator(request)
    form = ProgrammeCopyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        copied = copy_programme(source=access.programme, actor=user, **form.cleaned_data)
        messages.success(request, _("Copied, without observations and members."))
        return redirect("journeys:perimeter", copied.programme.slug)
    return show(request, "journeys/programme_copy", {"form": form}, status=form_status(form))


@login_required
@require_POST
def programme_archive(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, change=Right.MANAGE)
    archive_programme(programme=access.programme, actor=access.user)
    messages.success(request, _("“%(name)s” is archived.") % {"name": access.programme})
    return redirect("journeys:programme-list")


@login_required
@require_POST
def programme_restore(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, change=Right.MANAGE)
    restore_programme(programme=access.programme, actor=access.user)
    messages.success(request, _("“%(name)s” is under way again.") % {"name": access.programme})
    return redirect("journeys:programme-list")


@login_required
@require_http_methods(["GET", "POST"])
def programme_delete(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, change=Right.MANAGE)
    form = TypedConfirmationForm(
        request.POST if request.method == "POST" else None, expected=access.programme.slug
    )
    if request.method == "POST" and form.is_valid():
        delete_programme(programme=access.programme, actor=access.user)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": access.programme})
        return redirect("journeys:programme-list")
    return show(request, "journeys/programme_delete", {"form": form}, status=form_status(form))


@login_required
@require_GET
def history(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, change=Right.MANAGE)
    entries = access.programme.audit_entries.select_related("actor")
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    return show(request, "journeys/history", {"page": page})
