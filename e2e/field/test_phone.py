"""The field app on a phone: what its head says of the network is short, and leaves room for the rest."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.conftest import assert_accessible
from e2e.field.conftest import NewTablet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALL, USUAL = 320, 390
FINISHED = """async (count) => {
  const { newRecord } = await import("/static/js/field/visit.js");
  const { append } = await import("/static/js/field/records.js");
  for (let number = 0; number < count; number += 1) {
    const record = newRecord({ programme: "casa-nord", journey: "family-store", framework_version: 1,
      guide: "family-store@1", method: "mystery_visit", location: "PAR1", observer: "OBS-1", visit: null });
    await append(record.id, [{ kind: "begin", record }, { kind: "finish" }]);
  }
}"""
LINES = """() => {
  const pill = document.querySelector(".pill-warn");
  const { paddingTop, paddingBottom, lineHeight } = getComputedStyle(pill);
  const height = pill.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
  return Math.round(height / parseFloat(lineHeight));
}"""
# Of WCAG 2.2, in CSS pixels; axe looks at the room between them.
TARGETS = """() => [...document.querySelectorAll(".top :is(a, button)")].map((each) => {
  const { width, height } = each.getBoundingClientRect();
  return Math.min(width, height);
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("language", "words"), [("en", "No network\n39 kept"), ("fr", "Pas de réseau\n39 gardées")]
)
def test_without_a_network_its_head_takes_two_lines(
    new_tablet: NewTablet, code: str, scheme: str, language: str, words: str
) -> None:
    tablet = new_tablet(color_scheme=scheme)
    page = tablet.ready(code)
    tablet.network(on=False)
    page.evaluate(FINISHED, 39)
    page.goto("/field/#/settings")
    page.locator("select[name=language]").select_option(language)
    page.goto("/field/#/")
    pill = page.locator(".pill-warn")
    for width in (SMALL, USUAL):
        page.set_viewport_size({"width": width, "height": 844})
        expect(pill).to_have_text(words, use_inner_text=True)
        assert page.evaluate(LINES) == 2
        assert page.evaluate("document.documentElement.scrollWidth") == width
        sizes = page.evaluate(TARGETS)
        assert sizes and min(sizes) >= 24
        assert_accessible(page)
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(pill).to_contain_text(" · 39 ", use_inner_text=True)
    assert page.evaluate(LINES) == 1
