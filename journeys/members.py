"""Who is in a programme: roles given and taken, and the lead handed over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.audit import record
from journeys.models import Location, Membership, Programme, Role

# The roles that are held to the locations given with them.
HELD_TO_LOCATIONS = (Role.OBSERVER, Role.LOCATION_MANAGER)


class LastLead(Exception):
    """A programme has one lead, who hands it over before leaving."""

    def __str__(self) -> str:
        return _("A programme keeps its lead: hand the lead over first.")


@transaction.atomic
def give_role(
    *,
    programme: Programme,
    user: User,
    role: str,
    actor: User | None,
    locations: Iterable[Location] = (),
    observer_code: str = "",
) -> Membership:
    """A further role for `user`; a role held already is kept, and gains the locations."""
    membership, is_new = Membership.objects.get_or_create(
        programme=programme, user=user, role=role, defaults={"observer_code": observer_code}
    )
    membership.locations.add(*locations)
    if is_new:
        record(
            programme=programme,
            actor=actor,
            verb="added",
            subject=user,
            changes={"role": [None, role], "locations": [None, _codes(membership)]},
        )
    return membership


@transaction.atomic
def change_role(
    *, membership: Membership, actor: User, locations: Iterable[Location], observer_code: str
) -> None:
    before = [_codes(membership), membership.observer_code]
    membership.observer_code = observer_code
    membership.save(update_fields=["observer_code"])
    membership.locations.set(locations)
    after = [_codes(membership), observer_code]
    names = ("locations", "observer_code")
    changes = {
        name: [old, new] for name, old, new in zip(names, before, after, strict=True) if old != new
    }
    if changes:
        record(
            programme=membership.programme,
            actor=actor,
            verb="changed",
            subject=membership.user,
            changes=changes,
        )


@transaction.atomic
def take_role(*, membership: Membership, actor: User) -> None:
    """Raises LastLead for the lead's own row."""
    if membership.role == Role.LEAD:
        raise LastLead
    changes: dict[str, list[Any]] = {
        "role": [membership.role, None],
        "locations": [_codes(membership), None],
    }
    subject, programme = membership.user, membership.programme
    membership.delete()
    record(programme=programme, actor=actor, verb="removed", subject=subject, changes=changes)


@transaction.atomic
def hand_over_lead(*, programme: Programme, to: User, actor: User) -> None:
    """`to`, a member, leads from now on; who led until now goes on as a consultant."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    former = programme.memberships.filter(role=Role.LEAD).select_related("user").first()
    if former is not None and former.user == to:
        return
    if former is not None:
        former.delete()
        Membership.objects.get_or_create(
            programme=programme, user=former.user, role=Role.CONSULTANT
        )
    Membership.objects.create(programme=programme, user=to, role=Role.LEAD)
    record(
        programme=programme,
        actor=actor,
        verb="handed over",
        subject=programme,
        changes={"lead": [str(former.user) if former else None, str(to)]},
    )


def _codes(membership: Membership) -> list[str]:
    return sorted(membership.locations.values_list("code", flat=True))
