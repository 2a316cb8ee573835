"""Devices from the lead's side and from their own: codes, tokens, revocation, and being seen."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.compiled import CompiledQuery, as_row, columns
from accounts.models import User
from journeys.audit import record
from journeys.models import Location, Programme
from observations.device_access import DevicePrincipal
from observations.models import Device, EnrolmentCode

TOKEN_PREFIX: Final = "cxd_"  # noqa: S105 - the beginning that tells it from a person's
SEEN_EVERY: Final = timedelta(minutes=1)
# Crockford's letters: none that is read as another, or as a digit.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 8
ASKED_AGAIN_WITHIN: Final = timedelta(minutes=10)
_AS_READ = str.maketrans("OIL", "011", "- \t\u00a0\u2010\u2011\u2013")

# The device once for each of its locations.
_DEVICE_OF_DIGEST = CompiledQuery(
    lambda digest: (
        Device.objects.filter(digest=digest, revoked_at=None)
        .order_by()
        .values_list("locations", *columns(Device), *columns(Programme, "programme__"))
    ),
    str,
)


class CodeRefused(Exception):
    """A code lets nobody in: it is `unknown`, `used` or `expired`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_code(typed: str) -> str:
    """A code as it was made, whatever case, dashes and spaces it was typed with."""
    return typed.strip().upper().translate(_AS_READ)


def written(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"


def _code_digest(code: str) -> str:
    """Keyed, because forty random bits alone could be tried out by whoever reads the table."""
    return salted_hmac("observations.enrolment", code, algorithm="sha256").hexdigest()


def _token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- the lead --------------------------------------------------------------------------------
@transaction.atomic
def add_device(
    *,
    programme: Programme,
    name: str,
    locations: Iterable[Location],
    actor: User,
    takes_mystery_visits: bool = False,
) -> Device:
    """Known from now on, and let in by a code (`make_code`)."""
    device = Device.objects.create(
        programme=programme, name=name, takes_mystery_visits=takes_mystery_visits
    )
    device.locations.set(locations)
    changes = {"locations": [None, _codes_of(device)]}
    record(programme=programme, actor=actor, verb="added", subject=_called(device), changes=changes)
    return device


@transaction.atomic
def change_device(
    *,
    device: Device,
    name: str,
    locations: Iterable[Location],
    actor: User,
    takes_mystery_visits: bool = False,
) -> Device:
    before = _facts_of(device)
    device.name, device.takes_mystery_visits = name, takes_mystery_visits
    device.save(update_fields=["name", "takes_mystery_visits"])
    device.locations.set(locations)
    after = _facts_of(device)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changes:
        record(
            programme=device.programme,
            actor=actor,
            verb="changed",
            subject=_called(device),
            changes=changes,
        )
    return device


@transaction.atomic
def make_code(*, device: Device, actor: User) -> str:
    """The only moment at which the code can be read; an earlier one of this device is void."""
    now = timezone.now()
    _void_codes(device)
    code = "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
    EnrolmentCode.objects.create(
        device=device,
        digest=_code_digest(code),
        created_by=actor,
        expires_at=now + EnrolmentCode.LIFETIME,
    )
    record(programme=device.programme, actor=actor, verb="made a code for", subject=_called(device))
    return code


@transaction.atomic
def revoke_device(*, device: Device, actor: User) -> None:
    """Its token and its codes are void; what it brought stays. Twice changes nothing."""
    # Codes before the device, in the order in which a tablet that enrols right now takes them.
    _void_codes(device)
    revoked = Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=timezone.now())
    if revoked:
        record(programme=device.programme, actor=actor, verb="revoked", subject=_called(device))


def _void_codes(device: Device) -> None:
    now = timezone.now()
    device.codes.filter(used_at=None, expires_at__gt=now).update(expires_at=now)


def _facts_of(device: Device) -> dict[str, object]:
    return {
        "name": device.name,
        "locations": _codes_of(device),
        "mystery visits": device.takes_mystery_visits,
    }


def _codes_of(device: Device) -> list[str]:
    return list(device.locations.order_by("code").values_list("code", flat=True))


def _called(device: Device) -> str:
    return f"{Device._meta.verbose_name} {device.name}"


# --- the tablet ------------------------------------------------------------------------------
@transaction.atomic
def enrol(*, code: str, own_uuid: uuid.UUID | None) -> tuple[Device, str]:
    """The device that the code lets in and its token, the only moment at which it can be read.

    A tablet that says who it is, and is known in the programme, is that device again, with the name
    and locations the code was made for: its queue and its observations remain its own. Raises
    CodeRefused; of two tablets with one code at the same moment, one is let in. The one that was
    let in may ask again for a while: the answer with its token may have been lost on the way.
    """
    digest, now = _code_digest(read_code(code)), timezone.now()
    claimed = EnrolmentCode.objects.filter(digest=digest, used_at=None, expires_at__gt=now)
    if not claimed.update(used_at=now) and not _is_asked_again(digest, own_uuid):
        raise CodeRefused(_why_refused(digest))
    made_for = Device.objects.select_related("programme").get(codes__digest=digest)
    if made_for.programme.is_archived:
        raise PermissionDenied(_("This programme is archived: its lead can restore it."))
    # One enrolment of a programme at a time: two must not take one identifier.
    Programme.objects.select_for_update(no_key=True).get(pk=made_for.programme_id)
    device = _itself(made_for, own_uuid)
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    device.digest, device.enrolled_at, device.revoked_at = _token_digest(token), now, None
    fields = ["uuid", "name", "takes_mystery_visits", "digest", "enrolled_at", "revoked_at"]
    device.save(update_fields=fields)
    record(programme=device.programme, actor=None, verb="enrolled", subject=_called(device))
    return device, token


def _is_asked_again(digest: str, own_uuid: uuid.UUID | None) -> bool:
    """By the tablet that used the code a moment ago, which alone knows its identifier."""
    return own_uuid is not None and (
        EnrolmentCode.objects.filter(
            digest=digest,
            used_at__gt=timezone.now() - ASKED_AGAIN_WITHIN,
            device__uuid=own_uuid,
            device__revoked_at=None,
        ).exists()
    )


def _why_refused(digest: str) -> str:
    code = EnrolmentCode.objects.filter(digest=digest).first()
    if code is None:
        return "unknown"
    return "used" if code.used_at else "expired"


def _itself(made_for: Device, own_uuid: uuid.UUID | None) -> Device:
    if own_uuid is None or own_uuid == made_for.uuid:
        return made_for
    known = Device.objects.filter(programme=made_for.programme_id, uuid=own_uuid).first()
    if known is None:
        if made_for.enrolled_at is None:
            made_for.uuid = own_uuid
        return made_for
    known.locations.set(made_for.locations.all())
    known.takes_mystery_visits = made_for.takes_mystery_visits
    if made_for.enrolled_at is None:
        # The row that the lead added for it was never anything but a name and a code.
        made_for.codes.update(device=known)
        made_for.delete()
        known.name = made_for.name
    return known


def device_of_token(token: str) -> DevicePrincipal | None:
    """The device behind a token that was not revoked, with its programme and locations."""
    found = _DEVICE_OF_DIGEST.rows(_token_digest(token))
    if not found:
        return None
    width = 1 + len(columns(Device))
    device = as_row(Device, found[0][1:width])
    device.programme = as_row(Programme, found[0][width:])
    locations = frozenset(row[0] for row in found if row[0] is not None)
    return DevicePrincipal(device, device.programme, locations)


def note_seen(device: Device, *, client_version: str, queue_length: str) -> None:
    """Once a minute at most; and once more where a queue that was waiting is said to be empty."""
    now = timezone.now()
    waiting = int(queue_length) if queue_length.isascii() and queue_length.isdecimal() else None
    waiting = device.queue_length if waiting is None else min(waiting, 2**31 - 1)
    emptied = waiting == 0 and bool(device.queue_length)
    if device.last_seen_at and now - device.last_seen_at < SEEN_EVERY and not emptied:
        return
    seen = Q(last_seen_at=None) | Q(last_seen_at__lte=now - SEEN_EVERY)
    if emptied:
        seen |= Q(queue_length__gt=0)
    Device.objects.filter(seen, pk=device.pk).update(
        last_seen_at=now,
        client_version=_printable(client_version) or device.client_version,
        queue_length=waiting,
    )


def _printable(text: str) -> str:
    return "".join(filter(str.isprintable, text))[:40]
