"""The journal of a record: each thing that happened, and days without a network are one of them."""

from __future__ import annotations

import pytest

from e2e.field.tablet import RECORDS, Tablet
from e2e.field.test_queue_file import finished

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

JOURNAL = """() => import("/static/js/field/store.js").then(({ read }) => read(["journal"], async (tx) =>
    (await tx.objectStore("journal").getAll()).map((one) => one.change.kind)))"""


def test_the_same_failure_again_and_again_is_noted_once(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.network(on=False)
    finished(tablet, 1, "elsewhere")  # where no sending of its own comes between
    [record] = tablet.records()
    page.evaluate(
        f"""async (id) => {{
            const {{ append }} = await import("{RECORDS}");
            for (const why of ["a", "a", "a", "b", "b", "a"]) {{
                await append(id, [{{ kind: "failed", why, counts: true }}]);
            }}
        }}""",
        record["id"],
    )
    noted: list[str] = page.evaluate(JOURNAL)
    assert noted.count("failed") == 3
    assert noted[:4] == ["begin", "answer", "photo", "finish"]
    assert tablet.records()[0]["attempts"] == 6
