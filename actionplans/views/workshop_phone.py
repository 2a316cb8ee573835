"""The phones of a workshop, at the short address `/w/`: no account, one signed cookie.

A wrong code, an expired one, one of a closed workshop, and any code at all after too many wrong
ones answer the same page. Nothing a phone sends names a participant.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actionplans.workshop_cookie import phone_etag, phone_of, phone_pulse, remember
from actionplans.workshop_doors import address_of, is_shut, note_wrong_try
from actionplans.workshop_forms import DoneForm, DotForm, IdeaForm, JoinForm, WithdrawForm
from actionplans.workshop_models import LONGEST_IDEA, Participant
from actionplans.workshop_phones import PhoneScreen
from actionplans.workshop_pulse import Pulse
from actionplans.workshop_room import (
    NoSuchRoom,
    Phone,
    RoomRefused,
    join_workshop,
    participant_of,
    put_dot,
    say_done,
    submit_idea,
    withdraw_idea,
)
from actionplans.workshop_shared import shared_of
from journeys.pages import form_status

P = ParamSpec("P")
RoomView = Callable[Concatenate[HttpRequest, Participant, P], HttpResponse]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponse]


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """The code, typed or from the QR code in the address (`?code=`), and a name."""
    if request.method == "GET":
        code = request.GET.get("code", "")[:20]
        form = JoinForm(initial={"code": code})
        return _door(request, form, code=code)
    form = JoinForm(request.POST)
    if form.is_valid():
        try:
            return remember(redirect("actionplans:room"), _let_in(request, form))
        except NoSuchRoom:
            said = _(
                "This code opens no workshop now. Check it; after many tries, wait ten minutes."
            )
            form.add_error("code", said)
        except RoomRefused as refused:
            form.add_error(refused.field, refused.words)
    return _door(request, form)


def _let_in(request: HttpRequest, form: JoinForm) -> Phone:
    """Raises NoSuchRoom, RoomRefused."""
    address = address_of(request)
    if is_shut(address):
        raise NoSuchRoom
    try:
        return join_workshop(
            code=form.cleaned_data["code"],
            name=form.cleaned_data["name"],
            phone=phone_of(request),
        )
    except NoSuchRoom:
        note_wrong_try(address)
        raise


def _door(request: HttpRequest, form: JoinForm, *, code: str = "") -> HttpResponse:
    back = False
    if (phone := phone_of(request)) is not None:
        try:
            participant_of(phone)
            back = True
        except NoSuchRoom:
            pass
    context = {"form": form, "scanned": bool(code), "back": back}
    return render(request, "actionplans/join.html", context, status=form_status(form))


def _in_the_room(view: RoomView[P]) -> PlainView[P]:
    """Finds the participant behind the cookie; 404 for whoever is not in an open workshop."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        phone = phone_of(request)
        if phone is None:
            return _over(request)
        try:
            return view(request, participant_of(phone), *args, **kwargs)
        except NoSuchRoom:
            return _over(request)

    return cast("PlainView[P]", never_cache(answer))


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "actionplans/room_over.html", status=404)


@require_GET
@never_cache
def room(request: HttpRequest) -> HttpResponse:
    return _drawn(request, "actionplans/room.html")


@require_GET
@never_cache
def room_screen(request: HttpRequest) -> HttpResponse:
    """The changing part of the page. That there is no news, `NoNewsMiddleware` has said before."""
    return _drawn(request, "actionplans/_room.html")


def _drawn(request: HttpRequest, template: str, *, status: int = 200, **words: str) -> HttpResponse:
    """The stamps are read before the rows, after a tap once more: the ETag is never the newer one."""
    phone = phone_of(request)
    if phone is None:
        return _over(request)
    pulse = phone_pulse(phone)
    try:
        participant = participant_of(phone)
    except NoSuchRoom:
        return _over(request)
    context = _context(participant, pulse) | words
    answer = render(request, template, context, status=status)
    answer["ETag"] = context["etag"]
    return answer


def _context(participant: Participant, pulse: Pulse) -> dict[str, Any]:
    workshop = participant.workshop
    return {
        "screen": PhoneScreen(participant, shared_of(workshop, pulse.room)),
        "workshop": workshop,
        "new_id": uuid4(),
        "longest": LONGEST_IDEA,
        "etag": phone_etag(pulse, workshop),
    }


def _answer(
    request: HttpRequest, *, status: int = 200, said: str = "", typed: str = ""
) -> HttpResponse:
    """After a tap: the screen alone for a script, else the page; what was typed stays in it."""
    if request.headers.get("X-Screen"):
        return _drawn(request, "actionplans/_room.html", status=status, said=said, typed=typed)
    if status == 200:
        return redirect("actionplans:room")
    return _drawn(request, "actionplans/room.html", status=status, said=said, typed=typed)


def _take(
    request: HttpRequest, participant: Participant, form: forms.Form, act: Callable[..., Any]
) -> HttpResponse:
    """422 for what can't be done, 409 for what can't be done any more."""
    typed = request.POST.get("text", "")
    if not form.is_valid():
        said = _("This can't be read. Load the page again.")
        return _answer(request, status=422, said=said, typed=typed)
    try:
        act(participant=participant, **form.cleaned_data)
    except RoomRefused as refused:
        status = 409 if refused.is_late else 422
        return _answer(request, status=status, said=refused.words, typed=typed)
    return _answer(request)


@require_POST
@_in_the_room
def room_idea(request: HttpRequest, participant: Participant) -> HttpResponse:
    def act(*, participant: Participant, gap: int, client_id: Any, text: str) -> None:
        submit_idea(participant=participant, gap_id=gap, client_id=client_id, text=text)

    return _take(request, participant, IdeaForm(request.POST), act)


@require_POST
@_in_the_room
def room_withdraw(request: HttpRequest, participant: Participant) -> HttpResponse:
    return _take(request, participant, WithdrawForm(request.POST), withdraw_idea)


@require_POST
@_in_the_room
def room_dot(request: HttpRequest, participant: Participant) -> HttpResponse:
    def act(*, participant: Participant, group: int, on: bool) -> None:
        put_dot(participant=participant, group_id=group, is_on=on)

    return _take(request, participant, DotForm(request.POST), act)


@require_POST
@_in_the_room
def room_done(request: HttpRequest, participant: Participant) -> HttpResponse:
    def act(*, participant: Participant, place: str, done: bool) -> None:
        say_done(participant=participant, place_key=place, is_done=done)

    return _take(request, participant, DoneForm(request.POST), act)
