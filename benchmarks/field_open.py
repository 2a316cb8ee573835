"""The field app opened with no network at all, after a restart of the browser: until it can be used.

    python benchmarks/field_open.py

Prints JSON. A real server process (DEBUG off, static files collected and compressed) and the
Chromium of the browser tests. A tablet is enrolled by the code that a lead shows, and has the app's
files once the worker says so. Then, each round, the browser is closed and started again with its
network off before the first page, and `/field/` is opened: from the start of the navigation to the
frame after the first screen was drawn, with the start of the service worker, the database and the
guides. Once with nothing on the tablet, once with 500 finished visits that wait.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from dashboard import collected_static_files
from stand import ROOT, stand
from stored import serving

sys.path.insert(0, str(ROOT))
ROUNDS = 10
WARM_UP = 1
VISITS = 500
GOAL = 1
# The app says by itself that its first screen stands; a frame later it is on the glass.
OPENED = """new MutationObserver((_all, observer) => {
  if (document.getElementById("app")?.getAttribute("aria-busy") !== "false") return;
  observer.disconnect();
  window.opened = new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  });
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-busy"] });
"""
SEED = """async (count) => {
  const { keptBook, guideKey } = await import("/static/js/field/guides.js");
  const { newRecord } = await import("/static/js/field/visit.js");
  const { append } = await import("/static/js/field/records.js");
  const { book } = await keptBook();
  const [guide] = book.guides;
  const answers = guide.stages.flatMap((stage) => stage.interactions)
    .map(({ key, levels }) => ({ kind: "answer", key, answer: levels[0].points }));
  for (let number = 0; number < count; number += 1) {
    const record = newRecord({ programme: guide.programme, journey: guide.journey, visit: null,
      framework_version: guide.framework_version, guide: guideKey(guide), method: "mystery_visit",
      location: book.locations[0].code, observer: null });
    await append(record.id, [{ kind: "begin", record }, ...answers, { kind: "finish" }]);
  }
}"""


def main() -> None:
    with stand(servers=0) as one:
        code = make_code()
        with collected_static_files(), serving(one.dsn) as port:
            print(json.dumps(measure(f"http://127.0.0.1:{port}", code), indent=2))


def make_code() -> str:
    from journeys.models import Programme
    from observations.devices import make_code as make_code_of
    from observations.tests.tablets import make_device, someone

    return make_code_of(device=make_device(Programme.objects.get()), actor=someone())


def measure(base: str, code: str) -> dict[str, object]:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="cxplan-tablet-") as folder, sync_playwright() as one:
        tablet = _Tablet(one, base, Path(folder))
        tablet.enrol(code)
        empty = tablet.openings()
        tablet.keep(VISITS)
        full = tablet.openings()
    return {
        "seconds_to_first_screen": _median(empty),
        f"with_{VISITS}_visits_waiting": _median(full),
        "goal_seconds": GOAL,
        "fastest_and_slowest": [round(min(empty), 2), round(max(empty), 2)],
        f"fastest_and_slowest_with_{VISITS}": [round(min(full), 2), round(max(full), 2)],
        "load": round(os.getloadavg()[0], 1),
        "rounds": ROUNDS,
    }


def _median(seconds: list[float]) -> float:
    return round(statistics.median(seconds), 2)


class _Tablet:
    """A browser on a profile that stays, as a tablet's does."""

    def __init__(self, playwright: Any, base: str, profile: Path) -> None:
        self.playwright = playwright
        self.base = base
        self.profile = profile

    def _start(self, *, offline: bool) -> Any:
        from cxplan.tests.services import require_browser
        from e2e.conftest import FLAGS, TABLET

        context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=require_browser(),
            args=FLAGS,
            chromium_sandbox=False,
            base_url=self.base,
            viewport={"width": TABLET[0], "height": TABLET[1]},
            offline=offline,
        )
        context.add_init_script(OPENED)
        return context

    def enrol(self, code: str) -> None:
        context = self._start(offline=False)
        page = context.pages[0]
        page.goto(f"/field/#enrol={code}")
        page.locator("a[href='#/start']").wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        context.close()

    def keep(self, visits: int) -> None:
        context = self._start(offline=True)
        page = context.pages[0]
        page.goto("/field/")
        page.evaluate(SEED, visits)
        context.close()

    def openings(self) -> list[float]:
        return [self._open() for _ in range(WARM_UP + ROUNDS)][WARM_UP:]

    def _open(self) -> float:
        context = self._start(offline=True)
        page = context.pages[0]
        page.goto("/field/", wait_until="commit")
        page.locator("a[href='#/start']").wait_for()
        seconds: float = page.evaluate("window.opened") / 1000
        context.close()
        return seconds


if __name__ == "__main__":
    main()
