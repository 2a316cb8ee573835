"""The proxy that fails on purpose does fail as it says: else the tests behind it prove nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from accounts.tests.waiting import wait_until
from e2e.field.proxy import FAULTS, TOO_LARGE, Fault, FaultProxy, fault_proxy, stalled

BODY = b"x" * 1000
ANSWER = b'{"stored": true}'
LONGER = (
    TOO_LARGE,
    stalled(0.5, on="the way there"),
    stalled(0.5, on="the way back"),
)


@dataclass
class Upstream:
    """A server that keeps what it was sent whole."""

    url: str
    bodies: list[bytes] = field(default_factory=list)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if len(body) == int(self.headers["Content-Length"]):
                kept.bodies.append(body)
            self.send_response(201)
            self.send_header("Content-Length", str(len(ANSWER)))
            self.send_header("X-Kept", "yes")
            self.end_headers()
            self.wfile.write(ANSWER)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept = Upstream(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


def put(proxy: FaultProxy, patience: float = 10) -> tuple[int, bytes]:
    """The status and the body; raises where no whole answer comes."""
    connection = HTTPConnection(urlsplit(proxy.url).netloc, timeout=patience)
    try:
        connection.request("PUT", "/one", BODY, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_without_a_fault_everything_passes(upstream: Upstream) -> None:
    with fault_proxy(upstream.url) as proxy:
        assert put(proxy) == (201, ANSWER)
    assert upstream.bodies == [BODY]
    assert [(entry.served, entry.told) for entry in proxy.log] == [((201,), 201)]


@pytest.mark.parametrize("fault", [*FAULTS, *LONGER], ids=lambda fault: fault.name)
def test_each_fault_is_what_its_name_says(upstream: Upstream, fault: Fault) -> None:
    with fault_proxy(upstream.url) as proxy:
        proxy.plan = lambda _method, _path: fault
        told: tuple[int, bytes] | None
        try:
            told = put(proxy)
        except (OSError, HTTPException):
            told = None
    reached = fault.reaches and not fault.refuse and fault.cut_request is None
    assert upstream.bodies == [BODY] * (fault.times if reached else 0)
    if fault.instead:
        assert told == (fault.instead.status, fault.instead.body)
    elif reached and not fault.drop and fault.cut_response is None:
        assert told == (201, ANSWER)
    else:
        assert told is None
    until = time.monotonic() + 10  # what was told is logged after it was sent
    while not proxy.log and time.monotonic() < until:
        time.sleep(0.05)
    (logged,) = proxy.log
    assert logged.fault == fault.name
    assert logged.served == (201,) * len(upstream.bodies)
    assert logged.told == (told[0] if told else None)
    assert proxy.happened == [fault.name]


@pytest.mark.parametrize(("way", "reached"), [("the way there", 0), ("the way back", 1)])
def test_a_stall_outlasts_the_client(upstream: Upstream, way: Any, reached: int) -> None:
    """Whether the server has it by the time that the client gives up is what differs."""
    with fault_proxy(upstream.url) as proxy:
        proxy.plan = lambda _method, _path: stalled(1.5, on=way)
        with pytest.raises(TimeoutError):
            put(proxy, patience=0.75)
        assert len(upstream.bodies) == reached
        assert wait_until(lambda: len(upstream.bodies) == 1, seconds=10)
