"""What a location answers on the page of an observation: acknowledged, commented on, never altered."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.access import Access, enter
from journeys.rights import Right
from observations.acknowledging import (
    Corrected,
    acknowledge_report,
    comment_on_report,
    may_answer,
    remove_comment,
)
from observations.forms import ReportCommentForm
from observations.models import Observation
from observations.report_models import ReportComment
from observations.views.reading import detail_page, visible


@login_required
@require_POST
def report_acknowledge(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    """`revision` is the one that was on the page; 409 where it has been corrected meanwhile."""
    access, row = _answering(request, slug, one)
    number = request.POST.get("revision", "")
    try:
        acknowledge_report(
            observation=row, number=int(number) if number.isdecimal() else 0, person=access.user
        )
    except Corrected:
        messages.error(request, _("It was corrected meanwhile: this is how it stands now."))
        return detail_page(request, access, row, status=409)
    messages.success(request, _("Acknowledged. Thank you."))
    return redirect(row)


@login_required
@require_POST
def report_comment(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    access, row = _answering(request, slug, one)
    form = ReportCommentForm(request.POST, observation=row)
    if not form.is_valid():
        return detail_page(request, access, row, form=form, status=422)
    comment = comment_on_report(
        observation=row,
        text=form.cleaned_data["text"],
        author=access.user,
        parent=form.cleaned_data["parent"],
    )
    return redirect(f"{row.get_absolute_url()}#comment-{comment.pk}")


@login_required
@require_POST
def report_comment_remove(request: HttpRequest, slug: str, one: uuid.UUID, pk: int) -> HttpResponse:
    """Each their own."""
    access, row = _answering(request, slug, one)
    comment = get_object_or_404(ReportComment, observation=row, pk=pk)
    if comment.author_id != access.user.pk:
        raise PermissionDenied(_("Only who wrote a comment may remove it."))
    remove_comment(comment=comment)
    return redirect(f"{row.get_absolute_url()}#comments")


def _answering(request: HttpRequest, slug: str, one: uuid.UUID) -> tuple[Access, Observation]:
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS, change=Right.ACKNOWLEDGE)
    row = visible(access, one)
    if not may_answer(access, row.revisions.get(is_current=True).location_id):
        raise PermissionDenied(_("This report is of another location."))
    return access, row
