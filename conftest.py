"""What every test shares. The services they run on are started by cxplan/tests/services.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import translation

from cxplan.catalogue import compile_catalogues
from cxplan.tests.services import require_libreoffice
from journeys.tests.factories import (
    make_channel,
    make_journey,
    make_location,
    make_member,
    make_programme,
    make_touchpoint,
    make_user,
)
from scoring.tests.factories import make_framework

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from accounts.models import User
    from journeys.models import Journey, Programme
    from scoring.models import Framework

ClientOf = Callable[["User"], Client]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Pages in French need compiled catalogues, and those are not committed."""
    if not hasattr(session.config, "workerinput"):  # with `-n`, once for all processes
        compile_catalogues()


def pytest_itemcollected(item: pytest.Item) -> None:
    """With `-n 2 --dist loadgroup` one process drives the browser, the other runs all else."""
    if item.get_closest_marker("browser"):
        item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    """Hashing passwords well takes long by design; no test measures that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def media_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _photos_apart(settings: Settings, media_root: Path) -> None:
    """No test writes a photo into the checkout."""
    settings.MEDIA_ROOT = media_root


@pytest.fixture(autouse=True)
def _language_of_the_site() -> None:
    """A page asked for in French leaves its thread in French: no test inherits it."""
    translation.deactivate()


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is read as the first one after a fold, so that the queries of two can be compared."""
    monkeypatch.setattr("observations.pooling.recall", lambda _addresses: {})


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice, which opens and computes again the documents that are made."""
    return require_libreoffice()


@pytest.fixture
def programme(db: None) -> Programme:
    """The programme of the cast: two locations, one channel, one journey of three stages."""
    programme = make_programme("casa-nord", name="Casa Nord")
    make_channel(programme, "store")
    make_location(programme, "PAR1", region="IDF", share_bp=6000)
    make_location(programme, "LYO1", region="ARA", share_bp=4000)
    journey = make_journey(programme, "family-store", stages=3)
    for stage in journey.stages.all():
        make_touchpoint(stage, f"t-{stage.key}")
    return programme


@pytest.fixture
def journey(programme: Programme) -> Journey:
    return programme.journeys.get()


@pytest.fixture
def framework(journey: Journey) -> Framework:
    """The published version 1 of the cast's journey (see scoring/tests/factories.py)."""
    return make_framework(journey)


@pytest.fixture
def lead(programme: Programme) -> User:
    return make_member(programme, "lead", make_user("Lea Lead"))


@pytest.fixture
def consultant(programme: Programme) -> User:
    return make_member(programme, "consultant", make_user("Colin Consultant"))


@pytest.fixture
def facilitator(programme: Programme) -> User:
    return make_member(programme, "facilitator", make_user("Fanny Facilitator"))


@pytest.fixture
def location_manager(programme: Programme) -> User:
    own = programme.locations.filter(code="PAR1")
    return make_member(programme, "location_manager", make_user("Marc Manager"), own)


@pytest.fixture
def observer(programme: Programme) -> User:
    own = programme.locations.filter(code="PAR1")
    return make_member(
        programme, "observer", make_user("Odile Observer"), own, observer_code="OBS-1"
    )


@pytest.fixture
def executive(programme: Programme) -> User:
    return make_member(programme, "executive", make_user("Eve Executive"))


@pytest.fixture
def contributor(programme: Programme) -> User:
    return make_member(programme, "contributor", make_user("Carla Contributor"))


@pytest.fixture
def outsider(db: None) -> User:
    """Somebody with an account and no role in the programme."""
    return make_user("Otto Outsider")


@pytest.fixture
def client_of() -> ClientOf:
    """A test client logged in as somebody: `client_of(consultant).get(...)`."""

    def logged_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in
