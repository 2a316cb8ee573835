"""The lead's pages about tablets: which there are, letting one in, taking its access back."""

from __future__ import annotations

from datetime import timedelta

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.device_forms import DeviceForm
from observations.devices import add_device, change_device, make_code, revoke_device, written
from observations.models import Device, EnrolmentCode

_SEE = Right.SEE_OBSERVATIONS
# Browsers trust these without HTTPS.
_OWN_MACHINE = ("localhost", "127.0.0.1")
# In an archived programme devices can be seen and revoked, and none is let in.
_LET_IN = Right.MANAGE | Right.OBSERVE


@login_required
@require_GET
def device_list(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, see=_SEE, change=Right.MANAGE)
    devices = access.programme.devices.prefetch_related("locations")
    context = {"devices": devices, "active_step": "observations"}
    return show(request, "observations/device_list", context)


@login_required
@require_http_methods(["GET", "POST"])
def device_create(request: HttpRequest, slug: str) -> HttpResponse:
    """A new device and, on this one answer only, the code that lets it in."""
    access = enter(request, slug, see=_SEE, change=_LET_IN)
    posted = request.POST if request.method == "POST" else None
    form = DeviceForm(posted, programme=access.programme)
    if posted is not None and form.is_valid():
        device = add_device(programme=access.programme, actor=access.user, **form.cleaned_data)
        return _show_code(request, access, device)
    context = {"form": form, "active_step": "observations"}
    return show(request, "observations/device_create", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def device_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter(request, slug, see=_SEE, change=_LET_IN)
    device = _device(access, pk)
    posted = request.POST if request.method == "POST" else None
    form = DeviceForm(posted, programme=access.programme, device=device)
    if posted is not None and form.is_valid():
        change_device(device=device, actor=access.user, **form.cleaned_data)
        messages.success(request, _("Saved. The tablet learns it when it is next online."))
        return redirect("observations:device-list", slug)
    context = {"form": form, "device": device, "active_step": "observations"}
    return show(request, "observations/device_edit", context, status=form_status(form))


@login_required
@require_POST
def device_code(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A new code for a device that is lost, revoked or was never let in; shown this once."""
    access = enter(request, slug, see=_SEE, change=_LET_IN)
    return _show_code(request, access, _device(access, pk))


@login_required
@require_POST
def device_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter(request, slug, see=_SEE, change=Right.MANAGE)
    device = _device(access, pk)
    revoke_device(device=device, actor=access.user)
    words = _(
        "%(name)s sends nothing more. What waits on it stays there until it is enrolled again."
    )
    messages.success(request, words % {"name": device.name})
    return redirect("observations:device-list", slug)


def _device(access: Access, pk: int) -> Device:
    device: Device = get_object_or_404(access.programme.devices, pk=pk)
    return device


def _show_code(request: HttpRequest, access: Access, device: Device) -> HttpResponse:
    code = make_code(device=device, actor=access.user)
    # Behind the #: what a browser keeps to itself stands in no server's log.
    address = request.build_absolute_uri("/field/")
    context = {
        "device": device,
        "code": written(code),
        "address": address,
        "qr": _qr(f"{address}#enrol={code}"),
        "hours": EnrolmentCode.LIFETIME // timedelta(hours=1),
        "is_secure": request.is_secure() or request.get_host().split(":")[0] in _OWN_MACHINE,
        "active_step": "observations",
    }
    answer = show(request, "observations/device_code", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _qr(content: str) -> SafeString:
    """Drawn in two fixed colours, because dark on light is what every camera reads."""
    drawn = segno.make(content, error="m", micro=False).svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308 - paths of a library, which hold no text of ours
