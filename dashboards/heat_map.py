"""The heat map as a page prints it: how far each stage is from its target, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.links import dashboard_url, journey_url, query_of, stage_url
from journeys.access import Access
from journeys.models import Journey
from observations.breakdowns import Dimension, Part
from observations.scores import ScoreSheet
from observations.selection import BadSelection
from scoring import wording
from scoring.classify import JourneyScore, StageScore
from scoring.labels import grade

# From this many points on a cell takes the next of its colours, on either side of the target.
STEPS: Final = (5, 20, 40)
# More rows than that are read region by region.
MOST_ROWS: Final = 40


class By(models.TextChoices):
    """What the rows are: a dimension of the journey, or the journeys of the other segments."""

    LOCATION = Dimension.LOCATION.value, Dimension.LOCATION.label
    REGION = Dimension.REGION.value, Dimension.REGION.label
    CHANNEL = Dimension.CHANNEL.value, Dimension.CHANNEL.label
    WAVE = Dimension.WAVE.value, Dimension.WAVE.label
    SEGMENT = "segment", gettext_lazy("Segment")

    @property
    def dimension(self) -> Dimension | None:
        return None if self is By.SEGMENT else Dimension(self.value)


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`delta` is typical minus target: below 0 it falls short. `tone` names a colour, or "hatched"."""

    text: str
    words: str
    tone: str
    n: str
    url: str


NO_CELL: Final = HeatCell(wording.UNKNOWN, "", "none", "", "")
# Of cells that are held against no target.
NO_TONES: Final = frozenset({"none", "hatched", "untargeted"})


@dataclass(frozen=True, slots=True)
class HeatRow:
    name: str
    url: str
    cells: tuple[HeatCell, ...]
    journey: HeatCell | None


def read_dimension(query: Mapping[str, Any]) -> By:
    """Raises BadSelection where `by` is no dimension; locations where nothing is said."""
    value = str(query.get("by", "")).strip() or By.LOCATION.value
    if value not in By.values:
        wanted = ", ".join(By.values)
        raise BadSelection({"by": _("One of: %(dimensions)s.") % {"dimensions": wanted}})
    return By(value)


def kept_dimension(query: Mapping[str, Any]) -> str:
    """The dimension that the address of the dashboard keeps; empty for what the panel shows unasked.

    One that can't be read is no filter: no figure of the page depends on it.
    """
    value = str(query.get("by", "")).strip()
    return value if value in By.values else ""


def heat_rows(
    parts: Sequence[Part],
    sheet: ScoreSheet,
    access: Access,
    dimension: Dimension,
    asked: Mapping[str, str],
) -> list[HeatRow]:
    """Each cell leads to the evidence of its stage under the filters of its row."""
    rows = []
    for part in parts:
        own = _filters(sheet, dimension, part, asked)
        rows.append(
            HeatRow(
                name=part.name,
                url=journey_url(access, sheet.journey, own) if part.journey else "",
                cells=tuple(
                    heat_cell(
                        part.stages.get(stage.key), stage_url(access, sheet.journey, stage.key, own)
                    )
                    for stage in sheet.stages
                ),
                journey=journey_cell(part.journey, journey_url(access, sheet.journey, own)),
            )
        )
    return rows


def _filters(
    sheet: ScoreSheet, dimension: Dimension, part: Part, asked: Mapping[str, str]
) -> dict[str, str]:
    """Those of the page, with the one that names the part; always of the version that is shown."""
    replaced = {"wave", "from", "to"} if dimension is Dimension.WAVE else {dimension.value}
    own = {name: value for name, value in asked.items() if name not in replaced}
    if sheet.framework and len(sheet.versions) > 1:
        own["framework"] = str(sheet.framework.version)
    return own | {dimension.value: part.key}


def heat_cell(stage: StageScore | None, url: str) -> HeatCell:
    if stage is None:
        return replace(NO_CELL, words=_("nothing to observe here"))
    n = wording.n_text(stage)
    if not wording.is_shown(stage):
        return HeatCell(_("n %(n)d") % {"n": stage.n}, n, "hatched", n, url if stage.n else "")
    score = wording.stage_score_text(stage)
    word = str(wording.WORDS[stage.label])
    if stage.gap is None:
        words = _("%(score)s, %(word)s, no target") % {"score": score, "word": word}
        return HeatCell(score, words, "untargeted", n, url)
    words = _("%(score)s, %(word)s, target %(target)s") % {
        "score": score,
        "word": word,
        "target": wording.target_text(stage.gap + (stage.score or 0)),
    }
    return HeatCell(
        wording.score_text(-stage.gap, stage.evidence), words, tone_of(-stage.gap), n, url
    )


def journey_cell(journey: JourneyScore | None, url: str) -> HeatCell | None:
    """The journey score of the part against its own target; None where a part has no journey score."""
    if journey is None or journey.score is None or journey.interval is None:
        return None
    evidence = grade(journey.interval)
    score = wording.score_text(journey.score, evidence)
    coverage = _("measured: %(coverage)s of the weight") % {"coverage": journey.coverage_text}
    if journey.target is None:
        return HeatCell(
            score, _("%(score)s, no target") % {"score": score}, "untargeted", coverage, url
        )
    delta = journey.score - journey.target
    words = _("%(score)s, target %(target)s") % {
        "score": score,
        "target": wording.target_text(journey.target),
    }
    return HeatCell(wording.score_text(delta, evidence), words, tone_of(delta), coverage, url)


def tone_of(delta: Fraction) -> str:
    """ "below-3" (40 points and more short) to "above-3", "at" between the first steps."""
    step = sum(abs(delta) >= points for points in STEPS)
    if not step:
        return "at"
    return f"{'below' if delta < 0 else 'above'}-{step}"


@dataclass(frozen=True, slots=True)
class Choice:
    """`query` asks the page for it, `panel` the panel in the dashboard, which then stands at `address`."""

    name: str
    query: str
    panel: str
    address: str
    is_chosen: bool


def dimension_choices(
    chosen: By, access: Access, journey: Journey, asked: Mapping[str, str], compare: str
) -> list[Choice]:
    """`compare` is what the dashboard around the panel is compared with, if with anything."""
    kept = {**asked, "compare": compare} if compare else asked
    return [
        Choice(
            name=str(one.label),
            query=query_of({"by": one.value, **asked}),
            panel=panel_query(kept, one.value),
            address=dashboard_url(access, journey, {**kept, "by": one.value}),
            is_chosen=one is chosen,
        )
        for one in By
    ]


def panel_query(kept: Mapping[str, str], by: str) -> str:
    """What the dashboard asks its panel: its own address, in which the panel then stays."""
    return query_of({**kept, **({"by": by} if by else {}), "panel": "1"})
