"""What scores are read from: cells and aggregated readings under a selection, each in one query.

What is told `among` several journeys or frameworks, all of one programme, comes by their primary keys
and takes no more queries than for one of them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast

from journeys.models import Journey, Location, Programme, Stage, Touchpoint, Wave
from observations.models import Reading
from observations.selection import Selection
from scoring.classify import (
    CellRow,
    LocationShare,
    ReadingRow,
    StageFacts,
)
from scoring.items import Kind
from scoring.models import Framework, Interaction, ResponseLevel, StageCell
from scoring.scale import Item, score_reading
from scoring.vector import VECTOR_FIELDS, Vector

Counts = dict[str, dict[int, int]]  # {interaction: {points: how often}}
Versions = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A framework, the stages of its journey that are scored, and what is scored in them."""

    framework: Framework
    stages: tuple[Stage, ...]
    items: list[Item]


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


def _facet(selection: Selection) -> dict[str, str | None]:
    """The cells of one channel, else those of whole stages."""
    return {"channel__key": selection.channel} if selection.channel else {"channel": None}


def versions_in(journey: Journey, selection: Selection) -> Versions:
    """Each framework version with observations, newest first, and how many."""
    return versions_among([journey], selection).get(journey.pk, ())


def versions_among(journeys: Iterable[Journey], selection: Selection) -> dict[int, Versions]:
    cells = StageCell.objects.filter(
        within(selection), framework__journey__in=[journey.pk for journey in journeys], stage=None
    )
    rows = (
        cells.values_list("framework__journey", "framework__version")
        .annotate(total=Sum("n"))
        .order_by("framework__journey", "-framework__version")
    )
    found: dict[int, Versions] = {}
    for journey, version, total in rows:
        if total > 0:
            found[journey] = (*found.get(journey, ()), (version, int(total)))
    return found


def items_of(framework: Framework, selection: Selection) -> list[Item]:
    """The scored interactions; with a channel, those of that channel only."""
    return items_among([framework], selection).get(framework.pk, [])


# As `Interaction.as_item` has them, without the rows around them.
_OF_ITEM = ("key", "stage__key", "kind", "weight", "target", "touchpoint__channel__key")


def items_among(frameworks: Iterable[Framework], selection: Selection) -> dict[int, list[Item]]:
    rows = (
        Interaction.objects.filter(
            framework__in=[framework.pk for framework in frameworks], stage__in_perimeter=True
        )
        .exclude(touchpoint__channel__in_perimeter=False)
        .values_list("framework", "pk", *_OF_ITEM)
    )
    if selection.channel:
        rows = rows.filter(touchpoint__channel__key=selection.channel)
    interactions = list(rows)
    points: dict[int, list[int]] = {}
    levels = ResponseLevel.objects.filter(
        interaction__in=[pk for _framework, pk, *_own in interactions]
    )
    for interaction, one in levels.order_by("points").values_list("interaction", "points"):
        points.setdefault(interaction, []).append(one)
    found: dict[int, list[Item]] = {}
    for framework, pk, key, stage, kind, weight, target, channel in interactions:
        item = Item(key, stage, Kind(kind), weight, tuple(points.get(pk, ())), target, channel)
        found.setdefault(framework, []).append(item)
    return found


def touched_among(journeys: Iterable[Journey]) -> frozenset[int]:
    """The stages that have a touchpoint, by their primary keys."""
    rows = Touchpoint.objects.filter(journey__in=[journey.pk for journey in journeys])
    return frozenset(rows.values_list("stage", flat=True))


def facts_of(journey: Journey, stages: Iterable[Stage], items: list[Item]) -> list[StageFacts]:
    return stage_facts(stages, items, touched_among([journey]))


def stage_facts(
    stages: Iterable[Stage], items: list[Item], touched: Container[int]
) -> list[StageFacts]:
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


class _Whole(Cast):
    """An integer as the database has it: Django would call `int` on each of the thousands of sums."""

    @property
    def convert_value(self) -> Any:
        return self._convert_value_noop  # type: ignore[attr-defined]


# PostgreSQL sums bigints as numerics, which are slow to read.
_SUMS = {f"sum_{name}": _Whole(Sum(name), BigIntegerField()) for name in VECTOR_FIELDS}


def summed(cells: QuerySet[StageCell, Any], *key: str) -> Iterator[tuple[tuple[Any, ...], Vector]]:
    """The sum of the cells that share a key, beside that key; in the order of the key, what is null
    last.

    Put in order here: a database would sort every cell by its words before adding up.
    """
    yield from sorted(added_up(cells, *key), key=lambda row: _nulls_last(row[0]))


def added_up(
    cells: QuerySet[StageCell, Any], *key: str
) -> Iterator[tuple[tuple[Any, ...], Vector]]:
    """As `summed`, in no order."""
    rows = cells.order_by().values(*key).annotate(**_SUMS).values_list(*key, *_SUMS)
    width = len(key)
    for row in rows:
        yield row[:width], Vector(*row[width:])


def _nulls_last(key: Iterable[Any]) -> list[tuple[bool, Any]]:
    return [(one is None, one) for one in key]


def cells_in(
    framework: Framework, selection: Selection, stage: Stage | None = None
) -> list[CellRow]:
    """Rolled up over the months, of all stages or of one.

    A channel has facets of stages, and no journey row.
    """
    cells = StageCell.objects.filter(within(selection), framework=framework)
    if stage is not None:
        cells = cells.filter(stage=stage)
    rows = summed(cells.filter(**_facet(selection)), "stage__key", "method", "location__code")
    return [CellRow(stage, method, code, vector) for (stage, method, code), vector in rows]


def cells_among(
    scored: Sequence[Scored], selection: Selection, shares: Mapping[int, LocationShare]
) -> dict[int, list[CellRow]]:
    """What `cells_in` says of each, in one query; `shares` as `shares_of` has them.

    What came after the stages and locations had been read is left out, as they are.
    """
    found: dict[int, list[CellRow]] = {one.framework.pk: [] for one in scored}
    stages = (stage for one in scored for stage in one.framework.journey.stages.all())
    keys: dict[int | None, str | None] = {None: None} | {stage.pk: stage.key for stage in stages}
    codes: dict[int | None, str | None] = {None: None} | {
        pk: own.code for pk, own in shares.items()
    }
    cells = StageCell.objects.filter(
        within(selection), framework__in=list(found), **_facet(selection)
    )
    # By numbers: a database sorts words slowly, and joins them to each cell before it adds up.
    rows = added_up(cells, "framework", "stage", "method", "location")
    for (framework, stage, method, location), vector in rows:
        if stage in keys and location in codes:
            found[framework].append(CellRow(keys[stage], method, codes[location], vector))
    for own in found.values():
        own.sort(key=lambda one: _nulls_last((one.stage, one.method, one.location)))
    return found


def wave_of(framework: Framework) -> Case:
    """The wave in which a cell's month lies; 0 for those in none."""
    return wave_among(framework.journey.programme.waves.all())


def wave_among(waves: Iterable[Wave]) -> Case:
    whens = [
        When(month__gte=wave.first_month, month__lte=wave.last_month, then=Value(wave.pk))
        for wave in waves
    ]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def shares_in(journey: Journey, selection: Selection) -> list[LocationShare]:
    """The programme's locations; a location or region filter replaces them by those it names."""
    return shares_among(shares_of(journey.programme), selection)


def shares_of(programme: Programme) -> dict[int, LocationShare]:
    """All locations of a programme, by primary key."""
    rows = Location.objects.filter(programme=programme)
    return {
        pk: LocationShare(code, share)
        for pk, code, share in rows.values_list("pk", "code", "share_bp")
    }


def shares_among(shares: Mapping[int, LocationShare], selection: Selection) -> list[LocationShare]:
    wanted = selection.locations
    return [one for one in shares.values() if wanted is None or one.code in wanted]


def readings_in(
    framework: Framework, selection: Selection, stages: Iterable[Stage], items: list[Item]
) -> list[ReadingRow]:
    """Aggregated counts per stage and method, all locations and months of the selection together."""
    one = Scored(framework, tuple(stages), items)
    return readings_among([one], selection)[framework.pk]


def readings_among(scored: Iterable[Scored], selection: Selection) -> dict[int, list[ReadingRow]]:
    own = {one.framework.pk: one for one in scored}
    rows = Reading.objects.filter(within(selection), framework__in=list(own))
    found: dict[int, list[ReadingRow]] = {framework: [] for framework in own}
    for (framework, method), counts in sorted(reading_counts(rows, "framework", "method").items()):
        one = own[framework]
        found[framework] += _scored_readings(method, counts, _by_stage(one.stages, one.items))
    return found


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
    by_stage = _by_stage(stages, items)
    for (*own, method), counts in sorted(reading_counts(rows, *key, "method").items()):
        if scored := _scored_readings(method, counts, by_stage):
            found.setdefault(tuple(own), []).extend(scored)
    return found


def _by_stage(stages: Iterable[Stage], items: Sequence[Item]) -> dict[str, list[Item]]:
    return {stage.key: [item for item in items if item.stage == stage.key] for stage in stages}


def _scored_readings(
    method: str, counts: Counts, by_stage: Mapping[str, Sequence[Item]]
) -> list[ReadingRow]:
    scored = ((stage, score_reading(items, counts)) for stage, items in by_stage.items())
    return [ReadingRow(stage, method, sums) for stage, sums in scored if sums is not None]


def cells_by_wave(framework: Framework, selection: Selection) -> dict[int, list[CellRow]]:
    """`cells_in` for each wave by its primary key; 0 holds the months that are in none."""
    cells = StageCell.objects.filter(within(selection), framework=framework, **_facet(selection))
    key = ("wave", "stage__key", "method", "location__code")
    found: dict[int, list[CellRow]] = {}
    for (wave, stage, method, code), vector in summed(
        cells.annotate(wave=wave_of(framework)), *key
    ):
        found.setdefault(wave, []).append(CellRow(stage, method, code, vector))
    return found
