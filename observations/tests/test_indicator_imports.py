"""A table of counts: held, applied whole or in part, the same again, undone."""

from __future__ import annotations

import pytest

from accounts.models import User
from journeys.models import AuditEntry, Programme
from observations.indicator_imports import (
    HasFaults,
    NotHeld,
    apply_import,
    discard_import,
    hold_table,
    preview,
    same_applied,
    undo_import,
)
from observations.indicator_writing import write_reading
from observations.models import ImportRun, IndicatorDefinition, IndicatorReading
from observations.tests.indicator_factories import count_nps, make_indicator

HEAD = "month;location;promoters;passives;detractors\n"
TABLE = f"{HEAD}2026-03;PAR1;19;9;8\n2026-03;LYO1;5;5;5\n"


@pytest.fixture
def definition(programme: Programme) -> IndicatorDefinition:
    return make_indicator(programme)


def held(definition: IndicatorDefinition, actor: User, text: str = TABLE) -> ImportRun:
    return hold_table(definition=definition, text=text, source="mars.csv", actor=actor)


def applied(definition: IndicatorDefinition, actor: User, text: str = TABLE) -> ImportRun:
    run = held(definition, actor, text)
    return apply_import(run=run, only_good_rows=False, actor=actor)


def standing(definition: IndicatorDefinition) -> dict[str, tuple[int, int, int]]:
    """Promoters, detractors and answers by location, as SQL adds them up."""
    rows = definition.readings.values_list("location__code", "hits", "misses", "n")
    return {code: (hits, misses, n) for code, hits, misses, n in rows}


def test_nothing_counts_before_it_is_applied(
    definition: IndicatorDefinition, consultant: User
) -> None:
    run = held(definition, consultant)
    found = preview(run)
    assert (found.new, len(found.changes), found.unchanged) == (2, 0, 0)
    assert standing(definition) == {}
    run = apply_import(run=run, only_good_rows=False, actor=consultant)
    assert standing(definition) == {"PAR1": (19, 8, 36), "LYO1": (5, 5, 15)}
    assert (run.state, run.added, run.content, run.source) == ("applied", 2, "", "mars.csv")
    assert set(definition.readings.values_list("run", "updated_by")) == {(run.pk, consultant.pk)}
    entry = AuditEntry.objects.get(verb="imported")
    assert (entry.actor, entry.changes["added"]) == (consultant, [None, 2])


def test_the_same_file_again_changes_nothing(
    definition: IndicatorDefinition, consultant: User
) -> None:
    first = applied(definition, consultant)
    before = list(definition.readings.order_by("pk").values())
    again = held(definition, consultant)
    assert same_applied(again) == first
    again = apply_import(run=again, only_good_rows=False, actor=consultant)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert list(definition.readings.order_by("pk").values()) == before
    assert undo_import(run=again, actor=consultant) == 0
    assert list(definition.readings.order_by("pk").values()) == before


def test_all_or_nothing_unless_the_good_rows_are_asked_for(
    definition: IndicatorDefinition, consultant: User
) -> None:
    text = f"{TABLE}2026-13;PAR1;1;1;1\n"
    run = held(definition, consultant, text)
    with pytest.raises(HasFaults):
        apply_import(run=run, only_good_rows=False, actor=consultant)
    assert standing(definition) == {}
    run = apply_import(run=run, only_good_rows=True, actor=consultant)
    assert (run.added, run.left_out) == (2, 1)
    assert set(standing(definition)) == {"PAR1", "LYO1"}


def test_nothing_good_is_nothing_to_import(
    definition: IndicatorDefinition, consultant: User
) -> None:
    run = held(definition, consultant, f"{HEAD}2026-13;PAR1;1;1;1\n")
    with pytest.raises(HasFaults):
        apply_import(run=run, only_good_rows=True, actor=consultant)
    assert ImportRun.objects.get().state == "held"


def test_undoing_puts_back_what_stood_before(
    definition: IndicatorDefinition, consultant: User
) -> None:
    first = applied(definition, consultant)
    second = applied(definition, consultant, f"{HEAD}2026-03;PAR1;30;0;6\n2026-04;PAR1;1;1;1\n")
    assert (second.added, second.changed) == (1, 1)
    assert definition.readings.get(month="2026-03", location__code="PAR1").hits == 30
    assert undo_import(run=second, actor=consultant) == 0
    assert standing(definition) == {"PAR1": (19, 8, 36), "LYO1": (5, 5, 15)}
    # What is put back belongs to the first import again, so that this takes it away.
    assert undo_import(run=first, actor=consultant) == 0
    assert standing(definition) == {}
    assert AuditEntry.objects.filter(verb="took back the import").count() == 2


def test_what_was_corrected_since_is_left_alone(
    definition: IndicatorDefinition, consultant: User
) -> None:
    run = applied(definition, consultant)
    reading = definition.readings.get(location__code="PAR1")
    write_reading(
        definition=definition,
        month="2026-03",
        segment=None,
        location=reading.location,
        channel=None,
        counts={"promoters": 20, "passives": 9, "detractors": 8},
        actor=consultant,
        reading=reading,
        seen_version=reading.version,
    )
    assert undo_import(run=run, actor=consultant) == 1
    assert standing(definition) == {"PAR1": (20, 8, 37)}


def test_a_typed_count_comes_back_when_the_import_over_it_is_undone(
    definition: IndicatorDefinition, consultant: User
) -> None:
    typed = count_nps(definition, 40, 20, location="PAR1")
    run = applied(definition, consultant)
    typed.refresh_from_db()
    assert (typed.hits, typed.version) == (19, 1)
    undo_import(run=run, actor=consultant)
    typed.refresh_from_db()
    assert (typed.hits, typed.run, typed.version) == (40, None, 2)


def test_an_import_is_applied_once_and_undone_once(
    definition: IndicatorDefinition, consultant: User
) -> None:
    run = held(definition, consultant)
    with pytest.raises(NotHeld):
        undo_import(run=run, actor=consultant)
    apply_import(run=run, only_good_rows=False, actor=consultant)
    with pytest.raises(NotHeld):
        apply_import(run=run, only_good_rows=False, actor=consultant)
    with pytest.raises(NotHeld):
        discard_import(run=run)
    undo_import(run=run, actor=consultant)
    with pytest.raises(NotHeld):
        undo_import(run=run, actor=consultant)


def test_a_held_table_can_be_discarded(definition: IndicatorDefinition, consultant: User) -> None:
    discard_import(run=held(definition, consultant))
    assert not ImportRun.objects.exists()


def test_single_answers_are_stored_as_counts(
    definition: IndicatorDefinition, consultant: User
) -> None:
    rows = "".join(f"2026-03-01;PAR1;{answer}\n" for answer in (10, 9, 8, 7, 6, 0))
    run = applied(definition, consultant, f"date;location;answer\n{rows}")
    assert run.added == 1
    reading = IndicatorReading.objects.get()
    assert reading.counts == {"promoters": 2, "passives": 2, "detractors": 2}
    assert standing(definition) == {"PAR1": (2, 2, 6)}


def test_many_rows_take_few_statements(
    definition: IndicatorDefinition,
    consultant: User,
    programme: Programme,
    django_assert_max_num_queries: object,
) -> None:
    months = [f"20{year}-{month:02d}" for year in range(10, 26) for month in range(1, 13)]
    rows = "".join(f"{month};PAR1;1;1;1\n{month};LYO1;2;1;1\n" for month in months)
    run = held(definition, consultant, HEAD + rows)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        apply_import(run=run, only_good_rows=False, actor=consultant)
    assert definition.readings.count() == 2 * len(months)
