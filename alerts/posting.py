"""One POST to an address that somebody typed: never into our own network, never for long.

The name is resolved once, every address it has must be public, and the connection goes to the one
that was looked at: a name that answers otherwise the second time gains nothing. No redirect is
followed, no proxy of the environment is used.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

TIMEOUT: Final = 5.0  # seconds for each step
WHOLE: Final = 15.0  # seconds for all of them: a server that answers drop by drop is hung up on
MOST_READ: Final = 2000  # bytes of the answer
# Addresses of IPv4 as IPv6 writes them for a translator.
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotAllowed(Exception):
    """An address to which nothing is sent, and why."""


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    text: str


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Raises NotAllowed, OSError or http.client.HTTPException where there is no answer.

    How long a name takes is the resolver's: after too long nothing is sent, since another worker may
    have sent it.
    """
    parts = check_url(url)
    begun = time.monotonic()
    address = public_address(parts)
    if time.monotonic() - begun > WHOLE:
        raise TimeoutError("the name took too long")
    connection = _Pinned(parts, address)
    hang_up = threading.Timer(WHOLE, connection.hang_up)
    hang_up.daemon = True
    hang_up.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, dict(headers))
        answer = connection.getresponse()
        text = answer.read(MOST_READ).decode("utf-8", "replace").replace("\x00", "")
        return Answer(answer.status, text)
    finally:
        hang_up.cancel()
        connection.close()


def check_url(url: str) -> SplitResult:
    """What can be said without asking the network. Raises NotAllowed."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowed(str(error)) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise NotAllowed("not an http or https address")
    if parts.username is not None or parts.password is not None:
        raise NotAllowed("an address holds no name and no password")
    return parts


def public_address(parts: SplitResult) -> str:
    """The first of the name's addresses. Raises NotAllowed where one of them is not public."""
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise NotAllowed("not a name") from error
    addresses = [str(info[4][0]) for info in found]
    if not settings.WEBHOOKS_MAY_REACH_PRIVATE:
        for address in addresses:
            if not is_public(ipaddress.ip_address(address.partition("%")[0])):
                raise NotAllowed("the name leads into a private network")
    return addresses[0]


def is_public(address: Address) -> bool:
    """Also of an IPv4 address that is written as an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


class _Pinned(http.client.HTTPConnection):
    """Speaks to `address` as if its name had been looked up, certificate included."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(parts.hostname or "", _port(parts), timeout=TIMEOUT)
        self.default_port = 443 if parts.scheme == "https" else 80
        self._address = address
        self._is_secure = parts.scheme == "https"
        # Of our own, because the connection lets go of its socket once the answer begins.
        self._line: socket.socket | None = None

    def connect(self) -> None:
        self.sock = self._line = socket.create_connection((self._address, self.port), TIMEOUT)
        if self._is_secure:
            context = ssl.create_default_context()
            secure = context.wrap_socket(
                self._line, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = self._line = secure
            secure.do_handshake()

    def hang_up(self) -> None:
        with suppress(OSError):
            if self._line is not None:
                self._line.shutdown(socket.SHUT_RDWR)
