"""What is added to an action on its page: people, what it waits for, sub-tasks, files, comments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from actionplans import action_parts
from actionplans.action_comments import write_comment
from actionplans.action_files import FileRefused, attach_file, drop_file
from actionplans.action_forms import DependencyForm, FileForm, PersonForm, TaskForm
from actionplans.models import Action
from actionplans.planning import PlanRefused
from actionplans.views.action_page import action_at, comment_form, refuse_others, show_action
from journeys.access import Access, enter
from journeys.rights import Right


def _planned(request: HttpRequest, slug: str, pk: int) -> tuple[Access, Action]:
    """For whoever edits the plan."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    return access, action_at(access, pk)


def _carried_out(request: HttpRequest, slug: str, pk: int) -> tuple[Access, Action]:
    """For whoever edits the plan, and for who carries this action out."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.UPDATE_OWN_ACTIONS)
    action = action_at(access, pk)
    refuse_others(access, action)
    return access, action


def _kept(form: forms.BaseForm, keep: Callable[[], Any]) -> bool:
    """False where the form now says why not."""
    if not form.is_valid():
        return False
    try:
        keep()
    except PlanRefused as refused:
        for field, why in refused.errors.items():
            form.add_error(field, why)
        return False
    return True


def back(request: HttpRequest, action: Action) -> HttpResponse:
    """Where the button stood: the page of the action, or one of this site that it names."""
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return redirect(asked if safe else action)


@login_required
@require_POST
def person_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access, action = _planned(request, slug, pk)
    form = PersonForm(request.POST, programme=access.programme)
    if _kept(
        form,
        lambda: action_parts.add_person(action=action, actor=access.user, **form.cleaned_data),
    ):
        return redirect(action)
    return show_action(request, access, action, person_form=form)


@login_required
@require_POST
def person_drop(request: HttpRequest, slug: str, pk: int, part_pk: int) -> HttpResponse:
    access, action = _planned(request, slug, pk)
    row = get_object_or_404(action.people.select_related("person", "action__programme"), pk=part_pk)
    action_parts.drop_person(row=row, actor=access.user)
    return redirect(action)


@login_required
@require_POST
def dependency_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access, action = _planned(request, slug, pk)
    form = DependencyForm(request.POST, action=action)
    if _kept(
        form,
        lambda: action_parts.add_dependency(action=action, actor=access.user, **form.cleaned_data),
    ):
        return redirect(action)
    return show_action(request, access, action, wait_form=form)


@login_required
@require_POST
def dependency_drop(request: HttpRequest, slug: str, pk: int, wait_pk: int) -> HttpResponse:
    access, action = _planned(request, slug, pk)
    rows = action.waits.select_related("needs", "action__programme")
    action_parts.drop_dependency(row=get_object_or_404(rows, pk=wait_pk), actor=access.user)
    return redirect(action)


@login_required
@require_POST
def task_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access, action = _carried_out(request, slug, pk)
    form = TaskForm(request.POST, programme=access.programme)
    if _kept(
        form, lambda: action_parts.add_task(action=action, actor=access.user, **form.cleaned_data)
    ):
        return redirect(action)
    return show_action(request, access, action, task_form=form)


@login_required
@require_POST
def task_tick(request: HttpRequest, slug: str, pk: int, task_pk: int) -> HttpResponse:
    """`done` says which way, so that two taps are one."""
    access, action = _carried_out(request, slug, pk)
    task = get_object_or_404(action.tasks.select_related("action__programme"), pk=task_pk)
    is_done = request.POST.get("done") == "1"
    action_parts.tick_task(task=task, is_done=is_done, actor=access.user)
    return back(request, action)


@login_required
@require_POST
def task_move(request: HttpRequest, slug: str, pk: int, task_pk: int) -> HttpResponse:
    _access, action = _carried_out(request, slug, pk)
    task = get_object_or_404(action.tasks.select_related("action"), pk=task_pk)
    action_parts.move_task(task=task, up=request.POST.get("way") == "up")
    return redirect(action)


@login_required
@require_POST
def task_drop(request: HttpRequest, slug: str, pk: int, task_pk: int) -> HttpResponse:
    access, action = _carried_out(request, slug, pk)
    task = get_object_or_404(action.tasks.select_related("action__programme"), pk=task_pk)
    action_parts.drop_task(task=task, actor=access.user)
    return redirect(action)


@login_required
@require_POST
def file_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access, action = _carried_out(request, slug, pk)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            attach_file(action=action, upload=form.cleaned_data["file"], actor=access.user)
        except FileRefused as why:
            form.add_error("file", str(why))
        else:
            return redirect(action)
    return show_action(request, access, action, file_form=form)


@login_required
@require_GET
def file_download(request: HttpRequest, slug: str, pk: int, file_pk: UUID) -> HttpResponse:
    """Always a download: what the bytes hold is only what somebody said."""
    access = enter(request, slug, see=Right.SEE_PLAN)
    file = get_object_or_404(action_at(access, pk).files, pk=file_pk)
    try:
        with file.file.open("rb") as stored:
            content = stored.read()
    except FileNotFoundError as error:
        raise Http404 from error
    answer = HttpResponse(content, content_type=file.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_POST
def file_drop(request: HttpRequest, slug: str, pk: int, file_pk: UUID) -> HttpResponse:
    access, action = _carried_out(request, slug, pk)
    file = get_object_or_404(action.files.select_related("action__programme"), pk=file_pk)
    drop_file(file=file, actor=access.user)
    return redirect(action)


@login_required
@require_POST
def action_comment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Whoever reads the action may talk about it, until the programme is archived."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.SEE_PLAN)
    action = action_at(access, pk)
    form = comment_form(action, request.POST)
    if form.is_valid():
        write_comment(
            action=action,
            text=form.cleaned_data["text"],
            author=access.user,
            link=request.build_absolute_uri(action.get_absolute_url()),
        )
        return back(request, action)
    return show_action(request, access, action, comment_form=form)


@login_required
@require_POST
def comment_drop(request: HttpRequest, slug: str, pk: int, comment_pk: int) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.SEE_PLAN)
    action = action_at(access, pk)
    comment = get_object_or_404(action.comments, pk=comment_pk)
    if comment.author_id != access.user.pk:
        raise PermissionDenied(_("Only who wrote a comment may delete it."))
    comment.delete()
    return redirect(action)
