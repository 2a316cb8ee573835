"""A finger on a touch screen: it holds and drags, or swipes."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import CDPSession, Locator, Page

HELD_MS: Final = 400  # longer than SortableJS waits before it takes hold


class Finger:
    """Touches of Chromium's own input, as a screen sends them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.touch: CDPSession = page.context.new_cdp_session(page)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self.touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def draw(self, start: tuple[float, float], end: tuple[float, float], *, held: int) -> None:
        self._send("touchStart", start)
        self.page.wait_for_timeout(held)
        for step in range(1, 11):
            point = [a + (b - a) * step / 10 for a, b in zip(start, end, strict=True)]
            self._send("touchMove", (point[0], point[1]))
            self.page.wait_for_timeout(60 if held else 20)
        if held:  # it rests before it lifts, and no finger rests quite still
            for wobble in (1, 0):
                self.page.wait_for_timeout(200)
                self._send("touchMove", (end[0] + wobble, end[1] + wobble))
        self._send("touchEnd")

    def drag(self, what: Locator, to: Locator, *, part: float = 0.5) -> None:
        """From the left end of a thing to a part of the other's height (of a head: its width)."""
        what.evaluate("each => each.scrollIntoView({block: 'center'})")
        start, end = what.bounding_box(), to.bounding_box()
        assert start and end
        is_head = "map-head" in (to.get_attribute("class") or "")
        x = end["x"] + end["width"] * (part if is_head else 0.5)
        y = end["y"] + end["height"] * (0.5 if is_head else part)
        self.draw((start["x"] + 12, start["y"] + start["height"] / 2), (x, y), held=HELD_MS)

    def swipe(self, on: Locator, *, by: tuple[float, float]) -> None:
        box = on.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.draw((x, y), (x + by[0], y + by[1]), held=0)
