"""The pages of a measure: fixing it, what is told before and after, and where its effect shows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from actionplans.lanes import action_cells
from actionplans.measure_models import Measure, MeasureResult
from actionplans.measure_words import effect_of
from actionplans.models import Action
from actionplans.tests.factories import make_action
from actionplans.tests.measures import EARLY_JUNE, make_measure, make_result, on
from conftest import ClientOf
from journeys.access import access_of
from journeys.models import Journey, Programme, Wave
from observations.folding import fold_pending
from observations.tests.factories import submit

TYPED = {
    "stages": "S2",
    "before_from": "2026-03",
    "before_to": "2026-05",
    "after": "W3",
    "starts_on": "2026-07-01",
    "methods": "mystery_visit",
    "control": "LYO1",
    "planned_n": "20",
    "delta": "15",
}


@pytest.fixture
def action(journey: Journey, contributor: User) -> Action:
    return make_action(journey.stages.get(key="S2"), contributor, title="Open a till")


@pytest.fixture
def client(facilitator: User, client_of: ClientOf) -> Client:
    return client_of(facilitator)


@pytest.fixture(autouse=True)
def _june(monkeypatch: pytest.MonkeyPatch, programme: Programme) -> None:
    on(monkeypatch, EARLY_JUNE)
    Wave.objects.create(
        programme=programme, key="W3", name="Autumn", first_month="2026-09", last_month="2026-11"
    )


def url(action: Action, page: str = "") -> str:
    return f"/programmes/casa-nord/actions/{action.pk}/{page}"


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.usefixtures("framework")
def test_fixing_a_measure(client: Client, action: Action, programme: Programme) -> None:
    page = text_of(client, url(action))
    assert "No measure is fixed yet" in page and "Fix its measure" in page
    fresh = client.get(url(action, "measure/new/"))
    assert fresh.context["form"].initial["after"] == "W3"
    answer = client.post(url(action, "measure/new/"), TYPED)
    assert answer.status_code == 302 and answer["Location"] == url(action)
    measure = Measure.objects.get()
    assert (measure.after_from, measure.after_to, measure.planned_n) == ("2026-09", "2026-11", 20)
    assert list(measure.places.values_list("location__code", "is_control")) == [
        ("LYO1", True),
        ("PAR1", False),
    ]
    page = text_of(client, url(action))
    assert "will be known on <b>1 December 2026</b>" in page
    assert "Correct the measure" in page


@pytest.mark.usefixtures("framework")
def test_a_measure_that_is_refused_keeps_what_was_typed(client: Client, action: Action) -> None:
    wrong = TYPED | {"starts_on": "2026-05-02", "after": "", "locations": "LYO1", "methods": "x"}
    answer = client.post(url(action, "measure/new/"), wrong)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {"methods", "after", "control"}
    late = client.post(url(action, "measure/new/"), TYPED | {"starts_on": "2026-06-02"})
    assert late.status_code == 422
    page = late.content.decode()
    assert "this day has passed" in page and 'value="2026-06-02"' in page
    assert not Measure.objects.exists()


@pytest.mark.usefixtures("framework")
def test_the_preview_says_what_it_could_show_and_fixes_nothing(
    client: Client, action: Action
) -> None:
    answer = client.post(url(action, "measure/new/"), TYPED | {"step": "preview", "starts_on": ""})
    assert answer.status_code == 200 and not Measure.objects.exists()
    page = " ".join(answer.content.decode().split())
    assert "With 20 observations in each wave" in page and "To see 15 points" in page
    assert 'value="20"' in page and "invalid-feedback" not in page


@pytest.mark.usefixtures("framework")
def test_before_the_window_closes_only_numbers_of_observations(
    facilitator: User,
    client_of: ClientOf,
    action: Action,
    programme: Programme,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_measure(action)
    for day in ("2026-04-02", "2026-04-03", "2026-10-03"):
        submit(programme, observed_at=f"{day}T10:30:00+02:00")
    fold_pending()
    on(monkeypatch, date(2026, 10, 20))
    client = client_of(facilitator)
    page = text_of(client, url(action))
    section = page[page.index('aria-labelledby="measured"') : page.index('id="history"')]
    assert ">n = 2<" in section and ">n = 1<" in section
    assert "points" not in section and "verdict will be known" in section
    assert "effect known after November 2026" in text_of(client, "/programmes/casa-nord/plan/")


@pytest.mark.usefixtures("framework")
def test_closing_by_hand_once_it_is_over(
    facilitator: User, client_of: ClientOf, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = make_measure(action)
    close = url(action, f"measure/{measure.pk}/close/")
    client = client_of(facilitator)
    assert client.post(close).status_code == 302 and not MeasureResult.objects.exists()
    on(monkeypatch, date(2026, 12, 1))
    client = client_of(facilitator)
    assert "Compute it now" in text_of(client, url(action))
    client.post(close)
    assert MeasureResult.objects.count() == 1
    page = text_of(client, url(action))
    assert "Withheld: each window needs at least 5 observations" in page
    assert "The action was never noted as started." in page


@pytest.mark.usefixtures("framework")
def test_where_an_effect_shows(
    client: Client, action: Action, facilitator: User, journey: Journey
) -> None:
    make_result(make_measure(action))
    programme = journey.programme
    for _number in range(5):  # so that its stage is a gap of the dashboard
        submit(programme)
    fold_pending()
    page = text_of(client, url(action))
    assert "Real improvement: +27, from 2 to 53, against the control locations." in page
    # None of the example's 27 is in this database, and five others are.
    assert "since then -22 observations" in page
    for address in ("plan/", "actions/", "dashboard/"):
        assert "real improvement" in text_of(client, f"/programmes/casa-nord/{address}")
    [entry] = action_cells(journey, access_of(facilitator, programme))["S2"]  # type: ignore[misc]
    assert entry.detail == "To do · ↗ real improvement"


def test_words_of_each_verdict(action: Action) -> None:
    result = make_result(make_measure(action))

    def word(verdict: str | None) -> tuple[str, str]:
        result.figures["stages"][0]["verdict"] = verdict
        result.save()
        found = effect_of(Action.objects.with_measures().get())
        assert found is not None
        return found.text, found.tone

    assert word("real_improvement") == ("real improvement", "done")
    assert word("real_deterioration") == ("real deterioration", "late")
    assert word("inconclusive") == ("cannot conclude", "")
    assert word("improvement_without_control") == ("improvement, without control", "")
    assert word(None) == ("effect withheld", "")


def test_an_owner_without_scores_reads_the_word_and_no_figure(
    action: Action, contributor: User, client_of: ClientOf
) -> None:
    make_result(make_measure(action))
    page = text_of(client_of(contributor), url(action))
    assert "real improvement" in page and "from 2 to 53" not in page


@pytest.mark.usefixtures("framework")
def test_the_planner(client: Client, programme: Programme) -> None:
    address = "/programmes/casa-nord/plan/journeys/family-store/planner/"
    assert "Choose a stage" in text_of(client, address)
    asked: dict[str, Any] = {"stages": "S2", "methods": "mystery_visit", "planned_n": 30}
    whole = client.get(address, asked)
    assert whole.templates[0].name == "actionplans/planner.html"
    part = client.get(address, asked, headers={"HX-Request": "true", "HX-Target": "planner-answer"})
    assert part.templates[0].name == "actionplans/_planner_answer.html"
    assert client.get(address, asked | {"planned_n": 0}).status_code == 422
