"""Pools are kept between pages, and never longer than they are true."""

from __future__ import annotations

import logging
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as NoRedis

from journeys.models import Journey, Programme
from journeys.tests.factories import make_wave
from observations import pooling
from observations.folding import fold_pending, rebuild_cells
from observations.pooling import Pools, pools_of
from observations.scores import read_scores
from observations.selection import Selection
from observations.tests.factories import make_document, submit
from scoring.models import Framework

ALL = Selection()


def observe(programme: Programme, month: int, points: int) -> None:
    """Six visits that differ: `points` sets how much."""
    for number in range(6):
        submit(
            programme,
            observed_at=f"2026-{month:02d}-1{number}T10:00:00+02:00",
            answers={"S1-b": 0, "S1-p": number % 3, "S2-p": points * (number % 2)},
        )


@pytest.fixture
def measured(programme: Programme, framework: Framework) -> Journey:
    observe(programme, 3, 1)
    observe(programme, 9, 2)
    fold_pending()
    return framework.journey


def anew(journey: Journey) -> Journey:
    return Journey.objects.select_related("segment", "programme").get(pk=journey.pk)


def pools(journey: Journey, selection: Selection = ALL) -> tuple[Pools, bool]:
    """Those of a page, and whether it had to read them."""
    with CaptureQueriesContext(connection) as captured:
        found = read_scores(anew(journey), selection).pools
    return found, any("wave" in query["sql"] and "sum_SS" in query["sql"] for query in captured)


def true_pools(journey: Journey) -> Pools:
    framework = Framework.objects.get(journey=journey)
    return pools_of(framework, journey.stages.filter(in_perimeter=True))


def test_a_second_page_needs_not_read_them(measured: Journey) -> None:
    first, was_read = pools(measured)
    assert was_read
    assert first == true_pools(measured)
    assert pools(measured) == (first, False)


@pytest.mark.parametrize(
    "selection",
    [
        Selection(first_month="2026-09"),
        Selection(methods=("verbatim",)),
        Selection(locations=("LYO1",)),
        Selection(channel="store"),
    ],
    ids=["month", "method", "location", "channel"],
)
def test_no_filter_asks_for_others(measured: Journey, selection: Selection) -> None:
    first, _was_read = pools(measured)
    assert pools(measured, selection) == (first, False)


def test_a_fold_changes_them(measured: Journey, programme: Programme) -> None:
    first, _was_read = pools(measured)
    observe(programme, 5, 2)
    fold_pending()
    found, was_read = pools(measured)
    assert was_read
    assert found == true_pools(measured) != first


def test_an_observation_that_moves_to_another_wave_changes_them(
    measured: Journey, programme: Programme
) -> None:
    """Every place has the sums that it had."""
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-04")
    moved = make_document(answers={"S2-p": -1}, observed_at="2026-03-20T10:00:00+01:00")
    submit(programme, **moved)
    fold_pending()
    first, _was_read = pools(measured)
    later = submit(
        programme, **moved | {"base_revision": 1, "observed_at": "2026-09-20T10:00:00+02:00"}
    )
    assert later.status == "revised"
    fold_pending()
    found, was_read = pools(measured)
    assert was_read
    assert found == true_pools(measured) != first


def test_a_wave_that_parts_the_months_changes_them(measured: Journey, programme: Programme) -> None:
    first, _was_read = pools(measured)
    wave = make_wave(programme, "W1", first_month="2026-03", last_month="2026-04")
    parted, was_read = pools(measured)
    assert was_read
    assert parted == true_pools(measured) != first
    wave.last_month = "2026-09"
    wave.save()
    assert pools(measured) == (true_pools(measured), True)


def test_a_stage_that_leaves_the_perimeter_changes_them(measured: Journey) -> None:
    first, _was_read = pools(measured)
    measured.stages.filter(key="S2").update(in_perimeter=False)
    found, was_read = pools(measured)
    assert was_read
    assert found == true_pools(measured) != first


def test_a_count_of_folds_that_comes_again_means_nothing(
    measured: Journey, programme: Programme
) -> None:
    """As in a database that was restored."""
    first, _was_read = pools(measured)
    [count] = Framework.objects.values_list("cells_revision", flat=True)
    observe(programme, 5, 2)
    fold_pending()
    Framework.objects.update(cells_revision=count)
    found, was_read = pools(measured)
    assert was_read
    assert found == true_pools(measured) != first


def test_rebuilt_cells_are_others(measured: Journey) -> None:
    pools(measured)
    rebuild_cells(Framework.objects.get(journey=measured))
    assert pools(measured) == (true_pools(measured), True)


def test_what_was_read_beside_a_fold_is_not_kept(
    measured: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, [stamp] = pooling._read, Framework.objects.values_list("cells_stamp", flat=True)

    def late(*asked: Any) -> Any:
        Framework.objects.update(cells_stamp=uuid.uuid4())
        return read(*asked)

    with monkeypatch.context() as patched:
        patched.setattr(pooling, "_read", late)
        assert pools(measured)[1]
    Framework.objects.update(cells_stamp=stamp)
    assert pools(measured)[1]


class Mute:
    """A cache that can't be reached."""

    def get_many(self, _addresses: object) -> None:
        raise NoRedis

    def set_many(self, _found: object, _seconds: int) -> None:
        raise NoRedis


def test_without_a_cache_they_are_read(
    measured: Journey, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observations.remembering.cache", Mute())
    with caplog.at_level(logging.WARNING):
        assert pools(measured) == (true_pools(measured), True)
    assert [record.message for record in caplog.records] == ["nothing recalled: ", "nothing kept: "]
