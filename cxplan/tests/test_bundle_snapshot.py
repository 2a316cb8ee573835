"""An export is the programme at one moment, whatever is written while it is being read."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from cxplan.bundle import export_bundle
from cxplan.tests.bundles import EX1, exported, load
from journeys.models import Programme
from observations.models import Observation
from observations.withdrawing import withdraw_observation

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(work: Callable[[], object]) -> None:
    """On a connection of its own; fails where that would have to wait for the export."""
    done: list[bool] = []

    def run() -> None:
        try:
            work()
            done.append(True)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(15)
    assert done


def change_everything() -> None:
    Programme.objects.update(name="Another name")
    for observation in Observation.objects.all():
        withdraw_observation(observation=observation)


def test_what_is_written_meanwhile_is_not_in_it() -> None:
    programme = load(EX1)
    before = exported(programme)
    pieces = export_bundle(programme, with_observations=True)
    found = [next(pieces)]
    elsewhere(change_everything)
    found += pieces
    assert "".join(found) == before
    programme.refresh_from_db()
    assert programme.name == "Another name"
    assert '"observations": []' in exported(programme)


def test_a_reader_who_goes_away_leaves_nothing_open() -> None:
    programme = load(EX1)
    pieces = export_bundle(programme, with_observations=True)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]  # a generator, as a response closes it
    assert connection.get_autocommit()
    Programme.objects.update(name="Written afterwards")
    elsewhere(change_everything)
    assert Programme.objects.get().name == "Another name"
