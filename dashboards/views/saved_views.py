"""Saved views: the list, saving what the address says, renaming, deleting, and one's default."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboards.forms import SavedViewForm
from dashboards.models import SavedView
from dashboards.saved_views import kept_query, toggle_default, view_lines, view_url
from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right


@login_required
@require_GET
def saved_view_list(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_SCORES)
    context = {
        "active_step": "dashboard",
        "lines": view_lines(access),
        "may_change": not access.programme.is_archived,
    }
    return show(request, "dashboards/saved_view_list", context)


@login_required
@require_http_methods(["GET", "POST"])
def saved_view_create(request: HttpRequest, slug: str) -> HttpResponse:
    """The filters stand in the address, so that what is saved is what was on the screen."""
    access = _enter(request, slug)
    view = SavedView(
        programme=access.programme, owner=access.user, query=kept_query(request.GET.dict())
    )
    return _form(request, access, view, _("Saved: the view opens with these filters."))


@login_required
@require_http_methods(["GET", "POST"])
def saved_view_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = _enter(request, slug)
    return _form(request, access, _editable(access, pk), _("Saved."))


@login_required
@require_POST
def saved_view_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = _enter(request, slug)
    _editable(access, pk).delete()
    messages.success(request, _("Deleted."))
    return redirect("dashboards:saved-view-list", slug)


@login_required
@require_POST
def saved_view_default(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = _enter(request, slug)
    view = get_object_or_404(SavedView.objects.visible_to(access), pk=pk)
    if toggle_default(view=view, user=access.user):
        messages.success(request, _("The dashboard opens with this view for you."))
    else:
        messages.success(request, _("The dashboard opens with all observations for you."))
    return redirect("dashboards:saved-view-list", slug)


def _enter(request: HttpRequest, slug: str) -> Access:
    """Whoever reads the dashboard may keep views; an archived programme is read only."""
    return enter(request, slug, see=Right.SEE_SCORES, change=Right.SEE_SCORES)


def _editable(access: Access, pk: int) -> SavedView:
    """404 for a view that this person may not see, 403 for one that is not theirs to change."""
    view: SavedView = get_object_or_404(SavedView.objects.visible_to(access), pk=pk)
    if not SavedView.objects.editable_by(access).filter(pk=pk).exists():
        raise PermissionDenied(_("This view is shared: who manages the programme may change it."))
    return view


def _form(request: HttpRequest, access: Access, view: SavedView, done: str) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = SavedViewForm(data, instance=view, may_share=access.may(Right.MANAGE))
    if data is not None and form.is_valid() and form.save_unless_taken():
        messages.success(request, done)
        return redirect(view_url(access, view))
    context = {"active_step": "dashboard", "form": form, "view": view, "query": view.query}
    return show(request, "dashboards/saved_view_form", context, status=form_status(form))
