"""The page of changes: what is compared, verdicts in words, and the way to the evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from dashboards.tests.change_cells import make_waves, put, put_example_2, put_example_3
from journeys.models import Programme
from journeys.tests.factories import make_location, make_wave
from scoring.models import Framework
from scoring.tests.test_golden_2 import windows_3
from scoring.wording import UNKNOWN

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/journeys/family-store/changes/"
EVIDENCE = "/programmes/casa-nord/journeys/family-store/scores/S1/"


@pytest.fixture
def page(executive: User, framework: Framework, client_of: ClientOf) -> Callable[..., Any]:
    client = client_of(executive)

    def get(query: str = "", status: int = 200, **headers: str) -> Any:
        answer = client.get(URL + query, headers=headers)
        assert answer.status_code == status
        return answer

    return get


Page = Callable[..., Any]


def test_a_verdict_with_its_figures_in_plain_words(
    programme: Programme, framework: Framework, page: Page
) -> None:
    make_waves(programme)
    put_example_3(framework)
    answer = page("?before=W1&after=W2&control=LYO1")
    row = answer.context["rows"][0]
    assert row.verdict == "Real improvement: +27, from 2 to 53, against the control locations."
    assert (row.is_real, row.arrow) == (True, "↗")
    assert (row.before.score, row.before.n) == ("-18.8", 12)
    assert (row.after.score, row.after.n) == ("+11", 15)
    assert (row.change, row.range, row.quality) == ("+30", "from 11 to 51", "indicative")
    assert row.beside == "Control locations: +3, from -12 to 19"
    others = {one.verdict for one in answer.context["rows"][1:]}
    assert others == {
        "Withheld: each window needs at least 5 observations by the same method at the same locations."
    }
    assert all(one.bar is None for one in answer.context["rows"][1:])
    assert "the second baseline is not used" not in answer.text


def test_both_windows_are_one_click_from_their_evidence(
    programme: Programme, framework: Framework, page: Page, executive: User, client_of: ClientOf
) -> None:
    make_waves(programme)
    put_example_3(framework)
    answer = page("?before=W1&after=W2&control=LYO1")
    row = answer.context["rows"][0]
    assert row.before.url == EVIDENCE + "?wave=W1&location=PAR1&framework=1"
    assert row.after.url == EVIDENCE + "?wave=W2&location=PAR1&framework=1"
    evidence = client_of(executive).get(row.before.url)
    assert evidence.context["gap"].score_text == row.before.score
    months = "?before_from=2026-03&before_to=2026-05&after=W2"
    row = page(months).context["rows"][0]
    assert row.before.url == EVIDENCE + "?from=2026-03&to=2026-05&framework=1"


def test_the_evidence_is_of_what_is_compared(
    programme: Programme, framework: Framework, page: Page, executive: User, client_of: ClientOf
) -> None:
    """Lyon was seen before only, and so was the survey: neither has a part in the change."""
    make_waves(programme)
    put_example_3(framework)
    framework.cells.filter(month="2026-07", location__code="LYO1").delete()
    put(framework, "W1", "PAR1", windows_3()["A"], method="survey")
    [row, *_others] = page("?before=W1&after=W2").context["rows"]
    assert row.before.url == (EVIDENCE + "?wave=W1&location=PAR1&method=mystery_visit&framework=1")
    evidence = client_of(executive).get(row.before.url)
    assert (evidence.context["gap"].score_text, row.before.score) == ("-18.8", "-18.8")
    visits, survey = row.methods
    assert (visits.is_compared, visits.before) == (True, row.before)
    assert (survey.is_compared, survey.change) == (False, UNKNOWN)
    assert survey.note == "used in one window only"


def test_whose_share_moved_is_said(programme: Programme, framework: Framework, page: Page) -> None:
    make_waves(programme)
    put_example_2(framework)
    programme.locations.filter(code="LYO1").update(name="Lyon Part-Dieu")
    row = page("?before=W1&after=W2").context["rows"][0]
    assert row.verdict == (
        "Cannot conclude: about 536 observations a wave would be needed to see 10 points."
    )
    assert "Lyon Part-Dieu made 20 % of the observations before and 80 % after" in row.simpson


def test_the_two_latest_waves_with_observations_are_shown_first(
    programme: Programme, framework: Framework, page: Page
) -> None:
    make_waves(programme, baseline=True)
    make_wave(programme, "W9", first_month="2027-01", last_month="2027-02")
    for wave in ("W0", "W1", "W2"):
        put(framework, wave, "PAR1", windows_3()["B"])
    answer = page()
    asked = answer.context["form"].asked
    assert (asked["before"], asked["after"], asked["baseline"]) == ("W1", "W2", "")
    assert answer.context["rows"][0].verdict.startswith("Cannot conclude")
    assert "No control and no second baseline" in answer.text
    # Whoever asks for something else gets that.
    row = page("?before=W0&baseline=W1&after=W2").context["rows"][0]
    assert row.beside.startswith("Since the second baseline, n = 12: 0, from ")


def test_what_cannot_be_read_stands_at_its_field_and_nothing_is_lost(
    programme: Programme, framework: Framework, page: Page
) -> None:
    make_waves(programme)
    put_example_3(framework)
    query = "?before=W1&after=W7&baseline=W1&control=LYO1&control=NOWHERE"
    answer = page(query, status=422)
    form = answer.context["form"]
    assert set(form.errors) == {"after", "baseline", "control"}
    assert "rows" not in answer.context
    assert '<option value="W7" selected>' in answer.text
    assert form["control"].value() == ["LYO1", "NOWHERE"]
    answer = page("?before_from=2026-05&before_to=2026-04&after=W2", status=422)
    assert set(answer.context["form"].errors) == {"before_to"}
    assert answer.context["form"].uses_months
    assert 'value="2026-05"' in answer.text


def test_locations_of_the_control_may_be_written_with_commas(
    programme: Programme, framework: Framework, page: Page
) -> None:
    make_waves(programme)
    make_location(programme, "MRS1")
    put_example_3(framework)
    commas = page("?before=W1&after=W2&control=LYO1,MRS1")
    boxes = page("?before=W1&after=W2&control=LYO1&control=MRS1")
    assert commas.context["form"]["control"].value() == ["LYO1", "MRS1"]
    assert commas.context["rows"] == boxes.context["rows"]
