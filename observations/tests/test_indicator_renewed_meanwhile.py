"""A table held before its indicator got a new version never counts under the one that is closed."""

from __future__ import annotations

import pytest

from accounts.models import User
from journeys.models import Programme
from observations.indicator_applying import apply_asked, ask_to_apply
from observations.indicator_imports import (
    NotHeld,
    Renewed,
    apply_import,
    discard_import,
    hold_table,
)
from observations.indicator_previewing import take_to_current
from observations.indicator_writing import renew_indicator
from observations.models import ImportRun, IndicatorDefinition, IndicatorReading
from observations.tests.indicator_factories import make_indicator

TABLE = "month;location;promoters;passives;detractors\n2026-03;PAR1;19;9;8\n"
HELD, APPLYING, READING = ImportRun.State.HELD, ImportRun.State.APPLYING, ImportRun.State.READING


@pytest.fixture
def run(programme: Programme, consultant: User) -> ImportRun:
    definition = make_indicator(programme)
    return hold_table(definition=definition, text=TABLE, source="mars.csv", actor=consultant)


def renew(run: ImportRun, actor: User) -> IndicatorDefinition:
    again = IndicatorDefinition.objects.get(pk=run.definition_id)
    again.question = "Another question?"
    return renew_indicator(definition=again, actor=actor)


def test_it_is_refused_and_kept(run: ImportRun, consultant: User) -> None:
    renew(run, consultant)
    with pytest.raises(Renewed):
        apply_import(run=run, only_good_rows=False, actor=consultant)
    run = ImportRun.objects.get()
    with pytest.raises(Renewed):
        ask_to_apply(run=run, only_good_rows=False, actor=consultant)
    assert (run.state, run.content) == (HELD, TABLE)
    assert not IndicatorReading.objects.exists()


def test_a_worker_that_comes_after_the_new_version_leaves_it_held(
    run: ImportRun, consultant: User
) -> None:
    ask_to_apply(run=run, only_good_rows=False, actor=consultant)
    renew(run, consultant)
    assert not apply_asked(run.pk)
    run = ImportRun.objects.get()
    assert (run.state, run.has_failed, run.content) == (HELD, False, TABLE)
    assert not IndicatorReading.objects.exists()


def test_read_for_the_new_version_it_counts_there(run: ImportRun, consultant: User) -> None:
    newest = renew(run, consultant)
    take_to_current(run=run, language="en")
    run = ImportRun.objects.get()
    apply_import(run=run, only_good_rows=False, actor=consultant)
    assert IndicatorReading.objects.get().definition == newest


def test_a_large_one_is_read_anew_for_the_new_version(
    run: ImportRun, consultant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observations.indicator_applying.LARGE", 1)
    ImportRun.objects.update(found={"of": "the version before"})
    newest = renew(run, consultant)
    take_to_current(run=run, language="en")
    run = ImportRun.objects.get()
    assert (run.state, run.found, run.definition) == (READING, None, newest)


def test_one_that_is_gone_is_not_taken_along(run: ImportRun, consultant: User) -> None:
    renew(run, consultant)
    discard_import(run=ImportRun.objects.get())
    with pytest.raises(NotHeld):
        take_to_current(run=run, language="en")
