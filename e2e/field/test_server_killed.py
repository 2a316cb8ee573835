"""The web server dies by SIGKILL while it accepts: nothing lost, nothing doubled, nothing untrue said."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.waiting import wait_until
from cxplan.tests.faults.locks import held as locked
from cxplan.tests.faults.locks import statements_waiting
from cxplan.tests.servers import free_port
from cxplan.tests.services import runs_on_sqlite, web_process
from e2e.field.proxy import FaultProxy, fault_proxy
from e2e.field.storm import held, on_the_server
from e2e.field.tablet import ENGINE, Tablet
from e2e.field.test_queue_file import finished
from observations.folding import differing_cells, fold_pending
from observations.models import Observation
from scoring.models import Framework

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KILLS, VISITS_A_KILL = 4, 4
# How a request ends that had been taken, and not how one does that nobody takes.
IN_THE_MIDDLE = {"RemoteDisconnected", "ConnectionResetError", "IncompleteRead"}


@dataclass
class Server:
    """A real server of the test database, which can be killed and started again where it was."""

    folder: Path
    port: int
    stack: ExitStack
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        # The key is that of the code by which the tablet is let in.
        environment = {
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "SECRET_KEY": settings.SECRET_KEY,
        }
        if runs_on_sqlite():
            environment["DATABASE_URL"] = f"sqlite:///{connection.settings_dict['NAME']}"
        self.process = self.stack.enter_context(web_process(self.folder, self.port, **environment))

    def kill(self) -> None:
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path, live_server: LiveServer) -> Iterator[Server]:
    with ExitStack() as stack:
        one = Server(tmp_path, free_port(), stack)
        one.start()
        yield one


@pytest.fixture
def proxy(live_server: LiveServer, server: Server) -> Iterator[FaultProxy]:
    with fault_proxy(live_server.url) as made:
        made.api = f"http://127.0.0.1:{server.port}"
        yield made


@pytest.fixture
def tablet(proxy: FaultProxy, new_tablet: Callable[..., Tablet], code: str) -> Tablet:
    tablet = new_tablet(url=proxy.url)
    tablet.ready(code)
    return tablet


def begin_sending(tablet: Tablet) -> None:
    tablet.page.evaluate(f'void import("{ENGINE}").then(({{ engine }}) => engine.drain())')


def kept(tablet: Tablet) -> dict[str, tuple[dict[str, Any], list[str]]]:
    """What was finished on the tablet, as `on_the_server` has it."""
    return {
        one["id"]: (one["answers"], [photo["sha256"] for photo in one["media"]])
        for one in tablet.records()
    }


def assert_told_the_truth(tablet: Tablet) -> None:
    """What the tablet calls received is on the server; photos that it calls there are there."""
    for one in tablet.records():
        if one["receipt"]:
            there = Observation.objects.get(uuid=one["id"])
            arrived = {str(photo.uuid) for photo in there.media.exclude(file="")}
            assert {photo["id"] for photo in one["media"]} - set(one["missing"]) <= arrived


def assert_equal_on_both_sides(tablet: Tablet, count: int) -> None:
    everything = kept(tablet)
    assert len(everything) == count
    assert on_the_server() == everything
    assert held() == 0
    fold_pending()
    assert differing_cells(Framework.objects.get()) == []


@pytest.mark.services
def test_killed_between_writing_and_answering(tablet: Tablet, server: Server) -> None:
    """The server has written all rows and waits in its COMMIT when it dies."""
    with locked(Framework.objects.get(), strength="UPDATE"):
        finished(tablet, 2)
        begin_sending(tablet)
        assert wait_until(lambda: statements_waiting() == ["COMMIT"])
        server.kill()
    page = tablet.page
    expect(page.locator("[data-oldest]")).to_contain_text("could not be reached")
    expect(page.locator('[data-standing="tablet"]')).to_have_attribute("data-count", "2")
    expect(page.locator('[data-standing="server"]')).to_have_attribute("data-count", "0")
    server.start()
    tablet.until_received(2)
    assert_equal_on_both_sides(tablet, 2)


def test_killed_at_any_moment_again_and_again(
    tablet: Tablet, proxy: FaultProxy, server: Server
) -> None:
    chance = random.Random(20261128)
    interrupted = 0
    for number in range(1, KILLS + 1):
        tablet.network(on=False)
        finished(tablet, VISITS_A_KILL)
        tablet.network(on=True)
        before = len(proxy.log)
        begin_sending(tablet)
        assert wait_until(lambda before=before: len(proxy.log) > before)  # type: ignore[misc]
        tablet.page.wait_for_timeout(chance.randrange(0, 120))
        server.kill()
        tablet.drain()
        interrupted += any(one.broken in IN_THE_MIDDLE for one in proxy.log[before:])
        assert_told_the_truth(tablet)
        assert len(tablet.records()) == number * VISITS_A_KILL
        server.start()
    tablet.until_received(KILLS * VISITS_A_KILL)
    assert_equal_on_both_sides(tablet, KILLS * VISITS_A_KILL)
    # It did die with a request in hand, and not only between two.
    assert interrupted >= 2
