"""A proxy between the browser and the server that fails on purpose, each time in a known way.

What it does to one request is a `Fault`; `FaultProxy.plan` chooses it. It logs what reached the
server and what the client was told, because those two are what a lossy network tears apart.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import urlsplit

# Headers that belong to one connection and not to the message.
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
_UPSTREAM_SECONDS = 30


@dataclass(frozen=True)
class Fault:
    """What happens to one request, in the order of its way there and back.

    `wait` seconds pass first. With `refuse` it never leaves; with `cut_request` (0 to 1) only that
    part of its body does, and the line goes dead. It is sent `times` over. `stall` seconds pass
    before the answer; with `drop` the answer is lost; with `cut_response` only that part of its body
    comes back. `instead` is answered in place of the server, which is asked only if `reaches`.
    """

    name: str
    wait: float = 0
    refuse: bool = False
    cut_request: float | None = None
    times: int = 1
    stall: float = 0
    drop: bool = False
    cut_response: float | None = None
    instead: Answer | None = None
    reaches: bool = True


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


_PORTAL = (
    b"<!doctype html><title>Free Wi-Fi</title><h1>Welcome</h1><p>Accept our terms to go on.</p>"
)
_LOGIN = b"<!doctype html><title>Sign in</title><form method=post><input name=login></form>"
_HTML = (("Content-Type", "text/html; charset=utf-8"),)
_JSON = (("Content-Type", "application/json"),)


def _instead(name: str, answer: Answer, *, reaches: bool) -> Fault:
    return Fault(
        f"{name} {'after' if reaches else 'before'} the server", instead=answer, reaches=reaches
    )


REFUSED = Fault("connection refused", refuse=True)


def stalled(seconds: float, *, on: Literal["the way there", "the way back"]) -> Fault:
    """Longer than the client waits: the request comes late, perhaps after its own repetition, or
    the answer does, when nobody listens any more. Not one of FAULTS, which pass quickly: a test
    that wants it makes the client less patient."""
    name = f"stalled on {on}"
    return Fault(name, wait=seconds) if on == "the way there" else Fault(name, stall=seconds)


LOST_ANSWER = Fault("answer lost after the commit", drop=True)
_ANSWERS = {
    "500": Answer(500, b"<h1>Server Error (500)</h1>", _HTML),
    "502": Answer(502, b"<html><h1>502 Bad Gateway</h1></html>", _HTML),
    "429": Answer(429, b'{"status": 429, "title": "Slow down"}', (*_JSON, ("Retry-After", "1"))),
    "portal": Answer(200, _PORTAL, _HTML),
    "login page": Answer(200, _LOGIN, _HTML),
    "portal that refuses": Answer(403, _PORTAL, _HTML),
    "portal that asks": Answer(401, _LOGIN, _HTML),
    "not found by a proxy": Answer(404, b"<h1>404 Not Found</h1>", _HTML),
    "garbage": Answer(200, b'{"results": [{"id": 7}, null], "\xff', _JSON),
    "empty JSON": Answer(201, b"{}", _JSON),
}
# What a proxy with a limit of its own says: the item needs a person, hence not one of FAULTS either.
TOO_LARGE = _instead(
    "413", Answer(413, b"<h1>413 Request Entity Too Large</h1>", _HTML), reaches=False
)
# Each kind of failure, with the request having reached the server or not where both can be.
FAULTS: tuple[Fault, ...] = (
    REFUSED,
    *(Fault(f"request cut at {part:.0%}", cut_request=part) for part in (0.01, 0.5, 0.99)),
    LOST_ANSWER,
    *(Fault(f"answer cut at {part:.0%}", cut_response=part) for part in (0.01, 0.5, 0.99)),
    Fault("stalled, then lost", stall=1.5, drop=True),
    Fault("slow", wait=0.4),
    Fault("eight times over", times=8),
    *(
        _instead(name, answer, reaches=reaches)
        for name, answer in _ANSWERS.items()
        for reaches in (False, True)
    ),
)


@dataclass(frozen=True)
class Logged:
    method: str
    path: str
    fault: str
    # What the server answered, in the order of arrival; empty where it never heard of it.
    served: tuple[int, ...]
    told: int | None
    # By what it ended without an answer.
    broken: str = ""


Plan = Callable[[str, str], Fault | None]


@dataclass
class FaultProxy:
    """`plan(method, path)` is asked for each request; None lets it through.

    Calls of the API go to `api`, where there is one apart from the app's own files.
    """

    url: str
    upstream: str
    api: str = ""
    plan: Plan = lambda method, path: None
    log: list[Logged] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def host(self, path: str) -> str:
        return urlsplit((self.api if path.startswith("/api/") else "") or self.upstream).netloc

    def note(self, entry: Logged) -> None:
        with self._lock:
            self.log.append(entry)

    @property
    def happened(self) -> list[str]:
        """The faults that really struck, in order."""
        with self._lock:
            return [entry.fault for entry in self.log if entry.fault]


@contextmanager
def fault_proxy(upstream: str) -> Iterator[FaultProxy]:
    """Serves in front of `upstream` on a port of its own until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.proxy = FaultProxy(f"http://127.0.0.1:{server.server_address[1]}", upstream)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A browser keeps connections open; closing the server must not wait for them.
    block_on_close = False
    proxy: FaultProxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what this is for."""


class _Broken(Exception):
    """The line to the client goes dead here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_args: Any) -> None:
        pass

    def _handle(self) -> None:
        proxy = self.server.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = proxy.plan(self.command, self.path) or Fault("")
        served: list[int] = []
        told: int | None = None
        broken = ""
        try:
            told = self._suffer(fault, body, served)
        except (_Broken, OSError, HTTPException) as error:
            broken = type(error).__name__
            self.close_connection = True
        finally:
            entry = Logged(self.command, self.path, fault.name, tuple(served), told, broken)
            proxy.note(entry)
        if self.close_connection:
            with suppress(OSError):
                self.connection.shutdown(2)

    # The names that the library calls.
    do_GET = do_PUT = do_POST = do_DELETE = _handle  # noqa: N815

    def _suffer(self, fault: Fault, body: bytes, served: list[int]) -> int:
        time.sleep(fault.wait)
        if fault.refuse:
            raise _Broken
        if fault.cut_request is not None:
            self._send_part(body, fault.cut_request)
            raise _Broken
        answer = self._ask(fault, body, served) if fault.reaches else None
        time.sleep(fault.stall)
        if fault.drop:
            raise _Broken
        answer = fault.instead or answer
        assert answer is not None
        self._tell(answer, fault.cut_response)
        return answer.status

    def _ask(self, fault: Fault, body: bytes, served: list[int]) -> Answer:
        """What the server says; with `times` all at once, and the last answer counts."""
        if fault.times == 1:
            answers = [self._forward(body)]
        else:
            with ThreadPoolExecutor(fault.times) as pool:
                answers = list(pool.map(self._forward, [body] * fault.times))
        served.extend(answer.status for answer in answers)
        return answers[-1]

    def _forward(self, body: bytes) -> Answer:
        connection = self._connect()
        try:
            connection.request(self.command, self.path, body or None, self._headers(len(body)))
            response = connection.getresponse()
            kept = tuple((k, v) for k, v in response.getheaders() if k.lower() not in _HOP)
            return Answer(response.status, response.read(), kept)
        finally:
            connection.close()

    def _send_part(self, body: bytes, part: float) -> None:
        """The head promises the whole body, of which only a part follows."""
        connection = self._connect()
        try:
            connection.putrequest(
                self.command, self.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in self._headers(len(body)).items():
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(body[: int(len(body) * part)])
        finally:
            connection.close()

    def _connect(self) -> HTTPConnection:
        return HTTPConnection(self.server.proxy.host(self.path), timeout=_UPSTREAM_SECONDS)

    def _headers(self, length: int) -> dict[str, str]:
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP}
        headers["Host"] = self.server.proxy.host(self.path)
        headers["Content-Length"] = str(length)
        headers["Connection"] = "close"
        return headers

    def _tell(self, answer: Answer, part: float | None) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if part is None:
            self.wfile.write(answer.body)
            return
        self.wfile.write(answer.body[: int(len(answer.body) * part)])
        self.wfile.flush()
        raise _Broken
