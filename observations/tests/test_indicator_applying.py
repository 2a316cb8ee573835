"""Large tables, applied by a worker: all or nothing, once, with their progress, and undone like others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from accounts.models import User
from journeys.models import Programme
from observations.indicator_applying import (
    LARGE,
    PATIENCE,
    apply_asked,
    ask_to_apply,
    imports_left,
    is_large,
    progress_of,
)
from observations.indicator_imports import (
    NotHeld,
    apply_import,
    discard_import,
    hold_table,
    undo_import,
)
from observations.models import ImportRun, IndicatorDefinition
from observations.tasks import sweep_imports
from observations.tests.indicator_factories import make_indicator

HEAD = "month;location;segment;promoters;passives;detractors\n"
ROWS = "".join(
    f"{2000 + month // 12}-{month % 12 + 1:02d};{location};{segment};1;1;1\n"
    for month in range(300)
    for location in ("PAR1", "LYO1")
    for segment in ("family", "")
)
pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def definition(programme: Programme) -> IndicatorDefinition:
    return make_indicator(programme)


def held(definition: IndicatorDefinition, actor: User, text: str = HEAD + ROWS) -> ImportRun:
    return hold_table(definition=definition, text=text, source="large.csv", actor=actor)


def asked(definition: IndicatorDefinition, actor: User, text: str = HEAD + ROWS) -> ImportRun:
    run = held(definition, actor, text)
    ask_to_apply(run=run, only_good_rows=False, actor=actor)
    return run


def test_a_worker_applies_it_once_and_says_how_far_it_is(
    definition: IndicatorDefinition, consultant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = asked(definition, consultant)
    assert definition.readings.count() == 0
    told: list[int] = []
    real = apply_import

    def noting(**asked_for: Any) -> ImportRun:
        report = asked_for.pop("report")

        def note(percent: int) -> None:
            report(percent)
            told.append(progress_of(run))

        return real(report=note, **asked_for)

    monkeypatch.setattr("observations.indicator_applying.apply_import", noting)
    assert apply_asked(run.pk)
    assert not apply_asked(run.pk)
    run.refresh_from_db()
    assert (run.state, run.added, run.content) == ("applied", 1200, "")
    assert definition.readings.count() == 1200
    assert told == sorted(told)
    assert (told[0], told[-1], len(told)) == (20, 100, 7)  # read; three batches, written twice
    assert progress_of(run) == 100
    assert undo_import(run=run, actor=consultant) == 0
    assert definition.readings.count() == 0


def test_while_it_is_applied_nobody_else_can(
    definition: IndicatorDefinition, consultant: User
) -> None:
    run = asked(definition, consultant)
    for again in (
        lambda: ask_to_apply(run=run, only_good_rows=True, actor=consultant),
        lambda: apply_import(run=run, only_good_rows=False, actor=consultant),
        lambda: discard_import(run=run),
    ):
        with pytest.raises(NotHeld):
            again()


@pytest.mark.parametrize("error", [RuntimeError, OperationalError])
def test_one_that_breaks_off_leaves_nothing(
    definition: IndicatorDefinition,
    consultant: User,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
) -> None:
    run = asked(definition, consultant)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise error("in the middle")

    with monkeypatch.context() as patch:
        patch.setattr("observations.models.ImportedReading.objects.bulk_create", fail)
        if error is OperationalError:
            with pytest.raises(OperationalError):
                apply_asked(run.pk)
        else:
            assert not apply_asked(run.pk)
    run.refresh_from_db()
    assert definition.readings.count() == 0
    if error is OperationalError:  # the task tries again by itself
        assert (run.state, run.begun_at) == ("applying", None)
        assert apply_asked(run.pk)
    else:
        assert (run.state, run.has_failed) == ("held", True)
        apply_import(run=run, only_good_rows=False, actor=consultant)
    assert definition.readings.count() == 1200


def test_faults_hold_it_again(definition: IndicatorDefinition, consultant: User) -> None:
    run = asked(definition, consultant, f"{HEAD}2026-03;PAR1;;x;1;1\n")
    assert not apply_asked(run.pk)
    run.refresh_from_db()
    assert (run.state, run.has_failed) == ("held", False)


def test_what_a_dead_worker_left_is_swept(
    definition: IndicatorDefinition, consultant: User, django_capture_on_commit_callbacks: Any
) -> None:
    run = asked(definition, consultant)
    assert imports_left(ImportRun.State.APPLYING) == []  # asked for just now
    ImportRun.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    assert imports_left(ImportRun.State.APPLYING) == [run.pk]
    ImportRun.objects.update(begun_at=timezone.now())
    assert imports_left(ImportRun.State.APPLYING) == []
    assert not apply_asked(run.pk)
    ImportRun.objects.update(begun_at=timezone.now() - PATIENCE - timedelta(seconds=1))
    assert sweep_imports() == 1
    run.refresh_from_db()
    assert run.state == "applied"


def test_the_database_wants_to_know_when_it_was_asked(
    definition: IndicatorDefinition, consultant: User
) -> None:
    run = held(definition, consultant)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(state="applying", asked_at=None)


def test_what_is_large(definition: IndicatorDefinition, consultant: User) -> None:
    assert not is_large(held(definition, consultant))
    assert is_large(held(definition, consultant, HEAD + "2026-03;PAR1;;1;1;1\n" * LARGE))
