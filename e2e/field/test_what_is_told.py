"""What a screen says is so at that moment, is said once, and leaves nothing out."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from e2e.field.tablet import ENGINE, RECORDS, STORE, Tablet
from e2e.field.test_releases import _forget_release, release
from observations import field_app

__all__ = ["_forget_release"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ALERTS = """() => {
    window.alerts = 0;
    new MutationObserver((all) => {
        for (const node of all.flatMap((one) => [...one.addedNodes])) {
            if (!(node instanceof Element)) continue;
            window.alerts += node.matches("[role=alert]") + node.querySelectorAll("[role=alert]").length;
        }
    }).observe(document.getElementById("app"), { childList: true, subtree: true });
}"""


def redraw(tablet: Tablet) -> None:
    page = tablet.page
    page.evaluate(
        """() => { const old = document.querySelector("main");
                   window.isNew = () => document.querySelector("main") !== old; }"""
    )
    page.evaluate(f'import("{ENGINE}").then(({{ engine }}) => engine.say())')
    tablet.until("window.isNew()")


def test_a_steady_banner_is_called_out_once(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    page.evaluate(
        f"""() => import("{STORE}").then(({{ putSetting }}) =>
            putSetting("paused", {{ status: 401, at: 0 }}))"""
    )
    page.evaluate(ALERTS)
    for _drawing in range(3):
        redraw(tablet)
    expect(page.locator('[data-banner="paused"]')).to_be_visible()
    assert page.evaluate("window.alerts") == 1


def test_the_list_of_stages_counts_what_is_answered_now(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.begin()
    row = page.locator(".jump-row").first
    expect(row).to_contain_text("3 unanswered")
    tablet.answer("S1-b", 0)
    expect(row).to_contain_text("2 unanswered")


def test_photos_to_go_in_another_programme_are_told(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    page.evaluate(
        f"""() => Promise.all([import("/static/js/field/visit.js"), import("{RECORDS}")])
            .then(([{{ newRecord }}, {{ append }}]) => {{
                const record = {{ ...newRecord({{ programme: "elsewhere", journey: "j", framework_version: 1,
                    guide: "j@1", method: "store_team", location: "L", observer: null, visit: null }}),
                    state: "received", missing: ["a", "b"],
                    receipt: {{ sha256: "", revision: 1, at: Date.now(), edits: 0 }} }};
                return append(record.id, [{{ kind: "begin", record }}]); }})"""
    )
    banner = page.locator('[data-banner="other"]')
    expect(banner).to_contain_text("2 photos of another programme are still to go")


def test_it_works_without_a_network_is_said_when_it_is_so(
    tablet: Tablet, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One of the files that the worker must keep is not as the release says.
    digest = field_app.integrity(b"a file of another release")
    release(monkeypatch, "mixed", **{"/static/js/field/store.js": digest})
    page = tablet.visit_app()
    tablet.enrol(code)
    page.reload()
    expect(page.locator("[data-offline]")).to_contain_text("could not be kept on the tablet")
    monkeypatch.undo()
    field_app._read_shell_once.cache_clear()
    page.get_by_role("button", name="Open again").click()
    expect(page.locator("[data-offline]")).to_have_text("This app opens without a network.")


def test_the_queue_in_several_files_is_offered_one_by_one(tablet: Tablet, code: str) -> None:
    source = """
        const files = [1, 2].map((n) => new Blob([JSON.stringify({ n })]));
        export const queueFiles = async () => ({ files, drafts: 3 });
    """
    tablet.context.route(
        "**/static/js/field/queue_file.js",
        lambda route: route.fulfill(content_type="text/javascript", body=source),
    )
    page = tablet.visit_app()
    tablet.enrol(code)
    page.goto("/field/#/settings")
    page.get_by_role("button", name="Save the file").click()
    files = page.locator("[data-files]")
    expect(files.locator("[data-left-out]")).to_contain_text("3 begun visits are not in the file")
    for number in (1, 2):
        with page.expect_download() as download:
            files.get_by_role("button", name=f"File {number} of 2").click()
        assert json.loads(download.value.path().read_text()) == {"n": number}
        assert download.value.suggested_filename.endswith(f"-{number}.json")
