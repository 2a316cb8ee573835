"""The demo's indicators: fictitious and said to be, the same in both languages, three waves."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from accounts.models import User
from cxplan.demo.indicators import DEMO_INDICATORS, SOURCE, demo_readings
from cxplan.demo_programme import demo_bundle, load_demo
from journeys.access import access_of
from observations.indicators import read_facet, read_indicators
from observations.models import ImportRun, IndicatorReading
from observations.selection import Selection
from scoring.indicators import Trend


def test_the_same_counts_in_both_languages() -> None:
    english, french = demo_readings(demo_bundle("en")), demo_readings(demo_bundle("fr"))
    assert english == french == demo_readings(demo_bundle("en"))
    assert demo_readings(demo_bundle("en"), seed=1) != english
    assert {one.month for one in english} == {f"2026-{month:02d}" for month in range(3, 12)}


def test_texts_stand_in_both_languages() -> None:
    for one in DEMO_INDICATORS:
        for texts in (one.names, one.questions, one.rules):
            assert bool(texts["en"]) is bool(texts["fr"])
    assert "ictitious" in SOURCE["en"] and "ictives" in SOURCE["fr"]


@pytest.mark.django_db
def test_what_the_demo_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    programme = load_demo(language="en", with_people=True)
    kinds = Counter(one.kind.value for one in DEMO_INDICATORS)
    assert Counter(programme.indicators.values_list("kind", flat=True)) == kinds
    assert set(ImportRun.objects.values_list("source", flat=True)) == {SOURCE["en"]}
    assert not IndicatorReading.objects.filter(run=None).exists()
    places = programme.indicators.current().exclude(codir_rank=None)
    assert list(places.values_list("codir_rank", flat=True)) == [1, 2, 3]
    access = access_of(User.objects.get(email="executive@maison-nord.example"), programme)
    definitions = {one.key: one for one in programme.indicators.current()}
    # The day after the third wave has closed: there is no verdict before.
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: date(2026, 12, 1))
    figures = read_indicators(list(definitions.values()), Selection(), access)
    assert all(one.figure.value is not None and one.compared is not None for one in figures)
    trends = {one.definition.key: one.compared and one.compared.change.trend for one in figures}
    assert trends["nps"] is Trend.BETTER
    assert trends["basket"] is Trend.UNSURE
    waves = [row.row.key for row in read_facet(definitions["nps"], Selection(), access, "wave")]
    assert waves == ["W1", "W2", "W3"]
    # Effort was asked in another version in spring: none of it is in the figure of today.
    effort = read_facet(definitions["effort"], Selection(), access, "wave")
    assert [row.row.key for row in effort] == ["W2", "W3"]
