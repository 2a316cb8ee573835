"""The life of a programme: begun, set up, archived, brought back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from accounts.models import User
from journeys.audit import record
from journeys.models import Channel, Membership, Programme, Role

SETTINGS = (
    "name",
    "brand",
    "language",
    "ambition",
    "method_weights",
    "remind_before_days",
    "escalate_after_days",
)


def may_create_programmes(user: User) -> bool:
    return user.is_superuser or user.may_create_programmes


@transaction.atomic
def create_programme(
    *,
    actor: User,
    slug: str,
    name: str,
    families: Collection[str] = (),
    source: Programme | None = None,
    **settings: Any,
) -> Programme:
    """`actor` becomes its lead; each of the `families` a channel, named in the programme's language."""
    programme = Programme.objects.create(slug=slug, name=name, **settings)
    Membership.objects.create(programme=programme, user=actor, role=Role.LEAD)
    with translation.override(programme.language):
        chosen = [family for family in Channel.Family if family.value in families]
        Channel.objects.bulk_create(
            _ready_made(programme, family, place) for place, family in enumerate(chosen)
        )
    changes = {"source": [None, source.slug]} if source else {}
    record(
        programme=programme,
        actor=actor,
        verb="copied" if source else "created",
        subject=programme,
        changes=changes,
    )
    return programme


def _ready_made(programme: Programme, family: Channel.Family, position: int) -> Channel:
    is_physical = family in Channel.PHYSICAL_FAMILIES
    return Channel(
        programme=programme,
        key=family.value.replace("_", "-"),
        name=str(family.label),
        family=family,
        medium=Channel.Medium.PHYSICAL if is_physical else Channel.Medium.DIGITAL,
        position=position,
    )


@transaction.atomic
def change_settings(*, programme: Programme, actor: User, **settings: Any) -> None:
    """Writes what differs from today, and an audit entry where anything does."""
    before = {name: getattr(programme, name) for name in SETTINGS}
    changes = {
        name: [before[name], value] for name, value in settings.items() if before[name] != value
    }
    if not changes:
        return
    for name, (_old, new) in changes.items():
        setattr(programme, name, new)
    programme.save(update_fields=list(changes))
    record(programme=programme, actor=actor, verb="changed", subject=programme, changes=changes)


@transaction.atomic
def archive_programme(*, programme: Programme, actor: User) -> None:
    """Read only from now on, and off the list of what is under way."""
    if programme.is_archived:
        return
    programme.archived_at = timezone.now()
    programme.save(update_fields=["archived_at"])
    record(programme=programme, actor=actor, verb="archived", subject=programme)


@transaction.atomic
def restore_programme(*, programme: Programme, actor: User) -> None:
    if not programme.is_archived:
        return
    programme.archived_at = None
    programme.save(update_fields=["archived_at"])
    record(programme=programme, actor=actor, verb="restored", subject=programme)
