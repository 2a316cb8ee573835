"""Phones of a workshop that poll, type, vote, repeat themselves and lose their connection.

For the test of a small room, and for `benchmarks/workshop_load.py`. All of them are one thread; the
facilitator, who moves the workshop on, is another.
"""

from __future__ import annotations

import asyncio
import random
import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from actionplans.tests.phone_line import Answer, Line
from actionplans.workshop import Direction, move_workshop
from actionplans.workshop_models import Idea, IdeaGroup, Vote, Workshop

GROUPS = 8
TOTAL = re.compile(rb"<b>\s*\d+ dots?")
SECRET = ("vote", "grouping:0", "ideas:0")


@dataclass
class Measured:
    """What all screens saw, in seconds; `seen` is when a screen first stood at a place."""

    polls: Counter[int] = field(default_factory=Counter)
    no_news: list[float] = field(default_factory=list)
    news: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    seen: list[tuple[str, float]] = field(default_factory=list)
    leaks: int = 0
    reconnects: int = 0
    replayed: int = 0
    ideas: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)


class Moves:
    """When each place was reached: the moment at which the move had been committed."""

    def __init__(self) -> None:
        self.at: list[tuple[str, float]] = []
        self.is_over = False
        # Set: nobody changes their mind any more; each sends every dot that it holds once more.
        self.is_replaying = threading.Event()
        self.may_replay = False

    def before(self, place: str, seen: float) -> float | None:
        """The last one to this place; a screen may be a moment quicker than who notes the move."""
        return max((at for to, at in self.at if to == place and at < seen + 0.1), default=None)


class ScreenLoad:
    """One screen that follows the workshop as `workshop_screen.js` does."""

    def __init__(
        self, port: int, address: str, cookies: dict[str, str], moves: Moves, found: Measured
    ) -> None:
        self.address, self.cookies = address, cookies
        self.polling = Line(port, cookies)
        self.moves, self.found = moves, found
        self.chance = random.Random(address)
        self.etag, self.place, self.body = "", "", b""
        self.asked = self.drawn = 0
        self.wait_ms = (0, 0)

    async def open(self, page: str) -> None:
        """Reads from the page how often it asks."""
        answer = await self.polling.get(page)
        found = re.search(rb'data-every="(\d+)"\s+data-jitter="(\d+)"', answer.body)
        assert found, (page, answer.status)
        self.wait_ms = (int(found[1]), int(found[2]))
        self.draw(await self.polling.get(self.address), self.number())

    async def follow(self) -> None:
        while not self.moves.is_over:
            every, jitter = self.wait_ms
            await asyncio.sleep((every + self.chance.random() * jitter) / 1000)
            number, started = self.number(), time.perf_counter()
            answer = await self.polling.get(self.address, self.etag)
            seconds = time.perf_counter() - started
            self.found.polls[answer.status] += 1
            (self.found.no_news if answer.status == 304 else self.found.news).append(seconds)
            if answer.status != 304:
                self.draw(answer, number)

    def close(self) -> None:
        self.polling.lose()

    def number(self) -> int:
        """A slow answer is not drawn over a later one."""
        self.asked += 1
        return self.asked

    def draw(self, answer: Answer, number: int) -> None:
        now = time.perf_counter()
        assert answer.status == 200, (self.address, answer.status)
        found = re.search(rb'data-place="([^"]+)"', answer.body)
        assert found, self.address
        place = found[1].decode()
        self.found.leaks += place in SECRET and bool(TOTAL.search(answer.body))
        if number < self.drawn:
            return
        if place != self.place:
            self.found.seen.append((place, now))
        self.drawn, self.place, self.body = number, place, answer.body
        self.etag = answer.header("ETag")


class PhoneLoad(ScreenLoad):
    """One phone: its cookie outlasts its connections. What it sends goes over another one."""

    def __init__(self, port: int, number: int, moves: Moves, found: Measured) -> None:
        super().__init__(port, "/w/room/screen/", {}, moves, found)
        self.name, self.chance = f"Phone {number}", random.Random(number)
        self.sending = Line(port, self.cookies)
        self.dots: set[int] = set()
        self.has_stopped, self.has_replayed = False, False

    async def join(self, code: str) -> None:
        await self.sending.get("/w/")
        joined = await self.sending.post("/w/", {"code": code, "name": self.name}, screen=False)
        assert joined.status == 302, joined
        await self.open("/w/room/")

    async def act(self) -> None:
        """Types and taps, at a pace that nobody keeps up for long."""
        while not self.moves.is_over:
            await asyncio.sleep(0.7 + self.chance.random() * 0.3)
            if self.moves.is_replaying.is_set():
                await self._replay()
                continue
            if self.chance.random() < 0.05:
                self._lose()
            if self.place == "ideas:0" and self.chance.random() < 0.4:
                await self._say()
            elif self.place == "vote" and self.chance.random() < 0.7:
                await self._dot()

    async def _say(self) -> None:
        gap = re.search(rb'name="gap"\s+value="(\d+)"', self.body)
        if not gap:
            return
        sent = str(uuid4())
        idea = {"gap": gap[1].decode(), "client_id": sent, "text": f"Idea {sent}"}
        for _time in range(1 + (self.chance.random() < 0.3)):
            if await self._write("/w/room/ideas/", idea):
                self.found.ideas.add(sent)

    async def _dot(self) -> None:
        known = [int(pk) for pk in re.findall(rb'name="group"\s+value="(\d+)"', self.body)]
        if not known:
            return
        group = self.chance.choice(known)
        is_on = group not in self.dots
        data = {"group": str(group)} | ({"on": "1"} if is_on else {})
        for _time in range(1 + (self.chance.random() < 0.3)):
            if await self._write("/w/room/dots/", data):
                self.dots = self.dots | {group} if is_on else self.dots - {group}

    async def _replay(self) -> None:
        """First it falls silent; once all have, each dot is sent again, twice, over a new connection."""
        if not self.has_stopped:
            self.has_stopped = True
        elif self.moves.may_replay and not self.has_replayed:
            self._lose()
            for group in sorted(self.dots) * 2:
                assert await self._write("/w/room/dots/", {"group": str(group), "on": "1"})
                self.found.replayed += 1
            self.has_replayed = True

    async def _write(self, path: str, data: dict[str, str]) -> bool:
        """Whether it was taken."""
        number, started = self.number(), time.perf_counter()
        answer = await self.sending.post(path, data)
        self.found.writes.append(time.perf_counter() - started)
        if answer.status == 200:
            self.draw(answer, number)
        return answer.status == 200

    def close(self) -> None:
        super().close()
        self.sending.lose()

    def _lose(self) -> None:
        self.close()
        self.found.reconnects += 1


class Crowd(threading.Thread):
    """All screens of a room."""

    def __init__(
        self, phones: list[PhoneLoad], desks: list[tuple[str, ScreenLoad]], code: str
    ) -> None:
        super().__init__(daemon=True)
        self.phones, self.desks, self.code = phones, desks, code
        self.found = phones[0].found

    def run(self) -> None:
        asyncio.run(self._all())

    async def _all(self) -> None:
        tasks = [self._safely(self._phone(phone)) for phone in self.phones]
        tasks += [self._safely(self._desk(page, desk)) for page, desk in self.desks]
        await asyncio.gather(*tasks)
        for screen in (*self.phones, *(desk for _page, desk in self.desks)):
            screen.close()
        await asyncio.sleep(0)  # in which the connections are closed

    async def _phone(self, phone: PhoneLoad) -> None:
        await phone.join(self.code)
        await asyncio.gather(phone.follow(), phone.act())

    async def _desk(self, page: str, desk: ScreenLoad) -> None:
        await desk.open(page)
        await desk.follow()

    async def _safely(self, task: Any) -> None:
        try:
            await task
        except Exception as error:  # noqa: BLE001 - told at the end
            self.found.errors.append(repr(error))


def _desks(port: int, workshop: Any, moves: Moves, found: Measured) -> list[tuple[str, ScreenLoad]]:
    """The console and the wall, each with its page."""
    client = Client()
    client.force_login(workshop.facilitator)
    cookies = {key: morsel.value for key, morsel in client.cookies.items()}
    here = [workshop.programme.slug, workshop.pk]
    screen = reverse("actionplans:workshop-screen", args=here)
    return [
        (
            reverse(f"actionplans:workshop-{which}", args=here),
            ScreenLoad(port, f"{screen}?of={which}", dict(cookies), moves, found),
        )
        for which in ("console", "wall")
    ]


def run_load(
    ports: tuple[int, ...], workshop: Any, *, phones: int, seconds: float
) -> dict[str, Any]:
    """Drives the phones through ideas, grouping and the vote of an open workshop in its lobby."""
    moves, found = Moves(), Measured()
    people = [
        PhoneLoad(ports[number % len(ports)], number, moves, found) for number in range(phones)
    ]
    crowd = Crowd(people, _desks(ports[-1], workshop, moves, found), workshop.code)
    crowd.start()
    _wait_until(lambda: all(one.place for one in people) or bool(found.errors))
    before, after = _lead(workshop, moves, seconds, people)
    moves.is_over = True
    crowd.join(60)
    told = sorted((phone.name, group) for phone in people for group in phone.dots)
    is_exact = before == after == rows_of(workshop)
    return _votes(workshop, told, found, is_exact=is_exact) | _times(moves, found)


def _votes(
    workshop: Any, told: list[tuple[str, int]], found: Measured, *, is_exact: bool
) -> dict[str, Any]:
    rows = Vote.objects.filter(participant__workshop=workshop)
    stored = sorted(rows.values_list("participant__name", "group"))
    sent = Idea.objects.filter(participant__workshop=workshop).values_list("client_id", flat=True)
    most = Counter(name for name, _group in stored).most_common(1)
    return {
        "votes_stored": len(stored),
        "votes_told": len(told),
        "votes_equal": stored == told,
        "votes_replayed": found.replayed,
        "votes_equal_after_replay": is_exact,
        "most_dots_of_a_phone": most[0][1] if most else 0,
        "participants": Workshop.objects.get(pk=workshop.pk).participants.count(),
        "ideas_stored": len(sent),
        "ideas_equal": {str(pk) for pk in sent} == found.ideas,
        "leaks_before_closing": found.leaks,
        "errors": found.errors,
        "reconnects": found.reconnects,
    }


def _times(moves: Moves, found: Measured) -> dict[str, Any]:
    """From the commit of a move until a screen has what it shows then in hand."""
    pairs = [(seen, moves.before(place, seen)) for place, seen in found.seen]
    late = [max(0.0, seen - moved) for seen, moved in pairs if moved is not None]
    asked = found.polls.total()
    return {
        "polls": asked,
        "polls_by_status": dict(found.polls),
        "no_news_share": round(found.polls[304] / max(1, asked), 3),
        "no_news_ms": _spread(found.no_news),
        "news_ms": _spread(found.news),
        "write_ms": _spread(found.writes),
        "move_to_screen_ms": _spread(late),
    }


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
    for pause in (2.0, seconds / 3, 2.0):
        _go(workshop, moves)
        time.sleep(pause)
    gap = workshop.gaps.get()
    for number in range(GROUPS):
        IdeaGroup.objects.create(gap=gap, title=f"Group {number}")
    _go(workshop, moves)
    _vote_and_step_back(workshop, moves, seconds / 2)
    moves.is_replaying.set()
    _wait_until(lambda: all(one.has_stopped for one in crowd) or _has_failed(crowd))
    before = rows_of(workshop)
    moves.may_replay = True
    _wait_until(lambda: all(one.has_replayed for one in crowd) or _has_failed(crowd))
    after = rows_of(workshop)
    _go(workshop, moves)
    moves.is_replaying.clear()  # once the vote is closed: nothing is voted in between
    time.sleep(2)
    return before, after


def _vote_and_step_back(workshop: Any, moves: Moves, seconds: float) -> None:
    """Every ten seconds back to the groups for a moment: the dots stay."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 12:
        time.sleep(8)
        _go(workshop, moves, Direction.BACK)
        time.sleep(2)
        _go(workshop, moves)
    time.sleep(left)


def _go(workshop: Any, moves: Moves, direction: Direction = Direction.NEXT) -> None:
    version = Workshop.objects.get(pk=workshop.pk).version
    leader = workshop.facilitator
    moved = move_workshop(workshop=workshop, actor=leader, direction=direction, version=version)
    moves.at.append((moved.place.key, time.perf_counter()))


def _has_failed(crowd: list[PhoneLoad]) -> bool:
    return any(one.found.errors for one in crowd)


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
