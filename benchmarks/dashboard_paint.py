"""The first figure of the dashboard in Chromium, and its first chart, with many observations stored.

    python benchmarks/dashboard_paint.py [--count 1000000]

Prints JSON. A real server process (DEBUG off, static files collected and compressed) and the Chromium
of the browser tests. A lead opens the dashboard and, in turn, the history of a programme in which
nothing was changed: the same frame, no content. Times run from the start of the navigation, hence with
the server's; files come from the browser's cache after the first rounds, as on any second visit.

The figure is the journey score, a number in the server's HTML. The browser itself says when the frame
with it was shown, by the Element Timing API: first contentful paint alone would be content with the bar
at the top, and a script that watches for the element would know that it is there and not that it is
seen. The page carries no mark for that; the script below sets it as soon as the element is parsed.
The empty page is measured by its first contentful paint. Plotly draws into no element of which the API
would speak, so that the chart is timed by the first frame after the page has noted it as drawn.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
from typing import Any

from dashboard import PAGES, collected_static_files, log_in
from stand import ROOT, stand
from stored import count_asked_for, furnish, make_databases, serving, using

sys.path.insert(0, str(ROOT))
ROUNDS = 15
WARM_UP = 3
GOAL = 1
WATCH = """
window.times = {};
new PerformanceObserver((list) => {
  for (const { identifier, renderTime } of list.getEntries()) {
    if (identifier === "figure" && renderTime) window.times.figure ??= renderTime;
  }
}).observe({ type: "element", buffered: true });
new PerformanceObserver((list) => {
  window.times.paint ??= list.getEntriesByName("first-contentful-paint")[0]?.startTime;
}).observe({ type: "paint", buffered: true });
new MutationObserver((_all, observer) => {
  document.querySelector(".figure-value")?.setAttribute("elementtiming", "figure");
  if (!document.querySelector("[data-curve][data-drawn]")) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.times.chart = performance.now(); }));
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-drawn"] });
"""
# What each page is waited for.
SHOWN = {"dashboard": ("figure", "chart"), "empty": ("paint",)}
Times = dict[str, list[float]]


def main() -> None:
    count = count_asked_for(__doc__)
    with stand(servers=0) as one:
        (many,) = make_databases(one, [count])
        furnish(many)
        print(json.dumps(measure(many) | {"observations": count}, indent=2))


def measure(dsn: str) -> dict[str, object]:
    with using(dsn):
        cookie = log_in()
    with collected_static_files(), serving(dsn) as port:
        times = _times(f"http://127.0.0.1:{port}", cookie)
    figure, chart, empty = times["figure"], times["chart"], times["paint"]
    ratios = [one / other for one, other in zip(figure, empty, strict=True)]
    return {
        "first_figure_seconds": _median(figure),
        "goal_seconds": GOAL,
        "first_chart_seconds": _median(chart),
        "ratio_to_an_empty_page": round(statistics.median(ratios), 2),
        "empty_page_seconds": _median(empty),
        "fastest_and_slowest_figure": _ends(figure),
        "fastest_and_slowest_chart": _ends(chart),
        "load": round(os.getloadavg()[0], 1),
        "rounds": ROUNDS,
    }


def _times(base: str, cookie: str) -> Times:
    """Of each thing that is waited for, its milliseconds round after round."""
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
        context.add_init_script(WATCH)
        times = _rounds(context.new_page())
        chromium.close()
    return times


def _rounds(page: Any) -> Times:
    found: Times = {name: [] for names in SHOWN.values() for name in names}
    for number in range(WARM_UP + ROUNDS):
        for kind in sorted(SHOWN, reverse=bool(number % 2)):
            page.goto(PAGES[kind], wait_until="load")
            for name in SHOWN[kind]:
                page.wait_for_function("(name) => window.times[name] !== undefined", arg=name)
                if number >= WARM_UP:
                    found[name].append(page.evaluate("(name) => window.times[name]", name))
    return found


def _median(milliseconds: list[float]) -> float:
    return round(statistics.median(milliseconds) / 1000, 2)


def _ends(milliseconds: list[float]) -> list[float]:
    return [round(one / 1000, 2) for one in (min(milliseconds), max(milliseconds))]


if __name__ == "__main__":
    main()
