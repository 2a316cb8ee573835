"""The flat feed: a row a stage, place and wave, with the figures of the dashboard and of the API.

The journey score has a row of its own a place and wave, without a stage.

COLUMNS are final: a BI tool's report is built on their names. New ones come at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _

from actionplans.gaps import perimeter_journeys
from dashboards.boards import counted
from journeys.access import Access
from journeys.models import Journey, Method, Stage, Wave
from observations.breakdowns import Dimension, observed_in, read_breakdown
from observations.change_documents import decimal_or_none, interval_or_none
from observations.scores import ScoreSheet, read_scores
from observations.selection import BadSelection, read_selection
from scoring.figures import Evidence, JourneyScore, StageScore
from scoring.labels import grade
from scoring.numbers import decimal6

COLUMNS: Final = (
    "journey",
    "journey_name",
    "segment",
    "segment_name",
    "stage",
    "stage_name",
    "stage_number",
    "phase",
    "is_moment_of_truth",
    "place_kind",
    "place",
    "place_name",
    "wave",
    "wave_name",
    "method",
    "framework_version",
    "n",
    "score",
    "score_low",
    "score_high",
    "target",
    "gap",
    "gap_low",
    "gap_high",
    "label",
    "certainty",
    "evidence",
    "flags",
    "pending",
)
PARAMETERS: Final = ("journey", "wave", "place", "method")
ALL: Final = "all"
NO_STAGE: Final = dict.fromkeys(
    ("stage", "stage_name", "stage_number", "phase", "is_moment_of_truth")
)

Row = dict[str, Any]


class Place(models.TextChoices):
    """What a row is about: everything that its reader may see, a region of it, or a location."""

    ALL = "all"
    REGION = "region"
    LOCATION = "location"


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one journey in one wave; without a wave, of all months."""

    journey: Journey
    wave: Wave | None


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of one place; `n` counts the observations of its whole journey."""

    key: str | None
    name: str | None
    scores: Mapping[str, StageScore]
    journey: JourneyScore | None
    n: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call asks for; `method` is "" for all methods together."""

    access: Access
    blocks: tuple[Block, ...]
    places: tuple[Place, ...]
    method: str


def read_feed(query: Mapping[str, Any], access: Access) -> Asked:
    """Raises BadSelection with every parameter that is wrong."""
    asked = {name: str(query.get(name, "")).strip() for name in PARAMETERS}
    journeys = perimeter_journeys(access)
    waves = {wave.key: wave for wave in access.programme.waves.all()}
    places = _split(asked["place"])
    errors = _errors(asked, {one.key for one in journeys}, set(waves))
    if errors:
        raise BadSelection(errors)
    chosen = [one for one in journeys if asked["journey"] in ("", one.key)]
    times = [wave for key, wave in [(ALL, None), *waves.items()] if asked["wave"] in ("", key)]
    blocks = tuple(Block(journey, wave) for journey in chosen for wave in times)
    wanted_places = tuple(one for one in Place if not places or one.value in places)
    return Asked(access, blocks, wanted_places, asked["method"])


def _errors(asked: Mapping[str, str], journeys: set[str], waves: set[str]) -> dict[str, str]:
    errors = {}
    if asked["journey"] and asked["journey"] not in journeys:
        errors["journey"] = _("No journey of the perimeter has this key.")
    if asked["wave"] not in {"", ALL} | waves:
        errors["wave"] = _("No wave of the programme has this key.")
    if set(_split(asked["place"])) - set(Place.values):
        errors["place"] = _("One of: %(places)s.") % {"places": ", ".join(Place.values)}
    if set(_split(asked["method"])) - set(Method.values):
        errors["method"] = _("One of: %(methods)s.") % {"methods": ", ".join(Method.values)}
    return errors


def _split(value: str) -> list[str]:
    return [one.strip() for one in value.split(",") if one.strip()]


def rows_of(asked: Asked) -> Iterator[Row]:
    for block in asked.blocks:
        yield from block_rows(asked, block)


def block_rows(asked: Asked, block: Block) -> Iterator[Row]:
    """In the order of the places, then of the stages, the journey after them; a wave is read by the
    version that it has most recently, as on the dashboard."""
    query = {"method": asked.method, "wave": block.wave.key if block.wave else ""}
    selection = read_selection(query, journey=block.journey, access=asked.access)
    sheet = read_scores(block.journey, selection)
    for place in asked.places:
        for part in _parts(sheet, place):
            head = _head(block, sheet, asked.method) | {
                "place_kind": place.value,
                "place": part.key,
                "place_name": part.name,
            }
            for number, stage in enumerate(sheet.stages, start=1):
                if stage.key in part.scores:
                    yield head | _stage(stage, number) | _figures(part.scores[stage.key])
            if sheet.stages and part.journey is not None:
                yield head | NO_STAGE | _whole(part.journey, part.n)


def in_order(row: Row) -> list[Any]:
    return [row[name] for name in COLUMNS]


def _parts(sheet: ScoreSheet, place: Place) -> Iterator[Scored]:
    if place is Place.ALL:
        stages = {score.stage: score for score in sheet.reading.stages}
        yield Scored(None, None, stages, sheet.reading.journey, counted(sheet))
        return
    dimension = Dimension(place.value)
    seen = observed_in(sheet, dimension)
    for part in read_breakdown(sheet, dimension):
        yield Scored(part.key, part.name, part.stages, part.journey, seen.get(part.key, 0))


def _head(block: Block, sheet: ScoreSheet, method: str) -> Row:
    journey = block.journey
    return {
        "journey": journey.key,
        "journey_name": journey.name,
        "segment": journey.segment.key,
        "segment_name": journey.segment.name,
        "wave": block.wave.key if block.wave else None,
        "wave_name": block.wave.name if block.wave else None,
        "method": method or None,
        "framework_version": sheet.framework.version if sheet.framework else None,
        "pending": sheet.pending,
    }


def _stage(stage: Stage, number: int) -> Row:
    return {
        "stage": stage.key,
        "stage_name": stage.name,
        "stage_number": number,
        "phase": stage.phase,
        "is_moment_of_truth": stage.is_moment_of_truth,
    }


def _whole(journey: JourneyScore, n: int) -> Row:
    """The journey has no class, so none that is certain; the rest as of a stage."""
    low, high = interval_or_none(journey.interval) or (None, None)
    gap_low, gap_high = interval_or_none(journey.gap_interval) or (None, None)
    return {
        "n": n,
        "score": decimal_or_none(journey.score),
        "score_low": low,
        "score_high": high,
        "target": decimal_or_none(journey.target),
        "gap": decimal_or_none(journey.gap),
        "gap_low": gap_low,
        "gap_high": gap_high,
        "label": None,
        "certainty": None,
        "evidence": (grade(journey.interval) if journey.interval else Evidence.D).value,
        "flags": " ".join(flag.value for flag in journey.flags),
    }


def _figures(score: StageScore) -> Row:
    low, high = interval_or_none(score.interval) or (None, None)
    gap_low, gap_high = interval_or_none(score.gap_interval) or (None, None)
    return {
        "n": score.n,
        "score": decimal_or_none(score.score),
        "score_low": low,
        "score_high": high,
        "target": decimal6(score.target.score) if score.target else None,
        "gap": decimal_or_none(score.gap),
        "gap_low": gap_low,
        "gap_high": gap_high,
        "label": score.label.value,
        "certainty": score.certainty.value,
        "evidence": score.evidence.value,
        "flags": " ".join(flag.value for flag in score.flags),
    }
