"""Which lanes a person wants in a view of a map, in which order: in the URL, kept in their session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, QueryDict

from journeys.access import Access
from journeys.lanes import Lane, lanes_for
from journeys.models import Journey

_KEPT: Final = "map_lanes"  # in the session: {number of the journey and view: keys}


@dataclass(frozen=True, slots=True)
class LaneOption:
    """A lane to tick; `earlier` and `later` are the choices with it one place up or down."""

    lane: Lane
    is_shown: bool
    earlier: str = ""
    later: str = ""


@dataclass(frozen=True, slots=True)
class LaneChoice:
    """`value` is the choice as it stands in the URL; empty for all lanes in their usual order."""

    lanes: tuple[Lane, ...]
    options: tuple[LaneOption, ...]
    value: str


def lane_choice(available: Sequence[Lane], asked: Iterable[str]) -> LaneChoice:
    """The lanes named, in that order. Unknown names are passed over; all lanes where none is left."""
    known = {lane.key: lane for lane in available}
    keys = [key for key in dict.fromkeys(asked) if key in known]
    if not keys or keys == list(known):
        keys, value = list(known), ""
    else:
        value = ",".join(keys)
    options = [
        LaneOption(
            known[key],
            is_shown=True,
            earlier=_swapped(keys, place - 1) if place else "",
            later=_swapped(keys, place) if place + 1 < len(keys) else "",
        )
        for place, key in enumerate(keys)
    ]
    options += [LaneOption(lane, is_shown=False) for key, lane in known.items() if key not in keys]
    return LaneChoice(tuple(known[key] for key in keys), tuple(options), value)


def lanes_asked(values: QueryDict) -> list[str]:
    """`lanes=a,b` as links have it, or `lanes=a&lanes=b` as a form without scripts sends it."""
    return [key for value in values.getlist("lanes") for key in value.split(",") if key]


def choose_lanes(
    request: HttpRequest, journey: Journey, access: Access, *, view: str
) -> LaneChoice:
    """What the URL says, which the session then keeps; without a word there, what it has kept.

    Each view of a journey has its own choice.
    """
    kept: dict[str, str] = request.session.get(_KEPT, {})
    place = f"{journey.pk} {view}"
    if "lanes" not in request.GET:
        return lane_choice(lanes_for(access), kept.get(place, "").split(","))
    choice = lane_choice(lanes_for(access), lanes_asked(request.GET))
    if choice.value != kept.get(place, ""):
        kept.pop(place, None)
        request.session[_KEPT] = kept | ({place: choice.value} if choice.value else {})
    return choice


def _swapped(keys: list[str], place: int) -> str:
    """The keys with those at `place` and after it changed about."""
    return ",".join([*keys[:place], keys[place + 1], keys[place], *keys[place + 2 :]])
