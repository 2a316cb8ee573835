from __future__ import annotations

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from journeys.models import Programme
from observations.folding import differing_cells, fold_pending, rebuild_cells
from observations.intake import submit_observation
from observations.models import Observation, PendingFold
from observations.tests.factories import make_document, submit
from observations.withdrawing import withdraw_observation
from scoring.models import Framework, LevelCount, StageCell

pytestmark = pytest.mark.usefixtures("framework")


def test_a_fold_adds_the_sums_and_empties_the_outbox(
    programme: Programme, framework: Framework
) -> None:
    submit(programme)
    submit(programme, location="LYO1")
    assert fold_pending() == 2
    assert not PendingFold.objects.exists()
    cell = StageCell.objects.get(stage__key="S2", channel=None, location__code="PAR1")
    assert (cell.n, cell.S, cell.raw, cell.P, cell.Q, cell.nD, cell.nb, cell.nb_ok) == (
        1,
        0,
        3,
        5,
        3,
        1,
        1,
        0,
    )
    count = LevelCount.objects.get(interaction="S3-p", answer="NA", location__code="LYO1")
    assert count.count == 1
    framework.refresh_from_db()
    assert framework.cells_revision == 1


def test_an_edit_and_a_withdrawal_leave_no_trace_of_the_old(
    programme: Programme, framework: Framework
) -> None:
    document = make_document()
    submit_observation(programme=programme, document=document, user=None)
    fold_pending()
    moved = document | {"base_revision": 1, "observed_at": "2026-11-01T00:30:00+02:00"}
    submit_observation(programme=programme, document=moved, user=None)
    fold_pending()
    assert set(StageCell.objects.values_list("month", flat=True)) == {"2026-11"}
    withdraw_observation(observation=Observation.objects.get())
    fold_pending()
    assert not StageCell.objects.exists()
    assert not LevelCount.objects.exists()


def test_rebuild_mends_what_check_finds(programme: Programme, framework: Framework) -> None:
    submit(programme)
    fold_pending()
    submit(programme)  # still in the outbox
    assert differing_cells(framework) == []
    StageCell.objects.filter(stage__key="S1", channel=None).update(S=99)
    with pytest.raises(CommandError, match="1 cells differ"):
        call_command("rebuild_scores", programme.slug, check=True)
    assert StageCell.objects.filter(S=99).exists(), "a check changes nothing"
    call_command("rebuild_scores", programme.slug)
    call_command("rebuild_scores", programme.slug, check=True)
    assert StageCell.objects.get(stage=None).n == 2


def test_rebuilding_while_rows_wait_does_not_count_them_twice(
    programme: Programme, framework: Framework
) -> None:
    submit(programme)
    rebuild_cells(framework)
    assert not StageCell.objects.exists()
    fold_pending()
    assert StageCell.objects.get(stage=None).n == 1


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_store_one_and_all_succeed(
    programme: Programme, framework: Framework
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    document = make_document()
    statuses: list[str] = []

    def send() -> None:
        try:
            outcome = submit_observation(programme=programme, document=document, user=None)
            statuses.append(outcome.status)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == ["created", *["unchanged"] * 7]
    fold_pending()
    assert StageCell.objects.get(stage=None).n == 1
