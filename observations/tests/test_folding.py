from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeys.models import Programme
from observations.folding import differing_cells, fold_pending, rebuild_cells
from observations.guides import guide_of
from observations.intake import (
    restore_observation,
    submit_observation,
    withdraw_observation,
)
from observations.models import Observation, PendingFold
from observations.tests.factories import make_document, submit
from scoring.models import Framework, LevelCount, StageCell
from scoring.scale import score_observation
from scoring.vector import VECTOR_FIELDS, Vector

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


Cells = dict[tuple[str, str, str | None, str | None, str | None], Vector]


def cells_of(framework: Framework) -> Cells:
    rows = StageCell.objects.filter(framework=framework)
    found: Cells = {}
    for row in rows.select_related("stage", "channel", "location"):
        key = (
            row.method,
            row.month,
            row.stage.key if row.stage else None,
            row.channel.key if row.channel else None,
            row.location.code if row.location else None,
        )
        found[key] = Vector(*(getattr(row, name) for name in VECTOR_FIELDS))
    return found


def cells_meant(framework: Framework, meant: dict[str, dict[str, Any]]) -> Cells:
    """What the surviving documents add up to, without a database: the arithmetic's own sums."""
    guide = guide_of(framework)
    total: Cells = {}
    for document in meant.values():
        rows = score_observation(
            guide.scored,
            document["answers"],
            method=document["method"],
            thresholds=guide.thresholds,
        )
        for row in rows:
            month = document["observed_at"][:7]
            key = (document["method"], month, row.stage, row.channel, document["location"])
            total[key] = total.get(key, Vector()) + Vector.from_sums(row)
    return total


answers = st.fixed_dictionaries(
    {},
    optional={
        f"{stage}-{kind}": st.sampled_from([*points, "NA", "NO"])
        for stage in ("S1", "S2", "S3")
        for kind, points in (("b", (-2, 0)), ("p", (-1, 0, 1, 2)), ("d", (0, 3)))
    },
)
operations = st.lists(
    st.tuples(
        st.sampled_from(["put", "edit", "withdraw", "restore", "fold"]),
        st.integers(0, 3),
        answers,
        st.sampled_from(["PAR1", "LYO1", None]),
        st.sampled_from(["2026-09", "2026-10"]),
    ),
    max_size=12,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(operations)
def test_incremental_equals_rebuilt_whatever_happened(
    programme: Programme, framework: Framework, todo: list[Any]
) -> None:
    Observation.objects.all().delete()
    StageCell.objects.all().delete()
    LevelCount.objects.all().delete()
    ids = [str(uuid.uuid4()) for _ in range(4)]
    # The content that each operation meant to be current, and what is withdrawn of it.
    meant: dict[str, dict[str, Any]] = {}
    withdrawn: dict[str, dict[str, Any]] = {}
    for verb, which, given_answers, location, month in todo:
        one = ids[which]
        row = Observation.objects.filter(uuid=one).first()
        if verb == "fold":
            fold_pending()
        elif row is None or verb == "put":
            document = make_document(id=one, answers=given_answers, location=location)
            submit_observation(programme=programme, document=document, user=None, hold=False)
            if row is None:
                meant[one] = document
        elif verb == "edit":
            document = make_document(
                id=one,
                answers=given_answers,
                location=location,
                observed_at=f"{month}-03T10:00:00+02:00",
            )
            edit = document | {"base_revision": row.revisions.get(is_current=True).number}
            submit_observation(programme=programme, document=edit, user=None, hold=False)
            if one in meant:
                meant[one] = document
        elif verb == "withdraw":
            withdraw_observation(observation=row)
            withdrawn |= {one: meant.pop(one)} if one in meant else {}
        else:
            restore_observation(observation=row)
            meant |= {one: withdrawn.pop(one)} if one in withdrawn else {}
        assert differing_cells(framework) == []
    fold_pending()
    assert cells_of(framework) == cells_meant(framework, meant)
    cells = cells_of(framework)
    rebuild_cells(framework)
    assert cells_of(framework) == cells


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
