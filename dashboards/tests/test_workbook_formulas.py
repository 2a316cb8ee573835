"""LibreOffice computes every formula of the workbook again: each figure is that of the product."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from dashboards.documents.workbook import build
from dashboards.documents.workbook.build import build_workbook
from dashboards.tests.golden_bundles import bundle_2, load
from dashboards.tests.recalculated import Row, as_formulas, assert_recomputed, recalculated
from journeys.access import access_of
from journeys.models import Journey, Location, Programme
from journeys.tests.factories import make_channel, make_location, make_stage, make_touchpoint
from observations.folding import fold_pending
from observations.models import Reading
from observations.scores import ScoreSheet, read_scores
from observations.selection import Selection
from observations.tests.factories import ANSWERS, submit
from scoring.models import Framework, Interaction
from scoring.tests.factories import make_framework

EXAMPLE = Path(__file__).parents[2] / "cxplan" / "tests" / "data" / "ex1.bundle.json"
Computed = dict[str, list[Row]]
Compute = Callable[[Journey, Selection], tuple[ScoreSheet, Computed, bytes]]


@pytest.fixture
def compute(soffice: str, tmp_path: Path, admin_user: User) -> Compute:
    """The workbook of a journey as LibreOffice computes it, beside the sheet it was made of."""

    def made(journey: Journey, selection: Selection) -> tuple[ScoreSheet, Computed, bytes]:
        sheet = read_scores(journey, selection)
        book = build_workbook(sheet, access_of(admin_user, journey.programme), [], lambda *_: None)
        folder = tmp_path / "recalculated"
        folder.mkdir()
        return sheet, recalculated(book.content, soffice, folder), book.content

    return made


def test_golden_example_1(compute: Compute, tmp_path: Path) -> None:
    """S1: 4 of 24 points; the 3 points of a delight behind a missed basic are held back."""
    journey = load(json.loads(EXAMPLE.read_text()), tmp_path)
    sheet, computed, _book = compute(journey, Selection())
    assert assert_recomputed(computed, sheet) > 80
    stages = {row["Key"]: row for row in computed["Stages"]}
    assert stages["S1"]["Score X"] == pytest.approx(50 / 3, abs=1e-9)
    assert stages["S1"]["Raw score, before the gate"] == pytest.approx(700 / 24, abs=1e-9)
    assert stages["S1"]["Gap: target minus typical"] == pytest.approx(10 / 3, abs=1e-9)
    figures = {row["Figure"]: row["Value"] for row in computed["Journey"]}
    assert figures["Journey score J"] == pytest.approx(-44 / 21, abs=1e-9)
    assert figures["Cumulative score, for comparison"] == pytest.approx(-200 / 79, abs=1e-9)
    gated = [
        row for row in computed["Answers"] if row["Raw points"] != row["Points after the gate"]
    ]
    assert (3, 0) in [(row["Raw points"], row["Points after the gate"]) for row in gated]


def test_golden_example_2_with_locations_and_methods(compute: Compute, tmp_path: Path) -> None:
    """Shares 60/40 over two locations; weights 3 to 1 over mystery visits and verbatims."""
    journey = load(bundle_2(), tmp_path)
    window = Selection("2026-03", "2026-05", wave="W1")
    sheet, computed, _book = compute(journey, window)
    assert_recomputed(computed, sheet)
    [stage] = computed["Stages"]
    assert stage["Score X"] == pytest.approx(5, abs=1e-9)
    mystery = next(row for row in computed["Methods"] if row["Method"] == "Mystery visit")
    assert mystery["Score X of the method"] == pytest.approx(10, abs=1e-9)
    assert mystery["Crude score, for comparison only"] == pytest.approx(20, abs=1e-9)


def odd_observations(programme: Programme) -> None:
    """What each rule has an exception for: silence, too few, no location, no share, no weight."""
    make_location(programme, "NCE1", share_bp=0)
    for number in range(6):
        answers = {**ANSWERS, "S1-d": 3, "S1-b": -2 if number % 2 else 0}
        submit(programme, answers=answers, location=["PAR1", "LYO1", "NCE1"][number % 3])
        submit(programme, method="survey", location=None, answers={**ANSWERS, "S3-b": "NO"})
        submit(programme, method="store_team", location="PAR1" if number else None)
        submit(
            programme, method="social_listening", location=None, answers={"S1-b": -2, "S2-d": "NA"}
        )
    submit(programme, method="shadowing", answers={"S1-d": 3})
    fold_pending()


@pytest.fixture
def odd(programme: Programme, framework: Framework) -> Journey:
    programme.method_weights = {"store_team": 0}
    programme.save()
    odd_observations(programme)
    journey = programme.journeys.get()
    make_stage(journey, "S4", name="=1+1")
    Interaction.objects.filter(framework=framework, stage__key="S3").update(target=None)
    one = {"-2": 10, "0": 90}
    for key, counts in (("S1-b", one), ("S1-p", {"-1": 5, "2": 15})):
        Reading.objects.create(
            framework=framework,
            interaction=framework.interactions.get(key=key),
            method="web_analytics",
            month="2026-10",
            counts=counts,
        )
    return Journey.objects.get(pk=journey.pk)


def test_every_exception_of_the_rules(compute: Compute, odd: Journey) -> None:
    sheet, computed, book = compute(odd, Selection())
    assert_recomputed(computed, sheet)
    methods = {(m.method, m.used, m.aggregated) for s in sheet.reading.stages for m in s.methods}
    assert {one for one, used, _aggregated in methods if not used} >= {"store_team", "shadowing"}
    assert any(aggregated for _one, _used, aggregated in methods)
    assert {row["Score X"] for row in computed["Stages"] if row["Key"] == "S4"} == {
        "not enough data"
    }
    typed = as_formulas(book)["Stages"]["A5"]
    assert (typed.value, typed.data_type) == ("=1+1", "s")


def test_without_shares_all_locations_count_alike(compute: Compute, odd: Journey) -> None:
    Location.objects.filter(code="LYO1").update(share_bp=None)
    sheet, computed, _book = compute(odd, Selection())
    assert_recomputed(computed, sheet)
    assert {row["Weight applied (W)"] for row in computed["Cells"]} == {0, 1}


def test_a_channel_keeps_the_gate_of_its_stage(
    compute: Compute, programme: Programme, journey: Journey
) -> None:
    """The basic of S1 is asked for in the store; the delight, on the web, is held back by it."""
    web = make_channel(programme, "web")
    framework = make_framework(journey)
    stage = journey.stages.get(key="S1")
    online = make_touchpoint(stage, "t-web", channel=web)
    framework.interactions.filter(key="S1-d").update(touchpoint=online)
    for number in range(6):
        submit(programme, answers={**ANSWERS, "S1-d": 3, "S1-b": -2 if number % 2 else 0})
    fold_pending()
    sheet, computed, _book = compute(journey, Selection(channel="web"))
    assert_recomputed(computed, sheet)
    assert {row["Gate closed"] for row in computed["Visits"]} == {0, 1}
    [s1] = [row for row in computed["Stages"] if row["Key"] == "S1"]
    assert s1["Score X"] == pytest.approx(50)


def test_from_the_sums_by_month_where_answers_are_too_many(
    compute: Compute, odd: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "sees_observations", lambda *_: False)
    sheet, computed, _book = compute(odd, Selection())
    assert "Answers" not in computed
    assert_recomputed(computed, sheet)


def test_only_what_the_cells_count(compute: Compute, odd: Journey, programme: Programme) -> None:
    """Received and not folded yet: not in the scores, so not in the rows; withdrawn so: still there."""
    pending = submit(programme)
    sheet, computed, _book = compute(odd, replace(Selection(), first_month="2026-01"))
    assert sheet.pending == 1
    assert_recomputed(computed, sheet)
    shown: set[Any] = {row["Observation"] for row in computed["Answers"]}
    assert pending.id not in shown
