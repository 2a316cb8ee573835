"""How often an address may be wrong about a code before no code of its is looked at any more.

Wrong tries only: thirty people behind one Wi-Fi come in at once. With thirty tries in ten minutes
and 27^6 codes, guessing one of ten open workshops takes an address a century or so.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

WRONG_TRIES: Final = 30
WINDOW_SECONDS: Final = 600


def address_of(request: HttpRequest) -> str:
    """What the proxy says where there is one; of IPv6 the network that one household has."""
    text = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        text = request.headers.get("X-Forwarded-For", text).rsplit(",", 1)[-1].strip()
    try:
        address = ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


def is_shut(address: str) -> bool:
    return int(cache.get(_key(address), 0)) >= WRONG_TRIES


def note_wrong_try(address: str) -> None:
    key = _key(address)
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        cache.incr(key)
    except ValueError:  # the window ended just now
        cache.set(key, 1, WINDOW_SECONDS)


def _key(address: str) -> str:
    return f"workshop-wrong-codes-{address.replace(':', '-').replace('/', '_')}"
