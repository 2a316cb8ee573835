"""Golden example 1, broken in one place each, with the path of the error that must be said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Change = Callable[[dict[str, Any]], object]


def interaction(bundle: dict[str, Any], index: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = bundle["journeys"][0]["frameworks"][0]["interactions"][index]
    return found


def framework(bundle: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = bundle["journeys"][0]["frameworks"][0]
    return found


I0 = "/journeys/0/frameworks/0/interactions/0"
STAGE = "/journeys/0/stages"
WAVE = {"key": "W1", "name": "One", "from": "2026-03", "to": "2026-05"}
READING = {
    "journey": "diy-store",
    "framework_version": 1,
    "method": "web_analytics",
    "month": "2026-10",
    "interaction": "i11",
    "counts": {"-2": 1},
}

SHAPES: dict[str, tuple[Change, str]] = {
    "format": (lambda b: b.update(format="other"), "/format"),
    "top key": (lambda b: b.update(extra=1), "/extra"),
    "deep key": (lambda b: b["journeys"][0]["stages"][2].update({"a/b": 1}), f"{STAGE}/2/a~1b"),
    "missing": (lambda b: b["programme"].pop("name"), "/programme/name"),
    "enum": (lambda b: b["journeys"][0]["stages"][2].update(phase="later"), f"{STAGE}/2/phase"),
    "type": (lambda b: b["channels"][0].update(name=3), "/channels/0/name"),
    "list": (lambda b: b.update(locations={}), "/locations"),
    "1.0 is no integer": (
        lambda b: b["journeys"][0]["stages"][0].update(reach_bp=1.0),
        f"{STAGE}/0/reach_bp",
    ),
    "true is no integer": (
        lambda b: b["locations"][0].update(share_bp=True),
        "/locations/0/share_bp",
    ),
    "points": (lambda b: interaction(b)["levels"][0].update(points=-4), f"{I0}/levels/0/points"),
    "medium": (lambda b: b["channels"][0].update(medium="air"), "/channels/0/medium"),
    "month": (lambda b: b.update(waves=[{**WAVE, "to": "2026-13"}]), "/waves/0/to"),
    "month with a line end": (
        lambda b: b.update(waves=[{**WAVE, "to": "2026-05\n"}]),
        "/waves/0/to",
    ),
    "NUL": (lambda b: b["programme"].update(brand="a\0b"), "/programme/brand"),
    "half a surrogate": (lambda b: b["programme"].update(brand="\ud83d"), "/programme/brand"),
    "too long": (lambda b: b["programme"].update(name="x" * 121), "/programme/name"),
    "weight": (
        lambda b: b["programme"].update(method_weights={"guessing": 1}),
        "/programme/method_weights",
    ),
    "answer": (
        lambda b: b["observations"][2]["answers"].update(i11="NO IDEA"),
        "/observations/2/answers/i11",
    ),
}
RULES: dict[str, tuple[Change, str]] = {
    "channel twice": (lambda b: b["channels"].append(b["channels"][0]), "/channels/1/key"),
    "location twice": (lambda b: b["locations"].append(b["locations"][0]), "/locations/1/code"),
    "stage twice": (lambda b: b["journeys"][0]["stages"][1].update(key="S1"), f"{STAGE}/1/key"),
    "touchpoint twice": (
        lambda b: b["journeys"][0]["stages"][1]["touchpoints"][0].update(key="t1"),
        f"{STAGE}/1/touchpoints/0/key",
    ),
    "journey's segment": (lambda b: b["journeys"][0].update(segment="x"), "/journeys/0/segment"),
    "preferred channel": (
        lambda b: b["segments"][0].update(preferred_channels=["x"]),
        "/segments/0/preferred_channels/0",
    ),
    "touchpoint's channel": (
        lambda b: b["journeys"][0]["stages"][0]["touchpoints"][0].update(channel="x"),
        f"{STAGE}/0/touchpoints/0/channel",
    ),
    "wave of all": (lambda b: b.update(waves=[{**WAVE, "key": "all"}]), "/waves/0/key"),
    "wave backwards": (lambda b: b.update(waves=[{**WAVE, "to": "2026-02"}]), "/waves/0/to"),
    "waves overlap": (
        lambda b: b.update(waves=[WAVE, {**WAVE, "key": "W2", "from": "2026-05"}]),
        "/waves/1/from",
    ),
    "version twice": (
        lambda b: b["journeys"][0]["frameworks"].append(framework(b)),
        "/journeys/0/frameworks/1/version",
    ),
    "two drafts": (
        lambda b: b["journeys"][0].update(
            frameworks=[{**framework(b), "version": n, "status": "draft"} for n in (1, 2)]
        ),
        "/journeys/0/frameworks/1/status",
    ),
    "interaction twice": (
        lambda b: interaction(b, 1).update(key="i11"),
        I0.replace("interactions/0", "interactions/1/key"),
    ),
    "interaction's stage": (lambda b: interaction(b).update(stage="S9"), f"{I0}/stage"),
    "touchpoint": (lambda b: interaction(b).update(touchpoint="x"), f"{I0}/touchpoint"),
    "touchpoint elsewhere": (lambda b: interaction(b).update(touchpoint="t2"), f"{I0}/touchpoint"),
    "basic above 0": (lambda b: interaction(b)["levels"][1].update(points=1), f"{I0}/levels"),
    "one level": (lambda b: interaction(b)["levels"].pop(), f"{I0}/levels"),
    "level twice": (lambda b: interaction(b)["levels"][0].update(points=0), f"{I0}/levels"),
    "target": (lambda b: interaction(b).update(target=1), f"{I0}/target"),
    "nothing published": (
        lambda b: framework(b).update(interactions=[]),
        "/journeys/0/frameworks/0/interactions",
    ),
    "observation twice": (
        lambda b: b["observations"].append(b["observations"][0]),
        "/observations/6/id",
    ),
    "reading's version": (
        lambda b: b.update(readings=[{**READING, "framework_version": 2}]),
        "/readings/0/framework_version",
    ),
    "reading's level": (
        lambda b: b.update(readings=[{**READING, "counts": {"-1": 4}}]),
        "/readings/0/counts/-1",
    ),
    "reading's location": (
        lambda b: b.update(readings=[{**READING, "location": "x"}]),
        "/readings/0/location",
    ),
    "reading's interaction": (
        lambda b: b.update(readings=[{**READING, "interaction": "x"}]),
        "/readings/0/interaction",
    ),
    "reading twice": (lambda b: b.update(readings=[READING, READING]), "/readings/1"),
}
DOOR: dict[str, tuple[Change, str]] = {
    "journey": (lambda b: b["observations"][3].update(journey="x"), "/observations/3/journey"),
    "version": (
        lambda b: b["observations"][3].update(framework_version=2),
        "/observations/3/framework_version",
    ),
    "draft": (lambda b: framework(b).update(status="draft"), "/observations/0/framework_version"),
    "no such level": (
        lambda b: b["observations"][3]["answers"].update(i11=-1),
        "/observations/3/answers/i11",
    ),
    "no such interaction": (
        lambda b: b["observations"][3]["answers"].update(i99=0),
        "/observations/3/answers/i99",
    ),
    "location": (lambda b: b["observations"][3].update(location="x"), "/observations/3/location"),
    "no such day": (
        lambda b: b["observations"][3].update(observed_at="2026-02-30T10:00:00+01:00"),
        "/observations/3/observed_at",
    ),
    "readings of that method": (
        lambda b: b.update(readings=[{**READING, "method": "mystery_visit"}]),
        "/observations/0/method",
    ),
}
