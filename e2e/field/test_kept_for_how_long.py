"""Whether the browser has promised to keep what is here, and how long it has been here already."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.field.tablet import RECORDS, Tablet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROMISE = """(() => {
    window.asked = 0;
    navigator.storage.persist = async () => { window.asked += 1; return %(granted)s; };
    navigator.storage.persisted = async () => window.asked > 0 && %(granted)s;
})()"""


@pytest.mark.parametrize(
    ("granted", "said"),
    [("true", "has promised to keep what is here"), ("false", "may clear what is here")],
)
def test_it_is_asked_for_and_the_answer_shown(
    tablet: Tablet, code: str, granted: str, said: str
) -> None:
    tablet.context.add_init_script(PROMISE % {"granted": granted})
    page = tablet.ready(code)
    tablet.until("window.asked > 0")
    page.evaluate("""import("/static/js/field/engine.js").then(({ engine }) => engine.say())""")
    word = page.locator("[data-persisted]")
    expect(word).to_have_attribute("data-persisted", granted)
    expect(word).to_contain_text(said)


def test_the_age_of_the_oldest_that_is_not_sent_is_told(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.network(on=False)
    tablet.finish_one()
    oldest = page.locator("[data-oldest]")
    expect(oldest).to_contain_text("less than a minute")
    expect(oldest).not_to_have_class("problem")
    page.evaluate(
        f"""async () => {{
            const {{ allRecords, append }} = await import("{RECORDS}");
            const [record] = await allRecords();
            const began = Date.now() - 3 * 86400000;
            await append(record.id, [{{ kind: "begin", record: {{ ...record, began }} }}]);
        }}"""
    )
    expect(oldest).to_contain_text("3 days")
    expect(oldest).to_have_class("problem")
