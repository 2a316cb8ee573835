"""What the database itself refuses of indicators, their counts and imports."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from journeys.models import Programme
from journeys.tests.factories import make_programme
from observations.models import ImportedReading, ImportRun, IndicatorReading
from observations.tests.indicator_factories import count_nps, make_indicator


def refused(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("name", "kind", "fields"),
    [
        ("indicator_at_most_six_figures", "nps", {"codir_rank": 4}),
        ("indicator_at_most_six_figures", "nps", {"codir_rank": 0}),
        (
            "indicator_replaced_has_no_place",
            "nps",
            {"codir_rank": 1, "replaced_at": timezone.now()},
        ),
        ("indicator_higher_is_better", "nps", {"direction": "lower"}),
        ("indicator_higher_is_better", "ces2", {"direction": "lower"}),
        ("indicator_effort_is_lower", "ces1", {"direction": "higher"}),
        ("indicator_retention_says_who_is_active", "retention", {"active_rule": ""}),
        ("indicator_target_on_its_scale", "csat", {"target_hundredths": 10_001}),
        ("indicator_target_on_its_scale", "csat", {"target_hundredths": -1}),
        ("indicator_target_on_its_scale", "nps", {"target_hundredths": -10_001}),
        ("indicator_target_on_its_scale", "basket", {"target_hundredths": -1}),
    ],
)
def test_definitions_that_contradict_themselves(
    programme: Programme, name: str, kind: str, fields: dict[str, Any]
) -> None:
    with transaction.atomic(), refused(name):
        make_indicator(programme, kind, **fields)


def test_negative_targets_are_for_the_net_promoter_score(programme: Programme) -> None:
    assert make_indicator(programme, "nps", target_hundredths=-500).target == -5
    assert make_indicator(programme, "basket", target_hundredths=20_000).target == 20_000


def test_one_current_edition_a_key_and_one_indicator_a_place(programme: Programme) -> None:
    make_indicator(programme, "nps", codir_rank=1)
    with transaction.atomic(), refused("indicator_one_current_edition|UNIQUE"):
        make_indicator(programme, "nps", edition=2)
    with transaction.atomic(), refused("indicator_one_a_place|UNIQUE"):
        make_indicator(programme, "csat", codir_rank=1)
    make_indicator(make_programme(), "nps", codir_rank=1)
    make_indicator(programme, "nps", edition=2, replaced_at=timezone.now())
    with transaction.atomic(), refused("indicator_edition_unique|UNIQUE"):
        make_indicator(programme, "nps", edition=2, replaced_at=timezone.now())


@pytest.mark.parametrize(
    "where",
    [{}, {"location": "PAR1"}, {"location": "PAR1", "segment": "family", "channel": "store"}],
)
def test_one_reading_a_month_and_place(programme: Programme, where: dict[str, str]) -> None:
    definition = make_indicator(programme)
    count_nps(definition, 40, 20, **where)
    with transaction.atomic(), refused("indicator_reading_one_a_place|UNIQUE"):
        count_nps(definition, 50, 20, **where)
    count_nps(definition, 50, 20, month="2026-04", **where)
    count_nps(make_indicator(programme, "nps", key="other"), 50, 20, **where)


@pytest.mark.parametrize(
    "fields",
    [{"n": 9, "hits": 5, "misses": 5}, {"n": 0, "hits": 1}, {"hits": -1}, {"squares": -1}],
)
def test_parts_are_no_more_than_all_and_nothing_is_negative(
    programme: Programme, fields: dict[str, int]
) -> None:
    definition = make_indicator(programme)
    with transaction.atomic(), refused("indicator_reading_(parts_within_all|counts)"):
        IndicatorReading.objects.create(definition=definition, month="2026-03", counts={}, **fields)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("import_dated_as_it_stands", {"state": "applied"}),
        ("import_dated_as_it_stands", {"applied_at": timezone.now()}),
        ("import_dated_as_it_stands", {"state": "undone", "applied_at": timezone.now()}),
        (
            "import_text_only_while_held",
            {"state": "applied", "applied_at": timezone.now(), "content": "x"},
        ),
    ],
)
def test_imports_are_dated_as_they_stand(
    programme: Programme, name: str, fields: dict[str, Any]
) -> None:
    definition = make_indicator(programme)
    with transaction.atomic(), refused(name):
        ImportRun.objects.create(
            programme=programme, definition=definition, source="a.csv", sha256="", **fields
        )


def test_an_import_writes_a_reading_once(programme: Programme) -> None:
    definition = make_indicator(programme)
    reading = count_nps(definition, 40, 20)
    run = ImportRun.objects.create(programme=programme, definition=definition, source="a.csv")
    ImportedReading.objects.create(run=run, reading=reading)
    with transaction.atomic(), refused("imported_reading_once|UNIQUE"):
        ImportedReading.objects.create(run=run, reading=reading)
