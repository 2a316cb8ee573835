"""The flat feed: the dashboard's figures, for a token that reads nothing else and dies with its maker."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from alerts.feed import COLUMNS
from alerts.feed_tokens import create_feed_token
from alerts.models import FeedToken
from alerts.tests.past import live_through
from journeys.access import access_of
from journeys.models import Membership, Programme
from journeys.tests.factories import (
    make_location,
    make_member,
    make_programme,
    make_user,
    make_wave,
)
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.figures import Evidence
from scoring.numbers import decimal6
from scoring.wording import UNKNOWN, score_text

ClientOf = Callable[[User], Client]
API = "/api/v1/programmes/casa-nord/"
pytestmark = pytest.mark.usefixtures("framework")


def bearer(person: User, programme: Programme) -> dict[str, str]:
    token = create_feed_token(access=access_of(person, programme), name="BI")
    return {"Authorization": f"Bearer {token}"}


def table(headers: dict[str, str], query: str = "") -> list[dict[str, str]]:
    answer = Client().get(f"{API}feed.csv{query}", headers=headers)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def measured(programme: Programme) -> Programme:
    make_wave(programme, "W1", first_month="2026-07", last_month="2026-08")
    live_through(programme)
    for _number in range(6):
        submit(programme, location="LYO1")
    fold_pending()
    return programme


def test_every_row_is_what_the_scores_call_answers(
    measured: Programme, executive: User, client_of: ClientOf
) -> None:
    rows = table(bearer(executive, measured))
    assert tuple(rows[0]) == COLUMNS
    client = client_of(executive)
    queries = {
        (wave, kind, place)
        for wave, kind, place in ((row["wave"], row["place_kind"], row["place"]) for row in rows)
    }
    assert len(queries) == 2 * (1 + 2 + 2)  # all and W1; all, two regions, two locations
    assert len(rows) == (3 + 1) * len(queries)  # three stages and the journey
    for wave, kind, place in queries:
        asked = {"wave": wave} | ({} if kind == "all" else {kind: place})
        answer = client.get(f"{API}journeys/family-store/scores/", asked).json()
        stages = {one["stage"]: one for one in answer["stages"]}
        for row in rows:
            if (row["wave"], row["place_kind"], row["place"]) != (wave, kind, place):
                continue
            if not row["stage"]:
                assert_whole(row, client, asked, answer)
                continue
            one = stages[row["stage"]]
            for name in ("score", "gap", "label", "certainty", "evidence"):
                assert row[name] == (one[name] or ""), (row, name)
            assert row["n"] == str(one["n"])
            low, high = one["interval"] or ("", "")
            assert (row["score_low"], row["score_high"]) == (str(low), str(high))
            assert row["flags"].split() == one["flags"]


def assert_whole(
    row: dict[str, str], client: Client, asked: dict[str, str], answer: dict[str, Any]
) -> None:
    """The row of the journey score is the scores call, exactly, and the page, as it is printed."""
    one = answer["journey_score"]
    score = one["score_exact"] and Fraction(one["score_exact"])
    assert row["score"] == ("" if score is None else decimal6(score))
    assert row["target"] == (
        (one["target_exact"] and decimal6(Fraction(one["target_exact"]))) or ""
    )
    low, high = one["interval"] or ("", "")
    assert (row["score_low"], row["score_high"]) == (str(low), str(high))
    assert row["flags"].split() == one["flags"]
    if score is not None and one["target_exact"]:
        gap = Fraction(one["target_exact"]) - score
        assert row["gap"] == decimal6(gap)
        assert float(row["gap_low"]) <= gap <= float(row["gap_high"])
    figure = client.get("/programmes/casa-nord/dashboard/", asked).context["figures"][0]
    shown = None if score is None else score_text(score, Evidence(row["evidence"]))
    assert figure.text == (shown or UNKNOWN)
    assert f"n = {row['n']}" in figure.notes[0]


def test_the_pages_hold_the_same_rows(measured: Programme, executive: User) -> None:
    headers = bearer(executive, measured)
    url: str | None = f"{API}feed/?place=all,location"
    rows: list[dict[str, Any]] = []
    pages = 0
    while url:
        page = Client().get(url, headers=headers).json()
        rows += page["rows"]
        url, pages = page["next"], pages + 1
    assert pages == 2
    assert [row["score"] or "" for row in rows] == [
        row["score"] for row in table(headers, "?place=all,location")
    ]


def test_a_location_manager_reads_own_locations(
    measured: Programme, location_manager: User
) -> None:
    rows = table(bearer(location_manager, measured), "?wave=all")
    assert {row["place"] for row in rows} == {"", "IDF", "PAR1"}
    [whole] = [row for row in rows if row["stage"] == "S1" and row["place_kind"] == "all"]
    assert whole["n"] == "60"


def test_figures_that_have_not_changed_are_not_sent_again(
    measured: Programme, executive: User
) -> None:
    headers = bearer(executive, measured)

    def status(url: str, tag: str) -> int:
        asked = {**headers, "If-None-Match": f'"other", W/{tag}'}
        return Client().get(url, headers=asked).status_code

    urls = (f"{API}feed/", f"{API}feed.csv")
    tags = [Client().get(url, headers=headers)["ETag"] for url in urls]
    assert [status(*pair) for pair in zip(urls, tags, strict=True)] == [304, 304]
    submit(measured, observed_at="2026-07-02T10:00:00+02:00")
    fold_pending()
    assert [status(*pair) for pair in zip(urls, tags, strict=True)] == [200, 200]


def test_a_token_is_a_password_too_and_says_when_it_was_used(
    measured: Programme, executive: User
) -> None:
    token = bearer(executive, measured)["Authorization"].split()[1]
    assert FeedToken.objects.get().last_used_at is None
    assert token not in str(list(FeedToken.objects.values()))
    word = base64.b64encode(f"anybody:{token}".encode()).decode()
    assert (
        Client().get(f"{API}feed/", headers={"Authorization": f"Basic {word}"}).status_code == 200
    )
    used = FeedToken.objects.get().last_used_at
    assert used is not None and timezone.now() - used < timedelta(minutes=1)
    for wrong in ("Basic !", "Basic eA==", "Bearer cxf_x", f"Bearer {token}x"):
        assert Client().get(f"{API}feed/", headers={"Authorization": wrong}).status_code == 401
    assert Client().get(f"{API}feed/?token={token}").status_code == 401


def test_a_token_reads_the_feed_of_its_programme_and_nothing_else(
    measured: Programme, executive: User
) -> None:
    headers = bearer(executive, measured)
    make_member(make_programme("casa-sud"), "executive", executive)
    for url in (f"{API}journeys/family-store/scores/", f"{API}bundle/", "/api/v1/programmes/"):
        assert Client().get(url, headers=headers).status_code == 401
    assert Client().get("/api/v1/programmes/casa-sud/feed/", headers=headers).status_code == 404
    assert Client().post(f"{API}feed/", headers=headers).status_code == 405


def test_it_dies_with_the_access_the_account_or_by_hand(
    measured: Programme, executive: User, lead: User, client_of: ClientOf
) -> None:
    headers = bearer(executive, measured)

    def status() -> int:
        return Client().get(f"{API}feed/", headers=headers).status_code

    User.objects.filter(pk=executive.pk).update(is_active=False)
    assert status() == 401
    User.objects.filter(pk=executive.pk).update(is_active=True)
    Membership.objects.filter(user=executive).update(role="observer")
    assert status() == 404
    Membership.objects.filter(user=executive).update(role="executive")
    assert status() == 200
    token = FeedToken.objects.get()
    client_of(lead).post(f"/programmes/casa-nord/alerts/feed/{token.pk}/revoke/")
    assert status() == 401


def test_parameters_that_cannot_be_read_are_named(measured: Programme, executive: User) -> None:
    headers = bearer(executive, measured)
    query = "?journey=x&wave=x&place=x&method=x"
    answer = Client().get(f"{API}feed/{query}", headers=headers)
    assert answer.status_code == 400
    assert {one["path"] for one in answer.json()["errors"]} == {
        "/journey",
        "/wave",
        "/place",
        "/method",
    }
    for page in ("0", "3", "x"):
        assert Client().get(f"{API}feed/?page={page}", headers=headers).status_code == 400


def test_a_name_is_no_formula(measured: Programme, executive: User) -> None:
    measured.locations.filter(code="PAR1").update(name="=HYPERLINK(1)")
    rows = table(bearer(executive, measured), "?place=location&wave=all")
    assert {row["place_name"] for row in rows} == {"'=HYPERLINK(1)", "LYO1"}


@pytest.mark.usefixtures("nothing_kept")
def test_no_more_queries_for_more_locations(measured: Programme, executive: User) -> None:
    headers = bearer(executive, measured)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            table(headers)
        return len(captured)

    queries()
    few = queries()
    for number in range(5):
        make_location(measured, f"X{number}", region="IDF")
        submit(measured, location=f"X{number}")
    fold_pending()
    assert queries() == few


def test_a_token_is_shown_once_and_own_ones_are_listed(
    programme: Programme, executive: User, lead: User, client_of: ClientOf
) -> None:
    url = "/programmes/casa-nord/alerts/feed/"
    other = make_member(programme, "executive", make_user("Ada"))
    client = client_of(executive)
    assert client.post(url, {"name": ""}).status_code == 422
    page = client.post(url, {"name": "Our own"}, follow=True).content.decode()
    assert "cxf_" in page
    assert "Our own" in page
    assert "cxf_" not in client.get(url).content.decode()
    assert "Our own" not in client_of(other).get(url).content.decode()
    assert "Our own" in client_of(lead).get(url).content.decode()
