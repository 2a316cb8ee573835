"""A person's own page of actions over all their programmes, and the calendar that reads them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.ways_out import answer
from actionplans.action_models import CalendarFeed
from actionplans.letters_before import choose_letters, wants_letters, way_of
from actionplans.models import Action
from actionplans.my_actions import (
    MOST,
    calendar_of,
    close_feed,
    groups_of,
    open_actions,
    open_feed,
    person_of_feed,
    updatable_programmes,
)
from journeys.pages import show


@login_required
@require_GET
@never_cache
def my_actions(request: HttpRequest) -> HttpResponse:
    return _show(request)


def _show(request: HttpRequest, **more: Any) -> HttpResponse:
    person = _person(request)
    actions = list(open_actions(person).for_views()[: MOST + 1])
    here = reverse("actionplans:my-actions")
    context = {
        "groups": groups_of(actions[:MOST], timezone.localdate()),
        "is_cut": len(actions) > MOST,
        "updatable": updatable_programmes(person),
        "statuses": Action.Status.choices,
        "here": here,
        "has_feed": CalendarFeed.objects.filter(person=person, revoked_at=None).exists(),
        "before_due": wants_letters(person),
    }
    return show(request, "actionplans/my_actions", context | more)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "behind login_required"
    return request.user


@login_required
@require_POST
def feed_create(request: HttpRequest) -> HttpResponse:
    """Shows the address on this one answer only."""
    token = open_feed(_person(request))
    address = request.build_absolute_uri(reverse("actionplans:calendar-feed", args=[token]))
    return _show(request, feed_address=address)


@login_required
@require_POST
def feed_revoke(request: HttpRequest) -> HttpResponse:
    close_feed(_person(request))
    messages.success(request, _("The calendar's address opens nothing any more."))
    return redirect("actionplans:my-actions")


@login_required
@require_POST
def letter_choice(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("before_due") == "on"
    choose_letters(person=_person(request), wanted=wanted)
    messages.success(request, _("Saved."))
    return redirect("actionplans:my-actions")


@csrf_exempt  # a mail program posts here in one click; the token is the proof
@require_http_methods(["GET", "POST"])
def letters_unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    way = way_of(token)
    if way is None:
        raise Http404
    return answer(request, way)


@require_GET
@never_cache
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """For calendars, which have no session: whoever holds the address reads it."""
    person = person_of_feed(token)
    if person is None:
        raise Http404
    told = HttpResponse(calendar_of(person), content_type="text/calendar; charset=utf-8")
    told["Content-Disposition"] = 'inline; filename="cxplan.ics"'
    told["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    told["Referrer-Policy"] = "no-referrer"
    told["X-Content-Type-Options"] = "nosniff"
    return told
