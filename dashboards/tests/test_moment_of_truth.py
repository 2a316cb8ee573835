"""The stricter minimum of a moment of truth as pages and the API show it, and in a comparison."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from conftest import ClientOf
from journeys.models import Journey, Programme
from journeys.tests.factories import make_member, make_user, make_wave
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.tests.factories import make_framework

EXAMPLE = Path(__file__).parents[2] / "cxplan" / "tests" / "data" / "ex1.bundle.json"
HERE = "/programmes/golden-1/journeys/diy-store/"


def load(folder: Path, needed: int | None, slug: str = "golden-1") -> Programme:
    """Golden example 1; S2, its one moment of truth, has n = 6."""
    document = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    thresholds = document["journeys"][0]["frameworks"][0]["thresholds"]
    thresholds["min_observations_moment_of_truth"] = needed
    path = folder / f"{slug}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    call_command("load_programme", str(path), "--as", slug)
    return Programme.objects.get(slug=slug)


def exported(slug: str) -> str:
    out = io.StringIO()
    call_command("export_programme", slug, stdout=out)
    return out.getvalue()


def stages(path: str) -> dict[str, dict[str, Any]]:
    client = APIClient()
    client.force_authenticate(make_user(is_superuser=True))
    document = client.get(f"/api/v1{HERE}{path}").json()
    rows = document.get("stages") or document["priorities"]
    return {row["stage"]: row for row in rows}


@pytest.fixture
def stricter(db: None, tmp_path: Path) -> Programme:
    programme = load(tmp_path, 8)
    fold_pending()
    return programme


def test_the_scores_of_the_other_stages_stay(stricter: Programme) -> None:
    found = stages("scores/")
    assert [found[key]["label"] for key in ("S1", "S2", "S3")] == [
        "neutral",
        "insufficient",
        "disappointing",
    ]
    assert found["S2"]["evidence"] == "D"
    assert found["S2"]["priority"] == {"rank": 1, "tier": "M", "confidence": None, "index": None}
    assert (found["S1"]["score_exact"], found["S3"]["score_exact"]) == ("50/3", "-24")
    assert stages("priorities/")["S2"]["missing"] == 2


def test_pages_say_how_many_are_missing(stricter: Programme, client_of: ClientOf) -> None:
    client = client_of(make_member(stricter, "consultant", make_user("Cora")))
    plan = client.get("/programmes/golden-1/plan/").content.decode()
    assert "n = 6, 2 more needed" in plan
    board = client.get("/programmes/golden-1/dashboard/?journey=diy-store").content.decode()
    assert "n = 6, 2 more needed" in board
    assert "n = 6, 2 more needed" in client.get(f"{HERE}scores/S2/").content.decode()
    version = client.get(f"{HERE}framework/1/").content.decode()
    assert "Needed at a moment of truth" in version


def test_it_round_trips_and_its_absence_too(db: None, tmp_path: Path) -> None:
    for needed in (None, 8):
        slug = f"with-{needed}".lower()
        load(tmp_path, needed, slug)
        wrote = json.loads(exported(slug))
        thresholds = wrote["journeys"][0]["frameworks"][0]["thresholds"]
        assert thresholds.get("min_observations_moment_of_truth") == needed
        assert ("min_observations_moment_of_truth" in thresholds) is (needed is not None)


def test_a_change_needs_them_on_both_sides(programme: Programme, journey: Journey) -> None:
    make_framework(journey, min_observations_moment_of_truth=3, min_observations=2)
    journey.stages.filter(key="S2").update(criticality=3)
    make_wave(programme, "W1")
    make_wave(programme, "W2", first_month="2026-06", last_month="2026-08")
    for month, times in (("04", 3), ("07", 2)):
        for _number in range(times):
            submit(programme, observed_at=f"2026-{month}-03T10:30:00+02:00")
    fold_pending()
    client = APIClient()
    client.force_authenticate(make_user(is_superuser=True))
    url = f"/api/v1/programmes/{programme.slug}/journeys/{journey.key}/changes/"
    found = client.get(url, {"before": "W1", "after": "W2"}).json()["stages"]
    reasons = {one["stage"]: one["excluded_because"] for one in found}
    assert reasons == {"S1": None, "S2": "too_few", "S3": None}
