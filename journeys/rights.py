"""Which role may what. Rights add up over the roles of a person in a programme."""

from __future__ import annotations

import enum

LEAD, CONSULTANT, FACILITATOR = "lead", "consultant", "facilitator"
LOCATION_MANAGER, OBSERVER, EXECUTIVE, CONTRIBUTOR = (
    "location_manager",
    "observer",
    "executive",
    "contributor",
)


class Right(enum.Flag):
    """`SEE_*` decides between a page and 404, the others between a change and 403."""

    SEE_PROGRAMME = enum.auto()  # its overview page: every member
    SEE_METHOD = enum.auto()  # perimeter, journeys, frameworks
    SEE_GUIDE = enum.auto()  # the observation guides
    SEE_SCORES = enum.auto()  # dashboard, scores; of own locations without SEE_ALL_LOCATIONS
    SEE_OBSERVATIONS = enum.auto()  # lists; own ones, or own locations', without SEE_ALL_LOCATIONS
    SEE_ALL_LOCATIONS = enum.auto()
    SEE_PLAN = enum.auto()  # gaps, recommendations, actions; own ones without SEE_SCORES
    OBSERVE = enum.auto()  # record observations
    EDIT_METHOD = enum.auto()  # steps 1 to 3
    EDIT_PLAN = enum.auto()  # step 5
    UPDATE_OWN_ACTIONS = enum.auto()
    SIGN_OFF = enum.auto()  # freeze a report of the scores
    ACKNOWLEDGE = enum.auto()  # answer to visit reports; of own locations without SEE_ALL_LOCATIONS
    MANAGE = enum.auto()  # members, set-up, targets, exports, archive, deletion


_READ_ALL = (
    Right.SEE_PROGRAMME
    | Right.SEE_METHOD
    | Right.SEE_GUIDE
    | Right.SEE_SCORES
    | Right.SEE_OBSERVATIONS
    | Right.SEE_ALL_LOCATIONS
    | Right.SEE_PLAN
)
ALL_RIGHTS = ~Right(0)

RIGHTS: dict[str, Right] = {
    LEAD: ALL_RIGHTS,
    CONSULTANT: _READ_ALL
    | Right.OBSERVE
    | Right.ACKNOWLEDGE
    | Right.EDIT_METHOD
    | Right.EDIT_PLAN
    | Right.UPDATE_OWN_ACTIONS,
    FACILITATOR: _READ_ALL | Right.EDIT_PLAN | Right.UPDATE_OWN_ACTIONS,
    LOCATION_MANAGER: Right.SEE_PROGRAMME
    | Right.SEE_METHOD
    | Right.SEE_GUIDE
    | Right.SEE_SCORES
    | Right.SEE_OBSERVATIONS
    | Right.ACKNOWLEDGE,
    OBSERVER: Right.SEE_PROGRAMME | Right.SEE_GUIDE | Right.SEE_OBSERVATIONS | Right.OBSERVE,
    EXECUTIVE: Right.SEE_PROGRAMME
    | Right.SEE_METHOD
    | Right.SEE_GUIDE
    | Right.SEE_SCORES
    | Right.SEE_ALL_LOCATIONS
    | Right.SEE_PLAN
    | Right.SIGN_OFF,
    CONTRIBUTOR: Right.SEE_PROGRAMME | Right.SEE_PLAN | Right.UPDATE_OWN_ACTIONS,
}


def roles_with(right: Right) -> tuple[str, ...]:
    """The roles that carry a right, for a query over memberships."""
    return tuple(role for role, rights in RIGHTS.items() if right in rights)
