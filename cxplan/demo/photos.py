"""Photos of the demo's visits: small scenes drawn here, so that nobody's shop or face is in them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from PIL import Image, ImageDraw

from journeys.models import Programme
from observations.intake import submit_observations
from observations.models import Device, Observation
from observations.photos import receive_photo

SIZE = (960, 720)
Document = dict[str, Any]
_WAIT = "checkout-wait"


def bring_with_photos(
    *, programme: Programme, documents: Sequence[Document], device: Device
) -> list[Document]:
    """A visit that the tablet brought and another, each with a photo; what is left to be brought."""
    signs = _last(documents, lambda one: one["location"] == "LIL" and "arrive-signs" in _notes(one))
    queue = _last(
        documents, lambda one: one["location"] == "VDA" and one["answers"].get(_WAIT) == -2
    )
    for document, key, scene, tablet in (
        (signs, "arrive-signs", _draw_signs(), device),
        (queue, _WAIT, _draw_queue(), None),
    ):
        if document:
            _bring(programme, document, key, scene, tablet)
    return [one for one in documents if one is not signs and one is not queue]


def _notes(document: Document) -> Mapping[str, str]:
    notes: Mapping[str, str] = document.get("notes", {})
    return notes


def _last(documents: Sequence[Document], is_meant: Callable[[Document], bool]) -> Document | None:
    visits = [one for one in documents if one.get("method") == "mystery_visit" and is_meant(one)]
    return max(visits, key=lambda one: str(one["observed_at"]), default=None)


def _bring(
    programme: Programme, document: Document, key: str, scene: bytes, device: Device | None
) -> None:
    photo = uuid5(UUID(document["id"]), key)
    manifest = {
        "id": str(photo),
        "interaction": key,
        "sha256": hashlib.sha256(scene).hexdigest(),
        "size": len(scene),
        "type": "image/jpeg",
    }
    [outcome] = submit_observations(
        programme=programme, documents=[{**document, "media": [manifest]}], user=None, device=device
    )
    assert outcome.status == "created", outcome.errors
    row = Observation.objects.get(programme=programme, uuid=document["id"])
    receive_photo(observation=row, medium=photo, content=scene)


# --- the scenes ------------------------------------------------------------------------------
_WALL, _FLOOR, _WOOD, _DARK = "#e9e4da", "#c9bfae", "#a9825a", "#3d3a36"
_COATS = ("#5b6f95", "#8c4f4a", "#55806a", "#b08a3e", "#6d5a86")


def _room() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", SIZE, _WALL)
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 330), (960, 330), (960, 720), (0, 720)], fill=_FLOOR)
    for x in range(40, 960, 230):
        draw.rectangle((x, 110, x + 180, 330), fill=_WOOD)
        for y in (125, 195, 265):
            draw.rectangle((x + 12, y, x + 168, y + 52), fill="#d8cbb6")
    return image, draw


def _draw_signs() -> bytes:
    """An aisle with a broad blue line on the floor that turns to the left, to a bath."""
    image, draw = _room()
    blue = "#2f6fa8"
    draw.polygon([(430, 720), (560, 720), (530, 470), (455, 470)], fill=blue)
    draw.polygon([(530, 470), (525, 410), (180, 410), (170, 470)], fill=blue)
    draw.polygon([(180, 375), (180, 505), (90, 440)], fill=blue)
    draw.rounded_rectangle((30, 330, 250, 385), 26, fill="#f7f7f4", outline=_DARK, width=4)
    draw.line((225, 330, 225, 285, 200, 285), fill=_DARK, width=8)
    return _jpeg(image)


def _draw_queue() -> bytes:
    """One till that is open, and a line of five before it; nobody has a face."""
    image, draw = _room()
    for x, is_open in ((610, True), (800, False)):
        draw.rectangle((x, 430, x + 130, 640), fill="#8f8578" if is_open else "#b7ad9f")
        draw.rectangle((x + 20, 370, x + 110, 430), fill=_DARK)
        draw.ellipse((x + 45, 300, x + 85, 340), fill="#4f9a5f" if is_open else "#b9544c")
    for number, coat in enumerate(_COATS):
        x = 500 - number * 105
        draw.rounded_rectangle((x, 430, x + 78, 660), 30, fill=coat)
        draw.ellipse((x + 15, 370, x + 63, 424), fill="#c8a68a")
    return _jpeg(image)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
