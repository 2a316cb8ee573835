"""Where measures go: with the backup, as every plan does; the bundle is the method and its observations."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db.models import Model

from accounts.models import User
from actionplans.measure_models import Measure, MeasuredPlace, MeasuredStage, MeasureResult
from actionplans.pattern_models import OwnPattern
from actionplans.tests.factories import make_action
from actionplans.tests.measures import make_measure, make_result
from cxplan.bundle import export_bundle
from journeys.models import Journey, Programme
from scoring.models import Framework

TABLES = (Measure, MeasuredStage, MeasuredPlace, MeasureResult, OwnPattern)


def measured(programme: Programme, journey: Journey, owner: User) -> None:
    """A corrected measure with its verdict, a control, and a pattern of the programme's own."""
    action = make_action(journey.stages.get(key="S2"), owner)
    first = make_measure(action, methods=["mystery_visit"])
    control = [programme.locations.get(code="LYO1")]
    make_result(make_measure(action, replaces=first, why="wrong stores", control=control))
    OwnPattern.objects.create(
        programme=programme, title="A till", dimension="tool", kind="improvement", stages=["buy"]
    )


def rows_of(table: type[Model]) -> list[dict[str, Any]]:
    """By number; a backup in JSON keeps thousandths of seconds."""
    return [
        {
            name: value.replace(microsecond=0) if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in table._default_manager.order_by("pk").values()
    ]


def test_a_bundle_is_the_same_with_and_without(
    programme: Programme, journey: Journey, framework: Framework, facilitator: User
) -> None:
    before = "".join(export_bundle(programme, with_observations=True))
    measured(programme, journey, facilitator)
    assert "".join(export_bundle(programme, with_observations=True)) == before


def test_a_backup_brings_every_row_back(
    programme: Programme, journey: Journey, facilitator: User, tmp_path: Path
) -> None:
    measured(programme, journey, facilitator)
    kept = {table: rows_of(table) for table in TABLES}
    assert [len(rows) for rows in kept.values()] == [2, 2, 1, 1, 1]
    file = tmp_path / "backup.json"
    call_command("dumpdata", "actionplans", output=str(file), verbosity=0)
    journey.stages.get(key="S2").actions.get().delete()
    OwnPattern.objects.all().delete()
    assert not any(table.objects.exists() for table in TABLES)
    call_command("loaddata", str(file), verbosity=0)
    assert {table: rows_of(table) for table in TABLES} == kept
