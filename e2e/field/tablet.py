"""A tablet with the field app: a browser of its own that can be restarted, its network, its queue."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import resvg_py
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from e2e.conftest import FLAGS, TABLET

APP = "/field/"
ENGINE = "/static/js/field/engine.js"
STORE = "/static/js/field/store.js"
RECORDS = "/static/js/field/records.js"
# Longer than the app itself waits for the slowest of its calls, a photo's: a drain that takes longer
# stands still, and the page says so instead of keeping the whole run.
LONGEST_DRAIN = 180_000
STANDS_STILL = "the drain stands still"
DRAIN = f"""import("{ENGINE}").then(({{ engine }}) => Promise.race([
    engine.drain(),
    new Promise((_, fail) => setTimeout(() => fail(new Error("{STANDS_STILL}")), {LONGEST_DRAIN})),
]))"""
# A worker that could not take every file is never ready, and the browser's promise never settles: so
# it was when a file of the app was changed while the tests' server, which knows its digest, was up.
LONGEST_INSTALL = 90_000
WORKER_READY = f"""Promise.race([
    navigator.serviceWorker.ready.then(() => true),
    new Promise((_, fail) => setTimeout(() => fail(
        new Error("the worker is not ready: a file was missing, or not the one that the server listed")
    ), {LONGEST_INSTALL})),
])"""


def hurried(times: int) -> str:
    """The app's own waiting for an answer passes so many times faster; what it asked for is noted."""
    return f"""(() => {{
        const timeout = AbortSignal.timeout.bind(AbortSignal);
        window.patience = new Set();
        AbortSignal.timeout = (ms) => {{ window.patience.add(ms); return timeout(ms / {times}); }};
    }})()"""


def picture(color: str = "#8a2be2", width: int = 400, height: int = 300) -> dict[str, Any]:
    """A file as the camera gives it to the page."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="{color}"/></svg>'
    )
    return {
        "name": "photo.png",
        "mimeType": "image/png",
        "buffer": bytes(resvg_py.svg_to_bytes(svg_string=svg)),
    }


def noise(width: int = 1800, height: int = 1200) -> dict[str, Any]:
    """A picture that nothing compresses: random grain, as a bitmap file."""
    row = (width * 3 + 3) // 4 * 4
    size = 54 + row * height
    head = b"BM" + struct.pack("<IHHI", size, 0, 0, 54)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, row * height, 2835, 2835, 0, 0)
    grain = os.urandom(row * height)
    return {"name": "grain.bmp", "mimeType": "image/bmp", "buffer": head + info + grain}


class Tablet:
    """`open()` starts the browser on the profile kept on disk; `restart()` closes and opens it."""

    def __init__(self, playwright: Playwright, executable: str, url: str, profile: Path) -> None:
        self.playwright = playwright
        self.executable = executable
        self.url = url
        self.profile = profile
        self.errors: list[str] = []
        self.options: dict[str, Any] = {}
        self.context: BrowserContext
        self.page: Page

    def open(self, **options: Any) -> Page:
        self.options = options or self.options
        chosen: dict[str, Any] = {
            "viewport": {"width": TABLET[0], "height": TABLET[1]},
            "locale": "en-GB",
            "has_touch": True,
            "reduced_motion": "reduce",
        }
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=self.executable,
            args=FLAGS,
            chromium_sandbox=False,
            base_url=self.url,
            service_workers="allow",
            **(chosen | self.options),
        )
        self.context.set_default_timeout(30_000)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        return self.page

    def close(self) -> None:
        self.context.close()

    def kill(self) -> None:
        """As a dead battery would: every process of the browser at once, nothing flushed, nobody told."""
        victims = [one for one in psutil.process_iter() if self._is_ours(one)]
        for victim in victims:
            with suppress(psutil.NoSuchProcess):
                victim.kill()
        psutil.wait_procs(victims, timeout=10)
        with suppress(Error):
            self.context.close()

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return any(str(self.profile) in word for word in process.cmdline())
        except psutil.Error:
            return False

    def restart(self, *, offline: bool = False) -> Page:
        """With `offline` there is no network from before the first page."""
        self.close()
        self.options["offline"] = offline
        return self.open()

    def visit_app(self) -> Page:
        self.page.goto(APP)
        expect(self.page.locator("#app")).to_have_attribute("aria-busy", "false")
        return self.page

    def await_worker(self) -> None:
        """Until the worker has every file, so that the network may go."""
        self.page.evaluate(WORKER_READY)

    def network(self, *, on: bool) -> None:
        self.context.set_offline(not on)

    def enrol(self, code: str) -> Page:
        """As the camera opens what the lead shows: the code stands behind the # of the address."""
        self.page.goto(f"{APP}#enrol={code}")
        expect(self.page.get_by_role("link", name="Start a visit")).to_be_visible()
        return self.page

    def ready(self, code: str) -> Page:
        """Enrolled, guides fetched, worker in place."""
        self.enrol(code)
        self.await_worker()
        return self.page

    def hold(self, token: str, programme: str = "casa-nord", device: str = "") -> Page:
        """Ready without a code, where it is the token that matters: it stands where the app keeps it."""
        self.visit_app()
        self.page.evaluate(
            f"""async ([token, programme, device]) => {{
                const {{ putSetting }} = await import("{STORE}");
                await putSetting("device", {{ token, id: device, name: "Tablet 1",
                    programme: {{ slug: programme, name: "Casa Nord", language: "en" }}, locations: [] }});
                await putSetting("paused", null);
            }}""",
            [token, programme, device or "0199c0de-0000-7000-8000-000000000001"],
        )
        self.page.reload()
        expect(self.page.get_by_role("link", name="Start a visit")).to_be_visible()
        self.await_worker()
        return self.page

    def drain(self) -> None:
        self.page.evaluate(DRAIN)

    def states(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(
            f'import("{ENGINE}").then(({{ states }}) => states())'
        )
        return found

    def records(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(
            f'import("{RECORDS}").then(({{ allRecords }}) => allRecords())'
        )
        return found

    def begin(self) -> str:
        """An open visit with the choices as they come; its id."""
        self.page.goto("/field/#/start")
        expect(self.page.locator("[data-planned]")).to_have_count(0)  # the screen before is gone
        self.page.get_by_role("button", name="Begin").click()
        self.page.wait_for_url("**/#/visit/*")
        expect(self.page.locator("[data-question]").first).to_be_visible()
        return self.page.url.rsplit("/", 1)[1]

    def answer(self, question: str, answer: str | int) -> None:
        self.page.locator(f'[data-question="{question}"] [data-answer="{answer}"]').tap()

    def next_stage(self) -> None:
        self.page.locator(".bottom .button-main").tap()

    def photograph(self, question: str, file: dict[str, Any] | None = None) -> None:
        before = self.page.locator(f'[data-photos="{question}"] li').count()
        self.page.locator(f'input[data-photo="{question}"]').set_input_files(file or picture())  # type: ignore[arg-type]
        expect(self.page.locator(f'[data-photos="{question}"] li')).to_have_count(before + 1)

    def saved(self) -> None:
        expect(self.page.locator("[data-saved]")).to_contain_text("saved on this tablet")

    def finish(self) -> None:
        self.page.get_by_role("button", name="Finish").tap()
        expect(self.page.locator(".news")).to_contain_text("kept on this tablet")

    def to_summary(self) -> None:
        one = self.page.url.split("/visit/")[1].split("/")[0]
        self.page.goto(f"/field/#/visit/{one}/summary")
        expect(self.page.locator("[data-summary]")).to_be_visible()

    def finish_one(self, answer: int = 0) -> str:
        """A visit with one answer, finished; its id."""
        one = self.begin()
        self.answer("S1-b", answer)
        self.saved()
        self.to_summary()
        self.finish()
        return one

    def until(self, promise: str) -> None:
        """Asks until it is so: Playwright's own waiting takes a promise for a yes."""
        for _try in range(250):
            if self.page.evaluate(promise):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"never came true: {promise}")

    def until_received(self, count: int) -> None:
        """The engine's own timers are not waited for: it is asked until it has done."""
        for _try in range(60):
            self.drain()
            states = self.states()
            if states["received"] >= count and not states["missing"]:
                break
            self.page.wait_for_timeout(300)
        assert (self.states()["received"], self.states()["missing"]) == (count, 0), self.states()

    def fill_in(self, stages: Iterable[dict[str, str | int]]) -> None:
        for answers in stages:
            for question, answer in answers.items():
                self.answer(question, answer)
            self.saved()
            self.next_stage()
