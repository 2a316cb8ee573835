"""Leagues of locations, channels of a stage and the regularity of delight, as the API writes them."""

from __future__ import annotations

from typing import Any

from dashboards.api.documents import head_document
from observations.change_documents import decimal_or_none, exact_or_none, interval_or_none
from observations.channels import ChannelSheet
from observations.locations import LeagueSheet, StageDelight
from observations.scores import ScoreSheet
from scoring.league import Shrinkage, Standing
from scoring.regularity import DelightRate, LocationRate
from scoring.spread import ChannelScore, Spread

SHRUNK_DIGITS = 4


def league_document(league: LeagueSheet) -> dict[str, Any]:
    """The answer of `GET journeys/{key}/locations/`."""
    common = None if league.is_hidden else league.league.shrinkage
    return {
        **head_document(league.sheet),
        "stage": league.stage.key if league.stage else None,
        "needed": league.needed,
        "compared": len(league.league.compared),
        "like_for_like": league.league.like_for_like,
        "hidden": league.is_hidden,
        "unlocated": league.unlocated,
        "shrinkage": _shrinkage(common),
        "locations": [
            {"location": location.code, "name": location.name, **_standing(one)}
            for location, one in league.rows
        ],
    }


def _shrinkage(common: Shrinkage | None) -> dict[str, Any] | None:
    if common is None:
        return None
    return {
        "difference": common.difference.value,
        "mean": round(common.mean, SHRUNK_DIGITS),
        "fixed_mean": round(common.fixed_mean, SHRUNK_DIGITS),
        "heterogeneity": round(common.heterogeneity, SHRUNK_DIGITS),
        "tau2": round(common.tau2, SHRUNK_DIGITS),
        "p_value": round(common.p_value, SHRUNK_DIGITS),
    }


def _standing(one: Standing) -> dict[str, Any]:
    """Without enough observations there is neither score nor rank; the sums stand however few."""
    score = one.score.score if one.has_score else None
    return {
        "n": one.score.n,
        "missing": one.score.missing,
        "S": one.score.sums.S,
        "P": one.score.sums.P,
        "Q": one.score.sums.Q,
        "score": decimal_or_none(score),
        "score_exact": exact_or_none(score),
        "interval": interval_or_none(one.score.interval if one.has_score else None),
        "evidence": one.score.evidence.value,
        "methods": list(one.methods),
        "variance": _rounded(one.measured.variance if one.measured else None),
        "kept": _rounded(one.kept),
        "shrunk": _rounded(one.shrunk),
        "rank": one.rank,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, SHRUNK_DIGITS)


def channels_document(sheet: ChannelSheet) -> dict[str, Any]:
    """The answer of `GET journeys/{key}/channels/`."""
    return {**head_document(sheet.sheet), "stages": [_spread(spread) for spread in sheet.spreads]}


def _spread(spread: Spread) -> dict[str, Any]:
    return {
        "stage": spread.stage,
        "spread": decimal_or_none(spread.spread),
        "spread_exact": exact_or_none(spread.spread),
        "highest": spread.highest,
        "lowest": spread.lowest,
        "differs": spread.differs,
        "channels": [_channel(one) for one in spread.channels],
    }


def _channel(one: ChannelScore) -> dict[str, Any]:
    """The figures of `scores/?channel=`; no customer has a class in a channel."""
    score = one.score
    return {
        "channel": one.channel,
        "n": score.n,
        "missing": score.missing,
        "S": score.sums.S,
        "raw": score.sums.raw,
        "P": score.sums.P,
        "Q": score.sums.Q,
        "score": decimal_or_none(score.score),
        "score_exact": exact_or_none(score.score),
        "interval": interval_or_none(score.interval),
        "evidence": score.evidence.value,
        "label": score.label.value,
    }


def delight_document(sheet: ScoreSheet, stages: list[StageDelight]) -> dict[str, Any]:
    """The answer of `GET journeys/{key}/delight/`."""
    return {
        **head_document(sheet),
        "stages": [
            {
                "stage": one.stage.key,
                "regularity": one.regularity.value if one.regularity else None,
                "interactions": [_rate(rate) for rate in one.rates],
            }
            for one in stages
        ],
    }


def _rate(rate: DelightRate) -> dict[str, Any]:
    return {
        "interaction": rate.interaction,
        "regularity": rate.regularity.value,
        "because": rate.because.value if rate.because else None,
        "happened": rate.happened,
        "seen": rate.seen,
        "rate": exact_or_none(rate.rate),
        "rate_interval": None if rate.interval is None else _shares(rate.interval),
        "spread": exact_or_none(rate.spread),
        "p_value": _rounded(rate.p_value),
        "locations_counted": len(rate.counted),
        "locations_often": rate.often,
        "locations": [_at_location(one) for one in rate.locations],
    }


def _shares(interval: tuple[float, float]) -> list[float]:
    low, high = interval
    return [round(low, SHRUNK_DIGITS), round(high, SHRUNK_DIGITS)]


def _at_location(one: LocationRate) -> dict[str, Any]:
    """Counts are given however few; a rate only of enough observations."""
    return {
        "location": one.location,
        "seen": one.seen,
        "happened": one.happened,
        "rate": exact_or_none(one.rate),
    }
