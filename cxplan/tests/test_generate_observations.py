"""Made-up observations: through the door, the same for the same seed, in the right months."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cxplan.synthetic_observations import synthetic_observations
from cxplan.tests.bundles import EX1, load
from journeys.models import Programme
from journeys.tests.factories import make_location, make_wave
from observations.models import HeldCopy, PendingFold, Revision
from scoring.models import Framework, LevelCount, StageCell

pytestmark = pytest.mark.usefixtures("framework")


def generate(programme: Programme, count: int, *arguments: str) -> str:
    out = io.StringIO()
    call_command(
        "generate_observations",
        programme.slug,
        "--count",
        str(count),
        *arguments,
        stdout=out,
        stderr=io.StringIO(),
    )
    return out.getvalue()


def test_they_pass_the_door_and_are_folded(programme: Programme) -> None:
    assert generate(programme, 60) == "60 observations in casa-nord.\n"
    assert programme.observations.count() == 60
    assert not HeldCopy.objects.exists()
    assert not PendingFold.objects.exists()
    journey = StageCell.objects.filter(stage=None, channel=None)
    assert sum(journey.values_list("n", flat=True)) == 60
    answers = set(LevelCount.objects.values_list("answer", flat=True))
    assert {"NA", "NO", "-2", "0", "3"} <= answers


def test_the_same_seed_makes_the_same(programme: Programme) -> None:
    first = list(synthetic_observations(programme, count=20, seed=4))
    assert list(synthetic_observations(programme, count=20, seed=4)) == first
    assert list(synthetic_observations(programme, count=20, seed=5)) != first
    generate(programme, 20, "--seed", "4")
    assert generate(programme, 25, "--seed", "4") == (
        "5 observations in casa-nord, 20 were there already.\n"
    )
    assert {str(one.uuid) for one in programme.observations.all()} >= {one["id"] for one in first}


def test_they_come_in_batches(programme: Programme) -> None:
    err = io.StringIO()
    arguments = ("casa-nord", "--count", "501")
    call_command("generate_observations", *arguments, stdout=io.StringIO(), stderr=err)
    assert err.getvalue().splitlines() == ["500 of 501", "501 of 501"]
    assert programme.observations.count() == 501


def test_locations_follow_their_shares(programme: Programme) -> None:
    make_location(programme, "NIL", share_bp=0)
    generate(programme, 200)
    count = {
        code: Revision.objects.filter(location__code=code).count()
        for code in ("PAR1", "LYO1", "NIL")
    }
    assert count["NIL"] == 0
    assert count["PAR1"] > count["LYO1"] > 40


def test_only_the_largest_locations(programme: Programme) -> None:
    generate(programme, 20, "--locations", "1")
    assert set(Revision.objects.values_list("location__code", flat=True)) == {"PAR1"}
    with pytest.raises(CommandError, match="It has 2 locations"):
        generate(programme, 20, "--locations", "3")


def test_they_fall_into_the_waves(programme: Programme) -> None:
    make_wave(programme, "W1", first_month="2025-11", last_month="2026-01")
    make_wave(programme, "W9", first_month="2999-01", last_month="2999-12")
    generate(programme, 60)
    months = set(Revision.objects.values_list("month", flat=True))
    assert months == {"2025-11", "2025-12", "2026-01"}


def test_without_waves_they_are_recent(programme: Programme) -> None:
    days = [
        date.fromisoformat(one["observed_at"][:10])
        for one in synthetic_observations(programme, count=200)
    ]
    today = timezone.localdate()
    assert max(days) <= today
    assert len({(day.year, day.month) for day in days}) == 3
    assert (today - min(days)).days <= 92


def test_methods_are_the_weighted_ones(programme: Programme) -> None:
    Programme.objects.update(method_weights={"shadowing": 3, "store_team": 0, "survey": 1})
    programme.refresh_from_db()
    found = {one["method"] for one in synthetic_observations(programme, count=20)}
    assert found == {"shadowing"}


def test_without_a_published_framework_it_refuses(programme: Programme) -> None:
    Framework.objects.update(status="closing")
    with pytest.raises(CommandError, match="no published framework"):
        generate(programme, 1)
    with pytest.raises(CommandError, match="no programme nowhere"):
        call_command("generate_observations", "nowhere", "--count", "1")
    with pytest.raises(CommandError, match="1 or more"):
        generate(programme, 0)
    assert not programme.observations.exists()


def test_beside_real_ones_they_can_be_told_apart(db: None) -> None:
    programme = load(EX1)
    generate(programme, 10)
    assert Revision.objects.filter(observer__startswith="SYN-").count() == 10
    assert programme.observations.count() == 16
