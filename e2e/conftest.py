"""A real Chromium for the browser tests: Debian's, driven by Playwright.

Chromium is looked up by its name on the PATH, or named by CHROMIUM; Playwright's own download is
not used. Where there is none these tests skip with the reason, and fail where CI=true.
"""

import os
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from cxplan.tests.services import require_browser

if TYPE_CHECKING:
    from accounts.models import User

RESULTS = Path(__file__).parent / "results"
# No GPU, no sandbox (containers run as root), and none of the background calls to the outside
# that a machine without internet refuses by the dozen.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = (1280, 800)
TABLET = (1024, 768)
PHONE = (390, 844)
# WCAG 2.2 level AA, and what axe counts as good practice beyond it.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_failed = pytest.StashKey[bool]()
# What a page needs on a machine that others keep busy; a quiet one never waits that long.
expect.set_options(timeout=20_000)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright's event loop stays in this thread for what follows."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    # A real browser on a busy machine: one more try, which the report tells ("rerun").
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[_failed] = item.stash.get(_failed, False) or report.failed
    return report


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """Playwright itself, for tests that start a browser of their own."""
    # Playwright's synchronous interface runs an event loop in this thread, which Django takes
    # for asynchronous code and refuses the database. The test itself is synchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """One Chromium for the session; every page gets a fresh context, with no cookies."""
    chromium = driver.chromium.launch(
        executable_path=require_browser(), args=FLAGS, chromium_sandbox=False
    )
    yield chromium
    chromium.close()


@dataclass
class PageErrors:
    """What the browser complained of; `expected` are parts of messages that a test wants."""

    expected: tuple[str, ...]
    seen: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self._add(f"uncaught: {error}"))
        page.on("console", self._add_console)

    def _add_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._add(f"console: {message.text} ({message.location.get('url', '')})")

    def _add(self, text: str) -> None:
        if not any(part in text for part in self.expected):
            self.seen.append(text)


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(
    browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest
) -> Iterator[NewPage]:
    """`new_page(user)` opens a browser page as that person, `new_page()` as nobody.

    Relative addresses go to the live server: `new_page(consultant).goto("/programmes/")`. Any
    error in a page's console fails the test when it ends; `expected_errors` names those it wants,
    such as "status of 422". A failed test leaves pictures in e2e/results.
    """
    opened: list[tuple[Page, PageErrors]] = []

    def open_page(
        login_as: "User | None" = None,
        *,
        viewport: tuple[int, int] = DESKTOP,
        color_scheme: Literal["light", "dark"] = "light",
        locale: str = "en-GB",
        expected_errors: tuple[str, ...] = (),
        **context_options: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": viewport[0], "height": viewport[1]},
            color_scheme=color_scheme,
            locale=locale,
            reduced_motion="reduce",
            **context_options,
        )
        context.set_default_timeout(20_000)
        # The first page of a session compiles templates: on a busy machine that took longer.
        context.set_default_navigation_timeout(30_000)
        if login_as:
            context.add_cookies(
                [
                    {
                        "name": settings.SESSION_COOKIE_NAME,
                        "value": _session_of(login_as),
                        "url": live_server.url,
                    }
                ]
            )
        page = context.new_page()
        errors = PageErrors(expected_errors)
        errors.watch(page)
        opened.append((page, errors))
        return page

    yield open_page

    failed = request.node.stash.get(_failed, False)
    for number, (page, _) in enumerate(opened, start=1):
        if failed and not page.is_closed():
            RESULTS.mkdir(exist_ok=True)
            name = re.sub(r"\W+", "-", request.node.name)
            page.screenshot(path=RESULTS / f"{name}-{number}.png", full_page=True)
        page.context.close()
    seen = [error for _, errors in opened for error in errors.seen]
    assert not seen, "errors in the browser's console:\n" + "\n".join(seen)


def _session_of(user: "User") -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def assert_accessible(page: Page, *, context: str | dict[str, Any] | None = None) -> None:
    """No violation of WCAG 2.2 AA that axe can find in the page, or in `context`, a selector."""
    rules = {"type": "tag", "values": AXE_TAGS}
    results = Axe().run(page, context, {"resultTypes": ["violations"], "runOnly": rules})
    report = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
        + "\n".join(f"    {', '.join(map(str, node['target']))}" for node in violation["nodes"])
        for violation in results.response["violations"]
    ]
    assert not report, f"{page.url} is not accessible:\n" + "\n".join(report)
