"""The test's own hand on a Redis: sends what beat would send, stops and starts a Redis of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
from celery import Celery

from cxplan.tests.servers import Services, free_port, launch_redis, redis_binary

FOLD = "observations.tasks.fold_pending_observations"
SWEEP = "observations.tasks.sweep_pending_folds"


def deliver(task: str, *, url: str = "") -> None:
    """To a worker, although tasks run eagerly in the tests' own process."""
    with Celery(broker=url or os.environ["REDIS_URL"], set_as_current=False) as sender:
        sender.send_task(task)


@contextmanager
def queue() -> Iterator[Any]:
    """A client of the session's Redis, whose queue is empty at first."""
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    client.delete("celery", "unacked", "unacked_index")
    with client:
        yield client


def finished(folder: Path, task: str) -> int:
    """How often the logs of this test's workers say that the task has been done."""
    logs = "".join(log.read_text() for log in folder.glob("celery-*.log"))
    return sum(task in line and " succeeded in " in line for line in logs.splitlines())


@dataclass
class OwnRedis:
    """One that no other test needs, at a port to which it comes back."""

    services: Services
    binary: str
    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.services.forget(self.pid)

    def start_again(self) -> None:
        pid = launch_redis(self.services, self.binary, self.port)
        assert pid is not None
        self.pid = pid

    def fall_mute(self) -> None:
        """It accepts connections and answers nothing, as behind a broken network."""
        os.kill(self.pid, signal.SIGSTOP)

    def speak_again(self) -> None:
        os.kill(self.pid, signal.SIGCONT)


@contextmanager
def own_redis() -> Iterator[OwnRedis]:
    services, binary, port = Services(), redis_binary(), free_port()
    try:
        assert binary is not None
        pid = launch_redis(services, binary, port)
        assert pid is not None
        one = OwnRedis(services, binary, port, pid)
        yield one
        one.speak_again()
    finally:
        services.stop()
