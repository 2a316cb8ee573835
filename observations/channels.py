"""The channels of each stage side by side, each read as under a filter that names only it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from journeys.models import Channel, Stage
from observations.cells import (
    facts_of,
    items_of,
    reading_counts,
    shares_in,
    summed,
    within,
)
from observations.models import Reading
from observations.scores import ScoreSheet
from observations.selection import Selection
from scoring.classify import CellRow, ReadingRow, StageFacts, score_journey
from scoring.items import Item
from scoring.models import Framework, StageCell
from scoring.scale import score_reading
from scoring.spread import ChannelScore, Spread, channel_spread


@dataclass(frozen=True, slots=True)
class ChannelSheet:
    """The spread of each stage in journey order, and the channels by key."""

    sheet: ScoreSheet
    spreads: tuple[Spread, ...]
    channels: dict[str, Channel]


def read_channels(sheet: ScoreSheet, stages: Sequence[Stage] | None = None) -> ChannelSheet:
    """A channel filter is set aside: every channel that a stage has interactions in is listed.

    The number of queries is fixed, and none of them touches an observation.
    """
    stages = sheet.stages if stages is None else stages
    if sheet.framework is None or not stages:
        return ChannelSheet(sheet, (), {})
    selection = replace(sheet.selection, channel=None)
    framework = sheet.framework
    items = items_of(framework, selection)
    by_channel = _by_channel(sheet, stages, items)
    cells = _facets(framework, selection, stages)
    scores = _scores(sheet, selection, by_channel, cells, _readings(framework, selection, items))
    rows = Channel.objects.filter(programme=sheet.journey.programme, key__in=by_channel)
    return ChannelSheet(
        sheet,
        tuple(channel_spread(stage.key, scores.get(stage.key, [])) for stage in stages),
        {row.key: row for row in rows},
    )


def _by_channel(
    sheet: ScoreSheet, stages: Sequence[Stage], items: Sequence[Item]
) -> dict[str, list[StageFacts]]:
    """The facts of the stages in which each channel has interactions, from its own interactions."""
    whole = {facts.key: facts for facts in facts_of(sheet.journey, stages, [])}
    channels = sorted({item.channel for item in items if item.channel is not None})
    found: dict[str, list[StageFacts]] = {}
    for channel in channels:
        own = [item for item in items if item.channel == channel]
        for key in dict.fromkeys(item.stage for item in own if item.stage in whole):
            facts = StageFacts.from_items(
                key,
                own,
                criticality=whole[key].criticality,
                has_touchpoint=whole[key].has_touchpoint,
                reach_bp=whole[key].reach_bp,
            )
            found.setdefault(channel, []).append(facts)
    return found


def _scores(
    sheet: ScoreSheet,
    selection: Selection,
    by_channel: Mapping[str, Sequence[StageFacts]],
    cells: Mapping[str, Sequence[CellRow]],
    readings: Mapping[str, Sequence[ReadingRow]],
) -> dict[str, list[ChannelScore]]:
    """{stage: its channels}, each through the arithmetic of a stage."""
    assert sheet.framework is not None
    shares = shares_in(sheet.journey, selection)
    found: dict[str, list[ChannelScore]] = {}
    for channel, facts in by_channel.items():
        read = score_journey(
            stages=facts,
            cells=cells.get(channel, []),
            pools=sheet.pools,
            shares=shares,
            method_weights=sheet.journey.programme.method_weights,
            thresholds=sheet.framework.thresholds,
            readings=readings.get(channel, []),
        )
        for score in read.stages:
            found.setdefault(score.stage, []).append(ChannelScore(channel, score))
    return found


def _facets(
    framework: Framework, selection: Selection, stages: Sequence[Stage]
) -> dict[str, list[CellRow]]:
    """The cells that each channel has of its own in these stages, by channel."""
    cells = StageCell.objects.filter(within(selection), framework=framework, stage__in=stages)
    rows = summed(
        cells.exclude(channel=None),
        "channel__key",
        "stage__key",
        "method",
        "location__code",
    )
    found: dict[str, list[CellRow]] = {}
    for (channel, stage, method, location), vector in rows:
        found.setdefault(channel, []).append(CellRow(stage, method, location, vector))
    return found


def _readings(
    framework: Framework, selection: Selection, items: Sequence[Item]
) -> dict[str, list[ReadingRow]]:
    """Aggregated counts by channel, all locations together."""
    rows = Reading.objects.filter(within(selection), framework=framework)
    counts = sorted(reading_counts(rows, "method").items())
    found: dict[str, list[ReadingRow]] = {}
    places = sorted({(item.channel, item.stage) for item in items if item.channel is not None})
    for channel, stage in places:
        own = [item for item in items if (item.channel, item.stage) == (channel, stage)]
        for (method,), given in counts:
            sums = score_reading(own, given)
            if sums is not None:
                found.setdefault(channel, []).append(ReadingRow(stage, method, sums))
    return found
