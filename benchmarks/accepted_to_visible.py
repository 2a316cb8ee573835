"""Seconds from the 201 of an observation until the scores API counts it. Prints JSON.

    python benchmarks/accepted_to_visible.py [--rate 100] [--seconds 60] [--a-call 10]

Observations arrive at a steady rate over 8 connections at two server processes, ten a sync call (or
one: a single `PUT`). A Celery worker with two pool processes and beat folds; a reader asks for the
scores every 50 ms. Every tenth observation is timed: it is made at a location of its own for a
while, so that the location's n in the answer tells when exactly that one is counted. Its time begins
when the client has read that it was accepted, and ends when the client has read the scores.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import queue
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stand import Sender, Stand, make_document, stand

CONNECTIONS = 8
SERVERS = 2
EVERY = 10
LOCATIONS = 40  # at 100 a second a location's turn comes every 4 s
POLL = 0.05


@dataclass
class Watch:
    """When each timed observation was accepted and when it was seen, by location in its turn."""

    accepted: dict[tuple[str, int], float] = field(default_factory=dict)
    seen: dict[tuple[str, int], float] = field(default_factory=dict)
    polls: list[float] = field(default_factory=list)

    def note(self, counted: dict[str, int], at: float) -> None:
        for location, n in counted.items():
            for turn in range(n, 0, -1):
                if (location, turn) in self.seen:
                    break
                self.seen[location, turn] = at

    @property
    def unseen(self) -> list[tuple[str, int]]:
        return [one for one in list(self.accepted) if one not in self.seen]

    @property
    def delays(self) -> list[float]:
        """None is negative: an answer may be overtaken by the poll that shows its observation."""
        return sorted(max(0.0, self.seen[one] - at) for one, at in self.accepted.items())


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rate", type=int, default=100)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--a-call", type=int, default=10)
    options = asked.parse_args()
    count = options.rate * options.seconds
    pace = (options.rate, options.a_call)
    with stand(servers=SERVERS) as one, worker():
        codes, reader = _populate(one)
        watch = Watch()
        send_at_pace(one, 20, pace, codes, Watch())  # warms server and worker up
        _wait_until(lambda: not _scores(reader)["pending"])
        before = _counted(reader)
        stop = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(_read, reader, watch, before, stop)
            try:
                seconds = send_at_pace(one, count, pace, codes, watch)
                _wait_until(lambda: not watch.unseen)
            finally:
                stop.set()
            reading.result()
    print(json.dumps(_findings(watch, count, seconds) | {"a_call": options.a_call}, indent=2))


def _findings(watch: Watch, count: int, seconds: float) -> dict[str, Any]:
    delays = watch.delays

    def at(share: float) -> float:
        return round(delays[min(len(delays) - 1, int(share * len(delays)))], 3)

    return {
        "p99_seconds": at(0.99),
        "goal": 2,
        "p50_seconds": at(0.5),
        "p90_seconds": at(0.9),
        "max_seconds": at(1),
        "timed": len(delays),
        "observations": count,
        "achieved_per_second": round(count / seconds, 1),
        "polls": len(watch.polls),
        "poll_seconds_p50": round(sorted(watch.polls)[len(watch.polls) // 2], 3),
        "connections": CONNECTIONS,
        "server_processes": SERVERS,
        "pool_processes": 2,
    }


@contextmanager
def worker() -> Iterator[None]:
    from cxplan.tests.services import celery_worker

    with (
        redirect_stderr(io.StringIO()),  # the worker's log
        tempfile.TemporaryDirectory() as folder,
        celery_worker(Path(folder), beat=True, DATABASE_URL=os.environ["DATABASE_URL"]),
    ):
        yield


def _populate(one: Stand) -> tuple[list[str], Sender]:
    """The locations of timed observations, and somebody who may see scores."""
    from accounts.tokens import create_token
    from journeys.models import Membership, Programme
    from journeys.tests import factories

    programme = Programme.objects.get(slug=one.slug)
    codes = [f"T{number:02d}" for number in range(LOCATIONS)]
    places = [factories.make_location(programme, code) for code in codes]
    Membership.objects.get(programme=programme, role="observer").locations.add(*places)
    consultant = factories.make_member(programme, "consultant")
    return codes, Sender(replace(one, token=create_token(user=consultant)), one.ports[0])


def send_at_pace(
    one: Stand, count: int, pace: tuple[int, int], codes: list[str], watch: Watch
) -> float:
    """Seconds until all are accepted; each call is made when due, or once a connection is free."""
    rate, a_call = pace
    chance = random.Random(count)
    documents = [_document(number, chance, codes) for number in range(count)]
    calls: queue.SimpleQueue[range] = queue.SimpleQueue()
    for first in range(0, count, a_call):
        calls.put(range(first, min(first + a_call, count)))
    started = time.perf_counter()

    def send_share(number: int) -> None:
        sender = Sender(one, one.ports[number % SERVERS])
        with suppress(queue.Empty):
            while True:
                call = calls.get_nowait()
                time.sleep(max(0.0, started + call.start / rate - time.perf_counter()))
                _send(one, sender, [documents[index] for index in call])
                accepted = time.perf_counter()
                for index in call:
                    if index % EVERY == 0:
                        turn = index // EVERY // len(codes) + 1
                        watch.accepted[documents[index]["location"], turn] = accepted

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for finished in [pool.submit(send_share, number) for number in range(CONNECTIONS)]:
            finished.result()
    return time.perf_counter() - started


def _send(one: Stand, sender: Sender, documents: list[dict[str, Any]]) -> None:
    if len(documents) == 1:
        path = one.path(f"{documents[0]['id']}/")
        sender.send("PUT", path, json.dumps(documents[0]).encode(), expect=201)
        return
    body = json.dumps({"observations": documents}).encode()
    results = sender.send("POST", one.path("sync/"), body, expect=200)["results"]
    if {result["status"] for result in results} != {"created"}:
        raise RuntimeError(f"not all were created: {results}")


def _document(number: int, chance: random.Random, codes: list[str]) -> dict[str, Any]:
    timed = number % EVERY == 0
    document = make_document(chance)
    return document | {"location": codes[number // EVERY % len(codes)]} if timed else document


def _scores(reader: Sender) -> Any:
    path = "/api/v1/programmes/bench/journeys/family-store/scores/"
    return reader.send("GET", path, b"", expect=200)


def _counted(reader: Sender) -> dict[str, int]:
    """How many observations the scores of the first stage count at each location."""
    methods = _scores(reader)["stages"][0]["methods"]
    return {stratum["location"]: stratum["n"] for one in methods for stratum in one["strata"]}


def _read(reader: Sender, watch: Watch, before: dict[str, int], stop: threading.Event) -> None:
    while not stop.wait(POLL):
        asked = time.perf_counter()
        now = _counted(reader)
        answered = time.perf_counter()
        watch.polls.append(answered - asked)
        new = {code: n - before.get(code, 0) for code, n in now.items() if code.startswith("T")}
        watch.note(new, answered)


def _wait_until(condition: Callable[[], bool]) -> None:
    """A sweep, once a minute, is the last that may be waited for."""
    from accounts.tests.waiting import wait_until

    if not wait_until(condition, seconds=90):
        raise RuntimeError("observations are accepted and not counted")


if __name__ == "__main__":
    main()
