"""The channels of a stage and the regularity of its delight, as the evidence page prints them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.links import query_of, stage_url
from journeys.access import Access
from journeys.models import Stage
from observations.channels import ChannelSheet, read_channels
from observations.locations import StageDelight, read_delight
from observations.scores import ScoreSheet
from scoring import wording
from scoring.classify import Certainty, Evidence
from scoring.models import Interaction
from scoring.regularity import MIN_LOCATIONS, Because, DelightRate, LocationRate, Regularity
from scoring.spread import ChannelScore, Spread


@dataclass(frozen=True, slots=True)
class ChannelLine:
    name: str
    score: str
    label: str
    interval: str
    n: str
    evidence: str
    is_shown: bool
    is_held_back: bool
    is_confirmed: bool
    url: str


@dataclass(frozen=True, slots=True)
class SpreadPanel:
    """`text` is empty where fewer than two channels can be compared."""

    text: str
    sentence: str
    lines: tuple[ChannelLine, ...]


@dataclass(frozen=True, slots=True)
class RateLine:
    """`rate` is a dash where too few observations would make it one of single visits."""

    name: str
    happened: int
    seen: int
    rate: str


@dataclass(frozen=True, slots=True)
class DelightLine:
    statement: str
    kind: str
    word: str
    tone: str
    sentence: str
    rate: str
    lines: tuple[RateLine, ...]


@dataclass(frozen=True, slots=True)
class DelightPanel:
    word: str
    tone: str
    lines: tuple[DelightLine, ...]


WORDS: Final = {
    Regularity.DESIGNED: gettext_lazy("by design"),
    Regularity.BY_CHANCE: gettext_lazy("by chance"),
    Regularity.NEVER: gettext_lazy("did not happen"),
    Regularity.CANNOT_SAY: gettext_lazy("cannot say"),
}


def side_by_side(
    sheet: ScoreSheet,
    stage: Stage,
    access: Access,
    asked: Mapping[str, str],
    locations: Mapping[str, str],
) -> dict[str, Any]:
    """The two panels of one stage, for the context of its evidence page; None where there is none.

    `locations` are the names by code.
    """
    interactions = {
        row.key: row for row in Interaction.objects.filter(framework=sheet.framework, stage=stage)
    }
    channels = read_channels(sheet, [stage])
    [delight] = read_delight(sheet, [stage])
    kept = {name: value for name, value in asked.items() if name not in {"location", "region"}}
    league = reverse("dashboards:location-league", args=[access.programme.slug, sheet.journey.key])
    return {
        "spread": _spread_panel(channels, access, asked),
        "delight": _delight_panel(delight, interactions, locations),
        "league_url": league + query_of({"stage": stage.key, **kept}),
    }


def _spread_panel(
    channels: ChannelSheet, access: Access, asked: Mapping[str, str]
) -> SpreadPanel | None:
    """Nothing to compare with fewer than two channels."""
    [spread] = channels.spreads
    if len(spread.channels) < 2:
        return None
    journey = channels.sheet.journey
    names = {key: channel.name for key, channel in channels.channels.items()}
    return SpreadPanel(
        text="" if spread.spread is None else wording.gap_text(spread.spread, _evidence(spread)),
        sentence=_spread_sentence(spread, names),
        lines=tuple(
            _channel_line(
                one,
                names,
                stage_url(access, journey, spread.stage, {**asked, "channel": one.channel}),
            )
            for one in spread.channels
        ),
    )


def _evidence(spread: Spread) -> Evidence:
    """A difference is printed no finer than the less certain of its two ends."""
    ends = [one for one in spread.channels if one.channel in {spread.highest, spread.lowest}]
    return max((one.score.evidence for one in ends), default=Evidence.D)


def _spread_sentence(spread: Spread, names: Mapping[str, str]) -> str:
    if spread.highest is None or spread.lowest is None:
        return _("A spread takes at least two channels with enough observations.")
    ends = {"highest": names[spread.highest], "lowest": names[spread.lowest]}
    if spread.differs:
        return (
            _("Not the same standard: %(highest)s is above %(lowest)s beyond what chance brings.")
            % ends
        )
    return (
        _(
            "From %(lowest)s to %(highest)s; their intervals meet, so that no difference between"
            " the channels is shown."
        )
        % ends
    )


def _channel_line(one: ChannelScore, names: Mapping[str, str], url: str) -> ChannelLine:
    evidence = one.score.evidence
    return ChannelLine(
        name=names.get(one.channel, one.channel),
        score=wording.stage_score_text(one.score),
        label=one.score.label.value,
        interval=wording.interval_text(one.score.interval, evidence),
        n=wording.n_text(one.score),
        evidence=wording.evidence_word(evidence),
        is_shown=one.is_counted,
        is_held_back=wording.is_held_back(one.score),
        is_confirmed=one.score.certainty is Certainty.CONFIRMED,
        url=url,
    )


def _delight_panel(
    delight: StageDelight, interactions: Mapping[str, Interaction], locations: Mapping[str, str]
) -> DelightPanel | None:
    """None where nothing in the stage can exceed expectations."""
    if delight.regularity is None:
        return None
    return DelightPanel(
        word=str(WORDS[delight.regularity]),
        tone=delight.regularity.value,
        lines=tuple(
            _delight_line(rate, interactions[rate.interaction], locations) for rate in delight.rates
        ),
    )


def _delight_line(
    rate: DelightRate, interaction: Interaction, locations: Mapping[str, str]
) -> DelightLine:
    return DelightLine(
        statement=interaction.statement,
        kind=str(interaction.get_kind_display()),
        word=str(WORDS[rate.regularity]),
        tone=rate.regularity.value,
        sentence=_delight_sentence(rate, locations),
        rate=wording.share_text(rate.rate),
        lines=tuple(_rate_line(one, locations) for one in rate.locations),
    )


def _delight_sentence(rate: DelightRate, locations: Mapping[str, str]) -> str:
    counted = [one for one in rate.counted if one.rate is not None]
    facts = {
        "happened": rate.happened,
        "seen": rate.seen,
        "often": rate.often,
        "locations": len(counted),
        "least": MIN_LOCATIONS,
    }
    if rate.because is Because.FEW_LOCATIONS:
        return _("Locations with enough observations: %(locations)d. It takes %(least)d.") % facts
    if rate.regularity is Regularity.NEVER:
        return _("Not once in %(seen)d observations at %(locations)d locations.") % facts
    if rate.because is Because.UNEQUAL_LOCATIONS:
        ordered = sorted(counted, key=lambda one: (one.rate, one.location))
        least, most = ordered[0], ordered[-1]
        return _(
            "It depends on the location: from %(low)s %% at %(least)s to %(high)s %% at %(most)s."
        ) % {
            "low": wording.share_text(least.rate),
            "least": locations.get(least.location, least.location),
            "high": wording.share_text(most.rate),
            "most": locations.get(most.location, most.location),
        }
    if rate.because is Because.SELDOM:
        return (
            _("In fewer than half, wherever it is: %(happened)d of %(seen)d observations.") % facts
        )
    return (
        _(
            "%(happened)d of %(seen)d observations; half of them or more at %(often)d of"
            " %(locations)d locations."
        )
        % facts
    )


def _rate_line(one: LocationRate, locations: Mapping[str, str]) -> RateLine:
    """Counts are shown however few; a rate only of enough observations."""
    return RateLine(
        name=locations.get(one.location, one.location),
        happened=one.happened,
        seen=one.seen,
        rate=wording.share_text(one.rate),
    )
