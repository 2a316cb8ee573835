"""A program on this machine that takes webhooks, and answers as a test wants."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Receiver:
    """`answers` are codes, one a message, the last for all that follow."""

    answers: list[int]
    location: str = ""
    body: bytes = b"ok"
    drip: bool = False
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@contextmanager
def receiving(*answers: int, **fields: object) -> Iterator[Receiver]:
    receiver = Receiver(list(answers) or [200], **fields)  # type: ignore[arg-type]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            codes = receiver.answers
            self.send_response(codes.pop(0) if len(codes) > 1 else codes[0])
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.end_headers()
            if receiver.drip:
                _drip(self)
            else:
                self.wfile.write(receiver.body)

        def log_message(self, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def _drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, never silent for long enough to be given up by a step's limit."""
    try:
        for _drop in range(100):
            handler.wfile.write(b".")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return
