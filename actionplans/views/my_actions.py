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
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from actionplans.action_models import CalendarFeed, LetterChoice
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


def wants_letters(person: User) -> bool:
    return not LetterChoice.objects.filter(person=person, before_due=False).exists()


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
    LetterChoice.objects.update_or_create(person=_person(request), defaults={"before_due": wanted})
    messages.success(request, _("Saved."))
    return redirect("actionplans:my-actions")


@require_GET
@never_cache
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """For calendars, which have no session: whoever holds the address reads it."""
    person = person_of_feed(token)
    if person is None:
        raise Http404
    answer = HttpResponse(calendar_of(person), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="cxplan.ics"'
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
