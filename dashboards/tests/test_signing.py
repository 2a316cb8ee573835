"""Sign-off: what was signed never changes, and what has arrived since is said beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dashboards.models import SignedReport
from journeys.models import AuditEntry, Journey, Programme
from observations.folding import fold_pending
from observations.models import Observation
from observations.tests.factories import ANSWERS, submit
from observations.withdrawing import withdraw_observation
from scoring.wording import UNKNOWN

ClientOf = Callable[[User], Client]
DASHBOARD = "/programmes/casa-nord/dashboard/"
REPORTS = "/programmes/casa-nord/journeys/family-store/reports/"
SIGN = f"{REPORTS}new/"
pytestmark = pytest.mark.usefixtures("framework")


def observe(programme: Programme, times: int, **changes: object) -> None:
    for _ in range(times):
        submit(programme, **changes)
    fold_pending()


def sign(client: Client, query: str = "", note: str = "") -> SignedReport:
    seen = client.get(SIGN + query).context["seen"]
    answer = client.post(SIGN + query, {"note": note, "seen": seen})
    assert answer.status_code == 302
    report: SignedReport = SignedReport.objects.latest("pk")
    assert answer["Location"] == report.get_absolute_url()
    return report


def test_what_was_signed_stays_and_what_came_since_is_said(
    programme: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 6)
    client = client_of(executive)
    before = client.get(DASHBOARD)
    report = sign(client, note="For the meeting of November")
    observe(programme, 3, answers=ANSWERS | {"S2-b": 0})
    journey.stages.filter(key="S2").update(name="Renamed", criticality=3)
    page = client.get(report.get_absolute_url())
    for line, gap in zip(page.context["lines"], before.context["stages"], strict=True):
        assert (line.name, line.score, line.interval) == (
            gap.stage.name,
            gap.score_text,
            gap.interval_text,
        )
        assert (line.gap, line.target, line.n) == (gap.gap_text, gap.target_text, gap.score.n)
    score = before.context["figures"][0]
    assert page.context["head"].score == score.text
    assert page.context["head"].interval in score.notes[0]
    text = page.content.decode()
    assert "since then +3 observations" in text
    assert "For the meeting of November" in text
    now = client.get(DASHBOARD)
    changed = {gap.stage.key: gap for gap in now.context["stages"]}["S2"]
    assert page.context["lines"][1].now == changed.score_text != page.context["lines"][1].score
    assert "since then +3 observations" in now.content.decode()
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.actor) == ("signed off", executive)


def test_only_what_was_seen_is_signed(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 6)
    client = client_of(executive)
    seen = client.get(SIGN).context["seen"]
    observe(programme, 3, answers=ANSWERS | {"S2-b": 0})
    form = {"note": "As discussed", "seen": seen}
    answer = client.post(SIGN, form)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "9 observations counted" in text and "As discussed" in text
    assert not SignedReport.objects.exists()
    form["seen"] = answer.context["seen"]
    for _click in range(2):
        assert client.post(SIGN, form).status_code == 302
    assert SignedReport.objects.get().n == 9, "a second click signs nothing more"
    sign(client, note="Once more, with another word")
    assert SignedReport.objects.count() == 2


def test_the_list_says_the_filters_in_words(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 6)
    client = client_of(executive)
    sign(client)
    sign(client, "?method=mystery_visit&from=2026-03&framework=1", note="Of the visits")
    page = client.get(REPORTS)
    assert [words for _report, words in page.context["reports"]] == [
        "version 1 · from March 2026 · Mystery visit",
        "all observations",
    ]
    assert "Of the visits" in page.content.decode()


def test_what_is_signed_is_seen_before(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 6)
    client = client_of(executive)
    figure = client.get(f"{DASHBOARD}?method=mystery_visit").context["figures"][0]
    text = client.get(f"{SIGN}?method=mystery_visit").content.decode()
    assert figure.text in text and "6 observations counted" in text and "Mystery visit" in text


def test_a_report_belongs_to_its_filters(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 5)
    observe(programme, 2, location="LYO1")
    client = client_of(executive)
    report = sign(client, "?method=mystery_visit&location=LYO1")
    assert (report.n, report.asked) == (2, {"location": "LYO1", "method": "mystery_visit"})
    assert client.get(DASHBOARD).context["report"] is None
    swapped = client.get(DASHBOARD + "?location=LYO1&method=mystery_visit")
    assert swapped.context["report"] == report
    assert "nothing has arrived since" in swapped.content.decode()


def test_fewer_since_is_said_too(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 5)
    client = client_of(executive)
    sign(client)
    withdraw_observation(observation=Observation.objects.latest("pk"))
    fold_pending()
    assert "since then -1 observation" in client.get(DASHBOARD).content.decode()


def test_too_few_then_show_no_score_later(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 2)
    report = sign(client_of(executive))
    lines = client_of(executive).get(report.get_absolute_url()).context["lines"]
    assert {(line.score, line.label, line.n) for line in lines} == {(UNKNOWN, "insufficient", 2)}


def test_nothing_to_sign(programme: Programme, executive: User, client_of: ClientOf) -> None:
    programme.segments.update(in_perimeter=False)
    client = client_of(executive)
    assert client.post(SIGN).status_code in {403, 404}
    assert client.get(f"{SIGN}?wave=W9").status_code in {404, 422}
    assert not SignedReport.objects.exists()


def test_a_remark_that_is_too_long_is_kept_on_the_page(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 5)
    answer = client_of(executive).post(SIGN, {"note": "x" * 501})
    assert answer.status_code == 422
    assert "x" * 501 in answer.content.decode()


def test_more_reports_cost_no_more_queries(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    observe(programme, 5)
    client = client_of(executive)
    sign(client)
    client.get(REPORTS)
    with CaptureQueriesContext(connection) as one:
        client.get(REPORTS)
    for number in range(3):
        sign(client, note=f"Once more, {number}")
    with CaptureQueriesContext(connection) as four:
        assert client.get(REPORTS).content.decode().count("line-name") == 4
    assert len(four) == len(one)
