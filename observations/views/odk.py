"""Forms for ODK Collect and KoboToolbox, and the way back of what was answered there."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.odk.importing import Arrived, import_submissions, preview_submissions
from observations.odk.submissions import Submitted, Unreadable, read_submissions
from observations.odk.xlsform import form_id, xlsform_of
from scoring.models import Framework

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES = 5 * 1024 * 1024
SHOWN = 200


class OdkFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Exported file"),
        help_text=gettext_lazy(
            "CSV of submissions from ODK Central; JSON, or CSV with XML names, from KoboToolbox."
        ),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB: split it."))
        content: bytes = file.read()
        return content


def _enter(request: HttpRequest, slug: str) -> Access:
    return enter(request, slug, see=Right.SEE_OBSERVATIONS, change=Right.EDIT_METHOD)


@login_required
@require_GET
def odk_form(request: HttpRequest, slug: str, key: str, version: int) -> HttpResponse:
    """The XLSForm of a version that takes observations."""
    access = _enter(request, slug)
    rows = Framework.objects.taking_observations().with_guide()
    framework = rows.filter(
        journey__programme=access.programme, journey__key=key, version=version
    ).first()
    if framework is None:
        raise Http404
    book = xlsform_of(framework, list(access.programme.locations.all())).as_workbook()
    name = f"{form_id(framework)}_v{version}.xlsx"
    return HttpResponse(
        book,
        content_type=XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def odk_import(request: HttpRequest, slug: str) -> HttpResponse:
    """A file is previewed first; what was previewed is then stored as it was read."""
    access = _enter(request, slug)
    if "confirmed" in request.POST:
        return _confirmed(request, access)
    posted = request.method == "POST"
    form = OdkFileForm(request.POST if posted else None, request.FILES if posted else None)
    rows: list[Submitted] = []
    if posted and form.is_valid():
        try:
            rows = read_submissions(form.cleaned_data["file"], access.programme.slug)
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
        else:
            if not rows:
                form.add_error("file", _("The file holds no submission."))
    return _page(request, access, form, rows)


def _confirmed(request: HttpRequest, access: Access) -> HttpResponse:
    try:
        read = signing.loads(request.POST["confirmed"], salt=_salt(access), max_age=86_400)
    except signing.BadSignature:
        form = OdkFileForm({})
        form.errors.clear()
        form.add_error(None, _("This preview is out of date: send the file again."))
        return _page(request, access, form, [])
    rows = [Submitted(number, document) for number, document in read]
    arrived = import_submissions(
        programme=access.programme, rows=rows, user=access.user, access=access
    )
    counts = Counter(one.outcome.status for one in arrived if one.outcome)
    stored = counts["created"]
    done = ngettext("%(n)d observation stored.", "%(n)d observations stored.", stored)
    messages.success(request, done % {"n": stored})
    held = counts["quarantined"] + counts["conflict"]
    if held:
        words = ngettext("%(n)d copy to decide on", "%(n)d copies to decide on", held)
        messages.warning(request, words % {"n": held})
        return redirect("observations:held-list", access.programme.slug)
    return redirect("observations:observation-list", access.programme.slug)


def _page(
    request: HttpRequest, access: Access, form: OdkFileForm, rows: list[Submitted]
) -> HttpResponse:
    arrived: list[Arrived] = []
    if rows:
        arrived = preview_submissions(
            programme=access.programme, rows=rows, user=access.user, access=access
        )
    guides = Framework.objects.taking_observations().filter(journey__programme=access.programme)
    good = [(one.row.number, one.row.document) for one in arrived if one.outcome]
    context: dict[str, Any] = {
        "form": form,
        "guides": guides.select_related("journey").order_by("journey__position", "-version"),
        "arrived": arrived[:SHOWN],
        "left_over": max(0, len(arrived) - SHOWN),
        "counts": Counter(one.outcome.status if one.outcome else "unreadable" for one in arrived),
        "photos": sum(one.row.photos for one in arrived),
        "confirmed": signing.dumps(good, salt=_salt(access), compress=True) if good else "",
        "active_step": "observations",
    }
    return show(request, "observations/odk_import", context, status=form_status(form))


def _salt(access: Access) -> str:
    return f"odk-import/{access.programme.pk}/{access.user.pk}"
