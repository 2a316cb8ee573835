"""A workshop of thirty phones that come and go, against the servers of the README. Prints JSON.

    python benchmarks/workshop_load.py [--phones 30] [--seconds 60]

Each phone asks for news as often as its page says, types ideas, puts and moves dots, sends
everything twice now and then, and loses its connections at random; a console and a wall follow
beside them. The facilitator moves on, and back. A change counts as late from the commit of the move
until a screen has what it shows then in hand. Before the vote is closed every phone sends every
dot that it holds twice more, over a new connection: not a row of the votes may change. At the end
the dots in the database are compared with those that the phones were told are kept, one by one,
and every answer before the closing is searched for a total.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

from stand import DURABLE, ROOT, serve

SERVERS = 2
DOTS = 3


@dataclass(frozen=True)
class Room:
    """A workshop in its lobby, and the servers that show it."""

    ports: tuple[int, ...]
    servers: tuple[int, ...]
    workshop: Any

    def server_seconds(self) -> float:
        """Processor time of the servers and their workers, until now."""
        return sum(_seconds(pid) for server in self.servers for pid in (server, *_children(server)))


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def room() -> Iterator[Room]:
    """PostgreSQL, Redis, two servers and a workshop; gone afterwards."""
    from cxplan.tests.servers import (
        Services,
        free_port,
        redis_binary,
        start_postgresql,
        start_redis,
    )

    services = Services()
    with ExitStack() as stack:
        stack.callback(services.stop)
        binary = redis_binary()
        if binary is None:
            raise RuntimeError("no redis-server: install requirements-dev.txt")
        os.environ |= {
            "DATABASE_URL": start_postgresql(services, DURABLE),
            "REDIS_URL": start_redis(services, binary),
            "DEBUG": "off",
            "SECRET_KEY": uuid4().hex * 2,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_SSL_REDIRECT": "off",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "served_settings",
            "PYTHONPATH": str(ROOT / "benchmarks"),
            "BENCHMARK_STATIC_ROOT": str(services.folder / "static"),
        }
        workshop = _prepared()
        ports = tuple(free_port() for _ in range(SERVERS))
        servers = []
        for port in ports:
            server = serve(os.environ["DATABASE_URL"], port)
            servers.append(server.pid)
            services.watch(server.pid)
            stack.callback(services.forget, server.pid)
            stack.callback(server.wait)
            stack.callback(server.terminate)
        for port in ports:
            _wait_for_server(port)
        yield Room(ports, tuple(servers), workshop)


def _wait_for_server(port: int) -> None:
    end = time.monotonic() + 180
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/w/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        if time.monotonic() > end:
            raise RuntimeError(f"no server at {port}")
        time.sleep(0.2)


def _prepared() -> Any:
    import django

    django.setup()
    from django.core.management import call_command

    from actionplans.tests.factories import make_workshop
    from journeys.tests import factories

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    programme = factories.make_programme("bench")
    journey = factories.make_journey(programme, "family-store", stages=1)
    facilitator = factories.make_member(programme, "facilitator")
    return make_workshop(journey.stages.all(), facilitator, phase="lobby", votes_per_person=DOTS)


def _loaded(here: Room, *, phones: int, seconds: float) -> dict[str, Any]:
    """What the phones found, and what they cost: 1.0 is a whole processor."""
    from actionplans.tests.phones import run_load

    started, own, served = time.perf_counter(), time.process_time(), here.server_seconds()
    found = run_load(here.ports, here.workshop, phones=phones, seconds=seconds)
    took = time.perf_counter() - started
    return found | {
        "seconds": round(took, 1),
        "servers_cpu": round((here.server_seconds() - served) / took, 3),
        "phones_cpu": round((time.process_time() - own) / took, 3),
        "load_average": [round(one, 2) for one in os.getloadavg()],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    with room() as here:
        found = _loaded(here, phones=asked.phones, seconds=asked.seconds)
    print(json.dumps(found, indent=2))
    exact = found["votes_equal"] and found["votes_equal_after_replay"] and found["ideas_equal"]
    return 0 if exact and not found["errors"] and not found["leaks_before_closing"] else 1


if __name__ == "__main__":
    sys.exit(main())
