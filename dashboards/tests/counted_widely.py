"""Indicators of every kind, counted over months, locations, segments and a channel."""

from __future__ import annotations

from journeys.models import Programme
from observations.tests.indicator_factories import count, make_indicator

TARGETS = {"nps": 4000, "ces1": 200, "ces2": 7000, "csat": 8500, "retention": 9000, "basket": 3500}
# No count divides another: a figure has digits without end.
COUNTED = {
    "nps": {"promoters": 17, "passives": 9, "detractors": 5},
    "ces1": {"a1": 7, "a2": 11, "a3": 3, "a4": 1, "a5": 1},
    "ces2": {"a1": 1, "a2": 2, "a3": 0, "a4": 3, "a5": 7, "a6": 11, "a7": 5},
    "csat": {"satisfied": 23, "answers": 29},
    "retention": {"start": 97, "end": 103, "new": 19},
    "repurchase": {"repeat": 31, "customers": 89},
    "basket": {"transactions": 37, "revenue": 123_457, "squares": 5 * 10**8},
    "recruitment": {"new": 13, "end": 103},
    "recommendation": {"recommending": 41, "answers": 59},
}
PLACES = (
    {"month": "2026-04", "location": "PAR1", "segment": "family"},
    {"month": "2026-06", "location": "PAR1", "segment": "family", "channel": "store"},
    {"month": "2026-06", "location": "LYO1", "segment": "family"},
    {"month": "2026-08", "location": "LYO1", "segment": "family"},
    {"month": "2026-08", "location": "LYO1", "segment": "pro"},
)


def count_all(programme: Programme, kinds: tuple[str, ...]) -> None:
    """Each kind at every place, once more each time; the fourth does not tell the customers at the end."""
    for rank, kind in enumerate(kinds, start=1):
        definition = make_indicator(
            programme, kind, codir_rank=rank, target_hundredths=TARGETS.get(kind)
        )
        for number, place in enumerate(PLACES):
            counts = {name: value * (number + 1) for name, value in COUNTED[kind].items()}
            if kind == "recruitment" and number == 3:
                del counts["end"]
            count(definition, **{**place, **counts})  # type: ignore[arg-type]
