"""Large tables read by a worker: once, in the language of who asked, and nothing of the text is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone, translation

from accounts.models import User
from journeys.models import Programme
from observations.indicator_applying import apply_asked, ask_to_apply
from observations.indicator_findings import MOST_FAULTS, Findings
from observations.indicator_imports import NotHeld, apply_import, discard_import, preview
from observations.indicator_previewing import ask_to_read, findings_of, read_asked, take_table
from observations.models import ImportRun
from observations.tasks import sweep_imports
from observations.tests.indicator_factories import count_nps, make_indicator

HEAD = "month;location;promoters;passives;detractors\n"
ROWS = "2026-03;PAR1;1;1;1\n2026-04;LYO1;1;1;1\n2026-05;MARS;1;1;1\n"
pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def run(programme: Programme, consultant: User, monkeypatch: pytest.MonkeyPatch) -> ImportRun:
    monkeypatch.setattr("observations.indicator_applying.LARGE", 2)
    return take(programme, consultant)


def take(programme: Programme, actor: User, text: str = HEAD + ROWS) -> ImportRun:
    definition = programme.indicators.first() or make_indicator(programme)
    return take_table(
        definition=definition, text=text, source="large.csv", actor=actor, language="fr"
    )


def now(run: ImportRun) -> ImportRun:
    fresh: ImportRun = ImportRun.objects.get(pk=run.pk)
    return fresh


def test_a_worker_reads_it_once_and_keeps_what_it_found(run: ImportRun) -> None:
    run = now(run)
    assert (run.state, run.found) == ("reading", None)
    count_nps(run.definition, 40, 20, month="2026-03", location="PAR1")
    assert read_asked(run.pk)
    assert not read_asked(run.pk)
    run = now(run)
    assert (run.state, run.content) == ("held", HEAD + ROWS)
    found = findings_of(run)
    with translation.override("fr"):
        assert found == Findings.of(preview(run)), "the document holds all of it"
    assert found is not None
    assert (found.rows, found.new, found.changed, found.faulty_rows) == (3, 1, 1, 1)
    [fault] = found.faults
    assert (fault.row, fault.column) == (4, "location")
    assert fault.why.startswith("Aucun lieu"), "in the language of who asked"
    assert found.changes[0].places == ("PAR1",)


def test_a_small_one_is_read_when_it_is_looked_at(programme: Programme, consultant: User) -> None:
    run = take(programme, consultant)
    assert (run.state, run.found) == ("held", None)
    found = findings_of(run)
    assert found is not None
    assert (found.new, found.fault_count) == (2, 1)


def test_before_it_is_read_it_is_discarded_and_not_applied(
    run: ImportRun, consultant: User
) -> None:
    with pytest.raises(NotHeld):
        ask_to_apply(run=run, only_good_rows=True, actor=consultant)
    with pytest.raises(NotHeld):
        apply_import(run=run, only_good_rows=True, actor=consultant)
    with pytest.raises(NotHeld):
        ask_to_read(run=run, language="fr")
    discard_import(run=run)
    assert not read_asked(run.pk)


@pytest.mark.parametrize("error", [RuntimeError, OperationalError])
def test_one_that_breaks_off_is_kept(
    run: ImportRun, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_args: Any) -> None:
        raise error("in the middle")

    with monkeypatch.context() as patch:
        patch.setattr("observations.indicator_previewing.preview", fail)
        if error is OperationalError:
            with pytest.raises(OperationalError):
                read_asked(run.pk)
            assert now(run).begun_at is None
        else:
            assert not read_asked(run.pk)
            assert (now(run).state, now(run).has_failed) == ("held", True)
            ask_to_read(run=run, language="en")
    assert now(run).content == HEAD + ROWS
    assert read_asked(run.pk)
    assert (now(run).state, now(run).has_failed) == ("held", False)


def test_what_a_dead_worker_left_is_swept(
    run: ImportRun, django_capture_on_commit_callbacks: Any
) -> None:
    assert sweep_imports() == 0
    ImportRun.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    assert sweep_imports() == 1
    assert now(run).state == "held"


def test_faults_met_when_applying_are_read_anew(
    run: ImportRun, consultant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_asked(run.pk)
    ask_to_apply(run=run, only_good_rows=False, actor=consultant)
    announced: list[int] = []
    monkeypatch.setattr("observations.tasks.announce_reading", announced.append)
    assert not apply_asked(run.pk)
    assert (now(run).state, now(run).found, announced) == ("reading", None, [run.pk])
    assert read_asked(run.pk)
    ask_to_apply(run=run, only_good_rows=True, actor=consultant)
    assert apply_asked(run.pk)
    assert (now(run).state, now(run).content, now(run).found) == ("applied", "", None)
    assert run.definition.readings.count() == 2


def test_of_many_faults_the_first_are_kept(programme: Programme, consultant: User) -> None:
    text = HEAD + "2026-13;PAR1;1;1;1\n" * (MOST_FAULTS + 5)
    run = take(programme, consultant, text)
    assert read_asked(run.pk)
    found = findings_of(now(run))
    assert found is not None
    assert (found.fault_count, len(found.faults)) == (MOST_FAULTS + 5, MOST_FAULTS)


@pytest.mark.parametrize(
    "wrong",
    [{"state": "reading", "asked_at": None}, {"state": "applied", "content": "", "found": {}}],
)
def test_the_database_wants_it_asked_for_and_findings_gone(
    run: ImportRun, wrong: dict[str, Any]
) -> None:
    if wrong["state"] == "applied":
        wrong = wrong | {"applied_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(**wrong)
