"""Phones of a workshop as threads that poll, type, vote, repeat themselves and lose their connection.

For the test of a small room, and for `benchmarks/workshop_load.py`.
"""

from __future__ import annotations

import random
import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from actionplans.workshop import Direction, move_workshop
from actionplans.workshop_models import Idea, IdeaGroup, Vote, Workshop

GROUPS = 8
TOTAL = re.compile(rb"<b>\s*\d+ dots?")
SCREEN = {"X-Screen": "1"}


@dataclass
class Measured:
    """What all phones saw; `late` are seconds from a move to its being drawn."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    polls: Counter[int] = field(default_factory=Counter)
    poll_seconds: list[float] = field(default_factory=list)
    write_seconds: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    leaks: int = 0
    reconnects: int = 0
    replayed: int = 0
    ideas: set[str] = field(default_factory=set)


class Moves:
    """When each place was reached, by the facilitator's clock."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self.is_over = False
        # Set: nobody changes their mind any more; each sends every dot that it holds once more.
        self.is_replaying = threading.Event()
        self.may_replay = False


class PhoneLoad(threading.Thread):
    """One phone: its cookie outlasts its connections."""

    def __init__(self, port: int, code: str, number: int, moves: Moves, found: Measured) -> None:
        super().__init__(daemon=True)
        self.port, self.code, self.number = port, code, number
        self.moves, self.found = moves, found
        self.chance = random.Random(number)
        self.cookies: dict[str, str] = {}
        self.etag, self.place = "", ""
        self.connection: HTTPConnection | None = None
        self.dots: set[int] = set()
        self.has_stopped, self.has_replayed = False, False
        self.error = ""

    def run(self) -> None:
        try:
            self._join()
            while not self.moves.is_over:
                self._turn()
                time.sleep(0.7 + self.chance.random() * 0.3)
            self._draw(self._ask("GET", "/w/room/screen/", {}))
        except Exception as error:  # noqa: BLE001 - told at the end
            self.error = repr(error)
        finally:
            if self.connection is not None:
                self.connection.close()

    def _turn(self) -> None:
        if self.moves.is_replaying.is_set():
            self._replay()
            return
        if self.chance.random() < 0.05:
            self._lose()
        started = time.perf_counter()
        status, headers, body = self._ask("GET", "/w/room/screen/", {"If-None-Match": self.etag})
        with self.found.lock:
            self.found.polls[status] += 1
            self.found.poll_seconds.append(time.perf_counter() - started)
        if status == 200:
            self._draw((status, headers, body))
        if self.place == "ideas:0" and self.chance.random() < 0.4:
            self._say(body)
        elif self.place == "vote" and self.chance.random() < 0.7:
            self._dot()

    def _draw(self, answer: tuple[int, dict[str, str], bytes]) -> None:
        status, headers, body = answer
        assert status == 200, status
        self.etag = headers.get("etag", "")
        seen = re.search(rb'data-place="([^"]+)"', body)
        assert seen
        place = seen[1].decode()
        self.body = body
        with self.found.lock:
            if place != self.place and self.place and place in self.moves.at:
                self.found.late.append(time.perf_counter() - self.moves.at[place])
            if place in ("vote", "grouping:0", "ideas:0") and TOTAL.search(body):
                self.found.leaks += 1
        self.place = place

    def _say(self, _body: bytes) -> None:
        gap = re.search(rb'name="gap" value="(\d+)"', self.body)
        if not gap:
            return
        sent = str(uuid4())
        idea = {"gap": gap[1].decode(), "client_id": sent, "text": f"Idea {sent}"}
        for _time in range(1 + (self.chance.random() < 0.3)):
            status, headers, body = self._write("/w/room/ideas/", idea)
            if status == 200:
                with self.found.lock:
                    self.found.ideas.add(sent)
                self._draw((status, headers, body))

    def _dot(self) -> None:
        known = [int(pk) for pk in re.findall(rb'name="group" value="(\d+)"', self.body)]
        if not known:
            return
        group = self.chance.choice(known)
        is_on = group not in self.dots
        data = {"group": str(group)} | ({"on": "1"} if is_on else {})
        for _time in range(1 + (self.chance.random() < 0.3)):
            status, headers, body = self._write("/w/room/dots/", data)
            if status == 200:
                self._draw((status, headers, body))
                self.dots = self.dots | {group} if is_on else self.dots - {group}

    def _replay(self) -> None:
        """First it falls silent; once all have, each dot is sent again, twice, over a new connection."""
        if not self.has_stopped:
            self.has_stopped = True
        elif self.moves.may_replay and not self.has_replayed:
            self._lose()
            for group in sorted(self.dots) * 2:
                status, _headers, _body = self._write(
                    "/w/room/dots/", {"group": str(group), "on": "1"}
                )
                assert status == 200, status
                with self.found.lock:
                    self.found.replayed += 1
            self.has_replayed = True

    def _write(self, path: str, data: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Sent again until it is answered, as the page does."""
        started = time.perf_counter()
        answer = self._ask("POST", path, SCREEN, data)
        with self.found.lock:
            self.found.write_seconds.append(time.perf_counter() - started)
        return answer

    def _join(self) -> None:
        self._ask("GET", "/w/", {})
        name = f"Phone {self.number}"
        status, _headers, body = self._ask("POST", "/w/", {}, {"code": self.code, "name": name})
        assert status == 302, (status, body[-500:])
        self._draw(self._ask("GET", "/w/room/screen/", {}))

    def _lose(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
            with self.found.lock:
                self.found.reconnects += 1

    def _ask(
        self, verb: str, path: str, headers: dict[str, str], data: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        body = None
        headers = headers | {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if data is not None:
            token = self.cookies.get("csrftoken", "")
            body = urlencode(data)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token}
        for attempt in range(20):
            try:
                if self.connection is None:
                    self.connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
                self.connection.request(verb, path, body, headers)
                answer = self.connection.getresponse()
                content = answer.read()
                break
            except (OSError, HTTPException):
                self._lose()
                time.sleep(0.1 * (attempt + 1))
        else:
            raise RuntimeError(f"no answer at {path}")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            key, _sign, value = cookie.partition(";")[0].partition("=")
            self.cookies[key] = value
        return answer.status, {k.lower(): v for k, v in answer.headers.items()}, content


def run_load(
    ports: tuple[int, ...], workshop: Any, *, phones: int, seconds: float
) -> dict[str, Any]:
    """Drives the phones through ideas, grouping and the vote of an open workshop in its lobby."""
    moves, found = Moves(), Measured()
    crowd = [
        PhoneLoad(ports[number % len(ports)], workshop.code, number, moves, found)
        for number in range(phones)
    ]
    for phone in crowd:
        phone.start()
    _wait_for_all(workshop, phones)
    replays = _lead(workshop, moves, seconds, crowd)
    moves.is_over = True
    for phone in crowd:
        phone.join(60)
    errors = [phone.error for phone in crowd if phone.error]
    told = sorted((phone.number, group) for phone in crowd for group in phone.dots)
    rows = Vote.objects.filter(participant__workshop=workshop)
    stored = sorted(
        (int(name.split()[1]), group)
        for name, group in rows.values_list("participant__name", "group")
    )
    ideas = {
        str(pk)
        for pk in Idea.objects.filter(participant__workshop=workshop).values_list(
            "client_id", flat=True
        )
    }
    most = Counter(number for number, _group in stored).most_common(1)
    return {
        "votes_stored": len(stored),
        "votes_told": len(told),
        "votes_equal": stored == told,
        "votes_replayed": found.replayed,
        "votes_equal_after_replay": replays[0] == replays[1] == rows_of(workshop),
        "most_dots_of_a_phone": most[0][1] if most else 0,
        "participants": Workshop.objects.get(pk=workshop.pk).participants.count(),
        "ideas_stored": len(ideas),
        "ideas_equal": ideas == found.ideas,
        "leaks_before_closing": found.leaks,
        "errors": errors,
        "reconnects": found.reconnects,
        "polls": dict(found.polls),
        "poll_ms": _spread(found.poll_seconds),
        "write_ms": _spread(found.write_seconds),
        "move_to_screen_ms": _spread(found.late),
    }


def _wait_for_all(workshop: Any, phones: int) -> None:
    end = time.monotonic() + 60
    while workshop.participants.count() < phones and time.monotonic() < end:
        time.sleep(0.2)


def rows_of(workshop: Any) -> list[tuple[Any, ...]]:
    """Every vote as it is stored: who, for what, the dot, and the row itself."""
    rows = Vote.objects.filter(participant__workshop=workshop).order_by("pk")
    return list(rows.values_list("pk", "participant", "group", "dot"))


def _lead(
    workshop: Any, moves: Moves, seconds: float, crowd: list[PhoneLoad]
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Lobby, evidence, ideas (a third), grouping, vote (the rest); then it is closed.

    Before it is, all votes are sent once more; the rows before that and after it are answered.
    """

    def go() -> None:
        version = Workshop.objects.get(pk=workshop.pk).version
        moved = move_workshop(
            workshop=workshop,
            actor=workshop.facilitator,
            direction=Direction.NEXT,
            version=version,
        )
        moves.at[moved.place.key] = time.perf_counter()

    for pause in (2.0, seconds / 3, 2.0):
        go()
        time.sleep(pause)
    gap = workshop.gaps.get()
    for number in range(GROUPS):
        IdeaGroup.objects.create(gap=gap, title=f"Group {number}")
    go()
    time.sleep(seconds / 2)
    moves.is_replaying.set()
    _wait_until(lambda: all(one.has_stopped or one.error for one in crowd))
    before = rows_of(workshop)
    moves.may_replay = True
    _wait_until(lambda: all(one.has_replayed or one.error for one in crowd))
    after = rows_of(workshop)
    go()
    moves.is_replaying.clear()  # once the vote is closed: nothing is voted in between
    time.sleep(2)
    return before, after


def _wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so() and time.monotonic() < end:
        time.sleep(0.1)


def _spread(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {}
    ordered = sorted(round(1000 * one, 1) for one in seconds)
    return {
        "n": len(ordered),
        "median": statistics.median(ordered),
        "p95": ordered[int(len(ordered) * 0.95)],
        "p99": ordered[int(len(ordered) * 0.99)],
        "max": ordered[-1],
    }
