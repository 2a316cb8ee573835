"""What a device may do: take guides, bring observations of its locations, read its own back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.models import User
from journeys.access import Access, enter_as
from journeys.models import Programme
from journeys.rights import Right

if TYPE_CHECKING:
    from observations.models import Device

DEVICE_RIGHTS: Final = Right.SEE_PROGRAMME | Right.SEE_GUIDE | Right.OBSERVE


@dataclass(frozen=True)
class DeviceAccess(Access):
    """A device in its programme. Its `user` is nobody, who can't be stored: `person` is None."""

    device: Device = field(kw_only=True)
    location_ids: frozenset[int] = field(kw_only=True)

    @property
    def reading_location_ids(self) -> frozenset[int]:
        return frozenset()

    @property
    def observing_location_ids(self) -> frozenset[int]:
        return self.location_ids

    @property
    def observer_code(self) -> str:
        """On a shared tablet each visit names its own observer."""
        return ""


@dataclass(frozen=True)
class DevicePrincipal:
    """Who asks where a device's token came with the request: no user, and it opens no page."""

    device: Device
    programme: Programme
    location_ids: frozenset[int]
    is_authenticated: bool = True
    is_active: bool = True

    @property
    def access(self) -> DeviceAccess:
        return DeviceAccess(
            User(is_active=False),
            self.programme,
            frozenset(),
            DEVICE_RIGHTS,
            device=self.device,
            location_ids=self.location_ids,
        )


def enter_field(request: Request, slug: str, *, change: Right | None = None) -> Access:
    """The programme at `slug` for the person or the device that asks; refusals as by `enter_as`."""
    who: object = request.user
    if not isinstance(who, DevicePrincipal):
        assert isinstance(who, User), "authentication is required by the settings"
        return enter_as(who, slug, see=Right.SEE_GUIDE, change=change)
    if who.programme.slug != slug:
        raise Http404
    if change is not None and change not in DEVICE_RIGHTS:
        raise PermissionDenied(_("A device may not do this."))
    if change is not None and who.programme.is_archived:
        raise PermissionDenied(_("This programme is archived: its lead can restore it."))
    return who.access


def person_of(access: Access) -> User | None:
    """The person who is to be named as sender; a device is none."""
    return None if isinstance(access, DeviceAccess) else access.user


def device_of(access: Access) -> Device | None:
    return access.device if isinstance(access, DeviceAccess) else None
