"""The one place that loads a programme for a person and decides what they may do in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import FilteredRelation, Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.compiled import CompiledQuery, Values, as_row, columns
from accounts.models import User
from journeys.models import Membership, Programme
from journeys.rights import ALL_RIGHTS, LOCATION_MANAGER, OBSERVER, RIGHTS, Right

# The programme once for each role that the person has there and each location of that role.
_PROGRAMME = CompiledQuery(
    lambda user_id, slug: (
        Programme.objects.annotate(
            own=FilteredRelation("memberships", condition=Q(memberships__user=user_id))
        )
        .filter(slug=slug)
        .order_by()
        .values_list("own__role", "own__locations", *columns(Programme))
    ),
    int,
    str,
)
_ROLES = CompiledQuery(
    lambda user_id, programme_id: (
        Membership.objects.filter(user=user_id, programme=programme_id)
        .order_by()
        .values_list("role", "locations")
    ),
    int,
    int,
)


@dataclass(frozen=True)
class Access:
    """A person in a programme: their roles, rights, and the locations each role is narrowed to."""

    user: User
    programme: Programme
    roles: frozenset[str]
    rights: Right
    locations: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def may(self, right: Right) -> bool:
        return right in self.rights

    def may_at_once(self, right: Right) -> bool:
        """One single role carries all of `right`: two roles don't lend each other their reach."""
        if self.user.is_superuser:
            return True
        return any(right in RIGHTS[role] for role in self.roles)

    @cached_property
    def reading_location_ids(self) -> frozenset[int] | None:
        """The locations whose scores this person may read; None is all of them."""
        if self.may_at_once(Right.SEE_SCORES | Right.SEE_ALL_LOCATIONS):
            return None
        return self._locations_as(LOCATION_MANAGER)

    @cached_property
    def observing_location_ids(self) -> frozenset[int] | None:
        """The locations at which this person may record observations; None is all of them."""
        if self.may_at_once(Right.OBSERVE | Right.SEE_ALL_LOCATIONS):
            return None
        return self._locations_as(OBSERVER)

    @cached_property
    def observation_location_ids(self) -> frozenset[int] | None:
        """The locations whose observations this person may read, whoever made them; None is all of them."""
        if self.may_at_once(Right.SEE_OBSERVATIONS | Right.SEE_ALL_LOCATIONS):
            return None
        return self._locations_as(LOCATION_MANAGER)

    @cached_property
    def sees_whole_plan(self) -> bool:
        """Every action and workshop, by one role; who sees own actions alone can't say that there is none."""
        return self.may_at_once(Right.SEE_PLAN | Right.SEE_SCORES)

    def _locations_as(self, role: str) -> frozenset[int]:
        return self.locations.get(role, frozenset())

    @cached_property
    def observer_code(self) -> str:
        """The code under which this person's own observations are kept, empty without one."""
        own = Membership.objects.filter(
            programme=self.programme, user=self.user, role=OBSERVER
        ).first()
        return own.observer_code if own else ""


def access_of(user: User, programme: Programme) -> Access:
    """What `user` may do in `programme`; no rights at all for a stranger."""
    return _access(user, programme, _ROLES.rows(user.pk, programme.pk))


def _access(user: User, programme: Programme, roles: Iterable[Values]) -> Access:
    """`roles` are pairs of a role and a location to which it is narrowed, or None."""
    if user.is_superuser:
        return Access(user, programme, frozenset(), ALL_RIGHTS)
    held: dict[str, set[int]] = {}
    for role, location_id in roles:
        locations = held.setdefault(role, set())
        if location_id is not None:
            locations.add(location_id)
    rights = Right(0)
    for role in held:
        rights |= RIGHTS[role]
    narrowed = {role: frozenset(locations) for role, locations in held.items()}
    return Access(user, programme, frozenset(held), rights, narrowed)


def enter(
    request: HttpRequest,
    slug: str,
    *,
    see: Right = Right.SEE_PROGRAMME,
    change: Right | None = None,
) -> Access:
    """The programme at `slug` for the person who asks.

    Raises Http404 where they may not `see` it, PermissionDenied where they may see but not
    `change`. An archived programme is read only for everybody: its lead must restore it first.
    """
    assert isinstance(request.user, User), "enter() stands behind login_required"
    access = enter_as(request.user, slug, see=see, change=change)
    request.access = access  # type: ignore[attr-defined]  # read by the page frame
    return access


def enter_as(
    user: User, slug: str, *, see: Right = Right.SEE_PROGRAMME, change: Right | None = None
) -> Access:
    """`enter` without a request, for the API and for commands."""
    found = _PROGRAMME.rows(user.pk, slug)
    if not found:
        raise Http404
    roles = [(role, location_id) for role, location_id, *_programme in found if role]
    access = _access(user, as_row(Programme, found[0][2:]), roles)
    if not access.may(see):
        raise Http404
    if change is not None and not access.may(change):
        raise PermissionDenied(_("Your role in this programme does not allow this change."))
    if change is not None and change is not Right.MANAGE and access.programme.is_archived:
        raise PermissionDenied(_("This programme is archived: its lead can restore it."))
    return access
