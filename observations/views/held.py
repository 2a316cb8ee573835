"""Held copies: those that wait, one beside what is stored, and the decisions about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from journeys.access import Access, enter
from journeys.models import Journey
from journeys.pages import show
from journeys.rights import Right
from observations import deciding
from observations.deciding import AlreadyDecided, NotAcceptable
from observations.documents import FieldError
from observations.held_copies import (
    AGES,
    Review,
    held_lines,
    narrow_copies,
    open_guides,
    review_of,
)
from observations.held_forms import DismissForm, HeldForm
from observations.models import HeldCopy

PAGE = 50


def _enter(request: HttpRequest, slug: str) -> Access:
    return enter(request, slug, see=Right.SEE_OBSERVATIONS, change=Right.EDIT_METHOD)


@login_required
@require_GET
def held_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Copies that could not be accepted; those that wait, unless other ones are asked for."""
    access = _enter(request, slug)
    everything = HeldCopy.objects.filter(programme=access.programme)
    rows = narrow_copies(everything.with_settled(), request.GET.dict())
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before))
    copies = list(
        rows.select_related("uploaded_by", "device", "decided_by").order_by("-pk")[: PAGE + 1]
    )
    query = request.GET.copy()
    query.pop("before", None)
    journeys = list(Journey.objects.filter(programme=access.programme))
    locations = list(access.programme.locations.all())
    context = {
        "lines": held_lines(copies[:PAGE], journeys, locations),
        "next_before": copies[PAGE - 1].pk if len(copies) > PAGE else None,
        "has_any": bool(copies) or everything.exists(),
        "journeys": journeys,
        "locations": locations,
        "reasons": HeldCopy.Reason.choices,
        "ages": _age_choices(),
        "states": _state_choices(),
        "query": query.urlencode(),
        "active_step": "observations",
    }
    return show(request, "observations/held_list", context)


def _age_choices() -> list[tuple[str, str]]:
    words = {"day": _("over a day"), "week": _("over a week"), "month": _("over 30 days")}
    return [(age, words[age]) for age in AGES]


def _state_choices() -> list[tuple[str, str]]:
    return [
        ("", _("Waiting")),
        ("decided", _("Decided")),
        ("settled", _("Mended by the sender")),
        ("all", _("All")),
    ]


@login_required
@require_GET
def held_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`?guide=` reads a copy by another guide; `?all=1` shows what does not differ, too."""
    access = _enter(request, slug)
    return _page(request, access, _review(access, pk, request.GET.get("guide", "")))


@login_required
@require_POST
def held_correct(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Accepts a conflict as the next revision of what is stored."""
    base = request.POST.get("base_revision", "")

    def act(copy: HeldCopy, user: User) -> Any:
        number = int(base) if base.isdecimal() else 0
        return deciding.accept_as_correction(copy=copy, base_revision=number, user=user)

    return _decide(request, slug, pk, act, done=_("Accepted as a correction."))


@login_required
@require_POST
def held_keep(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Keeps a conflict as an observation of its own."""

    def act(copy: HeldCopy, user: User) -> Any:
        return deciding.keep_as_another(copy=copy, user=user)

    return _decide(request, slug, pk, act, done=_("Kept as another observation."))


@login_required
@require_POST
def held_accept(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Accepts what a person made of a copy that was not acceptable."""
    access = _enter(request, slug)
    review = _review(access, pk, request.POST.get("guide", ""))
    form = _held_form(access, review, request.POST)
    if form is None or not form.is_valid():
        return _page(request, access, review, form=form, status=422)
    document = form.document()

    def act(copy: HeldCopy, user: User) -> Any:
        return deciding.accept_after_correction(copy=copy, document=document, user=user)

    return _decide(request, slug, pk, act, done=_("Accepted after correction."), form=form)


@login_required
@require_POST
def held_dismiss(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = _enter(request, slug)
    form = DismissForm(request.POST)
    if not form.is_valid():
        return _page(request, access, _review(access, pk), dismissal=form, status=422)

    def act(copy: HeldCopy, user: User) -> Any:
        deciding.dismiss_copy(copy=copy, note=form.cleaned_data["note"], user=user)

    return _decide(request, slug, pk, act, done=_("Dismissed: kept, and no longer waiting."))


@login_required
@require_POST
def held_reopen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    def act(copy: HeldCopy, user: User) -> Any:
        deciding.reopen_copy(copy=copy, user=user)

    return _decide(request, slug, pk, act, done=_("Reopened: it waits again."))


def _decide(
    request: HttpRequest,
    slug: str,
    pk: int,
    act: Callable[[HeldCopy, User], Any],
    *,
    done: str,
    form: HeldForm | None = None,
) -> HttpResponse:
    """To the observation that came of it, or back to the copy; 409 for who comes second."""
    access = _enter(request, slug)
    review = _review(access, pk)
    try:
        row = act(review.copy, access.user)
    except AlreadyDecided:
        messages.error(request, _("Somebody was first: this is how the copy stands now."))
        return _page(request, access, _review(access, pk), status=409)
    except NotAcceptable as refused:
        if form is not None:
            form.take_errors(refused.errors)
        return _page(request, access, review, form=form, refused=refused.errors, status=422)
    messages.success(request, done)
    return redirect(row or review.copy)


def _review(access: Access, pk: int, asked_guide: str = "") -> Review:
    rows = HeldCopy.objects.with_settled().select_related(
        "programme", "uploaded_by", "decided_by", "observation__programme"
    )
    return review_of(get_object_or_404(rows, programme=access.programme, pk=pk), asked_guide)


def _held_form(access: Access, review: Review, data: Any = None) -> HeldForm | None:
    """None where no open guide can be made out."""
    if review.framework is None or not review.framework.takes_observations:
        return None
    form = HeldForm(
        data,
        framework=review.framework,
        access=access,
        document=review.document,
        base_revision=review.base_revision,
    )
    if data is None:
        form.show_refusals(review.refusals)
    return form


def _page(
    request: HttpRequest,
    access: Access,
    review: Review,
    *,
    form: HeldForm | None = None,
    dismissal: DismissForm | None = None,
    refused: list[FieldError] | None = None,
    status: int = 200,
) -> HttpResponse:
    is_quarantined = review.copy.reason == HeldCopy.Reason.QUARANTINE
    if is_quarantined and review.is_waiting and form is None:
        form = _held_form(access, review)
    difference, shows_all = review.difference, request.GET.get("all") == "1"
    if difference is not None and not shows_all:
        difference = difference.only_changes()
    context = {
        "review": review,
        "copy": review.copy,
        "is_quarantined": is_quarantined,
        "difference": difference,
        "shows_all": shows_all,
        "form": form,
        "sections": list(form.sections()) if form else [],
        "guides": open_guides(review.copy) if is_quarantined and review.is_waiting else [],
        "dismissal": dismissal or DismissForm(),
        "refused": refused or [],
        "raw": json.dumps(review.document, indent=2, ensure_ascii=False),
        "active_step": "observations",
    }
    return show(request, "observations/held_detail", context, status=status)
