"""The pulse of an open map: who else is here, and what they have changed since the last one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from journeys import presence
from journeys.access import Access, enter
from journeys.map_pulse import may_catch_up, newest_change, news_since
from journeys.models import Journey
from journeys.rights import Right
from journeys.views.map_desk import Table, changes_of, tab_of, with_events

BUILT = ("map", "table")  # the views on which whoever may edit builds
# A map without steps: the first may have its moment already, and its end after the page is read.
UNDER_WAY = timedelta(minutes=1)


@login_required
@require_GET
def map_pulse(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """204 where neither the others (`who`, their numbers) nor the map (`since`) have changed.

    A page on which the map is built gets the columns that changed; any other is told to draw
    itself again, as is one that has slept for so long that the changes can't be told.
    """
    access = enter(request, slug, see=Right.SEE_METHOD)
    journeys = access.programme.journeys.select_related("programme", "segment")
    journey = get_object_or_404(journeys, key=key)
    since = _moment(request.GET.get("since", ""))
    tab = tab_of(request)
    context = pulse_context(journey, access, tab)
    news = news_since(journey, since, access.user, tab)
    if news is None and context["who"] == request.GET.get("who"):
        return HttpResponse(status=204)
    if news is None:
        return render(request, "journeys/_pulse.html", context)
    can_tell = since is None or may_catch_up(since)
    context |= {"notes": news.notes, "gone": news.gone}
    if can_tell and _is_built(request, access):
        table = Table(request, access, journey)
        try:
            context |= changes_of(table, news.redrawing)
        except Journey.DoesNotExist as gone:
            raise Http404 from gone
        context |= {"of_others": True, "has_own": news.has_own, "is_sheet": table.is_sheet}
        return with_events(render(request, "journeys/_pulse.html", context), news.redrawing)
    answer = render(request, "journeys/_pulse.html", context)
    answer["HX-Trigger"] = "map-outdated"
    return answer


def pulse_context(journey: Journey, access: Access, tab: str = "") -> dict[str, Any]:
    """What a page needs that wants to hear of others; asked for before the map is read."""
    newest = newest_change(journey)
    others = presence.others_on(journey, access.user, tab)
    return {
        "programme": access.programme,
        "journey": journey,
        "since": (newest or timezone.now() - UNDER_WAY).isoformat(),
        "others": others,
        "who": ",".join(str(each.pk) for each in others),
        "pulse_milliseconds": int(presence.PULSE_SECONDS * 1000),
    }


def _is_built(request: HttpRequest, access: Access) -> bool:
    """The page is one on which the asker builds: map or table."""
    may_edit = access.may(Right.EDIT_METHOD) and not access.programme.is_archived
    return may_edit and request.GET.get("view", "map") in BUILT


def _moment(text: str) -> datetime | None:
    """None for nonsense: the page then hears of everything that is still known."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
