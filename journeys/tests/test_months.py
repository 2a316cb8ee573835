"""Months in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from journeys.months import month_text, period_text


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [("en", "March 2026", "May 2026"), ("fr", "mars 2026", "mai 2026")],
)
def test_months_in_words(language: str, first: str, last: str) -> None:
    with translation.override(language):
        assert month_text("2026-03") == first
        assert period_text("2026-03", "2026-05") == f"{first} \N{EN DASH} {last}"
        assert period_text("2026-03", "2026-03") == first


@pytest.mark.parametrize("typed", ["", "2026-13", "soon", "2026"])
def test_what_is_no_month_stays_as_it_is(typed: str) -> None:
    assert month_text(typed) == typed
