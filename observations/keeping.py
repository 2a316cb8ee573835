"""Copies that can't be accepted as they are: kept word for word, and what has become of them.

Once a person has taken a copy's content in, its sender is told so by what he knows: the id and the
content that he sent. His photos and questions under that id go where the content went.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import User
from journeys.access import Access
from journeys.models import Programme
from observations.device_access import device_of, person_of
from observations.documents import FieldError, short_text
from observations.models import Device, HeldCopy, Observation, Revision
from observations.querysets import HeldCopyQuerySet


@dataclass(frozen=True, slots=True)
class Sender:
    """Who brings to a programme: a person, a tablet, or a person in a tablet's stead."""

    programme: Programme
    user: User | None
    device: Device | None

    @property
    def as_filter(self) -> Q:
        """A tablet is itself, whoever brings its queue."""
        return Q(device=self.device) if self.device else Q(device=None, uploaded_by=self.user)


def keep_copy(
    *,
    sender: Sender,
    one: uuid.UUID,
    document: Mapping[str, Any],
    sha256: str,
    reason: HeldCopy.Reason,
    errors: list[FieldError],
) -> None:
    """The same copy once more is one copy."""
    HeldCopy.objects.get_or_create(
        programme=sender.programme,
        uuid=one,
        sha256=sha256,
        reason=reason,
        defaults={
            "document": json.dumps(document),
            "journey": short_text(document, "journey", 60),
            "location": short_text(document, "location", 40),
            "observer": short_text(document, "observer", 40),
            "errors": errors,
            "uploaded_by": sender.user,
            "device": sender.device,
        },
    )


def taken_in(sender: Sender, one: uuid.UUID, sha256: str) -> Observation | None:
    """The observation that this sender's copy has become, if a person has taken it in."""
    copies = _taken_in_of(sender, one).filter(sha256=sha256)
    copy = copies.order_by("-decided_at").first()
    return copy.observation if copy else None


def kept_elsewhere(sender: Sender, one: uuid.UUID) -> list[HeldCopy]:
    """A tablet's copies that became observations of their own, the newest decision first.

    A person is not meant, who corrects what stands on the page.
    """
    if sender.device is None:
        return []
    copies = _taken_in_of(sender, one).exclude(observation__uuid=one)
    return list(copies.order_by("-decided_at"))


@dataclass(frozen=True, slots=True)
class Claim:
    """An observation that a sender may ask about and send photos to, under the id he knows it by.

    `copy` is what of his a person has taken in there; None for what stands under the id itself.
    """

    row: Observation
    copy: HeldCopy | None = None

    def sha256_of(self, current: Revision) -> str:
        """His content where it stands under another id now, and so with another hash."""
        if self.copy is not None and self.copy.uuid != self.row.uuid:
            return self.copy.sha256
        return current.sha256


def claims_under(*, access: Access, one: uuid.UUID) -> list[Claim]:
    """Where the content went that was sent under this id: copies taken in, the newest decision
    first, then what stands there, if this sender may see it.
    """
    claims: dict[int, Claim] = {}
    sender = Sender(access.programme, person_of(access), device_of(access))
    copies = _taken_in_of(sender, one)
    for copy in copies.order_by("-decided_at"):
        if copy.observation is not None:
            claims.setdefault(copy.observation.pk, Claim(copy.observation, copy))
    for row in Observation.objects.visible_to(access).filter(uuid=one):
        claims.setdefault(row.pk, Claim(row))
    return list(claims.values())


def _taken_in_of(sender: Sender, one: uuid.UUID) -> HeldCopyQuerySet:
    copies: HeldCopyQuerySet = HeldCopy.objects.filter(
        sender.as_filter, programme=sender.programme, uuid=one, observation__isnull=False
    )
    return copies.exclude(decision="").select_related("observation")
