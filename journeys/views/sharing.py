"""Links to maps for people without an account, as the team makes and revokes them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys.access import Access, enter
from journeys.forms.sharing import ShareLinkForm
from journeys.lanes import known_lanes
from journeys.models import ShareLink
from journeys.pages import form_status, show
from journeys.rights import Right
from journeys.sharing import revoke_link, share_maps


def _enter_links(request: HttpRequest, slug: str) -> Access:
    """An archived programme's links stay open, so they can still be seen and revoked."""
    access = enter(request, slug, see=Right.SEE_METHOD)
    if not access.may(Right.EDIT_METHOD):
        raise PermissionDenied(_("Your role in this programme does not allow this change."))
    return access


@login_required
@require_GET
def share_list(request: HttpRequest, slug: str) -> HttpResponse:
    access = _enter_links(request, slug)
    links = access.programme.share_links.select_related("created_by").prefetch_related("journeys")
    lanes = known_lanes()
    shown = [(link, [lane.name for lane in lanes if lane.key not in link.lanes]) for link in links]
    return show(request, "journeys/share_list", {"links": shown, "active_step": "journeys"})


@login_required
@require_http_methods(["GET", "POST"])
def share_create(request: HttpRequest, slug: str) -> HttpResponse:
    """`?journey=<key>` ticks the map one comes from."""
    access = enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)
    form = ShareLinkForm(
        request.POST if request.method == "POST" else None,
        access=access,
        journey_key=request.GET.get("journey", ""),
    )
    if request.method == "POST" and form.is_valid():
        token = share_maps(programme=access.programme, actor=access.user, **form.cleaned_data)
        link = request.build_absolute_uri(reverse("journeys:shared", args=[token]))
        messages.success(
            request,
            _("Copy this link now, it is shown this once: %(link)s") % {"link": link},
        )
        return redirect("journeys:share-list", slug)
    context = {"form": form, "active_step": "journeys"}
    return show(request, "journeys/share_create", context, status=form_status(form))


@login_required
@require_POST
def share_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = _enter_links(request, slug)
    link: ShareLink = get_object_or_404(access.programme.share_links, pk=pk)
    revoke_link(link=link, actor=access.user)
    messages.success(request, _("The link of %(name)s is dead.") % {"name": link.name})
    return redirect("journeys:share-list", slug)
