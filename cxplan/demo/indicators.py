"""The indicators of Maison Nord: fictitious counts of three waves, seeded, the same in both languages.

Pure: what is defined, and what was counted each month at each store and segment. Satisfaction goes
up in autumn, most where the signs were redone in August; effort was asked in its first version
until May, and in its second from June on.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cxplan.demo.story_tables import SIGNAGE_LOCATIONS
from scoring.indicators import Kind, count_answers

SEED: Final = 2026
SOURCE: Final = {
    "en": "Fictitious data, generated for the demo",
    "fr": "Données fictives, créées pour la démonstration",
}


@dataclass(frozen=True, slots=True)
class DemoIndicator:
    """Texts by language; `months` are those in which it was asked or counted."""

    key: str
    kind: Kind
    names: Mapping[str, str]
    questions: Mapping[str, str]
    rules: Mapping[str, str]
    months: tuple[str, ...]
    edition: int = 1
    is_replaced: bool = False
    target: int | None = None
    place: int | None = None


def _indicator(facts: dict[str, Any]) -> DemoIndicator:
    first, last = (int(facts[end][5:]) for end in ("from", "to"))
    return DemoIndicator(
        key=facts["key"],
        kind=Kind(facts["kind"]),
        names=facts["names"],
        questions=facts["questions"],
        rules=facts["rules"],
        months=tuple(f"2026-{month:02d}" for month in range(first, last + 1)),
        edition=facts["edition"],
        is_replaced=facts.get("is_replaced", False),
        target=facts["target"],
        place=facts["place"],
    )


DEMO_INDICATORS: Final = tuple(
    _indicator(facts)
    for facts in json.loads(
        Path(__file__).with_name("maison_nord.indicators.json").read_text(encoding="utf-8")
    )
)


@dataclass(frozen=True, slots=True)
class DemoReading:
    key: str
    edition: int
    month: str
    segment: str
    location: str
    counts: dict[str, int]


def demo_readings(bundle: Mapping[str, Any], *, seed: int = SEED) -> list[DemoReading]:
    """Every count, by indicator, month, segment and store."""
    rng = random.Random(seed)  # noqa: S311 - a demo has to be repeatable, not secret
    return [
        DemoReading(one.key, one.edition, month, segment["key"], location["code"], counts)
        for one in DEMO_INDICATORS
        for segment in bundle["segments"]
        for location in bundle["locations"]
        for month, counts in _counted(rng, one, segment["key"], location["code"])
    ]


def _counted(
    rng: random.Random, one: DemoIndicator, segment: str, location: str
) -> Iterator[tuple[str, dict[str, int]]]:
    """Month by month; customers at the end of one are those at the start of the next."""
    customers = rng.randrange(900, 1800) if segment == "amateur" else rng.randrange(150, 320)
    for month in one.months:
        mood = _mood(month, location)
        if one.kind is Kind.RETENTION:
            counts = _kept(rng, customers, mood)
            customers = counts["end"]
        elif one.kind is Kind.RECRUITMENT:
            new = rng.randrange(18, 40)
            counts = {"new": new, "end": customers + new}
        elif one.kind is Kind.REPURCHASE:
            share = min(0.9, 0.4 + mood / 20 + rng.uniform(-0.03, 0.03))
            counts = {"repeat": round(customers * share), "customers": customers}
        else:
            counts = count_answers(one.kind, _answers(rng, one.kind, mood))
        yield month, counts


def _mood(month: str, location: str) -> float:
    """How good the days are, about -0.3 to 1: autumn is better, most where the signs are new."""
    season = {"2026-03": -0.3, "2026-04": -0.2, "2026-05": -0.2}.get(month, 0.0)
    if month < "2026-09":
        return season
    return 1.0 if location in SIGNAGE_LOCATIONS else 0.45


def _kept(rng: random.Random, start: int, mood: float) -> dict[str, int]:
    lost = round(start * (0.027 - 0.006 * mood + rng.uniform(-0.003, 0.003)))
    new = round(start * rng.uniform(0.018, 0.03))
    return {"start": start, "end": start - lost + new, "new": new}


def _answers(rng: random.Random, kind: Kind, mood: float) -> dict[int, int]:
    """Each answer with how often it was given, drawn around what the mood lets expect."""
    if kind is Kind.BASKET:
        drawn = [round(rng.lognormvariate(9.0, 0.55)) for _ in range(rng.randrange(30, 60))]
    else:
        centre, spread, low, high = {
            Kind.NPS: (7.3 + 1.1 * mood, 2.2, 0, 10),
            Kind.CES1: (2.3 - 0.4 * mood, 1.0, 1, 5),
            Kind.CES2: (4.9 + 0.8 * mood, 1.4, 1, 7),
            Kind.CSAT: (4.0 + 0.4 * mood, 0.9, 1, 5),
        }[kind]
        drawn = [
            min(high, max(low, round(rng.gauss(centre, spread))))
            for _ in range(rng.randrange(8, 18))
        ]
    return {answer: drawn.count(answer) for answer in set(drawn)}
