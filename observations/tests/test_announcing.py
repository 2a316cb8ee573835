"""Many commits in a moment are announced once, after the last of them."""

from __future__ import annotations

import threading

import pytest
from celery import current_app

from observations import announcing


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Released once by each announcement, which goes nowhere."""
    semaphore = threading.Semaphore(0)
    monkeypatch.setattr(announcing, "announce_pending_folds", semaphore.release)
    return semaphore


@pytest.fixture
def with_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(current_app.conf, "task_always_eager", False)


@pytest.mark.usefixtures("with_a_worker")
def test_a_moment_has_one_announcement_and_the_next_its_own(told: threading.Semaphore) -> None:
    for _moment in range(2):
        for _commit in range(50):
            announcing.announce_soon()
        assert told.acquire(timeout=10)
        assert not told.acquire(timeout=4 * announcing.MOMENT)


@pytest.mark.usefixtures("with_a_worker")
def test_what_commits_while_one_is_sent_is_announced_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[int] = []
    done = threading.Event()

    def announce() -> None:
        sent.append(len(sent))
        if len(sent) == 1:
            announcing.announce_soon()
        else:
            done.set()

    monkeypatch.setattr(announcing, "announce_pending_folds", announce)
    announcing.announce_soon()
    assert done.wait(10)
    assert sent == [0, 1]


def test_without_a_worker_the_fold_is_done_here_and_now(told: threading.Semaphore) -> None:
    announcing.announce_soon()
    assert told.acquire(blocking=False)
