"""What a benchmark stands on: a durable PostgreSQL, a Redis, one programme, real server processes.

The PostgreSQL is that of the test suite's wheel, with fsync and synchronous commits on. The servers
are gunicorn with DEBUG off as the README runs it, each a process of its own. No worker folds
meanwhile: a request only writes to the outbox and to Redis, as it does in production.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

STAGES = 8
THREADS = 4
DURABLE = """
fsync = on
synchronous_commit = on
full_page_writes = on
jit = off
max_connections = 60
timezone = 'UTC'
"""


@dataclass(frozen=True)
class Stand:
    """Where the database and the servers are, and what a client must say to be let in."""

    dsn: str
    ports: tuple[int, ...]
    slug: str
    token: str

    def path(self, rest: str) -> str:
        return f"/api/v1/programmes/{self.slug}/observations/{rest}"


class Sender:
    """One kept-alive HTTP connection that sends with the bearer token."""

    def __init__(self, stand: Stand, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {
            "Authorization": f"Bearer {stand.token}",
            "Content-Type": "application/json",
        }

    def send(self, verb: str, path: str, body: bytes, *, expect: int) -> Any:
        self._connection.request(verb, path, body, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != expect:
            raise RuntimeError(f"{verb} {path}: {answer.status} {content[:500]!r}")
        return json.loads(content)


@contextmanager
def stand(*, servers: int) -> Iterator[Stand]:
    """Everything started, and gone afterwards, however the benchmark ends."""
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
            "SECRET_KEY": uuid.uuid4().hex * 2,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_SSL_REDIRECT": "off",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "cxplan.settings",
        }
        slug, token = _populate()
        ports = tuple(free_port() for _ in range(servers))
        for port in ports:
            server = serve(os.environ["DATABASE_URL"], port)
            services.watch(server.pid)
            stack.callback(services.forget, server.pid)
            stack.callback(server.wait)
            stack.callback(server.terminate)
        one = Stand(os.environ["DATABASE_URL"], ports, slug, token)
        for port in ports:
            wait_until_it_answers(one, port)
        yield one


def serve(dsn: str, port: int) -> subprocess.Popen[bytes]:
    """A server of one process on this database."""
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--worker-class", "gthread", "--threads", str(THREADS), "--keep-alive", "75"]
    return subprocess.Popen(
        [*command, "cxplan.wsgi"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": dsn},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_until_it_answers(one: Stand, port: int) -> None:
    """The first document also warms the server up."""
    deadline = time.monotonic() + 60
    while True:
        document = make_document(random.Random(port))
        body = json.dumps(document).encode()
        try:
            Sender(one, port).send("PUT", one.path(f"{document['id']}/"), body, expect=201)
            return
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _populate() -> tuple[str, str]:
    """A programme of 8 stages and 20 interactions in one channel; an observer's token."""
    import django

    django.setup()
    from django.core.management import call_command

    from accounts.tokens import create_token
    from journeys.tests import factories

    call_command("migrate", verbosity=0)
    programme = factories.make_programme("bench")
    factories.make_channel(programme, "store")
    location = factories.make_location(programme, "PAR1")
    journey = factories.make_journey(programme, "family-store", stages=STAGES)
    for stage in journey.stages.all():
        factories.make_touchpoint(stage)
    _publish(journey)
    observer = factories.make_member(programme, "observer", locations=[location])
    return programme.slug, create_token(user=observer)


def _publish(journey: Any) -> None:
    """Two interactions a stage, and a delight in the first four: 20."""
    from scoring.models import Framework
    from scoring.tests.factories import make_interaction

    framework = Framework.objects.create(journey=journey, version=1, status="published")
    for number, stage in enumerate(journey.stages.all(), start=1):
        on = {"touchpoint": stage.touchpoints.get()}
        make_interaction(framework, stage, f"b{number}", (-2, 0), kind="basic", **on)
        make_interaction(framework, stage, f"p{number}", (-1, 0, 1, 2), **on)
        if number <= 4:
            make_interaction(framework, stage, f"d{number}", (0, 3), kind="delight", **on)


def make_document(chance: random.Random) -> dict[str, Any]:
    """An observation with all 20 answers, hence 17 results: 8 stages, each in a channel, 1 journey."""
    answers: dict[str, int] = {}
    for number in range(1, STAGES + 1):
        answers[f"b{number}"] = chance.choice((-2, 0, 0, 0))
        answers[f"p{number}"] = chance.choice((-1, 0, 1, 2))
        if number <= 4:
            answers[f"d{number}"] = chance.choice((0, 3))
    return {
        "id": str(uuid.uuid4()),
        "journey": "family-store",
        "framework_version": 1,
        "method": "mystery_visit",
        "location": "PAR1",
        "channel": "store",
        "observed_at": f"2026-{chance.randint(1, 12):02d}-03T10:30:00+02:00",
        "observer": "OBS-1",
        "answers": answers,
    }
