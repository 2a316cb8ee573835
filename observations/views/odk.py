"""Forms for ODK Collect and KoboToolbox, and the way back of what was answered there."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.odk.archive import (
    MAX_ARCHIVE_BYTES,
    MAX_TABLE_BYTES,
    Archive,
    BadArchive,
    is_archive,
    open_archive,
)
from observations.odk.importing import (
    Arrived,
    import_photos,
    import_submissions,
    preview_submissions,
)
from observations.odk.stash import drop, stash, stashed
from observations.odk.submissions import Submitted, Unreadable, read_submissions
from observations.odk.xlsform import form_id, xlsform_of
from scoring.models import Framework

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200
HELD = ("quarantined", "conflict")


class OdkFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Exported file"),
        help_text=gettext_lazy(
            "ZIP with the photos, or CSV of submissions, from ODK Central; JSON, or CSV with XML"
            " names, from KoboToolbox, or a ZIP of it with the attachments."
        ),
    )

    def clean_file(self) -> File[bytes]:
        """`archive` is its ZIP, where it is one; else the table is the file."""
        file: File[bytes] = self.cleaned_data["file"]
        self.archive: Archive | None = None
        if not is_archive(file.read(4)):
            if file.size > MAX_TABLE_BYTES:
                raise forms.ValidationError(_("The file is larger than 5 MB: split it."))
        elif file.size > MAX_ARCHIVE_BYTES:
            raise forms.ValidationError(_("The ZIP is larger than 100 MB: split it."))
        else:
            try:
                self.archive = open_archive(file)
            except BadArchive as bad:
                raise forms.ValidationError(str(bad)) from bad
        file.seek(0)
        return file

    @property
    def table(self) -> bytes:
        return self.archive.table if self.archive else self.cleaned_data["file"].read()


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
            rows = read_submissions(form.table, access.programme.slug, form.archive)
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
        else:
            if not rows:
                form.add_error("file", _("The file holds no submission."))
    return _page(request, access, form, rows)


def _confirmed(request: HttpRequest, access: Access) -> HttpResponse:
    try:
        read, kept = signing.loads(request.POST["confirmed"], salt=_salt(access), max_age=86_400)
    except signing.BadSignature:
        return _out_of_date(request, access)
    rows = [Submitted(number, document, files=files) for number, document, files in read]
    file = stashed(kept) if kept else None
    if kept and file is None:
        return _out_of_date(request, access)
    arrived = import_submissions(
        programme=access.programme, rows=rows, user=access.user, access=access
    )
    _tell(request, arrived)
    if file:
        with file:
            archive = open_archive(file)
            photos = import_photos(programme=access.programme, arrived=arrived, archive=archive)
        drop(kept)
        done = ngettext("%(n)d photo stored.", "%(n)d photos stored.", photos)
        messages.success(request, done % {"n": photos})
    is_held = any(one.outcome and one.outcome.status in HELD for one in arrived)
    to = "observations:held-list" if is_held else "observations:observation-list"
    return redirect(to, access.programme.slug)


def _out_of_date(request: HttpRequest, access: Access) -> HttpResponse:
    form = OdkFileForm({})
    form.errors.clear()
    form.add_error(None, _("This preview is out of date: send the file again."))
    return _page(request, access, form, [])


def _tell(request: HttpRequest, arrived: list[Arrived]) -> None:
    counts = Counter(one.outcome.status for one in arrived if one.outcome)
    stored = counts["created"]
    done = ngettext("%(n)d observation stored.", "%(n)d observations stored.", stored)
    messages.success(request, done % {"n": stored})
    if held := counts["quarantined"] + counts["conflict"]:
        words = ngettext("%(n)d copy to decide on", "%(n)d copies to decide on", held)
        messages.warning(request, words % {"n": held})


def _page(
    request: HttpRequest, access: Access, form: OdkFileForm, rows: list[Submitted]
) -> HttpResponse:
    arrived: list[Arrived] = []
    if rows:
        arrived = preview_submissions(
            programme=access.programme, rows=rows, user=access.user, access=access
        )
    guides = Framework.objects.taking_observations().filter(journey__programme=access.programme)
    good = [(one.row.number, one.row.document, one.row.files) for one in arrived if one.outcome]
    archive = getattr(form, "archive", None)
    kept = stash(form.cleaned_data["file"]) if archive and good else ""
    context: dict[str, Any] = {
        "form": form,
        "guides": guides.select_related("journey").order_by("journey__position", "-version"),
        "arrived": arrived[:SHOWN],
        "left_over": max(0, len(arrived) - SHOWN),
        "counts": Counter(one.outcome.status if one.outcome else "unreadable" for one in arrived),
        "photos": sum(one.row.photos for one in arrived if one.outcome),
        "has_photos": archive is not None,
        "superfluous": archive.superfluous[:SHOWN] if archive else [],
        "confirmed": signing.dumps((good, kept), salt=_salt(access), compress=True) if good else "",
        "active_step": "observations",
    }
    return show(request, "observations/odk_import", context, status=form_status(form))


def _salt(access: Access) -> str:
    return f"odk-import/{access.programme.pk}/{access.user.pk}"
