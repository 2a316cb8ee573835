"""The rows of the heat maps of what was measured widely, by dimension and name: which visits are theirs."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.tests.by_hand import Wanted
from dashboards.tests.measured_widely import MONTHS


@dataclass(frozen=True)
class Slice:
    """A row of the heat map: its filter, and the visits and places that belong to it."""

    query: dict[str, str]
    wanted: Wanted = lambda visit: True
    places: tuple[str, ...] | None = None
    channel: str = ""
    journey: str = "family-store"


def in_wave(key: str) -> Wanted:
    return lambda visit: visit.month in MONTHS[key]


def at(*codes: str) -> Slice:
    return Slice({}, lambda visit: visit.location in codes, codes)


SLICES: dict[str, dict[str, Slice]] = {
    "location": {code: at(code) for code in ("PAR1", "LYO1", "PAR2", "NCE1")},
    "region": {"ARA": at("LYO1"), "IDF": at("PAR1", "PAR2"), "PACA": at("NCE1")},
    "wave": {key: Slice({}, in_wave(key)) for key in MONTHS},
    "channel": {name: Slice({}, channel=name) for name in ("Store", "Web")},
    "segment": {"Family": Slice({}), "Trade": Slice({}, journey="trade")},
}
FILTERS = {"Store": "store", "Web": "web"}
