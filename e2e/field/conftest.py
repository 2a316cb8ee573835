"""Tablets for the tests of the field app."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from cxplan.tests.services import require_browser
from e2e.conftest import RESULTS, _failed
from e2e.field.tablet import Tablet
from journeys.models import Programme
from observations.devices import make_code
from observations.models import Device
from observations.tests.tablets import make_device, someone
from scoring.models import Framework

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

NewTablet = Callable[..., Tablet]


@pytest.fixture(autouse=True)
def _photos_apart(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def device(programme: Programme, framework: Framework, observer: User) -> Device:
    """What the lead has added for the tablet; the guide is published, and there is one observer."""
    return make_device(programme)


@pytest.fixture
def code(device: Device) -> str:
    """What the lead shows, as a picture or in letters: it lets one tablet in, once."""
    return make_code(device=device, actor=someone())


@pytest.fixture
def new_tablet(
    driver: Playwright, live_server: LiveServer, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[NewTablet]:
    made: list[Tablet] = []

    def make(url: str = "", **options: object) -> Tablet:
        folder = tmp_path / f"profile-{len(made)}"
        tablet = Tablet(driver, require_browser(), url or live_server.url, folder)
        tablet.open(**options)
        made.append(tablet)
        return tablet

    yield make

    for number, tablet in enumerate(made, start=1):
        if request.node.stash.get(_failed, False):
            RESULTS.mkdir(exist_ok=True)
            tablet.page.screenshot(path=RESULTS / f"{request.node.name}-{number}.png")
        tablet.close()
    errors = [error for tablet in made for error in tablet.errors]
    assert not errors, "uncaught in the app:\n" + "\n".join(errors)


@pytest.fixture
def tablet(new_tablet: NewTablet) -> Tablet:
    return new_tablet()
