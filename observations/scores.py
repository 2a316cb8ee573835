"""The typical journey as it can be read now: cells and aggregated readings through the arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Sum, Value, When

from journeys.models import Journey, Location, Stage
from observations.models import PendingFold, Reading
from observations.selection import Selection
from scoring.classify import (
    CellRow,
    JourneyReading,
    LocationShare,
    Pool,
    ReadingRow,
    StageFacts,
    pool_variance,
    score_journey,
)
from scoring.models import Framework, Interaction, StageCell
from scoring.scale import Item, score_reading
from scoring.vector import VECTOR_FIELDS, Vector


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """The scores of one framework version under one selection, and how fresh they are.

    `framework` is None where the journey has no published version: nothing can be said then.
    `stages` are those of the perimeter in journey order; `versions` count the observations of
    each version in the window, newest first.
    """

    journey: Journey
    framework: Framework | None
    selection: Selection
    stages: tuple[Stage, ...]
    reading: JourneyReading
    versions: tuple[tuple[int, int], ...]
    pending: int


def read_scores(journey: Journey, selection: Selection) -> ScoreSheet:
    """The number of queries is fixed, and none of them touches an observation."""
    versions = _versions(journey, selection)
    framework = _framework(journey, selection, versions)
    stages = tuple(stage for stage in journey.stages.all() if stage.in_perimeter)
    if framework is None or not journey.segment.in_perimeter:
        stages = ()
    items = _items(framework, selection) if framework and stages else []
    reading = score_journey(
        stages=_facts(journey, stages, items),
        cells=_cells(framework, selection) if framework else [],
        pools=_pools(framework, stages) if framework else {},
        shares=_shares(journey, selection),
        method_weights=journey.programme.method_weights,
        thresholds=framework.thresholds if framework else Framework().thresholds,
        readings=_readings(framework, selection, stages, items) if framework else [],
    )
    pending = PendingFold.objects.filter(framework=framework).count() if framework else 0
    return ScoreSheet(journey, framework, selection, stages, reading, versions, pending)


def _within(selection: Selection) -> Q:
    """The part of a selection that is said by months, methods and locations."""
    wanted = Q()
    if selection.first_month:
        wanted &= Q(month__gte=selection.first_month)
    if selection.last_month:
        wanted &= Q(month__lte=selection.last_month)
    if selection.methods:
        wanted &= Q(method__in=selection.methods)
    if selection.locations is not None:
        wanted &= Q(location__code__in=selection.locations)
    return wanted


def _versions(journey: Journey, selection: Selection) -> tuple[tuple[int, int], ...]:
    rows = (
        StageCell.objects.filter(_within(selection), framework__journey=journey, stage=None)
        .values_list("framework__version")
        .annotate(total=Sum("n"))
        .order_by("-framework__version")
    )
    return tuple((version, int(total)) for version, total in rows if total > 0)


def _framework(
    journey: Journey, selection: Selection, versions: tuple[tuple[int, int], ...]
) -> Framework | None:
    """The version asked for, else the newest with observations in the window, else the newest."""
    published = Framework.objects.published().filter(journey=journey)
    version = selection.version or (versions[0][0] if versions else None)
    if version is not None:
        return published.get(version=version)
    return published.order_by("-version").first()


def _items(framework: Framework, selection: Selection) -> list[Item]:
    """The scored interactions; with a channel, those of that channel only."""
    rows = (
        Interaction.objects.filter(framework=framework, stage__in_perimeter=True)
        .exclude(touchpoint__channel__in_perimeter=False)
        .select_related("stage", "touchpoint__channel")
        .prefetch_related("levels")
    )
    if selection.channel:
        rows = rows.filter(touchpoint__channel__key=selection.channel)
    return [row.as_item() for row in rows]


def _facts(journey: Journey, stages: Iterable[Stage], items: list[Item]) -> list[StageFacts]:
    touched = set(journey.touchpoints.values_list("stage", flat=True))
    return [
        StageFacts.from_items(
            stage.key,
            items,
            criticality=stage.criticality,
            has_touchpoint=stage.pk in touched,
            reach_bp=stage.reach_bp,
        )
        for stage in stages
    ]


_SUMS: dict[str, Sum] = {f"sum_{name}": Sum(name) for name in VECTOR_FIELDS}


def _vector(row: Mapping[str, Any]) -> Vector:
    return Vector(*(int(row[f"sum_{name}"]) for name in VECTOR_FIELDS))


def _cells(framework: Framework, selection: Selection) -> list[CellRow]:
    """Rolled up over the months; a channel has facets of stages, and no journey row."""
    cells = StageCell.objects.filter(_within(selection), framework=framework)
    one = {"channel__key": selection.channel} if selection.channel else {"channel": None}
    cells = cells.filter(**one)
    rows = cells.values("stage__key", "method", "location__code").annotate(**_SUMS)
    return [
        CellRow(row["stage__key"], row["method"], row["location__code"], _vector(row))
        for row in rows.order_by("stage__key", "method", "location__code")
    ]


def _pools(framework: Framework, stages: Iterable[Stage]) -> dict[str, Pool]:
    """The pooled variance of each method: one vector a stage, location and wave, never filtered."""
    waves = framework.journey.programme.waves.all()
    whens = [
        When(month__gte=wave.first_month, month__lte=wave.last_month, then=Value(wave.pk))
        for wave in waves
    ]
    cells: QuerySet[StageCell, Any] = StageCell.objects.filter(
        framework=framework, channel=None, stage__in=[stage.pk for stage in stages]
    )
    wave = Case(*whens, default=Value(0), output_field=IntegerField())
    rows = (
        cells.annotate(wave=wave)
        .values("method", "stage", "location", "wave")
        .annotate(**_SUMS)
        .order_by()
    )
    vectors: dict[str, list[Vector]] = {}
    for row in rows:
        vectors.setdefault(row["method"], []).append(_vector(row))
    return {method: pool_variance(found) for method, found in vectors.items()}


def _shares(journey: Journey, selection: Selection) -> list[LocationShare]:
    """The programme's locations; a location or region filter replaces them by those it names."""
    rows = Location.objects.filter(programme=journey.programme)
    if selection.locations is not None:
        rows = rows.filter(code__in=selection.locations)
    return [LocationShare(code, share) for code, share in rows.values_list("code", "share_bp")]


def _readings(
    framework: Framework, selection: Selection, stages: Iterable[Stage], items: list[Item]
) -> list[ReadingRow]:
    """Aggregated counts per stage and method, all locations and months of the selection together."""
    counts: dict[str, dict[str, dict[int, int]]] = {}
    rows = Reading.objects.filter(_within(selection), framework=framework)
    for method, key, levels in rows.values_list("method", "interaction__key", "counts"):
        total = counts.setdefault(method, {}).setdefault(key, {})
        for points, count in levels.items():
            total[int(points)] = total.get(int(points), 0) + count
    found: list[ReadingRow] = []
    for method in sorted(counts):
        for stage in stages:
            own = [item for item in items if item.stage == stage.key]
            sums = score_reading(own, counts[method])
            if sums is not None:
                found.append(ReadingRow(stage.key, method, sums))
    return found
