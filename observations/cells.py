"""What scores are read from: cells and aggregated readings under a selection, each in one query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast

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

Counts = dict[str, dict[int, int]]  # {interaction: {points: how often}}


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


# PostgreSQL sums bigints as numerics, which are slow to read.
_SUMS = {f"sum_{name}": Cast(Sum(name), BigIntegerField()) for name in VECTOR_FIELDS}


def summed(cells: QuerySet[StageCell, Any], *key: str) -> Iterator[tuple[tuple[Any, ...], Vector]]:
    """The sum of the cells that share a key, beside that key; in the order of the key."""
    rows = cells.values(*key).annotate(**_SUMS).values_list(*key, *_SUMS).order_by(*key)
    for row in rows:
        yield row[: len(key)], Vector(*row[len(key) :])


def cells_in(
    framework: Framework, selection: Selection, stage: Stage | None = None
) -> list[CellRow]:
    """Rolled up over the months, of all stages or of one.

    A channel has facets of stages, and no journey row.
    """
    cells = StageCell.objects.filter(within(selection), framework=framework)
    if stage is not None:
        cells = cells.filter(stage=stage)
    one = {"channel__key": selection.channel} if selection.channel else {"channel": None}
    rows = summed(cells.filter(**one), "stage__key", "method", "location__code")
    return [CellRow(stage, method, code, vector) for (stage, method, code), vector in rows]


def pools_of(framework: Framework, stages: Iterable[Stage]) -> dict[str, Pool]:
    """The pooled variance of each method: one vector a stage, location and wave, never filtered."""
    cells = StageCell.objects.filter(
        framework=framework, channel=None, stage__in=[stage.pk for stage in stages]
    )
    rows = summed(cells.annotate(wave=wave_of(framework)), "method", "stage", "location", "wave")
    return pools_among((method, vector) for (method, *_key), vector in rows)


def pools_among(strata: Iterable[tuple[str, Vector]]) -> dict[str, Pool]:
    """The pooled variance of each method, from (method, vector) of each stage, location and wave."""
    vectors: dict[str, list[Vector]] = {}
    for method, vector in strata:
        vectors.setdefault(method, []).append(vector)
    return {method: pool_variance(found) for method, found in vectors.items()}


def cells_and_pools(
    framework: Framework, selection: Selection, stages: Iterable[Stage]
) -> tuple[list[CellRow], dict[str, Pool]]:
    """What `cells_in` and `pools_of` say, from one reading of the cells unless a channel is selected.

    A cell may come in parts, one a wave: they have to be added up.
    """
    if selection.channel:
        return cells_in(framework, selection), pools_of(framework, stages)
    perimeter = {stage.key for stage in stages}
    key = ("stage__key", "method", "location__code", "wave", "is_selected")
    every = StageCell.objects.filter(framework=framework, channel=None)
    rows = summed(every.annotate(wave=wave_of(framework), is_selected=_is_within(selection)), *key)
    cells: list[CellRow] = []
    strata: dict[tuple[Any, ...], Vector] = {}
    for (stage, method, location, wave, is_selected), vector in rows:
        if is_selected:
            cells.append(CellRow(stage, method, location, vector))
        if stage in perimeter:
            place = (method, stage, location, wave)
            strata[place] = strata[place] + vector if place in strata else vector
    return cells, pools_among((method, vector) for (method, *_place), vector in strata.items())


def _is_within(selection: Selection) -> Case | Value:
    wanted = within(selection)
    if not wanted:
        return Value(True)
    return Case(When(wanted, then=True), default=False, output_field=BooleanField())


def wave_of(framework: Framework) -> Case:
    """The wave in which a cell's month lies; 0 for those in none."""
    whens = [
        When(month__gte=wave.first_month, month__lte=wave.last_month, then=Value(wave.pk))
        for wave in framework.journey.programme.waves.all()
    ]
    return Case(*whens, default=Value(0), output_field=IntegerField())


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
    rows = Reading.objects.filter(within(selection), framework=framework)
    return sum_readings(rows, stages, items)


def reading_counts(rows: QuerySet[Reading], *key: str) -> dict[tuple[Any, ...], Counts]:
    """{key: {interaction: {points: how often}}}, the readings that share a key added up."""
    found: dict[tuple[Any, ...], Counts] = {}
    for *own, interaction, levels in rows.values_list(*key, "interaction__key", "counts"):
        total = found.setdefault(tuple(own), {}).setdefault(interaction, {})
        for points, count in levels.items():
            total[int(points)] = total.get(int(points), 0) + count
    return found


def sum_readings(
    rows: QuerySet[Reading], stages: Iterable[Stage], items: Sequence[Item]
) -> list[ReadingRow]:
    """The aggregated counts per stage and method."""
    return grouped_readings(rows, (), stages, items).get((), [])


def grouped_readings(
    rows: QuerySet[Reading], key: Sequence[str], stages: Iterable[Stage], items: Sequence[Item]
) -> dict[tuple[Any, ...], list[ReadingRow]]:
    """The same for each value of `key`, names of columns."""
    found: dict[tuple[Any, ...], list[ReadingRow]] = {}
    by_stage = {stage.key: [item for item in items if item.stage == stage.key] for stage in stages}
    for (*own, method), counts in sorted(reading_counts(rows, *key, "method").items()):
        for stage, scored in by_stage.items():
            sums = score_reading(scored, counts)
            if sums is not None:
                found.setdefault(tuple(own), []).append(ReadingRow(stage, method, sums))
    return found


def cells_by_wave(framework: Framework, selection: Selection) -> dict[int, list[CellRow]]:
    """`cells_in` for each wave by its primary key; 0 holds the months that are in none."""
    facet = {"channel__key": selection.channel} if selection.channel else {"channel": None}
    cells = StageCell.objects.filter(within(selection), framework=framework, **facet)
    key = ("wave", "stage__key", "method", "location__code")
    found: dict[int, list[CellRow]] = {}
    for (wave, stage, method, code), vector in summed(
        cells.annotate(wave=wave_of(framework)), *key
    ):
        found.setdefault(wave, []).append(CellRow(stage, method, code, vector))
    return found
