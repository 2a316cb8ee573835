"""The executives' page in a browser: panels that come later, arrows, a comparison, the projector."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from accounts.models import User
from dashboards.tests.change_cells import make_waves
from dashboards.tests.test_wave_trend import observe
from e2e.conftest import PHONE, TABLET, NewPage, assert_accessible
from journeys.models import Programme
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

pytestmark = pytest.mark.browser

DASHBOARD = "/programmes/casa-nord/dashboard/"
PRESENT = "/programmes/casa-nord/journeys/family-store/present/"


@pytest.fixture
def observed(programme: Programme, framework: Framework) -> Programme:
    """Three waves; S1 really improved in the last."""
    make_waves(programme, baseline=True)
    observe(programme, ("W0", "W1", "W2"), n=12)
    return programme


def test_arrows_come_with_the_trend_and_a_comparison_stays_in_the_address(
    observed: Programme, executive: User, new_page: NewPage
) -> None:
    page = new_page(executive)
    page.goto(DASHBOARD)
    expect(page.locator(".trend-chart")).to_be_visible()
    expect(page.locator("#journey-step")).to_contain_text("since W1")
    stages = observed.journeys.get().stages
    better, same = (stages.get(key=key).pk for key in ("S1", "S2"))
    expect(page.locator(f"#row-step-{better}")).to_contain_text("↗")
    expect(page.locator(f"#row-step-{same}")).not_to_contain_text("↗")
    page.locator("#id_compare").select_option("wave:W1")
    expect(page.locator(".compare-table tbody tr")).to_have_count(4)
    assert "compare=wave%3AW1" in page.url
    expect(page.locator(f"#row-step-{better}")).to_contain_text("↗")
    assert_accessible(page)


def test_the_presentation_is_stepped_through_by_keys_and_buttons(
    observed: Programme, executive: User, new_page: NewPage
) -> None:
    page = new_page(executive, color_scheme="dark")
    page.goto(PRESENT)
    count = page.locator("[data-present-count]")
    expect(count).to_have_text("1 / 8")
    page.keyboard.press("ArrowRight")
    expect(count).to_have_text("2 / 8")
    expect(page.locator("#screen-1")).to_be_in_viewport()
    page.get_by_role("button", name="Next").click()
    expect(count).to_have_text("3 / 8")
    page.keyboard.press("End")
    expect(count).to_have_text("8 / 8")
    expect(page.locator("#screen-7")).to_be_in_viewport()
    page.keyboard.press("PageUp")
    expect(count).to_have_text("7 / 8")
    page.keyboard.press("Home")
    expect(page.locator("#screen-0")).to_be_in_viewport()
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("() => document.fullscreenElement !== null")
    assert_accessible(page)


def test_the_presentation_is_read_on_a_phone_without_a_script(
    observed: Programme, executive: User, new_page: NewPage
) -> None:
    page = new_page(executive, viewport=PHONE, java_script_enabled=False)
    page.goto(PRESENT)
    expect(page.locator("[data-present-steps]")).to_be_hidden()
    for number in range(8):
        page.locator(f"#screen-{number}").scroll_into_view_if_needed()
        expect(page.locator(f"#screen-{number}")).to_be_in_viewport()


def test_nothing_but_the_chart_waits_for_plotly(
    observed: Programme, executive: User, new_page: NewPage
) -> None:
    page = new_page(executive, viewport=(1440, 900))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/plotly-cartesian*.js", hold)
    answer = page.goto(DASHBOARD)
    assert answer is not None
    score = page.locator(".figure-value").first.inner_text()
    assert f">{score}</p>" in answer.text(), "the server's own figure"
    expect(page.locator(".figure-value").first).to_be_visible()
    expect(page.locator(".heat-panel table")).to_be_visible()
    expect(page.locator(".trend-chart")).to_be_visible()
    expect(page.locator("[data-curve-table] tbody").first).to_be_visible()
    expect(page.locator("#journey-step")).to_contain_text("since W1")
    assert (len(held), page.locator("[data-curve] svg").count()) == (1, 0)
    held[0].continue_()
    expect(page.locator("[data-curve] svg").first).to_be_visible()


def test_a_page_without_a_chart_asks_for_no_plotly(
    programme: Programme, executive: User, new_page: NewPage
) -> None:
    page = new_page(executive)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(DASHBOARD, wait_until="networkidle")
    assert any("dashboard" in url and url.endswith(".js") for url in asked)
    assert not any("plotly-cartesian" in url for url in asked)


def test_where_plotly_can_not_be_read_the_table_stands_open(
    observed: Programme, executive: User, new_page: NewPage
) -> None:
    page = new_page(executive, viewport=PHONE, expected_errors=("ERR_FAILED",))
    page.route("**/plotly-cartesian*.js", lambda route: route.abort())
    page.goto(DASHBOARD)
    expect(page.locator("[data-curve-table]").first).to_have_attribute("open", "")


SLOWLY = """() => {
  const react = Plotly.react;
  window.drawing = window.most = 0;
  Plotly.react = async (...given) => {
    window.most = Math.max(window.most, ++window.drawing);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await react(...given);
    window.drawing -= 1;
  };
}"""
FITS = """() => {
  const chart = document.querySelector("[data-curve]");
  return window.drawing === 0 && chart._fullLayout.width === chart.clientWidth;
}"""


def test_a_tablet_turned_while_the_curve_is_drawn_gets_one_that_fits(
    observed: Programme, executive: User, new_page: NewPage
) -> None:
    page = new_page(executive, viewport=TABLET)
    page.goto(DASHBOARD)
    expect(page.locator("[data-curve][data-drawn]")).to_be_visible()
    page.evaluate(SLOWLY)
    for width, height in ((768, 1024), (1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("() => window.drawing > 0")
    page.wait_for_function(FITS)
    assert page.evaluate("window.most") == 1, "two at once mix their lines and points"


def test_the_page_updates_itself_and_keeps_what_was_chosen(
    observed: Programme, executive: User, new_page: NewPage
) -> None:
    page = new_page(executive)
    page.clock.install()
    page.goto(f"{DASHBOARD}?method=mystery_visit")
    chosen = page.locator(".heat-panel [aria-current]")
    expect(chosen).to_have_text("Location")
    page.locator(".heat-panel").get_by_role("link", name="Region", exact=True).click()
    expect(chosen).to_have_text("Region")
    expect(page.locator(".heat-table tbody th")).to_have_text(["ARA", "IDF"])
    address = page.url
    assert "by=region" in address and "method=mystery_visit" in address
    expect(page.locator(".views-form a[data-keeps-dimension]")).to_have_attribute(
        "href", re.compile("by=region")
    )
    expect(page.locator(".signed-off")).to_contain_text("36 observations counted")
    page.clock.fast_forward(21_000)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".signed-off")).to_contain_text("36 observations counted")
    submit(observed)
    fold_pending()
    page.clock.fast_forward(21_000)
    expect(page.locator(".signed-off")).to_contain_text("37 observations counted")
    expect(page.locator(".heat-table tbody th")).to_have_text(["ARA", "IDF"])
    expect(chosen).to_have_text("Region")
    assert page.url == address
    page.locator(".filters-box[data-filters-box] summary").click()
    page.locator("#id_location").select_option("PAR1")
    expect(page.locator(".pill-text").filter(has_text="Filters:")).to_contain_text("PAR1")
    expect(chosen).to_have_text("Region")
    assert "by=region" in page.url and "location=PAR1" in page.url
    page.reload()
    expect(chosen).to_have_text("Region")
    assert_accessible(page)


def test_the_open_step_is_in_sight_where_not_all_fit(
    observed: Programme, executive: User, new_page: NewPage
) -> None:
    executive.language = "fr"
    executive.save()
    page = new_page(executive, viewport=(768, 1024), locale="fr-FR")
    page.goto(DASHBOARD)
    expect(page.locator(".stepper [aria-current]")).to_be_in_viewport(ratio=0.99)
