"""The demo programme read in both languages: a gap, what it rests on, and whether acting on it worked."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from actionplans.models import Action
from actionplans.tests.measures import on
from cxplan.demo_programme import load_demo
from e2e.conftest import PHONE, NewPage
from journeys.models import Programme

pytestmark = pytest.mark.browser
TODAY: Final = date(2026, 11, 28)
WORDS: Final = {
    "en": {
        "held back": "held back",
        "missed": r"was missed in (\d+) of (\d+) observations",
        "dimensions": ("Location", "Region", "Channel", "Wave", "Segment"),
        "lists": ("Remove disappointment", "Create enchantment"),
        "basics first": "basics first",
        "verdict": "Real improvement",
        "controls": "Control locations",
        "try": "Try on the past",
    },
    "fr": {
        "held back": "non acquis",
        "missed": r"a été manqué dans (\d+) des (\d+) observations",
        "dimensions": ("Lieu", "Région", "Canal", "Vague", "Segment"),
        "lists": ("Supprimer la déception", "Créer l\u2019enchantement"),
        "basics first": "d\u2019abord les basiques",
        "verdict": "Amélioration réelle",
        "controls": "Lieux témoins",
        "try": "Essayer sur le passé",
    },
}


@pytest.fixture(params=Programme.Language.values)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def words(language: str) -> dict[str, Any]:
    return WORDS[language]


@pytest.fixture
def demo(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, language: str
) -> Programme:
    settings.DEBUG = True
    on(monkeypatch, TODAY)
    return load_demo(language=language, with_people=True)


@pytest.fixture
def executive(demo: Programme, new_page: NewPage) -> Page:
    return new_page(User.objects.get(email="executive@maison-nord.example"))


def test_from_a_gap_to_the_effect_of_its_action(
    executive: Page, demo: Programme, language: str, words: dict[str, Any]
) -> None:
    at = f"/programmes/{demo.slug}"
    executive.goto(f"{at}/dashboard/")
    expect(executive.locator("html")).to_have_attribute("lang", language)
    stage = demo.journeys.get(key="amateur-bathroom").stages.get(key="advice")
    row = executive.locator("[data-curve-table] tbody tr", has_text=stage.name)
    typical, target, gap = (figure(row.locator("td.num").nth(place)) for place in (0, 2, 3))
    assert gap == pytest.approx(target - typical, abs=0.11) and gap > 0
    expect(row).to_contain_text(words["held back"])

    the_methods_behind_it(executive, f"{at}/journeys/amateur-bathroom/scores/advice/", words)
    every_dimension_of_the_heat_map(executive, f"{at}/dashboard/", words)

    executive.goto(f"{at}/plan/")
    for heading in words["lists"]:
        expect(executive.get_by_role("heading", name=heading).first).to_be_visible()
    expect(executive.locator("main")).to_contain_text(words["basics first"])
    measured = Action.objects.get(programme=demo, measures__result__isnull=False)
    executive.get_by_role("link", name=measured.title).first.click()
    verdict = executive.locator(".measure-verdicts")
    expect(verdict.locator(".measure-verdict")).to_contain_text(words["verdict"])
    expect(verdict).to_contain_text(words["controls"])
    ends = executive.locator(".measure-figures .n").last.text_content() or ""
    assert len(re.findall(r"-?\d+", ends)) == 2, ends


def the_methods_behind_it(page: Page, address: str, words: dict[str, Any]) -> None:
    """Each with its n and its weight; the gate says which basic was missed, and how often."""
    page.goto(address)
    rows = page.locator("section:has(#methods) table").first.locator("tbody tr")
    counts = [int(figure(row.locator("td").nth(0))) for row in rows.all()]
    weights = [int(figure(row.locator("td").nth(1))) for row in rows.all()]
    n = re.search(r"n\s=\s(\d+)", page.locator("main").inner_text())
    assert n and sum(counts) == int(n.group(1)) and len(counts) == 3
    assert sorted(weights) == [1, 3, 3]
    missed = re.search(words["missed"], page.locator("main").inner_text())
    assert missed and 0 < int(missed.group(1)) < int(missed.group(2))


def every_dimension_of_the_heat_map(page: Page, address: str, words: dict[str, Any]) -> None:
    """A cell of each leads to the evidence that says the same score."""
    for name in words["dimensions"]:
        page.goto(address)
        pill = page.locator(".heat-panel .pills").get_by_role("link", name=name, exact=True)
        pill.click()
        expect(pill).to_have_attribute("aria-current", "true")
        cell = page.locator(".heat-panel tbody a.heat:not(.is-hatched)").first
        said = re.search(r", (\S+), ", cell.text_content() or "")
        cell.click()
        page.wait_for_url(re.compile("/scores/"))
        assert said
        expect(page.locator("main")).to_contain_text(said.group(1))


def figure(locator: Any) -> float:
    text = (locator.text_content() or "").replace(",", ".").replace("\u202f", "")
    found = re.search(r"[-+]?\d+(\.\d+)?", text)
    assert found, text
    return float(found.group())


def test_what_each_of_them_sees(
    executive: Page, demo: Programme, words: dict[str, Any], new_page: NewPage
) -> None:
    """The executive tries a rule on the past; a store's manager reads that store alone, on a phone."""
    executive.goto(f"/programmes/{demo.slug}/alerts/")
    executive.get_by_role("link", name=words["try"]).last.click()
    expect(executive.locator("main")).to_contain_text(
        Action.objects.filter(programme=demo, status=Action.Status.DOING, due_on__lt=TODAY)
        .get()
        .title
    )
    manager = User.objects.get(email="manager.lille@maison-nord.example")
    page = new_page(manager, viewport=PHONE, expected_errors=("status of 404",))
    at = f"/programmes/{demo.slug}/observations/"
    page.goto(at)
    rows = page.locator(".observation-table tbody tr")
    expect(rows.first).to_be_visible()
    assert all("Lille Sud" in text for text in rows.all_inner_texts())
    elsewhere = demo.observations.exclude(revisions__location__name="Lille Sud").first()
    assert elsewhere is not None
    answer = page.goto(f"{at}{elsewhere.uuid}/")
    assert answer is not None and answer.status == 404
