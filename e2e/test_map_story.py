"""What the map tells: phases and their loop, the curve, snapshots; and others' changes in each view."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from e2e.conftest import NewPage, assert_accessible
from e2e.map_stories import MAP, measured_map
from journeys import presence
from journeys.map_building import add_needs, add_stages, mark
from journeys.models import Journey
from scoring.models import Framework

pytestmark = pytest.mark.browser


@pytest.fixture
def told(transactional_db: None, journey: Journey, framework: Framework, lead: User) -> Journey:
    return measured_map(journey, framework, lead)


def test_the_curve_turns_about_neutral_and_marks_what_becomes_a_moment_of_truth(
    told: Journey, consultant: User, new_page: NewPage
) -> None:
    page = new_page(consultant)
    page.goto(MAP)
    expect(page.locator(".map-phases th")).to_have_text(
        ["Before", "During", "After back to BEFORE"]
    )
    expect(page.locator(".map-loop")).to_contain_text("back to BEFORE")
    lane = page.locator(".map-lane-experience")
    for line in (".curve-zero", ".curve-target", ".curve-typical", ".curve-band"):
        expect(lane.locator(line).first).to_be_attached()
    # The stage outside the perimeter is a hole in the curve, and has no point.
    expect(lane.locator(".curve-outside")).to_have_count(1)
    expect(lane.locator(".curve-point")).to_have_count(2)
    expect(lane.locator(".curve-point polygon")).to_have_count(1)
    gaps = page.locator(".map-lane-gap td")
    expect(gaps.first).to_contain_text("n = 6")
    expect(page.locator(".map-lane-actions td").nth(1)).to_contain_text("an action not to be told")
    page.locator(".map-head").first.focus()
    page.keyboard.press("3")
    expect(lane.locator(".curve-point polygon")).to_have_count(2)
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    page.keyboard.press("Control+z")
    expect(lane.locator(".curve-point polygon")).to_have_count(1)
    # On a French keyboard the digits need Shift; the bare key marks too.
    page.locator(".map-head").first.focus()
    page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: '#', code: 'Digit3', bubbles: true, cancelable: true}))"
    )
    expect(lane.locator(".curve-point polygon")).to_have_count(2)


def test_a_snapshot_is_looked_at_compared_and_restored(
    told: Journey, consultant: User, new_page: NewPage
) -> None:
    page = new_page(consultant)
    page.goto(MAP)
    page.get_by_text("Reuse").click()
    page.get_by_role("link", name="Snapshots").click()
    page.get_by_label("Name").fill("after workshop 1")
    page.get_by_role("button", name="Take a snapshot").click()
    expect(page.locator("#snapshot-list")).to_contain_text("after workshop 1")
    assert_accessible(page)
    add_stages(journey=told, names=["Pays"], phase="after", actor=consultant)
    first = told.stages.all()[0]
    add_needs(stage=first, texts=["an afterthought"], level="explicit", actor=consultant)
    page.get_by_role("link", name="Look at it").click()
    expect(page.locator(".map-stage-name:visible")).to_have_text(
        ["Stage S1", "Stage S2", "Stage S3"]
    )
    expect(page.locator(".map")).not_to_contain_text("an afterthought")
    expect(page.locator("[data-item]")).to_have_count(0)
    assert_accessible(page)
    page.get_by_role("link", name="Compare with now").click()
    expect(page.locator(".marks")).to_have_text(re.compile(r"\s*2\s+✚\s+added\s*"))
    expect(page.locator(".compare")).to_contain_text("an afterthought")
    assert_accessible(page)
    page.get_by_label("Only what differs").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".compare")).not_to_contain_text("Stage S2")
    page.go_back()
    page.go_back()
    page.get_by_role("button", name="Restore this map").click()
    expect(page.locator(".message-success")).to_contain_text("The map is restored.")
    expect(page.locator(".map-head")).to_have_count(3)
    page.locator(".map-head").first.focus()
    page.keyboard.press("Control+z")
    expect(page.locator(".map-head")).to_have_count(4)
    expect(page.locator(".map")).to_contain_text("an afterthought")
    assert told.snapshots.count() == 2 and told.snapshots.filter(is_automatic=True).count() == 1


def test_what_others_change_arrives_in_the_other_views(
    told: Journey,
    lead: User,
    consultant: User,
    new_page: NewPage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(presence, "PULSE_SECONDS", 0.4)
    first, second, _third = told.stages.all()
    table, curve, matrix = (new_page(consultant) for _view in range(3))
    for page, view in ((table, "table"), (curve, "curve"), (matrix, "matrix")):
        page.goto(MAP)
        page.locator(f"#map-head-{second.pk}").focus()
        page.keyboard.press("Space")
        page.goto(f"{MAP}?view={view}")
        expect(page.locator(f"[data-chosen][data-row='{second.pk}']").first).to_be_attached()
    (touchpoint,) = second.touchpoints.all()
    name = table.locator(f"#sheet-touchpoints-{touchpoint.pk}-name")
    name.focus()
    table.keyboard.press("Enter")
    table.locator(".map-field [name=name]").fill("Half a word")
    add_needs(stage=first, texts=["be greeted"], level="explicit", actor=lead)
    mark(rows=[first], criticality=3, actor=lead)
    expect(table.locator("[data-sheet]")).to_contain_text("be greeted")
    expect(table.locator(".map-field [name=name]")).to_have_value("Half a word")
    expect(table.locator(".map-field [name=name]")).to_be_focused()
    expect(curve.locator(".curve-point polygon")).to_have_count(2)
    expect(matrix.locator(".matrix-mark polygon")).to_have_count(2)
    for page in (curve, matrix):
        expect(page.locator(f"[data-chosen][data-row='{second.pk}']").first).to_be_attached()
