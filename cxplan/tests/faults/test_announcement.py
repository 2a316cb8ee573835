"""A broker that is down is asked once in a while; one that is mute is given up soon."""

from __future__ import annotations

import socket
import threading

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from cxplan.tests.faults.broker import FOLD
from observations import tasks


def test_a_broker_that_is_down_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    now = 1_000.0
    is_down = True

    def delay() -> None:
        asked.append(now)
        if is_down:
            raise OperationalError("no broker")

    monkeypatch.setattr(tasks, "_silent_until", 0.0)
    monkeypatch.setattr(tasks.fold_pending_observations, "delay", delay)
    monkeypatch.setattr("observations.tasks.time.monotonic", lambda: now)
    tasks.announce_pending_folds()
    tasks.announce_pending_folds()
    assert asked == [1_000.0]
    now += tasks.PAUSE - 0.1
    tasks.announce_pending_folds()
    assert asked == [1_000.0]
    now, is_down = 1_000.0 + tasks.PAUSE, False
    tasks.announce_pending_folds()
    tasks.announce_pending_folds()
    assert asked == [1_000.0, now, now], "once it answers, each commit is announced again"


def test_a_mute_broker_is_given_up() -> None:
    """Otherwise each announcement would keep a thread of the server for good."""
    errors: list[str] = []

    def announce(port: int) -> None:
        with Celery(broker=f"redis://127.0.0.1:{port}/0", set_as_current=False) as sender:
            sender.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
            try:
                sender.send_task(FOLD, retry=False)
            except OperationalError as error:
                errors.append(str(error))

    with socket.create_server(("127.0.0.1", 0)) as mute:
        thread = threading.Thread(target=announce, args=[mute.getsockname()[1]], daemon=True)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
    assert errors == ["Timeout reading from socket"]
