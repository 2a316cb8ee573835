"""One change to many actions of the table."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actionplans.action_forms import BulkForm
from actionplans.bulk import Change, StaleActions, change_actions
from actionplans.forms import stale_words
from actionplans.planning import PlanRefused
from actionplans.views.actions import show_list
from actionplans.views.plan_views import PlanView
from journeys.access import Access, enter
from journeys.rights import Right


@login_required
@require_POST
def action_bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """The filters are in the address, so that a refused change is shown on the same lines."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    form = BulkForm(request.POST, programme=access.programme)
    if form.is_valid():
        changed = _change(form, access)
        if changed is not None:
            said = ngettext("%(n)d action changed.", "%(n)d actions changed.", changed)
            messages.success(request, said % {"n": changed})
            query = request.META.get("QUERY_STRING", "")
            address = reverse("actionplans:action-list", args=[slug])
            return redirect(f"{address}?{query}" if query else address)
    return show_list(PlanView(request, slug, "list"), form)


def _change(form: BulkForm, access: Access) -> int | None:
    """None where the form now says why not."""
    typed = form.cleaned_data
    change = Change(
        status=typed["status"],
        note=typed["note"],
        owner=typed["owner"],
        days=typed["days"] or 0,
        department=typed["department"],
    )
    try:
        return change_actions(
            programme=access.programme, seen=typed["seen"], change=change, actor=access.user
        )
    except PlanRefused as refused:
        for field, why in refused.errors.items():
            form.add_error(field, why)
    except StaleActions as stale:
        form.is_stale = True
        for action in stale.changed:
            form.add_error(None, f"{action.title}: {stale_words(action)}")
        if stale.gone:
            gone = ngettext(
                "%(n)d of them was deleted meanwhile.",
                "%(n)d of them were deleted meanwhile.",
                stale.gone,
            )
            form.add_error(None, gone % {"n": stale.gone})
        form.add_error(None, _("Nothing was changed. Send it again to change them all the same."))
    return None
