"""The state of a step of the method, as the stepper of every page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.access import Access
from journeys.models import Journey, Stage
from journeys.rights import Right

State = Literal["empty", "started", "done"]


@dataclass(frozen=True, slots=True)
class Step:
    """`number` 0 is a page beside the five steps; `summary` is its real state in a few words."""

    number: int
    key: str
    title: str
    url: str
    summary: str
    state: State


def step_states(access: Access) -> list[Step]:
    """Steps 1 and 2 for this person; none that they may not see."""
    if not access.may(Right.SEE_METHOD):
        return []
    return [_perimeter(access), _journeys(access)]


def _perimeter(access: Access) -> Step:
    programme = access.programme
    inside = Q(in_perimeter=True)
    segments = programme.segments.filter(inside).count()
    channels = programme.channels.filter(inside).count()
    locations = programme.locations.count()
    counts = {
        "segments": ngettext("%(count)d segment", "%(count)d segments", segments)
        % {"count": segments},
        "locations": ngettext("%(count)d location", "%(count)d locations", locations)
        % {"count": locations},
    }
    return Step(
        number=1,
        key="perimeter",
        title=_("Perimeter"),
        url=reverse("journeys:perimeter", args=[programme.slug]),
        summary=_("%(segments)s, %(locations)s") % counts,
        state=_state(any((segments, channels, locations)), all((segments, channels, locations))),
    )


def _journeys(access: Access) -> Step:
    """Done when every segment in the perimeter has a journey, and every journey a stage."""
    programme = access.programme
    found = programme.journeys.aggregate(
        journeys=Count("pk", distinct=True), stages=Count("stages", distinct=True)
    )
    missing = programme.segments.filter(
        ~Exists(Journey.objects.filter(segment=OuterRef("pk"))), in_perimeter=True
    )
    bare = programme.journeys.filter(~Exists(Stage.objects.filter(journey=OuterRef("pk"))))
    counts = {
        "journeys": ngettext("%(count)d journey", "%(count)d journeys", found["journeys"])
        % {"count": found["journeys"]},
        "stages": ngettext("%(count)d stage", "%(count)d stages", found["stages"])
        % {"count": found["stages"]},
    }
    is_started = bool(found["journeys"])
    is_done = is_started and not missing.exists() and not bare.exists()
    return Step(
        number=2,
        key="journeys",
        title=_("Journeys"),
        url=reverse("journeys:journey-list", args=[programme.slug]),
        summary=_("%(journeys)s, %(stages)s") % counts,
        state=_state(is_started, is_done),
    )


def _state(is_started: bool, is_done: bool) -> State:
    if is_done:
        return "done"
    return "started" if is_started else "empty"
