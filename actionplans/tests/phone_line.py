"""A browser's connection to the server, as light as can be: raw requests, kept alive, bytes back.

Thirty of them share the machine with the servers that are measured.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode

TRIES = 20
TIMEOUT = 20


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """Empty where there is none."""
        _before, found, rest = self.head.partition(f"\r\n{name}: ".encode())
        return rest.partition(b"\r\n")[0].decode("latin-1") if found else ""

    def cookies(self) -> dict[str, str]:
        lines = self.head.split(b"\r\nSet-Cookie: ")[1:]
        pairs = (line.partition(b";")[0].decode().strip().partition("=") for line in lines)
        return {key: value for key, _sign, value in pairs}


class Line:
    """One connection; `lose` it, and the next request opens another. Cookies are the phone's."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.port, self.cookies = port, cookies
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def lose(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None

    async def get(self, path: str, etag: str = "") -> Answer:
        return await self._ask("GET", path, f"If-None-Match: {etag}\r\n" if etag else "", b"")

    async def post(self, path: str, data: dict[str, str], *, screen: bool = True) -> Answer:
        """Sent again until it is answered, as the page does."""
        body = urlencode(data).encode()
        headers = (
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            f"X-CSRFToken: {self.cookies.get('csrftoken', '')}\r\n"
        )
        return await self._ask("POST", path, headers + "X-Screen: 1\r\n" * screen, body)

    async def _ask(self, verb: str, path: str, headers: str, body: bytes) -> Answer:
        cookie = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        head = f"{verb} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n{headers}\r\n"
        for attempt in range(TRIES):
            try:
                answer = await asyncio.wait_for(self._once(head.encode() + body), TIMEOUT)
            except (OSError, EOFError, TimeoutError):
                self.lose()
                await asyncio.sleep(0.1 * (attempt + 1))
            else:
                self.cookies.update(answer.cookies())
                return answer
        raise RuntimeError(f"no answer at {path}")

    async def _once(self, request: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        answer = Answer(int(head[9:12]), head, b"")
        if length := int(answer.header("Content-Length") or 0):
            answer = Answer(answer.status, head, await reader.readexactly(length))
        if answer.header("Connection") == "close":
            self.lose()
        return answer
