"""Real processes: a server of the test database for the session, tablets that speak to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from accounts.tokens import create_token
from cxplan.tests.faults.tablet import Tablet
from cxplan.tests.services import web_server

if TYPE_CHECKING:
    from accounts.models import User

MakeTablets = Callable[[int], list[Tablet]]


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with web_server(tmp_path_factory.mktemp("server")) as port:
        yield port


@pytest.fixture
def tablets(transactional_db: None, server: int, observer: User) -> Iterator[MakeTablets]:
    """So many tablets of one observer, each with a connection of its own."""
    token = create_token(user=observer)
    made: list[Tablet] = []

    def make(count: int) -> list[Tablet]:
        made.extend(Tablet(server, token) for _ in range(count))
        return made[-count:]

    yield make
    for tablet in made:
        tablet.hang_up()


@pytest.fixture
def tablet(tablets: MakeTablets) -> Tablet:
    return tablets(1)[0]
