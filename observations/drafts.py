"""Copies of begun visits, so that a tablet whose browser data is cleared loses none of them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from journeys.access import Access
from journeys.models import Location, Method
from observations.device_access import DeviceAccess, device_of, person_of
from observations.models import Draft, Observation
from observations.visit_querysets import takes_mystery_visits

MAX_BYTES: Final = 256 * 1024
MAX_PLACE_BYTES: Final = 2048
MAX_DRAFTS: Final = 200  # of one sender in a programme
# Their visits are a secret, or a customer's own affair: no tablet of the store shows them.
TRAINED_OBSERVERS: Final = frozenset(
    {
        Method.MYSTERY_VISIT,
        Method.SHADOWING,
        Method.CUSTOMER_VISIT,
        Method.CALL_LISTENING,
        Method.EYE_TRACKING,
        Method.VIDEO_DIARY,
    }
)


class Arrived(Exception):
    """The observation of this id is on the server already."""


class TooMany(Exception):
    """One sender keeps no more copies than MAX_DRAFTS."""


class Foreign(Exception):
    """Another sender's draft of a place where this one does not observe."""


@dataclass(frozen=True, slots=True)
class DraftCopy:
    """A body that has its shape; `body` is all of it, as it came."""

    id: uuid.UUID
    saved_at: datetime
    location: str | None
    body: Mapping[str, Any]


def open_drafts(access: Access) -> QuerySet[Draft]:
    """The own ones and those of the own locations, young enough, whose observation is still to come."""
    arrived = Observation.objects.filter(programme=OuterRef("programme"), uuid=OuterRef("uuid"))
    youngest = timezone.now() - Draft.LIFETIME
    rows = Draft.objects.filter(programme=access.programme, stored_at__gt=youngest)
    return rows.filter(_reach(access)).exclude(Exists(arrived))


def draft_documents(access: Access) -> list[dict[str, Any]]:
    """What was sent, word for word, and by which tablet (null: by a person)."""
    documents = []
    for draft in open_drafts(access).select_related("device"):
        body = json.loads(draft.body)
        if not takes_mystery_visits(access) and _is_secret(body) and not _is_own(draft, access):
            continue
        device = draft.device
        named = {"id": str(device.uuid), "name": device.name} if device else None
        documents.append(body | {"device": named})
    return documents


def _is_secret(body: Mapping[str, Any]) -> bool:
    return body["document"].get("method") in TRAINED_OBSERVERS


def _is_own(draft: Draft, access: Access) -> bool:
    device = device_of(access)
    return device is not None and draft.device_id == device.pk


def _reach(access: Access) -> Q:
    own = _own(access)
    held_to = access.observing_location_ids
    return Q() if held_to is None else own | Q(location__in=held_to)


def _own(access: Access) -> Q:
    if isinstance(access, DeviceAccess):
        return Q(device=access.device)
    return Q(uploaded_by=access.user)


@transaction.atomic
def keep_draft(*, access: Access, copy: DraftCopy) -> Draft:
    """What is stored afterwards: the newer of this copy and the one that is there.

    Raises Arrived, Foreign or TooMany; then nothing has changed.
    """
    programme = access.programme
    if Observation.objects.filter(programme=programme, uuid=copy.id).exists():
        raise Arrived(copy.id)
    kept = _values(access, copy)
    draft, is_new = Draft.objects.get_or_create(
        programme=programme, uuid=copy.id, defaults={**kept, "saved_at": copy.saved_at}
    )
    if is_new:
        if Draft.objects.filter(_own(access), programme=programme).count() > MAX_DRAFTS:
            raise TooMany
        return draft
    if not Draft.objects.filter(_reach(access), pk=draft.pk).exists():
        raise Foreign(copy.id)
    # In one statement: of two copies on their way the newer stays, whichever comes last.
    Draft.objects.filter(pk=draft.pk, saved_at__lt=copy.saved_at).update(
        **kept, saved_at=copy.saved_at
    )
    draft.refresh_from_db()
    return draft


def _values(access: Access, copy: DraftCopy) -> dict[str, Any]:
    """Of a place that is not its sender's own it is kept for the sender alone."""
    location = None
    if copy.location is not None:
        location = Location.objects.filter(programme=access.programme, code=copy.location).first()
    held_to = access.observing_location_ids
    if location is not None and held_to is not None and location.pk not in held_to:
        location = None
    return {
        "device": device_of(access),
        "uploaded_by": person_of(access),
        "location": location,
        "stored_at": timezone.now(),
        "body": json.dumps(copy.body),
    }


def drop_draft(*, access: Access, one: uuid.UUID) -> None:
    """Thrown away on the tablet; one that is not there is gone already."""
    Draft.objects.filter(_reach(access), programme=access.programme, uuid=one).delete()


def drop_drafts_past_their_time() -> int:
    deleted, _by_model = Draft.objects.filter(
        stored_at__lte=timezone.now() - Draft.LIFETIME
    ).delete()
    return deleted
