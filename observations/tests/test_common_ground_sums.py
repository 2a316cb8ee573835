"""What observations sum to on the common ground of two framework versions."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeys.models import Journey, Programme
from journeys.tests.factories import make_wave
from observations.common_ground import (
    CellKey,
    GroundSource,
    find_common_ground,
    rescored_cells,
)
from observations.folding import fold_pending
from observations.models import Observation, Reading
from observations.pooling import pools_of
from observations.selection import Selection
from observations.tests.factories import submit
from observations.withdrawing import withdraw_observation
from scoring.models import Framework, Interaction, LevelCount, StageCell
from scoring.tests.factories import make_framework
from scoring.vector import VECTOR_FIELDS, Vector


@pytest.fixture
def newer(journey: Journey, framework: Framework) -> Framework:
    """The same content as version 1."""
    return make_framework(journey, version=2)


def change(framework: Framework, key: str, **fields: Any) -> None:
    Interaction.objects.filter(framework=framework, key=key).update(**fields)


def cells_of(*frameworks: Framework) -> dict[CellKey, Vector]:
    """The stage cells of the versions, added up as if they were one."""
    rows = StageCell.objects.filter(framework__in=frameworks, channel=None).exclude(stage=None)
    found: dict[CellKey, Vector] = {}
    for row in rows.select_related("stage", "location"):
        assert row.stage is not None
        code = row.location.code if row.location else None
        key = CellKey(row.stage.key, row.method, code, row.month)
        vector = Vector(*(getattr(row, name) for name in VECTOR_FIELDS))
        found[key] = found.get(key, Vector()) + vector
    return found


answers = st.fixed_dictionaries(
    {},
    optional={
        f"{stage}-{kind}": st.sampled_from([*points, "NA", "NO"])
        for stage in ("S1", "S2", "S3")
        for kind, points in (("b", (-2, 0)), ("p", (-1, 0, 1, 2)), ("d", (0, 3)))
    },
)
observed = st.lists(
    st.tuples(
        answers,
        st.sampled_from([1, 2]),
        st.sampled_from(["PAR1", "LYO1", None]),
        st.sampled_from(["mystery_visit", "verbatim"]),
        st.sampled_from(["2026-03", "2026-09", "2026-10"]),
    ),
    max_size=10,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(observed)
def test_on_identical_content_the_common_ground_is_the_cells(
    programme: Programme, framework: Framework, newer: Framework, seen: list[Any]
) -> None:
    Observation.objects.all().delete()
    StageCell.objects.all().delete()
    LevelCount.objects.all().delete()
    for given_answers, version, location, method, month in seen:
        submit(
            programme,
            answers=given_answers,
            framework_version=version,
            location=location,
            method=method,
            observed_at=f"{month}-03T10:00:00+02:00",
        )
    fold_pending()
    assert rescored_cells(find_common_ground([framework, newer])) == cells_of(framework, newer)
    alone = find_common_ground([newer])
    assert rescored_cells(alone) == cells_of(newer)
    stages = tuple(newer.journey.stages.all())
    assert GroundSource.of(alone, stages).pools() == pools_of(newer, stages)


def test_a_left_out_basic_no_longer_closes_the_gate(
    programme: Programme, framework: Framework, newer: Framework
) -> None:
    submit(programme, answers={"S2-b": -2, "S2-p": 2, "S2-d": 3})
    key = CellKey("S2", "mystery_visit", "PAR1", "2026-10")
    whole = rescored_cells(find_common_ground([framework, newer]))[key]
    assert (whole.n, whole.S, whole.raw, whole.P, whole.Q) == (1, 0, 3, 5, 3)
    change(newer, "S2-b", weight=3)
    rest = rescored_cells(find_common_ground([framework, newer]))[key]
    assert (rest.n, rest.S, rest.raw, rest.P, rest.Q) == (1, 5, 5, 5, 1)


def test_the_gate_is_that_of_the_newest_version_on_both_sides(
    programme: Programme, journey: Journey, framework: Framework
) -> None:
    lenient = make_framework(journey, version=2, broken_below=-2)
    for version in (1, 2):
        submit(programme, framework_version=version, answers={"S2-b": -2, "S2-d": 3})
    [cell] = rescored_cells(find_common_ground([framework, lenient])).values()
    assert (cell.n, cell.S) == (2, 2)


def test_only_what_counts_is_read_folded_or_not(
    programme: Programme, framework: Framework, newer: Framework
) -> None:
    submit(programme)
    one = submit(programme)
    submit(programme, id=one.id, base_revision=1, answers={"S1-p": 2})
    submit(programme)
    withdraw_observation(observation=Observation.objects.latest("pk"))
    cells = rescored_cells(find_common_ground([framework, newer]))
    counted = {key.stage: (vector.n, vector.S) for key, vector in cells.items()}
    assert counted == {"S1": (2, 3), "S2": (1, 0), "S3": (1, 0)}


def test_readings_of_common_interactions_are_read_with_it(
    journey: Journey, framework: Framework, newer: Framework
) -> None:
    change(newer, "S1-d", weight=2)
    for key, counts in (("S1-p", {"-1": 10, "1": 30}), ("S1-d", {"3": 40})):
        interaction = framework.interactions.get(key=key)
        Reading.objects.create(
            framework=framework,
            interaction=interaction,
            method="web_analytics",
            month="2026-04",
            counts=counts,
        )
    ground = find_common_ground([framework, newer])
    source = GroundSource.of(ground, tuple(journey.stages.all()))
    row = source.periods(Selection("2026-03", "2026-05"))["S1"].readings["web_analytics"]
    assert (row.sums.n, row.sums.S, row.sums.P, row.sums.Q) == (40, 20, 80, 40)
    assert source.periods(Selection("2026-06", "2026-08"))["S1"].readings == {}


def test_a_window_takes_its_months_and_locations(
    programme: Programme, journey: Journey, framework: Framework, newer: Framework
) -> None:
    make_wave(programme, "W1")
    for month, place in (("03", "PAR1"), ("05", "PAR1"), ("05", "LYO1"), ("06", "PAR1")):
        submit(programme, location=place, observed_at=f"2026-{month}-03T10:00:00+02:00")
    source = GroundSource.of(find_common_ground([framework, newer]), tuple(journey.stages.all()))
    spring = Selection("2026-03", "2026-05")
    seen = source.periods(spring)["S1"].cells["mystery_visit"]
    assert {code: vector.n for code, vector in seen.items()} == {"PAR1": 2, "LYO1": 1}
    own = Selection("2026-03", None, locations=("LYO1",))
    assert set(source.periods(own)["S1"].cells["mystery_visit"]) == {"LYO1"}


def test_rescoring_is_one_query_however_much_was_observed(
    programme: Programme, framework: Framework, newer: Framework
) -> None:
    ground = find_common_ground([framework, newer])
    counts = []
    for _more in range(2):
        for _number in range(3):
            submit(programme)
        with CaptureQueriesContext(connection) as caught:
            rescored_cells(ground)
        counts.append(len(caught))
    assert counts == [1, 1]
