"""The indicators of the executives' page, under the filters of the journey on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dashboards.indicator_words import IndicatorLine, line_of
from dashboards.links import indicator_list_url, indicator_url
from journeys.access import Access
from journeys.models import Journey
from observations.indicators import read_indicators
from observations.models import IndicatorDefinition
from observations.selection import Selection

_SHARED = ("wave", "from", "to", "location", "region", "channel")


def executive_indicators(
    access: Access, journey: Journey, selection: Selection, asked: Mapping[str, str]
) -> list[IndicatorLine]:
    """Those with a place on the executives' page; one query where there are none.

    Held to the segment of the journey where the counts tell segments apart. The address of each
    asks for the same, so that its page shows the same number.
    """
    definitions = list(
        IndicatorDefinition.objects.for_executives().filter(programme=access.programme)
    )
    own = selection_of(journey, selection)
    kept = _shared(asked)
    return [
        line_of(
            one,
            indicator_url(
                access,
                one.definition.key,
                kept if one.all_segments else kept | {"segment": journey.segment.key},
            ),
        )
        for one in read_indicators(definitions, own, access, segment_if_told=True)
    ]


def all_indicators_url(access: Access, journey: Journey, asked: Mapping[str, str]) -> str:
    """Of all indicators, each with the number that the executives' page has."""
    return indicator_list_url(access, _shared(asked) | {"segment": journey.segment.key})


def _shared(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: asked[name] for name in _SHARED if name in asked}


def selection_of(journey: Journey, selection: Selection) -> Selection:
    """The filters of the journey with its segment."""
    return replace(selection, segment=journey.segment.key)
