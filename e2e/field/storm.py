"""Submissions under random cuts and kills: what the person was told is kept, against what the server has."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Error, Page

from e2e.field.proxy import FAULTS, TOO_LARGE, Fault, FaultProxy, stalled
from e2e.field.tablet import DRAIN, ENGINE, RECORDS, STANDS_STILL, Tablet, hurried
from observations.models import HeldCopy, Media, Observation

# Each answers "finished" only when the app's own transaction has been committed.
OBSERVE = """async ([answers, photos, colour]) => {
  const { newRecord } = await import("/static/js/field/visit.js");
  const { append } = await import("/static/js/field/records.js");
  const { takePhoto } = await import("/static/js/field/photos.js");
  const record = newRecord({ programme: "casa-nord", journey: "family-store", framework_version: 1,
    guide: "family-store@1", method: "mystery_visit", location: "PAR1", observer: "OBS-1", visit: null });
  const changes = [{ kind: "begin", record }];
  for (const [key, answer] of Object.entries(answers)) changes.push({ kind: "answer", key, answer });
  const stored = [];
  for (let number = 0; number < photos; number += 1) {
    const canvas = new OffscreenCanvas(60 + number, 40);
    const brush = canvas.getContext("2d");
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 100, 100);
    const photo = await takePhoto(await canvas.convertToBlob({ type: "image/png" }), record.id, "S1-b");
    changes.push({ kind: "photo", item: photo.item });
    stored.push(photo.stored);
  }
  await append(record.id, changes, stored);
  await append(record.id, [{ kind: "finish" }]);
  return { id: record.id, photos: stored.map((one) => one.sha256) };
}"""
LEFT = f"""import("{ENGINE}").then(async ({{ states }}) => {{
  const {{ draft, ready, parked, missing }} = await states();
  return {{ draft, ready, parked, missing }};
}})"""
# Who holds the tablet sends again what was too large; whatever else needs a person stays, and is seen.
SEND_AGAIN = f"""import("{RECORDS}").then(async ({{ allRecords, append }}) => {{
  const parked = (await allRecords()).filter((one) =>
    one.state === "parked" && one.problem?.status === "413");
  for (const one of parked) await append(one.id, [{{ kind: "again" }}]);
  return parked.length;
}})"""
# A call is given three seconds, a photo twelve; a stall is longer than the one and not than the other.
FASTER = 10
STALLS = tuple(stalled(4, on=way) for way in ("the way there", "the way back"))
STORM = (*FAULTS, TOO_LARGE, *STALLS)
LEVELS = {
    "S1-b": (-2, 0),
    "S1-p": (-1, 1),
    "S2-b": (-2, 0),
    "S2-d": (0, 3),
    "S3-p": ("NA", "NO", 1),
}
DONE = {"draft": 0, "ready": 0, "parked": 0, "missing": 0}


@dataclass
class Storm:
    """One tablet behind one proxy. `kept` are the submissions that the app has called finished."""

    tablet: Tablet
    proxy: FaultProxy
    chance: random.Random
    kept: dict[str, tuple[dict[str, Any], list[str]]] = field(default_factory=dict)
    blows: Counter[str] = field(default_factory=Counter)

    def rage(self, runs: int) -> None:
        self._hurry()
        for _ in range(runs):
            self.proxy.plan = self._fault
            self._observe()
            self._send()

    def _hurry(self) -> None:
        self.tablet.context.add_init_script(hurried(FASTER))
        self.tablet.visit_app()

    def _fault(self, _method: str, path: str) -> Fault | None:
        """The app's own files come through: an app that is not there loses nothing."""
        if not path.startswith("/api/") or self.chance.random() < 0.4:
            return None
        return self.chance.choice(STORM)

    def _observe(self) -> None:
        answers = {key: self.chance.choice(levels) for key, levels in LEVELS.items()}
        colour = f"#{self.chance.randrange(1 << 24):06x}"
        photos = self.chance.choice((0, 0, 1, 2))
        made = self.tablet.page.evaluate(OBSERVE, [answers, photos, colour])
        self.kept[made["id"]] = (answers, made["photos"])

    def _send(self) -> None:
        """The sending goes on behind our back, and something happens in the middle of it."""
        page = self.tablet.page
        page.evaluate(f'void import("{ENGINE}").then(({{ engine }}) => engine.drain())')
        page.wait_for_timeout(self.chance.randrange(0, 250))
        blow = self.chance.choice(("none",) * 5 + ("reload", "second page", "kill"))
        self.blows[blow] += 1
        if blow == "reload":
            self.tablet.visit_app()
        elif blow == "second page":
            self._second_page()
        elif blow == "kill":
            self.tablet.kill()
            self.tablet.open()
            self._hurry()
        if self.chance.random() < 0.1:
            self._send_again()

    def _send_again(self) -> None:
        self.blows["sent again by hand"] += self.tablet.page.evaluate(SEND_AGAIN)

    def _second_page(self) -> None:
        """Both pages send at once; the second one goes away in the middle."""
        other = self.tablet.context.new_page()
        other.goto("/field/")
        drain(other)
        other.close()

    def calm(self) -> None:
        """The network is good again, and the app as patient as it is: everything leaves the tablet."""
        self.proxy.plan = lambda _method, _path: None
        self.tablet.restart()
        self.tablet.visit_app()
        for _ in range(60):
            self._send_again()
            drain(self.tablet.page)
            if self.left() == DONE:
                return
            self.tablet.page.wait_for_timeout(250)
        raise AssertionError(f"still on the tablet: {self.left()}")

    def left(self) -> dict[str, int]:
        found: dict[str, int] = self.tablet.page.evaluate(LEFT)
        return found


def drain(page: Page) -> None:
    try:
        page.evaluate(DRAIN)
    except Error as error:
        if STANDS_STILL in str(error):
            raise
        # A page that is replaced in the middle has no answer to give.
        return


def on_the_server() -> dict[str, tuple[dict[str, Any], list[str]]]:
    """What arrived, as `Storm.kept` has it; a photo counts with the bytes it really has."""
    found = {}
    for row in Observation.objects.prefetch_related("revisions", "media"):
        (revision,) = row.revisions.all()
        photos = {str(one.uuid): _digest(one) for one in row.media.all()}
        manifest = [item["id"] for item in revision.details.get("media", [])]
        assert sorted(manifest) == sorted(photos)
        found[str(row.uuid)] = (revision.answers, [photos[one] for one in manifest])
    return found


def _digest(photo: Media) -> str:
    assert photo.file, f"photo {photo.uuid} has not arrived"
    with photo.file.open() as content:
        return hashlib.sha256(content.read()).hexdigest()


def held() -> int:
    return HeldCopy.objects.count()
