"""The facilitator's desk: the console, the wall behind it, and the buttons that lead the workshop.

A button pressed by a script asks for the console's screen alone (`X-Screen`) and gets it with the
status; any other form post is sent back to the console.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

import segno
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from actionplans.planning import PlanRefused
from actionplans.views.workshops import enter_workshops, require_planning, workshop_at
from actionplans.workshop import (
    Direction,
    StaleMove,
    let_back,
    move_workshop,
    remove_participant,
    set_clock,
    take_over,
)
from actionplans.workshop_flow import NoSuchMove, Phase
from actionplans.workshop_forms import ClockForm, MoveForm, PersonForm
from actionplans.workshop_models import Workshop
from actionplans.workshop_pulse import desk_key, pulse_of
from actionplans.workshop_screens import DeskScreen
from journeys.access import Access

CONSOLE, WALL = "console", "wall"


# --- the two screens -------------------------------------------------------------------------
@login_required
@require_GET
def workshop_console(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access, workshop = desk(request, slug, pk)
    if workshop.phase == Phase.CLOSED:
        return redirect(workshop)
    return _page(request, access, workshop, CONSOLE)


@login_required
@require_GET
def workshop_wall(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """For the projector: nothing to press, readable from the back."""
    access, workshop = desk(request, slug, pk)
    return _page(request, access, workshop, WALL)


@login_required
@require_GET
@never_cache
def workshop_screen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The changing part of the console, or of the wall (`?of=wall`); 304 where nothing has."""
    access, workshop = desk(request, slug, pk)
    which = WALL if request.GET.get("of") == WALL else CONSOLE
    if workshop.phase == Phase.CLOSED and which == CONSOLE:
        return _gone_to(request, workshop.get_absolute_url())
    tag = _tag(workshop, which)
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return _fragment(request, access, workshop, which, tag=tag)


def desk(request: HttpRequest, slug: str, pk: int) -> tuple[Access, Workshop]:
    """For whoever runs workshops; whoever only reads how they ended gets 404, or 403 of a closed one."""
    access = enter_workshops(request, slug)
    workshop = workshop_at(access, pk)
    require_planning(access)
    return access, workshop


def _tag(workshop: Workshop, which: str) -> str:
    return pulse_of(workshop.pk, desk_key(workshop.pk)).etag(which, get_language() or "")


def _page(request: HttpRequest, access: Access, workshop: Workshop, which: str) -> HttpResponse:
    tag = _tag(workshop, which)
    context = _context(request, access, workshop) | {"active_step": "plan", "etag": tag}
    return render(request, f"actionplans/workshop_{which}.html", context)


def _fragment(
    request: HttpRequest,
    access: Access,
    workshop: Workshop,
    which: str = CONSOLE,
    *,
    tag: str = "",
    status: int = 200,
    said: str = "",
) -> HttpResponse:
    """The stamp is read before the rows."""
    tag = tag or _tag(workshop, which)
    workshop = workshop_at(access, workshop.pk)
    context = _context(request, access, workshop) | {"said": said}
    answer = render(request, f"actionplans/_workshop_{which}.html", context, status=status)
    answer["ETag"] = tag
    return answer


def _context(request: HttpRequest, access: Access, workshop: Workshop) -> dict[str, Any]:
    screen = DeskScreen(workshop)
    address = request.build_absolute_uri(reverse("actionplans:join"))
    found: dict[str, Any] = {
        "programme": access.programme,
        "workshop": workshop,
        "screen": screen,
        "leads": workshop.facilitator_id == access.user.pk,
        "join_address": address.split("://", 1)[-1].rstrip("/"),
        "code": f"{workshop.code[:3]} {workshop.code[3:]}" if workshop.code else "",
        "qr": _qr(f"{address}?code={workshop.code}") if workshop.code else "",
    }
    return found


def _qr(address: str) -> str:
    """Black on white whatever the theme: scanners want it so."""
    code = segno.make(address, error="m")
    return code.svg_inline(scale=4, border=3, dark="#000", light="#fff", omitsize=True)


# --- what buttons do -------------------------------------------------------------------------
P = ParamSpec("P")
Button = Callable[Concatenate[HttpRequest, Access, Workshop, P], None]
DeskView = Callable[Concatenate[HttpRequest, str, int, P], HttpResponse]


def button(act: Button[P]) -> DeskView[P]:
    """A POST that changes an open workshop and shows the console again; 422 where refused."""

    @wraps(act)
    def answer(
        request: HttpRequest, slug: str, pk: int, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        access, workshop = desk(request, slug, pk)
        try:
            act(request, access, workshop, *args, **kwargs)
        except PlanRefused as refused:
            said = " ".join(refused.errors.values())
            return console_answer(request, access, workshop, status=422, said=said)
        return console_answer(request, access, workshop)

    return cast("DeskView[P]", login_required(require_POST(answer)))


def typed_in(form: forms.BaseForm) -> dict[str, Any]:
    """What was typed. Raises PlanRefused where it can't be read."""
    if form.is_valid():
        return form.cleaned_data
    raise PlanRefused({name: " ".join(map(str, errors)) for name, errors in form.errors.items()})


def console_answer(
    request: HttpRequest,
    access: Access,
    workshop: Workshop,
    *,
    status: int = 200,
    said: str = "",
) -> HttpResponse:
    """After a button: the console's screen for a script, else the console."""
    if request.headers.get("X-Screen"):
        return _fragment(request, access, workshop, status=status, said=said)
    if status != 200:
        context = _context(request, access, workshop_at(access, workshop.pk))
        context |= {"active_step": "plan", "said": said, "etag": ""}
        return render(request, "actionplans/workshop_console.html", context, status=status)
    return redirect("actionplans:workshop-console", access.programme.slug, workshop.pk)


@login_required
@require_POST
def workshop_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """409 for a button drawn before the last move: of two pressed at once, one moves."""
    access, workshop = desk(request, slug, pk)
    try:
        typed = typed_in(MoveForm(request.POST))
        moved = move_workshop(
            workshop=workshop,
            actor=access.user,
            direction=Direction(typed["direction"]),
            version=typed["version"],
        )
    except PlanRefused as refused:
        said = " ".join(refused.errors.values())
        return console_answer(request, access, workshop, status=422, said=said)
    except StaleMove:
        said = _("The workshop was moved meanwhile. This is where it stands now.")
        return console_answer(request, access, workshop, status=409, said=said)
    except NoSuchMove:
        said = _("The workshop can't go there from here.")
        return console_answer(request, access, workshop, status=409, said=said)
    if moved.phase == Phase.CLOSED:
        return _gone_to(request, moved.get_absolute_url())
    return console_answer(request, access, moved)


def _gone_to(request: HttpRequest, address: str) -> HttpResponse:
    """A script follows `X-Goto` itself: fetch would load the page and not show it."""
    if request.headers.get("X-Screen"):
        return HttpResponse(status=200, headers={"X-Goto": address})
    return redirect(address)


@button
def workshop_clock(request: HttpRequest, access: Access, workshop: Workshop) -> None:
    typed = typed_in(ClockForm(request.POST))
    set_clock(workshop=workshop, verb=typed["verb"], minutes=typed["minutes"] or 1)


@button
def workshop_lead(request: HttpRequest, access: Access, workshop: Workshop) -> None:
    take_over(workshop=workshop, actor=access.user)


@button
def workshop_person(
    request: HttpRequest, access: Access, workshop: Workshop, person_pk: int
) -> None:
    rows = workshop.participants.select_related("workshop__programme")
    person = get_object_or_404(rows, pk=person_pk)
    if typed_in(PersonForm(request.POST))["verb"] == "remove":
        remove_participant(participant=person, actor=access.user)
    else:
        let_back(participant=person)
