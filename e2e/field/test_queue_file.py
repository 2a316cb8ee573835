"""The queue as files: what a lead brings is what the tablet sends, so that both ways end in one place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.models import User
from e2e.field.tablet import RECORDS, Tablet
from journeys.access import enter_as
from journeys.models import Programme
from observations.models import HeldCopy, Media, Observation
from observations.queue_files import Brought, bring_queue, read_queue_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILES = """(limit) => import("/static/js/field/queue_file.js").then(async ({ queueFiles }) => {
    const { files, drafts } = await queueFiles(limit);
    return { drafts, texts: await Promise.all(files.map((one) => one.text())) };
})"""
# Finished visits as the screens leave them, each with a photo of so many bytes.
FINISHED = """async ([count, programme, bytes]) => {
    const { newRecord } = await import("/static/js/field/visit.js");
    const { append } = await import("/static/js/field/records.js");
    const { sha256Hex } = await import("/static/js/field/document.js");
    for (let number = 0; number < count; number += 1) {
        const record = newRecord({ programme, journey: "family-store", framework_version: 1,
            guide: `family-store@1@${programme}`, method: "mystery_visit", location: "PAR1",
            observer: "OBS-1", visit: null });
        const content = new Uint8Array(bytes).fill(number + 1).buffer;
        const item = { id: crypto.randomUUID(), interaction: "S1-b", sha256: await sha256Hex(content),
            size: bytes, type: "image/jpeg" };
        await append(record.id, [{ kind: "begin", record }, { kind: "answer", key: "S1-b", answer: 0 },
            { kind: "photo", item }, { kind: "finish" }],
            [{ id: item.id, record: record.id, type: item.type, sha256: item.sha256, bytes: content }]);
    }
}"""


def files_of(tablet: Tablet, limit: int | None = None) -> tuple[list[dict[str, Any]], int]:
    found = tablet.page.evaluate(FILES, limit or 80_000_000)
    assert limit is None or all(len(text.encode()) <= limit for text in found["texts"])
    return [json.loads(text) for text in found["texts"]], found["drafts"]


def finished(tablet: Tablet, count: int, programme: str = "casa-nord", size: int = 400) -> None:
    tablet.page.evaluate(FINISHED, [count, programme, size])


def bring(programme: Programme, lead: User, content: dict[str, Any]) -> Brought:
    queue = read_queue_file(json.dumps(content).encode(), programme=programme)
    return bring_queue(queue=queue, access=enter_as(lead, programme.slug), user=lead)


def pause(tablet: Tablet, *, on: bool) -> None:
    tablet.page.evaluate(
        """(paused) => import("/static/js/field/store.js").then(({ putSetting }) =>
            putSetting("paused", paused))""",
        {"status": 403, "at": 0} if on else None,
    )


def test_a_file_brought_while_paused_is_what_is_sent_later(
    tablet: Tablet, code: str, programme: Programme, lead: User
) -> None:
    tablet.ready(code)
    pause(tablet, on=True)
    finished(tablet, 2)
    [content], _drafts = files_of(tablet)
    tablet.page.wait_for_timeout(1_100)
    assert files_of(tablet)[0][0]["observations"] == content["observations"]
    brought = bring(programme, lead, content)
    assert [one.status for one in brought.outcomes] == ["created", "created"]
    assert [one.status for one in brought.photos] == ["stored", "stored"]
    pause(tablet, on=False)
    tablet.until_received(2)
    assert (Observation.objects.count(), HeldCopy.objects.count()) == (2, 0)
    assert Observation.objects.filter(revisions__number=2).count() == 0


def test_what_is_not_finished_is_in_no_file_and_counted(tablet: Tablet, code: str) -> None:
    tablet.ready(code)
    tablet.network(on=False)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.photograph("S1-b")
    tablet.saved()
    finished(tablet, 1)
    [content], drafts = files_of(tablet)
    assert (drafts, content["drafts_left_out"]) == (1, 1)
    assert one not in {document["id"] for document in content["observations"]}
    assert {item["observation"] for item in content["media"]} == {content["observations"][0]["id"]}


def test_of_what_the_server_has_only_the_photos_go(
    tablet: Tablet, code: str, programme: Programme, lead: User
) -> None:
    tablet.ready(code)
    tablet.context.route("**/media/**", lambda route: route.abort())
    finished(tablet, 1)
    tablet.drain()
    [record] = tablet.records()
    assert (record["state"], len(record["missing"])) == ("received", 1)
    [content], _drafts = files_of(tablet)
    assert content["observations"] == []
    assert [item["id"] for item in content["media"]] == record["missing"]
    [photo] = bring(programme, lead, content).photos
    assert (photo.status, bool(Media.objects.get().file)) == ("stored", True)


def test_a_correction_goes_with_the_revision_that_it_corrects(
    tablet: Tablet, code: str, programme: Programme, lead: User
) -> None:
    tablet.ready(code)
    finished(tablet, 1)
    tablet.until_received(1)
    tablet.network(on=False)
    [record] = tablet.records()
    tablet.page.evaluate(
        f"""(id) => import("{RECORDS}").then(({{ append }}) => append(id, [{{ kind: "reopen" }},
            {{ kind: "answer", key: "S1-b", answer: -2 }}, {{ kind: "finish" }}]))""",
        record["id"],
    )
    [content], _drafts = files_of(tablet)
    assert [one["base_revision"] for one in content["observations"]] == [1]
    assert [one.status for one in bring(programme, lead, content).outcomes] == ["revised"]
    tablet.network(on=True)
    tablet.until_received(1)
    assert Observation.objects.get().revisions.count() == 2


def test_each_programme_has_a_file_of_its_own(tablet: Tablet, code: str) -> None:
    tablet.ready(code)
    tablet.network(on=False)
    finished(tablet, 1, "elsewhere")
    finished(tablet, 2)
    contents, _drafts = files_of(tablet)
    assert [one["programme"] for one in contents] == ["casa-nord", "elsewhere"]
    assert [len(one["media"]) for one in contents] == [2, 1]
    for content in contents:
        owners = {document["id"] for document in content["observations"]}
        assert {item["observation"] for item in content["media"]} == owners


def test_a_long_queue_is_several_files_and_every_visit_whole_in_one(
    tablet: Tablet, code: str
) -> None:
    tablet.ready(code)
    tablet.network(on=False)
    finished(tablet, 6, size=60_000)
    contents, _drafts = files_of(tablet, limit=200_000)
    assert [len(one["observations"]) for one in contents] == [2, 2, 2]
    for content in contents:
        owners = [document["id"] for document in content["observations"]]
        assert [item["observation"] for item in content["media"]] == owners


def test_what_the_queue_froze_meanwhile_stays_as_it_is(tablet: Tablet, code: str) -> None:
    """The file and the queue freeze at once; so does one that read the answers before a change."""
    tablet.ready(code)
    tablet.network(on=False)
    finished(tablet, 1)
    texts = tablet.page.evaluate(
        f"""async () => {{
            const {{ freeze }} = await import("/static/js/field/document.js");
            const {{ allRecords, append }} = await import("{RECORDS}");
            const [record] = await allRecords();
            await append(record.id, [{{ kind: "reopen" }}, {{ kind: "comment", text: "more" }},
                {{ kind: "finish" }}]);
            const stale = await freeze(record, new Date(0));
            const none = await append(record.id, [{{ kind: "freeze", frozen: stale }}]);
            const [now] = await allRecords();
            const froze = async (at) =>
                append(now.id, [{{ kind: "freeze", frozen: await freeze(now, new Date(at)) }}]);
            const [one, other] = [await froze(0), await froze(86400000)];
            return [none.frozen, one.frozen.text, other.frozen.text];
        }}"""
    )
    assert texts[0] is None
    assert texts[1] == texts[2]
    assert '"comment":"more"' in texts[1]
