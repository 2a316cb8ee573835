"""A tablet's queue that could not be sent, brought as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.device_forms import QueueFileForm
from observations.documents import FieldError
from observations.queue_files import BadFile, Brought, bring_queue, read_queue_file

WORDS: dict[str, str | Promise] = {
    "created": _("Created"),
    "stored": _("Stored"),
    "revised": _("Corrected"),
    "unchanged": _("Already there"),
    "conflict": _("Conflict: kept beside what is there"),
    "withdrawn": _("Withdrawn before"),
    "quarantined": _("Not acceptable: kept with its reasons"),
    "forbidden": _("Not allowed"),
    "refused": _("Not taken"),
}


@login_required
@require_http_methods(["GET", "POST"])
def queue_import(request: HttpRequest, slug: str) -> HttpResponse:
    """What became of each item stands on the answer; sent again, the file changes nothing."""
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS, change=Right.MANAGE | Right.OBSERVE)
    posted = request.method == "POST"
    form = QueueFileForm(request.POST, request.FILES) if posted else QueueFileForm()
    brought, errors = None, []
    if posted and form.is_valid():
        try:
            brought = _bring(access, form)
        except BadFile as bad:
            errors = bad.errors
    context = {
        "form": form,
        "errors": errors,
        "brought": brought,
        "observations": brought and [_line(o.id, o.status, o.errors) for o in brought.outcomes],
        "photos": brought and [_line(p.id, p.status, p.errors) for p in brought.photos],
        "observation_sums": brought and _sums(one.status for one in brought.outcomes),
        "photo_sums": brought and _sums(one.status for one in brought.photos),
        "active_step": "observations",
    }
    status = 422 if errors else form_status(form)
    return show(request, "observations/queue_import", context, status=status)


def _bring(access: Access, form: QueueFileForm) -> Brought:
    raw = form.cleaned_data["file"].read()
    queue = read_queue_file(raw, programme=access.programme)
    return bring_queue(queue=queue, access=access, user=access.user)


def _line(
    one: str | None, status: str, errors: list[FieldError]
) -> tuple[str, str, str | Promise, list[FieldError]]:
    return one or "", status, WORDS[status], errors


def _sums(statuses: Iterable[str]) -> list[tuple[str | Promise, int]]:
    counts = Counter(statuses)
    return [(WORDS[status], counts[status]) for status in WORDS if counts[status]]
