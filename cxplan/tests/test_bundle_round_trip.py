"""Export, load into an empty database, export: the same bytes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import User
from cxplan.bundle import export_bundle
from cxplan.demo.story import demo_observations
from cxplan.demo_programme import demo_bundle
from cxplan.tests.bundles import EX1, NASTY, exported, exported_from_empty, load, read
from journeys.models import Programme
from journeys.tests.factories import make_user
from observations.bundle import submit_documents
from observations.models import PendingFold
from observations.withdrawing import withdraw_observation
from scoring.models import Framework, StageCell

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", [EX1, NASTY], ids=["ex1", "nasty"])
def test_an_export_loads_and_exports_the_same(path: Path) -> None:
    first = exported_from_empty(path.read_text(encoding="utf-8"))
    assert exported_from_empty(first) == first
    assert not Programme.objects.exists()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_demo_with_its_observations_round_trips(language: str) -> None:
    bundle = demo_bundle(language)
    bundle["observations"] = demo_observations(bundle)
    first = exported_from_empty(json.dumps(bundle))
    assert len(json.loads(first)["observations"]) == len(bundle["observations"]) > 500
    assert exported_from_empty(first) == first


def test_an_export_says_what_the_file_said() -> None:
    said, wrote = read(EX1), json.loads(exported(load(EX1)))
    assert wrote["programme"] == said["programme"]
    assert wrote["waves"] == wrote["readings"] == []
    assert wrote["channels"] == [{**said["channels"][0], "in_perimeter": True}]
    assert wrote["segments"] == [{**said["segments"][0], "in_perimeter": True}]
    assert wrote["locations"] == said["locations"]
    assert wrote["journeys"] == said["journeys"]
    added: dict[str, object] = {"observer": None, "customer": None, "notes": {}, "media": []}
    assert wrote["observations"] == [{**one, **added} for one in said["observations"]]


def test_lists_and_keys_come_in_one_order() -> None:
    wrote = json.loads(exported(load(NASTY)))
    journey = wrote["journeys"][0]
    assert [wave["key"] for wave in wrote["waves"]] == ["early", "late"]
    assert [location["code"] for location in wrote["locations"]] == ["A1", "M5", "Z9"]
    assert list(wrote["programme"]["method_weights"]) == ["mystery_visit", "store_team", "survey"]
    assert [stage["key"] for stage in journey["stages"]] == ["pre", "in", "post"]
    assert [(one["version"], one["status"]) for one in journey["frameworks"]] == [
        (1, "closed"),
        (2, "closing"),
        (3, "published"),
        (7, "draft"),
    ]
    interactions = journey["frameworks"][0]["interactions"]
    assert [one["key"] for one in interactions] == ["b_delight", "z-basic", "a.perf", "10", "2"]
    assert [level["points"] for level in interactions[2]["levels"]] == [-2, 0, 1, 3]
    observations = {one["id"][-2:]: one for one in wrote["observations"]}
    assert list(observations) == sorted(observations)
    assert list(observations["01"]["answers"]) == ["b_delight", "z-basic", "a.perf"]
    assert [list(one["counts"]) for one in wrote["readings"]] == [["1"], ["-2", "0", "3"]]


def test_optional_fields_are_written_out() -> None:
    wrote = json.loads(exported(load(NASTY)))
    observations = {one["id"][-2:]: one for one in wrote["observations"]}
    last, first = observations["02"], observations["0f"]
    assert (last["location"], last["channel"], last["observer"]) == (None, None, None)
    assert (last["notes"], last["comment"], last["media"]) == ({}, "", [])
    assert first["observed_at"] == "2026-01-31T23:30:00.250000-11:30"
    assert observations["01"]["observed_at"] == "2026-06-01T00:15:00+05:45"
    assert observations["01"]["duration_s"] == 840
    assert [one["share_bp"] for one in wrote["locations"]] == [0, None, None]
    interactions = wrote["journeys"][0]["frameworks"][0]["interactions"]
    assert "benefit" in interactions[0]
    assert "benefit" not in interactions[2]
    assert interactions[2]["target"] is interactions[2]["touchpoint"] is None


def test_a_moment_of_truth_is_criticality_3() -> None:
    wrote = json.loads(exported(load(NASTY)))
    stages = {stage["key"]: stage for stage in wrote["journeys"][0]["stages"]}
    found = {key: (one["criticality"], one["moment_of_truth"]) for key, one in stages.items()}
    assert found == {"pre": (3, True), "in": (3, True), "post": (2, False)}


def test_another_slug_and_a_lead() -> None:
    owner = make_user("Lea Lead")
    out = io.StringIO()
    call_command("load_programme", str(NASTY), "--as", "other", "--owner", owner.email, stdout=out)
    assert "Loaded other" in out.getvalue()
    programme = Programme.objects.get()
    assert list(programme.memberships.values_list("user", "role")) == [(owner.pk, "lead")]
    expected = exported_from_empty(exported(programme), slug="third")
    assert expected == exported(programme).replace('"slug": "other"', '"slug": "third"')


def test_without_an_owner_there_is_no_lead() -> None:
    assert not load(EX1).memberships.exists()
    assert not User.objects.exists()


def test_a_taken_slug_and_an_unknown_owner_are_refused() -> None:
    load(EX1)
    with pytest.raises(CommandError, match=r"(?s)/programme/slug: .*--as SLUG"):
        call_command("load_programme", str(EX1))
    with pytest.raises(CommandError, match=r"nobody@example\.com"):
        call_command("load_programme", str(EX1), "--as", "free", "--owner", "nobody@example.com")
    with pytest.raises(CommandError, match="--as not a slug"):
        call_command("load_programme", str(EX1), "--as", "not a slug")
    assert list(Programme.objects.values_list("slug", flat=True)) == ["golden-1"]


def test_withdrawn_observations_and_old_revisions_stay_behind() -> None:
    programme = load(EX1)
    first, second = programme.observations.order_by("pk")[:2]
    withdraw_observation(observation=first)
    revised = {**read(EX1)["observations"][1], "comment": "Again", "base_revision": 1}
    submit_documents(programme=programme, documents=[revised], user=None)
    wrote = json.loads(exported(programme))["observations"]
    assert len(wrote) == 5
    assert (wrote[0]["id"], wrote[0]["comment"]) == (str(second.uuid), "Again")


def test_without_observations_there_is_only_the_method() -> None:
    out = io.StringIO()
    load(NASTY)
    call_command("export_programme", "nasty", stdout=out)
    assert list(json.loads(out.getvalue()))[-1] == "journeys"
    with pytest.raises(CommandError, match="no programme nowhere"):
        call_command("export_programme", "nowhere")


def test_the_scores_are_there_once_loaded(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        load(EX1)
    framework = Framework.objects.get()
    cell = StageCell.objects.get(framework=framework, stage__key="S1", channel=None)
    assert (cell.n, cell.S, cell.raw, cell.P, cell.Q) == (6, 4, 7, 24, 24)
    assert not PendingFold.objects.exists()
    assert framework.published_at is not None


def test_observations_stream_in_a_fixed_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    programme = load(EX1)
    pieces = export_bundle(programme, with_observations=True)
    assert next(pieces).startswith('{\n "format": "cxplan.programme"')
    assert [next(pieces), next(pieces)[:10]] == [',\n "observations": [', '\n  {"id": ']
    with CaptureQueriesContext(connection) as few:
        exported(programme)
    more = [{**one, "id": str(uuid4())} for one in read(EX1)["observations"]]
    assert submit_documents(programme=programme, documents=more, user=None) == []
    with django_assert_num_queries(len(few)):
        exported(programme)
