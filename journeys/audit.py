"""One line a change, in the same transaction as the change."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from journeys.models import AuditEntry, Programme


def record(
    *,
    programme: Programme,
    actor: User | None,
    verb: str,
    subject: object,
    changes: dict[str, list[Any]] | None = None,
) -> AuditEntry:
    """`verb` is a plain past tense ("published"); `changes` maps a field to [before, after]."""
    return AuditEntry.objects.create(
        programme=programme,
        actor=actor,
        verb=verb,
        subject=str(subject)[:200],
        changes=changes or {},
    )
