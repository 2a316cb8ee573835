"""The one place that loads a programme for a person and decides what they may do in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.models import Location, Membership, Programme
from journeys.rights import ALL_RIGHTS, LOCATION_MANAGER, OBSERVER, RIGHTS, Right


@dataclass(frozen=True)
class Access:
    """A person in a programme: their roles, rights and locations."""

    user: User
    programme: Programme
    roles: frozenset[str]
    rights: Right

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

    def _locations_as(self, role: str) -> frozenset[int]:
        held = Location.objects.filter(
            memberships__programme=self.programme,
            memberships__user=self.user,
            memberships__role=role,
        )
        return frozenset(held.values_list("pk", flat=True))

    @cached_property
    def observer_code(self) -> str:
        """The code under which this person's own observations are kept, empty without one."""
        own = Membership.objects.filter(
            programme=self.programme, user=self.user, role=OBSERVER
        ).first()
        return own.observer_code if own else ""


def access_of(user: User, programme: Programme) -> Access:
    """What `user` may do in `programme`; no rights at all for a stranger."""
    if user.is_superuser:
        return Access(user, programme, frozenset(), ALL_RIGHTS)
    roles = frozenset(
        Membership.objects.filter(user=user, programme=programme).values_list("role", flat=True)
    )
    rights = Right(0)
    for role in roles:
        rights |= RIGHTS[role]
    return Access(user, programme, roles, rights)


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
    programme = Programme.objects.filter(slug=slug).first()
    if programme is None:
        raise Http404
    access = access_of(user, programme)
    if not access.may(see):
        raise Http404
    if change is not None and not access.may(change):
        raise PermissionDenied(_("Your role in this programme does not allow this change."))
    if change is not None and change is not Right.MANAGE and programme.is_archived:
        raise PermissionDenied(_("This programme is archived: its lead can restore it."))
    return access
