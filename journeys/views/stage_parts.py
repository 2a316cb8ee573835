"""What hangs on a stage: touchpoints, needs, choices, each in a panel that is a page as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys.access import Access, enter
from journeys.deleting import StillUsed
from journeys.forms.journeys import ChoiceForm, NeedForm, TouchpointForm
from journeys.forms.rows import RowForm
from journeys.holding import Overtaken
from journeys.map_building import delete_parts, save_row
from journeys.models import Stage, Touchpoint
from journeys.pages import form_status, show
from journeys.rights import Right
from journeys.versions import StaleEdit


@dataclass(frozen=True, slots=True)
class Part:
    key: Literal["touchpoints", "needs", "choices"]
    title: Any
    hint: Any
    form: type[RowForm[Any]]

    def rows(self, stage: Stage) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = getattr(stage, self.key).all()
        if self.key == "touchpoints":
            return rows.select_related("channel")
        return rows.prefetch_related("criteria") if self.key == "choices" else rows

    def siblings(self, stage: Stage) -> models.QuerySet[Any]:
        """Among which a key is unique: a touchpoint's in its journey."""
        return stage.journey.touchpoints.all() if self.key == "touchpoints" else self.rows(stage)

    def blank(self, stage: Stage) -> models.Model:
        if self.key == "touchpoints":
            return Touchpoint(stage=stage, journey=stage.journey)
        row: models.Model = self.rows(stage).model(stage=stage)
        return row


PARTS: dict[str, Part] = {
    part.key: part
    for part in (
        Part(
            "touchpoints",
            gettext_lazy("Touchpoints"),
            gettext_lazy("Where customer and brand meet in this stage, and by which channel."),
            TouchpointForm,
        ),
        Part(
            "needs",
            gettext_lazy("Needs"),
            gettext_lazy("What customers expect here, said or unsaid."),
            NeedForm,
        ),
        Part(
            "choices",
            gettext_lazy("Choices"),
            gettext_lazy("What customers decide here, and what they decide by."),
            ChoiceForm,
        ),
    )
}


def part_context(access: Access, stage: Stage, part: Part, **more: Any) -> dict[str, Any]:
    """The rows, and for who may edit a fresh form below them unless another form is given."""
    may_edit = access.may(Right.EDIT_METHOD) and not access.programme.is_archived
    context = {
        "active_step": "journeys",
        "programme": access.programme,
        "journey": stage.journey,
        "stage": stage,
        "part": part,
        "rows": part.rows(stage),
        "may_edit": may_edit,
    }
    if may_edit and "form" not in more:
        form = part.form(siblings=part.siblings(stage), instance=part.blank(stage), prefix=None)
        form.auto_id = f"id_{part.key}_%s"
        context["form"] = form
        context["is_adding"] = True
    return context | more


def _enter(
    request: HttpRequest, slug: str, key: str, stage_key: str, part: str, *, edits: bool = True
) -> tuple[Access, Stage, Part]:
    access = enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD if edits else None)
    if part not in PARTS:
        raise Http404
    stage = get_object_or_404(
        Stage.objects.select_related("journey__programme", "journey__segment"),
        journey__programme=access.programme,
        journey__key=key,
        key=stage_key,
    )
    return access, stage, PARTS[part]


@login_required
@require_GET
def stage_part(
    request: HttpRequest, slug: str, key: str, stage_key: str, part: str
) -> HttpResponse:
    access, stage, shown = _enter(request, slug, key, stage_key, part, edits=False)
    return show(request, "journeys/stage_part", part_context(access, stage, shown))


@login_required
@require_http_methods(["GET", "POST"])
def stage_part_create(
    request: HttpRequest, slug: str, key: str, stage_key: str, part: str
) -> HttpResponse:
    """Type and Enter: the form comes back empty, with the cursor in it."""
    access, stage, shown = _enter(request, slug, key, stage_key, part)
    form: Any = shown.form(
        request.POST if request.method == "POST" else None,
        siblings=shown.siblings(stage),
        instance=shown.blank(stage),
        initial=_wanted(request, stage),
        auto_id=f"id_{part}_%s",
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_row(form=form, journey=stage.journey, actor=access.user)
        except Overtaken as overtaken:
            form.tell_deleted(overtaken.reason)
        else:
            return redirect("journeys:stage-part-create", slug, key, stage_key, part)
    first = next(iter(form.fields.values()))
    first.widget.attrs["autofocus"] = True
    context = part_context(access, stage, shown, form=form, is_adding=True)
    return show(request, "journeys/stage_part", context, status=form_status(form))


def _wanted(request: HttpRequest, stage: Stage) -> dict[str, Any]:
    """`?channel=`, by its key: where the checklist leads. Nonsense chooses nothing."""
    channels = stage.journey.programme.channels
    channel = channels.filter(key=request.GET.get("channel", "")).first()
    return {"channel": channel} if channel else {}


@login_required
@require_http_methods(["GET", "POST"])
def stage_part_edit(
    request: HttpRequest, *, slug: str, key: str, stage_key: str, part: str, pk: int
) -> HttpResponse:
    access, stage, shown = _enter(request, slug, key, stage_key, part)
    form = _edit_form(request, stage, shown, pk)
    if request.method == "POST" and form.is_valid():
        try:
            save_row(form=form, journey=stage.journey, actor=access.user)
        except StaleEdit:
            # Overtaken between check and write: checked again, the form says by what.
            form = _edit_form(request, stage, shown, pk)
            form.is_valid()
        except Overtaken as overtaken:
            form.tell_deleted(overtaken.reason)
        else:
            return redirect("journeys:stage-part", slug, key, stage_key, part)
    # Without its row, what was typed stands where another is added.
    is_gone = not shown.rows(stage).filter(pk=pk).exists()
    context = part_context(access, stage, shown, form=form, editing=pk, is_adding=is_gone)
    return show(request, "journeys/stage_part", context, status=form_status(form))


def _edit_form(request: HttpRequest, stage: Stage, part: Part, pk: int) -> Any:
    return part.form(
        request.POST if request.method == "POST" else None,
        siblings=part.siblings(stage),
        instance=get_object_or_404(part.rows(stage), pk=pk),
        auto_id=f"id_{part.key}_{pk}_%s",
        reader=request.user,
    )


@login_required
@require_POST
def stage_part_delete(
    request: HttpRequest, *, slug: str, key: str, stage_key: str, part: str, pk: int
) -> HttpResponse:
    access, stage, shown = _enter(request, slug, key, stage_key, part)
    row = get_object_or_404(shown.rows(stage), pk=pk)
    try:
        delete_parts(parts=[row], actor=access.user)
    except StillUsed as refusal:
        context = part_context(access, stage, shown, refusal=refusal, refused=pk)
        return show(request, "journeys/stage_part", context, status=409)
    except Overtaken as overtaken:
        raise Http404 from overtaken
    return redirect("journeys:stage-part", slug, key, stage_key, part)
