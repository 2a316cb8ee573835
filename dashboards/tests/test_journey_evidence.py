"""Behind the score of a journey: each stage with its weight, what is left out, and the way there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dashboards.boards import KeyFigure
from journeys.models import Journey, Programme
from journeys.tests.factories import make_stage, make_wave
from observations.folding import fold_pending
from observations.tests.factories import ANSWERS, submit
from scoring import wording
from scoring.classify import Evidence
from scoring.labels import grade
from scoring.models import Framework

ClientOf = Callable[[User], Client]
BASE = "/programmes/casa-nord/journeys/family-store/scores/"
DASHBOARD = "/programmes/casa-nord/dashboard/"


@pytest.fixture
def measured(programme: Programme, framework: Framework) -> Programme:
    for _number in range(6):
        submit(programme)
    fold_pending()
    return programme


def test_what_each_stage_brings_adds_up(
    measured: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    journey.stages.filter(key="S2").update(criticality=3)
    answer = client_of(executive).get(BASE)
    explained = answer.context["explained"]
    reading = answer.context["sheet"].reading
    brought = sum(float(one.part) for one in explained.stages)
    assert brought == pytest.approx(float(reading.journey.score), abs=0.05 * 3)
    assert [gap.stage.key for gap in explained.moments] == ["S2"]
    page = answer.content.decode()
    for key in ("S1", "S2", "S3"):
        assert f'href="{BASE}{key}/"' in page


def test_decimals_follow_the_evidence_in_columns_and_sentences(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    """All stages rise and fall together: as if independent, the journey score looks the surer."""
    for number in range(22):
        level = 2 if number % 3 else -1
        answers: dict[str, int] = {}
        for stage in ("S1", "S2", "S3"):
            answers |= {f"{stage}-b": 0, f"{stage}-p": level, f"{stage}-d": 0}
        submit(programme, answers=answers)
    fold_pending()
    client = client_of(executive)
    answer = client.get(BASE)
    explained, journey = answer.context["explained"], answer.context["sheet"].reading.journey
    first = explained.stages[0]
    assert (first.gap.score.evidence, first.part) == (Evidence.B, "+7")
    assert (grade(journey.interval), grade(journey.cumulative_interval)) == ("A", "B")
    assert explained.cumulative_text == wording.score_text(journey.cumulative, Evidence.B)
    words = client.get(f"{BASE}S1/").context["explained_priority"].words
    assert "shortfall 2, " in words


def test_a_stage_left_out_says_why(
    measured: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    make_stage(journey, "S4")
    explained = client_of(executive).get(BASE).context["explained"]
    last = explained.stages[-1]
    assert (last.share, last.part, last.left_out) == ("", "", "Not observed yet.")
    # S3 keeps the weight of the last contact: nobody touches S4.
    assert explained.coverage == "5 of 6"
    assert "4 · " not in explained.score.formulas[0].text


def test_the_cumulative_score_says_why_it_differs(
    measured: Programme, executive: User, client_of: ClientOf
) -> None:
    plain = client_of(executive).get(BASE).context["explained"].cumulative
    assert "method and location" not in plain.words
    for _number in range(5):
        submit(measured, location="LYO1", answers=ANSWERS | {"S1-p": -1})
    fold_pending()
    weighted = client_of(executive).get(BASE).context["explained"]
    assert "each stage, method and location its weight" in weighted.cumulative.words
    sums = weighted.cumulative_sums
    assert weighted.cumulative.formulas[0].text.startswith(f"100 · {sums.S} / {sums.P} ")


def test_too_little_shows_no_score(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    submit(programme)
    fold_pending()
    answer = client_of(executive).get(BASE)
    explained = answer.context["explained"]
    assert explained.line.text == explained.cumulative_text == "\N{EN DASH}"
    assert explained.score.formulas == explained.cumulative.formulas == ()
    assert "No stage has enough observations for a score." in answer.content.decode()


def test_filters_are_kept_and_bad_ones_named(
    measured: Programme, executive: User, client_of: ClientOf
) -> None:
    make_wave(measured, "W2", first_month="2026-10", last_month="2026-11")
    client = client_of(executive)
    page = client.get(BASE + "?wave=W2")
    assert f'href="{BASE}S1/?wave=W2"' in page.content.decode()
    assert "October 2026 \N{EN DASH} November 2026" in page.content.decode()
    assert page.context["explained"].counted == 6
    months = client.get(BASE + "?from=2026-09&to=2026-10").context["form"].words
    assert months == ["from September 2026", "until October 2026"]
    assert client.get(BASE + "?wave=W9").status_code == 422
    assert client.get(BASE.replace("family-store", "none")).status_code == 404
    fragment = client.get(BASE, headers={"HX-Request": "true"}).content.decode()
    assert fragment.strip().startswith('<div id="journey-evidence"')


def test_a_journey_without_a_framework_is_not_scored(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    assert "This journey is not scored" in client_of(executive).get(BASE).content.decode()


def urls(client: Client, query: str = "") -> dict[str, str]:
    figures: list[KeyFigure] = client.get(DASHBOARD + query).context["figures"]
    return {figure.name: figure.url for figure in figures}


def test_every_key_figure_leads_to_what_explains_it(
    measured: Programme, consultant: User, executive: User, client_of: ClientOf
) -> None:
    base = BASE + "?location=PAR1"
    expected = {
        "Journey score": base,
        "Moments of truth at target": f"{base}#moments",
        "Observations counted": f"{base}#counted",
        "Actions on time": "/programmes/casa-nord/actions/?journey=family-store&status=open",
    }
    assert urls(client_of(executive), "?location=PAR1") == expected
    listed = "/programmes/casa-nord/observations/?journey=family-store&location=PAR1"
    assert urls(client_of(consultant), "?location=PAR1") == expected | {
        "Observations counted": listed
    }
    for url in urls(client_of(consultant)).values():
        assert client_of(consultant).get(url).status_code == 200


@pytest.mark.usefixtures("nothing_kept")
def test_query_counts_do_not_grow(
    measured: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(BASE).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for number in range(4, 8):
        make_stage(journey, f"S{number}", criticality=3)
    for _number in range(6):
        submit(measured)
    fold_pending()
    assert queries() == few
