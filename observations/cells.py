"""What scores are read from: cells and aggregated readings under a selection, each in one query.

What is told `among` several journeys or frameworks, all of one programme, comes by their primary keys
and takes no more queries than for one of them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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

from journeys.models import Journey, Location, Stage, Touchpoint
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


@dataclass(slots=True)
class _Strata:
    """The cells of one framework: those selected, and all of them by method, stage, location and wave."""

    perimeter: frozenset[str]
    sums: dict[tuple[Any, ...], Vector] = field(default_factory=dict)
    vectors: dict[tuple[Any, ...], Vector] = field(default_factory=dict)

    def add(self, place: tuple[Any, ...], vector: Vector) -> None:
        _add(self.vectors, place, vector)

    def add_cell(self, place: tuple[Any, ...], vector: Vector) -> None:
        """A cell comes in parts, one a wave."""
        _add(self.sums, place, vector)

    def cells(self) -> list[CellRow]:
        """In an order of their own, so that figures don't hang on the one of the database."""
        places = sorted(self.sums.items(), key=lambda item: _nulls_last(item[0]))
        return [
            CellRow(stage, method, location, vector) for (stage, method, location), vector in places
        ]

    def pools(self) -> dict[str, Pool]:
        return pools_among((method, vector) for (method, *_place), vector in self.vectors.items())


def _add(into: dict[tuple[Any, ...], Vector], place: tuple[Any, ...], vector: Vector) -> None:
    had = into.get(place)
    into[place] = vector if had is None else had + vector


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


def cells_and_pools_among(
    scored: Sequence[Scored], selection: Selection
) -> dict[int, tuple[list[CellRow], dict[str, Pool]]]:
    """What `cells_in` and `pools_of` say of each, from one reading of the cells, two under a channel."""
    if not scored:
        return {}
    found = {one.framework.pk: _Strata(frozenset(s.key for s in one.stages)) for one in scored}
    every = StageCell.objects.filter(framework__in=list(found), channel=None)
    every = every.annotate(wave=wave_of(scored[0].framework), is_selected=_is_within(selection))
    key = ("framework", "stage__key", "method", "location__code", "wave", "is_selected")
    for (framework, stage, method, location, wave, is_selected), vector in added_up(every, *key):
        strata = found[framework]
        if is_selected and not selection.channel:
            strata.add_cell((stage, method, location), vector)
        if stage in strata.perimeter:
            strata.add((method, stage, location, wave), vector)
    if selection.channel:
        _add_facets(found, selection)
    return {framework: (strata.cells(), strata.pools()) for framework, strata in found.items()}


def _add_facets(found: Mapping[int, _Strata], selection: Selection) -> None:
    cells = StageCell.objects.filter(
        within(selection), framework__in=list(found), channel__key=selection.channel
    )
    key = ("framework", "stage__key", "method", "location__code")
    for (framework, stage, method, location), vector in added_up(cells, *key):
        found[framework].add_cell((stage, method, location), vector)


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
    facet = {"channel__key": selection.channel} if selection.channel else {"channel": None}
    cells = StageCell.objects.filter(within(selection), framework=framework, **facet)
    key = ("wave", "stage__key", "method", "location__code")
    found: dict[int, list[CellRow]] = {}
    for (wave, stage, method, code), vector in summed(
        cells.annotate(wave=wave_of(framework)), *key
    ):
        found.setdefault(wave, []).append(CellRow(stage, method, code, vector))
    return found
