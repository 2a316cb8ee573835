"""One edit on a map of 40 stages and 300 touchpoints, against one on a map of 10 and 10.

    python benchmarks/map_edit.py

Prints JSON. A real server process (DEBUG off) with both maps in one programme; a logged-in
consultant's page sends each order as the browser does, over one kept-alive local connection. The
time of an order is from its first byte sent to its last byte read. Every round takes each step on
both maps, in turn, and takes all of them back; a ratio is the median of the rounds' ratios. The
columns that the large map answers with hold seven or eight touchpoints, those of the small one.
"""

from __future__ import annotations

import http.client
import json
import statistics
import time
from typing import Any
from urllib.parse import urlencode

from maps import BIG, SMALL, make_maps
from stand import Stand, stand

ROUNDS = 40
WARM_UP = 5
Sizes = dict[str, list[float]]


class Page:
    """A map that somebody has open."""

    def __init__(self, one: Stand, cookie: str, key: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", one.ports[0], timeout=60)
        self._base = f"/programmes/{one.slug}/journeys/{key}/"
        token = "a" * 32
        self._headers = {
            "Cookie": f"sessionid={cookie}; csrftoken={token}",
            "X-CSRFToken": token,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def order(self, path: str, values: dict[str, Any]) -> tuple[float, int]:
        """Milliseconds and bytes."""
        started = time.perf_counter()
        self._connection.request("POST", self._base + path, urlencode(values), self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        taken = time.perf_counter() - started
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {content[:500]!r}")
        return taken * 1000, len(content)


def main() -> None:
    with stand(servers=1) as one:
        maps, cookie = make_maps()
        print(json.dumps(measure(one, maps, cookie), indent=2))


def measure(one: Stand, maps: dict[str, dict[str, int]], cookie: str) -> dict[str, object]:
    pages = {key: Page(one, cookie, key) for key in maps}
    times: dict[str, Sizes] = {key: {} for key in maps}
    sizes: dict[str, Sizes] = {key: {} for key in maps}
    for number in range(WARM_UP + ROUNDS):
        for key in (BIG, SMALL) if number % 2 else (SMALL, BIG):
            for name, (taken, size) in _round(pages[key], maps[key]).items():
                if number >= WARM_UP:
                    times[key].setdefault(name, []).append(taken)
                    sizes[key].setdefault(name, []).append(size)
    ratios = {
        name: statistics.median(
            one / other for one, other in zip(found, times[SMALL][name], strict=True)
        )
        for name, found in times[BIG].items()
    }
    return {
        "ratio": round(max(ratios.values()), 2),
        "goal": 2,
        "ratios": {name: round(ratio, 2) for name, ratio in ratios.items()},
        "milliseconds_on_40": _medians(times[BIG], 1),
        "milliseconds_on_10": _medians(times[SMALL], 1),
        "bytes_on_40": _medians(sizes[BIG], 0),
        "bytes_on_10": _medians(sizes[SMALL], 0),
        "rounds": ROUNDS,
    }


def _round(page: Page, rows: dict[str, int]) -> dict[str, tuple[float, int]]:
    """Each kind of step once, then all of them back."""
    row = {"row": rows["touchpoint"]}
    orders: dict[str, tuple[str, dict[str, Any]]] = {
        "add": (f"lines/needs/{rows['first']}/", {"lines": "be quick", "level": "explicit"}),
        "move": ("place/touchpoints/", {**row, "stage": rows["second"]}),
        "mark": ("mark/touchpoints/", {**row, "criticality": 3}),
        "move a stage": ("place/stages/", {"row": rows["first"], "phase": "during"}),
        "add a stage": ("lines/stages/", {"lines": "Pays", "phase": "after"}),
    }
    found = {name: page.order(path, values) for name, (path, values) in orders.items()}
    found["rename"] = _rename(page, rows)
    for _step in range(len(found)):
        found["undo"] = page.order("walk/undo/", {})
    return found


def _rename(page: Page, rows: dict[str, int]) -> tuple[float, int]:
    from journeys.models import Touchpoint

    version = Touchpoint.objects.values_list("version", flat=True).get(pk=rows["touchpoint"])
    path = f"field/touchpoints/{rows['touchpoint']}/name/"
    return page.order(path, {"name": "Renamed", "version": version})


def _medians(found: Sizes, digits: int) -> dict[str, float]:
    return {name: round(statistics.median(each), digits) for name, each in found.items()}


if __name__ == "__main__":
    main()
