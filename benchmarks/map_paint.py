"""First paint of a map of 40 stages and 300 touchpoints in Chromium, and whether it stays fluent.

    python benchmarks/map_paint.py

Prints JSON. A real server process (DEBUG off, static files collected and compressed) and the
Chromium of the browser tests. A consultant opens the map and, in turn, the history of a programme in
which nothing was changed: the same frame, no content. First paint is Chromium's own first contentful
paint, from the start of the navigation, hence with the server's time; files come from the browser's
cache after the first round, as on any second visit. Then a line is typed on the map, and a touchpoint
moved: a task of the page's thread longer than 50 ms is one in which it answers nobody.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
from typing import Any

from dashboard import collected_static_files
from maps import BIG, make_maps
from stand import ROOT, stand
from stored import serving

sys.path.insert(0, str(ROOT))
ROUNDS = 15
WARM_UP = 3
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
WATCH = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((e) => e.duration)))
    .observe({type: 'longtask'});
}"""


def main() -> None:
    with stand(servers=0) as one:
        maps, cookie = make_maps()
        with collected_static_files(), serving(one.dsn) as port:
            print(json.dumps(measure(f"http://127.0.0.1:{port}", maps[BIG], cookie), indent=2))


def measure(base: str, rows: dict[str, int], cookie: str) -> dict[str, object]:
    from playwright.sync_api import sync_playwright

    from cxplan.tests.services import require_browser
    from e2e.conftest import FLAGS

    executable = require_browser()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=FLAGS, chromium_sandbox=False
        )
        context = chromium.new_context(base_url=base, viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": base}])
        page = context.new_page()
        map_, empty = f"/programmes/bench/journeys/{BIG}/", "/programmes/bench/journeys/"
        paints = _paints(page, {"map": map_, "empty": empty})
        fluent = _work(page, map_, rows)
        chromium.close()
    ratios = [one / other for one, other in zip(paints["map"], paints["empty"], strict=True)]
    return {
        "first_paint_seconds": round(statistics.median(paints["map"]) / 1000, 2),
        "goal_seconds": 1,
        "ratio_to_an_empty_page": round(statistics.median(ratios), 2),
        "empty_page_seconds": round(statistics.median(paints["empty"]) / 1000, 2),
        "fastest_and_slowest_map": [round(each / 1000, 2) for each in _ends(paints["map"])],
        "long_tasks_ms": fluent,
        "load": round(os.getloadavg()[0], 1),
        "rounds": ROUNDS,
    }


def _paints(page: Any, addresses: dict[str, str]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in addresses}
    for number in range(WARM_UP + ROUNDS):
        for name in sorted(addresses, reverse=bool(number % 2)):
            page.goto(addresses[name], wait_until="load")
            page.wait_for_function(PAINT)
            if number >= WARM_UP:
                found[name].append(page.evaluate(PAINT))
    return found


def _ends(values: list[float]) -> tuple[float, float]:
    return min(values), max(values)


def _work(page: Any, address: str, rows: dict[str, int]) -> dict[str, list[int]]:
    """Long tasks while a line is typed and stored, while a touchpoint is moved, on arrow keys."""
    page.goto(address, wait_until="networkidle")
    page.evaluate(WATCH)
    found = {}
    page.locator(f"#map-add-needs-{rows['first']} button").press("Enter")
    page.locator("[data-lines-form] textarea").wait_for()
    page.keyboard.type("somewhere to sit down", delay=20)
    found["typing"] = _taken(page)
    page.keyboard.press("Enter")
    page.locator(".map-lane-needs").get_by_text("somewhere to sit down").wait_for()
    page.keyboard.press("Escape")
    found["adding"] = _taken(page)
    page.locator(f".entry[data-row='{rows['touchpoint']}'][data-field=name]").focus()
    for key in ("ArrowRight", "ArrowLeft") * 5:
        page.keyboard.press(key)
    found["arrow keys"] = _taken(page)
    page.keyboard.press("m")
    page.locator("#map-move-stage").select_option(str(rows["second"]))
    page.locator("dialog[data-move] button[value=move]").press("Enter")
    cell = f"#map-cell-touchpoints-{rows['second']} [data-row='{rows['touchpoint']}']"
    page.locator(cell).wait_for()
    found["moving"] = _taken(page)
    page.keyboard.press("Control+z")
    page.locator(cell).wait_for(state="detached")
    found["undoing"] = _taken(page)
    return found


def _taken(page: Any) -> list[int]:
    page.wait_for_timeout(400)
    return [round(each) for each in page.evaluate("() => window.longTasks.splice(0)")]


if __name__ == "__main__":
    main()
