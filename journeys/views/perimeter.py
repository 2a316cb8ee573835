"""Step 1 on one page: a panel each for segments, channels, locations, waves and stages.

A panel is also a page of its own, and every form is drawn inside its panel: without JavaScript the
panel's page comes back whole, with htmx the panel alone is swapped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys.access import Access, enter
from journeys.audit import record
from journeys.deleting import StillUsed, delete_row
from journeys.forms.perimeter import (
    ChannelForm,
    LocationForm,
    LocationPasteForm,
    SegmentForm,
    WaveForm,
)
from journeys.forms.rows import RowForm
from journeys.guards import Blocked
from journeys.holding import Overtaken
from journeys.models import Programme, Stage
from journeys.pages import form_status, show
from journeys.perimeter import add_locations, toggle_perimeter
from journeys.rights import Right

PanelKey = Literal["segments", "channels", "locations", "waves"]
ALL_BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows of one kind: the manager of a programme that holds them, their form, their words."""

    key: PanelKey
    title: Any
    hint: Any
    add: Any
    form: type[RowForm[Any]]
    has_flag: bool

    def rows(self, programme: Programme) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = getattr(programme, self.key).all()
        return rows.prefetch_related("preferred_channels") if self.key == "segments" else rows


PANELS: dict[str, Panel] = {
    panel.key: panel
    for panel in (
        Panel(
            "segments",
            gettext_lazy("Segments"),
            gettext_lazy("Customers with the same expectations; each has a journey of its own."),
            gettext_lazy("Add a segment"),
            SegmentForm,
            has_flag=True,
        ),
        Panel(
            "channels",
            gettext_lazy("Channels"),
            gettext_lazy("Where customers and the brand meet."),
            gettext_lazy("Add a channel"),
            ChannelForm,
            has_flag=True,
        ),
        Panel(
            "locations",
            gettext_lazy("Locations"),
            gettext_lazy("Where observations are made, and what part of the customers each has."),
            gettext_lazy("Add a location"),
            LocationForm,
            has_flag=False,
        ),
        Panel(
            "waves",
            gettext_lazy("Waves"),
            gettext_lazy("The months in which the experience is measured."),
            gettext_lazy("Add a wave"),
            WaveForm,
            has_flag=False,
        ),
    )
}


def _panel_context(access: Access, panel: Panel, **more: Any) -> dict[str, Any]:
    rows = list(panel.rows(access.programme))
    context = {
        "active_step": "perimeter",
        "panel": panel,
        "rows": rows,
        "may_edit": access.may(Right.EDIT_METHOD) and not access.programme.is_archived,
        "share_sum": sum(getattr(row, "share_bp", None) or 0 for row in rows),
        "shares_are_known": any(getattr(row, "share_bp", None) is not None for row in rows),
        "all_basis_points": ALL_BASIS_POINTS,
    }
    return context | more


def _stage_context(access: Access, **more: Any) -> dict[str, Any]:
    return {
        "active_step": "perimeter",
        "journeys": access.programme.journeys.prefetch_related("stages"),
        "may_edit": access.may(Right.EDIT_METHOD) and not access.programme.is_archived,
    } | more


def _enter_to_edit(request: HttpRequest, slug: str) -> Access:
    return enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)


def _panel(key: str) -> Panel:
    if key not in PANELS:
        raise Http404
    return PANELS[key]


def _row(access: Access, panel: Panel, key: str) -> Any:
    return get_object_or_404(panel.rows(access.programme), **{panel.form.key_field: key})


@login_required
@require_GET
def perimeter(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_METHOD)
    context = _stage_context(access) | {
        "panels": [_panel_context(access, panel) for panel in PANELS.values()]
    }
    return show(request, "journeys/perimeter", context)


@login_required
@require_GET
def perimeter_panel(request: HttpRequest, slug: str, panel: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_METHOD)
    return show(request, "journeys/perimeter_panel", _panel_context(access, _panel(panel)))


@login_required
@require_http_methods(["GET", "POST"])
def perimeter_row_create(request: HttpRequest, slug: str, panel: str) -> HttpResponse:
    """The form comes back empty after each row, so that the next one can be typed."""
    access, shown = _enter_to_edit(request, slug), _panel(panel)
    rows = shown.rows(access.programme)
    form = shown.form(
        request.POST if request.method == "POST" else None,
        siblings=rows,
        instance=rows.model(programme=access.programme),
        auto_id=f"id_{panel}_%s",
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("journeys:perimeter-row-create", slug, panel)
    form.fields["name"].widget.attrs["autofocus"] = True
    context = _panel_context(access, shown, form=form, is_adding=True)
    return show(request, "journeys/perimeter_panel", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def perimeter_row_edit(request: HttpRequest, slug: str, panel: str, key: str) -> HttpResponse:
    access, shown = _enter_to_edit(request, slug), _panel(panel)
    row = _row(access, shown, key)
    form = shown.form(
        request.POST if request.method == "POST" else None,
        siblings=shown.rows(access.programme),
        instance=row,
        auto_id=f"id_{panel}_%s",
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        if "in_perimeter" in form.changed_data:
            record(
                programme=access.programme,
                actor=access.user,
                verb="changed",
                subject=f"{row._meta.verbose_name} {row}",
                changes={"in_perimeter": [not row.in_perimeter, row.in_perimeter]},
            )
        return redirect("journeys:perimeter-panel", slug, panel)
    context = _panel_context(access, shown, form=form, editing=row.pk)
    return show(request, "journeys/perimeter_panel", context, status=form_status(form))


@login_required
@require_POST
def perimeter_row_delete(request: HttpRequest, slug: str, panel: str, key: str) -> HttpResponse:
    access, shown = _enter_to_edit(request, slug), _panel(panel)
    row = _row(access, shown, key)
    try:
        delete_row(row=row, programme=access.programme, actor=access.user)
    except StillUsed as refusal:
        context = _panel_context(access, shown, refusal=refusal, refused=row.pk)
        return show(request, "journeys/perimeter_panel", context, status=409)
    return redirect("journeys:perimeter-panel", slug, panel)


@login_required
@require_POST
def perimeter_row_toggle(request: HttpRequest, slug: str, panel: str, key: str) -> HttpResponse:
    """Takes a segment or a channel into the perimeter (`inside` = 1) or out of it."""
    access, shown = _enter_to_edit(request, slug), _panel(panel)
    if not shown.has_flag:
        raise Http404
    row = _row(access, shown, key)
    inside = request.POST.get("inside")
    if inside not in ("0", "1"):
        context = _panel_context(access, shown, reasons=[_("Say inside or outside.")])
        return show(request, "journeys/perimeter_panel", context, status=422)
    try:
        toggle_perimeter(
            row=row, programme=access.programme, actor=access.user, inside=inside == "1"
        )
    except Blocked as blocked:
        context = _panel_context(access, shown, reasons=blocked.reasons, refused=row.pk)
        return show(request, "journeys/perimeter_panel", context, status=409)
    return redirect("journeys:perimeter-panel", slug, panel)


@login_required
@require_http_methods(["GET", "POST"])
def location_paste(request: HttpRequest, slug: str) -> HttpResponse:
    access = _enter_to_edit(request, slug)
    form = LocationPasteForm(
        request.POST if request.method == "POST" else None,
        siblings=access.programme.locations.all(),
    )
    if request.method == "POST" and form.is_valid():
        add_locations(programme=access.programme, locations=form.locations, actor=access.user)
        return redirect("journeys:perimeter-panel", slug, "locations")
    context = {"active_step": "perimeter", "form": form}
    return show(request, "journeys/location_paste", context, status=form_status(form))


@login_required
@require_GET
def perimeter_stages(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_METHOD)
    return show(request, "journeys/perimeter_stages", _stage_context(access))


@login_required
@require_POST
def stage_toggle(request: HttpRequest, slug: str, key: str, stage_key: str) -> HttpResponse:
    """Takes a stage into the perimeter (`inside` = 1) or out of it."""
    access = _enter_to_edit(request, slug)
    stage = get_object_or_404(
        Stage, journey__programme=access.programme, journey__key=key, key=stage_key
    )
    inside = request.POST.get("inside")
    if inside not in ("0", "1"):
        context = _stage_context(access, reasons=[_("Say inside or outside.")])
        return show(request, "journeys/perimeter_stages", context, status=422)
    try:
        toggle_perimeter(
            row=stage, programme=access.programme, actor=access.user, inside=inside == "1"
        )
    except Overtaken as overtaken:
        raise Http404 from overtaken
    except Blocked as blocked:
        context = _stage_context(access, reasons=blocked.reasons, refused=stage.pk)
        return show(request, "journeys/perimeter_stages", context, status=409)
    return redirect("journeys:perimeter-stages", slug)
