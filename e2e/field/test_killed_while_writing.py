"""The battery dies in the middle of a write: whatever was called saved is there afterwards, whole."""

from __future__ import annotations

import pytest

from e2e.field.tablet import Tablet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# One visit after the other, each with a photo; `told` hears of it when the app calls it saved.
WRITE = """async () => {
    const { newRecord } = await import("/static/js/field/visit.js");
    const { append } = await import("/static/js/field/records.js");
    for (let number = 0; ; number += 1) {
        const record = newRecord({ programme: "casa-nord", journey: "family-store", framework_version: 1,
            guide: "family-store@1", method: "mystery_visit", location: "PAR1", observer: "OBS-1",
            visit: null });
        const item = { id: crypto.randomUUID(), interaction: "S1-b", sha256: "", size: 50000,
            type: "image/jpeg" };
        const bytes = crypto.getRandomValues(new Uint8Array(50000)).buffer;
        await append(record.id, [{ kind: "begin", record }, { kind: "photo", item }],
            [{ id: item.id, record: record.id, type: item.type, sha256: "", bytes }]);
        await append(record.id, [{ kind: "note", key: "S1-b", text: String(number) }]);
        window.told([record.id, item.id, String(number)]);
    }
}"""
KEPT = """async () => {
    const { allRecords, getPhoto } = await import("/static/js/field/records.js");
    return Promise.all((await allRecords()).map(async (record) => {
        const photo = await getPhoto(record.media[0].id);
        return { id: record.id, photo: photo?.id, size: photo?.bytes.byteLength, note: record.notes["S1-b"] };
    }));
}"""


@pytest.mark.parametrize("moment", [1, 12])
def test_what_was_called_saved_outlives_a_dead_battery(
    tablet: Tablet, code: str, moment: int
) -> None:
    page = tablet.ready(code)
    saved: list[list[str]] = []

    def told(one: list[str]) -> None:
        saved.append(one)

    page.expose_function("told", told)
    page.evaluate(f"() => {{ void ({WRITE})(); }}")
    for _wait in range(600):
        if len(saved) >= moment:
            break
        page.wait_for_timeout(20)
    assert len(saved) >= moment
    tablet.kill()
    tablet.open()
    kept = {one["id"]: one for one in tablet.visit_app().evaluate(KEPT)}
    for one, photo, note in saved:
        assert kept[one] == {"id": one, "photo": photo, "size": 50_000, "note": note}
    # What was not told is whole too, or not there.
    assert {one["size"] for one in kept.values()} == {50_000}
