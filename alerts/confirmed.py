"""What a stage was confirmed to be before the months in which a turn is looked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from alerts.turns import MonthEnd, lacks_memory
from journeys.access import Access
from journeys.models import Journey
from observations.scores import read_scores
from observations.selection import read_selection
from observations.waves import shifted
from scoring.figures import Certainty, Label

# Months read back at most: a class confirmed longer ago than that is forgotten.
MEMORY: Final = 24


def confirmed_before(
    access: Access, journey: Journey, ends: Mapping[str, Sequence[MonthEnd]]
) -> dict[str, Label]:
    """{stage key: class confirmed last before the first month}, by the version of that month.

    Months are read back only while a stage has a turn that hangs on it, so most often none is.
    """
    searched = {key: own[0] for key, own in ends.items() if lacks_memory(own)}
    found: dict[str, Label] = {}
    if not searched:
        return found
    begin = next(iter(searched.values()))
    own = read_selection({}, journey=journey, access=access)
    for month in _months_before(begin.month):
        sheet = read_scores(journey, replace(own, last_month=month))
        if sheet.framework is None or sheet.framework.version != begin.version:
            break
        for score in sheet.reading.stages:
            if score.stage in searched and score.certainty is Certainty.CONFIRMED:
                found[score.stage] = score.label
            if score.stage in found or score.label is Label.INSUFFICIENT:
                searched.pop(score.stage, None)
        if not searched:
            break
    return found


def _months_before(month: str) -> Iterator[str]:
    first = date.fromisoformat(f"{month}-01")
    for back in range(1, MEMORY + 1):
        yield f"{shifted(first, -back):%Y-%m}"
