"""Each chart as CSV and as a picture: exact figures, and what was typed stays text."""

from __future__ import annotations

import csv
import zipfile
from fractions import Fraction
from io import BytesIO, StringIO
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dashboards.documents import messages
from dashboards.documents.chart_tables import curve_csv, heat_csv, trend_csv
from dashboards.documents.heat_parts import HeatParts
from dashboards.documents.pictures.charts import (
    draw_experience,
    draw_heat,
    draw_trend,
    thresholds_of,
)
from dashboards.documents.pictures.heat import draw_heat_map
from dashboards.documents.pictures.sheets import curve_png, heat_png, trend_png
from dashboards.documents.slides.build import build_slides
from dashboards.heat_map import By
from dashboards.tests.documents import contents_for, measured_journey, unwatched
from journeys.models import Journey, Programme
from journeys.tests.factories import make_channel, make_location
from observations.breakdowns import Dimension, read_breakdown
from observations.folding import fold_pending
from observations.models import Reading
from observations.scores import read_scores
from observations.selection import Selection
from observations.tests.factories import submit
from scoring.models import Framework
from scoring.numbers import decimal6, exact


@pytest.fixture
def measured(programme: Programme, framework: Framework) -> Journey:
    for _number in range(5):
        submit(programme, location="LYO1", observed_at="2026-07-11T10:00:00+02:00")
    return measured_journey(programme)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_curve_in_figures(measured: Journey, executive: User) -> None:
    contents = contents_for(executive, measured)
    rows = {row["stage"]: row for row in rows_of(curve_csv(contents.stages))}
    for gap in contents.stages:
        row, score = rows[gap.stage.key], gap.score
        assert row["n"] == str(score.n)
        if gap.is_shown and score.score is not None:
            assert (row["score_exact"], row["score"]) == (exact(score.score), decimal6(score.score))
            assert float(row["interval_low"]) <= score.score <= float(row["interval_high"])
    assert rows["S2"]["moment_of_truth"] == "1"
    assert Fraction(rows["S2"]["gap_exact"]) == Fraction(rows["S2"]["target_exact"]) - Fraction(
        rows["S2"]["score_exact"]
    )
    unseen = rows["S4"]
    assert (unseen["n"], unseen["score_exact"], unseen["label"]) == ("0", "", "insufficient")


def test_the_trend_in_figures(measured: Journey, executive: User) -> None:
    contents = contents_for(executive, measured)
    rows = rows_of(trend_csv(contents.waves))
    assert [(row["wave"], row["n"]) for row in rows] == [("W1", "6"), ("W2", "11")]
    scores = [wave.journey.score for wave in contents.waves]
    assert [row["score_exact"] for row in rows] == [exact(one) for one in scores if one is not None]


def test_a_location_scores_what_its_filter_shows(measured: Journey, framework: Framework) -> None:
    """Also with aggregated counts; and however many locations there are, in as many queries."""
    submit(measured.programme, method="survey", location="LYO1")
    Reading.objects.create(
        framework=framework,
        interaction=framework.interactions.get(key="S1-p"),
        method="web_analytics",
        location=measured.programme.locations.get(code="LYO1"),
        month="2026-07",
        counts={"-1": 5, "2": 15},
    )
    fold_pending()
    journey = Journey.objects.get(pk=measured.pk)
    sheet = read_scores(journey, Selection())
    with CaptureQueriesContext(connection) as few:
        places = read_breakdown(sheet, Dimension.LOCATION)
    for place in places:
        own = read_scores(journey, Selection(locations=(place.key,)))
        assert {one.stage: one for one in own.reading.stages} == dict(place.stages)
    for number in range(20):
        make_location(measured.programme, f"N{number}")
    with CaptureQueriesContext(connection) as many:
        read_breakdown(sheet, Dimension.LOCATION)
    assert len(many) == len(few)


def test_typed_text_stays_text(measured: Journey, executive: User) -> None:
    typed = '=1+1 <b>"&'
    measured.stages.filter(key="S1").update(name=typed)
    measured.programme.locations.filter(code="PAR1").update(name="@cmd")
    measured.programme.waves.filter(key="W1").update(name="-2")
    contents = contents_for(executive, measured)
    assert rows_of(curve_csv(contents.stages))[0]["name"] == f"'{typed}"
    assert rows_of(trend_csv(contents.waves))[0]["wave"] == "'-2"
    parts = HeatParts(By.LOCATION, contents.places)
    heat = rows_of(heat_csv(contents.stages, parts))
    assert {row["location_name"] for row in heat} == {"'@cmd", "LYO1"}
    for drawing in (
        draw_experience(contents.stages, thresholds_of(contents)),
        draw_heat(contents.stages, contents.places),
        draw_heat_map(contents.stages, parts.rows(contents.stages), parts),
        draw_trend(contents.waves),
    ):
        root = ElementTree.fromstring(drawing.svg())  # noqa: S314 - our own
        words = "".join(root.itertext())
        assert typed in words or "@cmd" in words or "-2" in words
        assert not root.findall(".//{http://www.w3.org/2000/svg}b")


def test_pictures_say_n(measured: Journey, executive: User) -> None:
    contents = contents_for(executive, measured)
    svg = draw_experience(contents.stages, thresholds_of(contents)).svg()
    assert svg.count("n = 17") >= 2 and "at least 5 needed" in svg
    heat = HeatParts(By.LOCATION, contents.places)
    for picture in (curve_png(contents), heat_png(contents, heat), trend_png(contents)):
        assert picture.startswith(b"\x89PNG")


def test_pictures_of_nothing(programme: Programme, executive: User) -> None:
    contents = contents_for(executive, programme.journeys.get())
    heat = HeatParts(By.LOCATION, contents.places)
    for picture in (curve_png(contents), heat_png(contents, heat), trend_png(contents)):
        assert picture.startswith(b"\x89PNG")
    assert rows_of(curve_csv(contents.stages)) == []


def test_under_a_channel_no_document_tells_the_n_of_all_channels(
    measured: Journey, executive: User
) -> None:
    whole = contents_for(executive, measured)
    assert "n = " in whole.counted_text and all(wave.n_text for wave in whole.waves)
    make_channel(measured.programme, "web")  # on which nothing was seen
    contents = contents_for(executive, measured, channel="web")
    assert "n = " not in contents.counted_text
    assert "n = " not in draw_trend(contents.waves).svg()
    assert {row["n"] for row in rows_of(trend_csv(contents.waves))} == {""}
    deck = build_slides(contents, unwatched)
    assert f"n = {whole.n}".encode() not in b"".join(_parts(deck))
    assert f"{whole.n} observations" not in messages.how_made(contents)


def _parts(deck: bytes) -> list[bytes]:
    with zipfile.ZipFile(BytesIO(deck)) as file:
        return [file.read(name) for name in file.namelist() if name.endswith(".xml")]
