"""What scores are read from: cells and aggregated readings under a selection, each in one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Sum, Value, When

from journeys.models import Journey, Location, Stage
from observations.models import Reading
from observations.selection import Selection
from scoring.classify import (
    CellRow,
    LocationShare,
    Pool,
    ReadingRow,
    StageFacts,
    pool_variance,
)
from scoring.models import Framework, Interaction, StageCell
from scoring.scale import Item, score_reading
from scoring.vector import VECTOR_FIELDS, Vector


def within(selection: Selection) -> Q:
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


def versions_in(journey: Journey, selection: Selection) -> tuple[tuple[int, int], ...]:
    """Each framework version with observations, newest first, and how many."""
    rows = (
        StageCell.objects.filter(within(selection), framework__journey=journey, stage=None)
        .values_list("framework__version")
        .annotate(total=Sum("n"))
        .order_by("-framework__version")
    )
    return tuple((version, int(total)) for version, total in rows if total > 0)


def items_of(framework: Framework, selection: Selection) -> list[Item]:
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


def facts_of(journey: Journey, stages: Iterable[Stage], items: list[Item]) -> list[StageFacts]:
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


def cells_in(framework: Framework, selection: Selection) -> list[CellRow]:
    """Rolled up over the months; a channel has facets of stages, and no journey row."""
    cells = StageCell.objects.filter(within(selection), framework=framework)
    one = {"channel__key": selection.channel} if selection.channel else {"channel": None}
    cells = cells.filter(**one)
    rows = cells.values("stage__key", "method", "location__code").annotate(**_SUMS)
    return [
        CellRow(row["stage__key"], row["method"], row["location__code"], _vector(row))
        for row in rows.order_by("stage__key", "method", "location__code")
    ]


def pools_of(framework: Framework, stages: Iterable[Stage]) -> dict[str, Pool]:
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


def shares_in(journey: Journey, selection: Selection) -> list[LocationShare]:
    """The programme's locations; a location or region filter replaces them by those it names."""
    rows = Location.objects.filter(programme=journey.programme)
    if selection.locations is not None:
        rows = rows.filter(code__in=selection.locations)
    return [LocationShare(code, share) for code, share in rows.values_list("code", "share_bp")]


def readings_in(
    framework: Framework, selection: Selection, stages: Iterable[Stage], items: list[Item]
) -> list[ReadingRow]:
    """Aggregated counts per stage and method, all locations and months of the selection together."""
    counts: dict[str, dict[str, dict[int, int]]] = {}
    rows = Reading.objects.filter(within(selection), framework=framework)
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
