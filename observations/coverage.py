"""What was planned against what was observed: by location, method, wave and stage.

Read from the visits and the score cells alone, in a fixed number of queries: the cost grows with
the plan, not with the observations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet, Sum
from django.http import QueryDict
from django.utils import timezone

from journeys.access import Access
from journeys.models import Journey, Location, Method, Stage, Wave
from journeys.rights import Right
from observations.fulfilling import revisions_of, seen_of
from observations.models import Revision, Visit
from observations.visit_flags import Seen, flags_of, read_flag_facts
from observations.visit_querysets import VisitQuerySet, VisitState, state_of
from scoring.models import Framework, StageCell

MAX_FLAGGED = 20


@dataclass(slots=True)
class Tally:
    """Observations, never visits: wanted, made for the plan, lost with visits that were missed.

    `extra` were made and belong to no plan. What is beyond a quota is not counted as done.
    """

    planned: int = 0
    done: int = 0
    late: int = 0
    extra: int = 0

    @property
    def missing(self) -> int:
        return self.planned - self.done

    @property
    def coming(self) -> int:
        """Still to be made by visits that are not over."""
        return self.missing - self.late

    @property
    def percent(self) -> int:
        return self.done * 100 // self.planned if self.planned else 0

    @property
    def state(self) -> str:
        if self.late:
            return "late"
        return "done" if self.planned and not self.missing else "open"

    def add(self, visit: Visit, today: date) -> None:
        done = min(visit.done, visit.quota)
        self.planned += visit.quota
        self.done += done
        if visit.last_on < today:
            self.late += visit.quota - done


@dataclass(frozen=True, slots=True)
class CoverageFilter:
    """What the page is narrowed to; `location_ids` None is all that this person may read."""

    journey: Journey | None
    wave: Wave | None
    method: str
    region: str
    location_ids: frozenset[int] | None
    waves: tuple[Wave, ...]
    journeys: tuple[Journey, ...]


@dataclass(frozen=True, slots=True)
class StageNeed:
    """How many observations a stage has at a location, and how many it needs for a label (R45)."""

    n: int
    coming: int
    needed: int

    @property
    def state(self) -> str:
        if self.n >= self.needed:
            return "done"
        return "open" if self.n + self.coming >= self.needed else "late"


@dataclass(slots=True)
class PlaceRow:
    location: Location
    by_method: dict[str, Tally]
    total: Tally
    stages: list[StageNeed] = field(default_factory=list)


@dataclass(slots=True)
class WaveRow:
    wave: Wave | None
    by_method: dict[str, Tally]
    total: Tally


@dataclass(frozen=True, slots=True)
class Flagged:
    revision: Revision
    flags: list[str]


@dataclass(frozen=True, slots=True)
class Coverage:
    filter: CoverageFilter
    methods: tuple[tuple[str, str], ...]
    stages: tuple[Stage, ...]
    rows: tuple[PlaceRow, ...]
    waves: tuple[WaveRow, ...]
    total: Tally
    late: tuple[Visit, ...]
    flagged: tuple[Flagged, ...]
    flagged_count: int


def read_filter(params: QueryDict, access: Access) -> CoverageFilter:
    """A wave that is not named is the one of today; named empty it is all of them."""
    programme = access.programme
    journeys = tuple(programme.journeys.all())
    visited = Visit.objects.standing().filter(programme=programme).order_by()
    with_visits = set(visited.values_list("journey", flat=True).distinct())
    planned = [one for one in journeys if one.pk in with_visits]
    journey = next((one for one in journeys if one.key == params.get("journey")), None)
    waves = tuple(programme.waves.all())
    return CoverageFilter(
        journey=journey or next(iter(planned or journeys), None),
        wave=_wave(params, waves),
        method=params.get("method", "") if params.get("method") in Method.values else "",
        region=params.get("region", ""),
        location_ids=access.reading_location_ids,
        waves=waves,
        journeys=journeys,
    )


def _wave(params: QueryDict, waves: Sequence[Wave]) -> Wave | None:
    if "wave" in params:
        return next((one for one in waves if one.key == params["wave"]), None)
    month = f"{timezone.localdate():%Y-%m}"
    return next((one for one in waves if one.first_month <= month <= one.last_month), None)


def selected_visits(chosen: CoverageFilter, *, any_wave: bool = False) -> VisitQuerySet:
    """Those that stand, in what is chosen; `any_wave` leaves the wave out of it."""
    rows: VisitQuerySet = Visit.objects.standing().filter(journey=chosen.journey)
    if chosen.location_ids is not None:
        rows = rows.filter(location__in=chosen.location_ids)
    if chosen.method:
        rows = rows.filter(method=chosen.method)
    if chosen.region:
        rows = rows.filter(location__region=chosen.region)
    if chosen.wave is not None and not any_wave:
        rows = rows.filter(wave=chosen.wave)
    return rows


def read_coverage(access: Access, chosen: CoverageFilter) -> Coverage:
    today = timezone.localdate()
    every = list(
        selected_visits(chosen, any_wave=True).with_done().select_related("location", "wave")
    )
    visits = [one for one in every if chosen.wave is None or one.wave_id == chosen.wave.pk]
    methods = tuple((m, str(Method(m).label)) for m in Method.values if m in _methods(every))
    rows = _place_rows(visits, today)
    _add_extras(rows, visits, chosen, [method for method, _label in methods])
    stages = _add_stages(rows, chosen)
    total = Tally()
    for one in visits:
        total.add(one, today)
    total.extra = sum(row.total.extra for row in rows.values())
    flagged = _flagged(access, selected_visits(chosen))
    return Coverage(
        filter=chosen,
        methods=methods,
        stages=stages,
        rows=tuple(sorted(rows.values(), key=lambda row: (-row.total.late, row.location.code))),
        waves=_wave_rows(every, today),
        total=total,
        late=tuple(one for one in visits if _is_missed(one, today)),
        flagged=tuple(flagged[:MAX_FLAGGED]) if access.may(Right.SEE_OBSERVATIONS) else (),
        flagged_count=len(flagged),
    )


def _methods(visits: Iterable[Visit]) -> set[str]:
    return {one.method for one in visits}


def _is_missed(visit: Visit, today: date) -> bool:
    state = state_of(
        cancelled=False, done=visit.done, quota=visit.quota, last_on=visit.last_on, today=today
    )
    return state is VisitState.MISSED


def _place_rows(visits: Iterable[Visit], today: date) -> dict[int, PlaceRow]:
    rows: dict[int, PlaceRow] = {}
    for one in visits:
        row = rows.setdefault(one.location_id, PlaceRow(one.location, {}, Tally()))
        row.by_method.setdefault(one.method, Tally()).add(one, today)
        row.total.add(one, today)
    return rows


def _wave_rows(visits: Iterable[Visit], today: date) -> tuple[WaveRow, ...]:
    rows: dict[int | None, WaveRow] = {}
    for one in visits:
        row = rows.setdefault(one.wave_id, WaveRow(one.wave, {}, Tally()))
        row.by_method.setdefault(one.method, Tally()).add(one, today)
        row.total.add(one, today)
    return tuple(sorted(rows.values(), key=lambda row: row.wave.first_month if row.wave else ""))


def _cells(chosen: CoverageFilter) -> QuerySet[StageCell]:
    cells = StageCell.objects.filter(framework__journey=chosen.journey, channel=None)
    if chosen.wave is not None:
        cells = cells.filter(month__gte=chosen.wave.first_month, month__lte=chosen.wave.last_month)
    return cells.order_by()


def _add_extras(
    rows: dict[int, PlaceRow],
    visits: Iterable[Visit],
    chosen: CoverageFilter,
    methods: Sequence[str],
) -> None:
    """Observed by a method that is planned, and for no plan; at a planned location or not."""
    cells = _cells(chosen).filter(stage=None, method__in=methods).exclude(location=None)
    if chosen.location_ids is not None:
        cells = cells.filter(location__in=chosen.location_ids)
    if chosen.method:
        cells = cells.filter(method=chosen.method)
    if chosen.region:
        cells = cells.filter(location__region=chosen.region)
    seen = cells.values_list("location", "method").annotate(total=Sum("n"))
    made: dict[tuple[int, str], int] = defaultdict(int)
    for one in visits:
        made[one.location_id, one.method] += one.done
    extras = {key: max(total - made[key], 0) for *key_, total in seen for key in [tuple(key_)]}
    known = Location.objects.filter(pk__in={place for (place, _m), n in extras.items() if n})
    locations = {one.pk: one for one in known}
    for (place, method), extra in extras.items():
        if extra:
            row = rows.setdefault(place, PlaceRow(locations[place], {}, Tally()))
            row.by_method.setdefault(method, Tally()).extra = extra
            row.total.extra += extra


def _add_stages(rows: dict[int, PlaceRow], chosen: CoverageFilter) -> tuple[Stage, ...]:
    """To each row how far each stage is; the stages. None without a published framework."""
    framework = (
        Framework.objects.filter(journey=chosen.journey, status=Framework.Status.PUBLISHED)
        .order_by("-version")
        .first()
    )
    if framework is None:
        return ()
    stages = tuple(Stage.objects.filter(journey=chosen.journey, in_perimeter=True))
    cells = _cells(chosen).filter(stage__in=stages, location__in=rows)
    if chosen.method:
        cells = cells.filter(method=chosen.method)
    seen: dict[tuple[int, int], int] = {
        (place, stage): int(total)
        for place, stage, total in cells.values_list("location", "stage").annotate(total=Sum("n"))
    }
    needed = {one.pk: framework.thresholds.observations_needed(one.criticality) for one in stages}
    for place, row in rows.items():
        row.stages = [
            StageNeed(max(seen.get((place, one.pk), 0), 0), row.total.coming, needed[one.pk])
            for one in stages
        ]
    return stages


def _flagged(access: Access, visits: VisitQuerySet) -> list[Flagged]:
    """Observations of these visits that broke a rule, the latest first."""
    rows = list(revisions_of(visits).filter(observation__is_counted=True).order_by("-observed_at"))
    seen: list[Seen] = seen_of(rows)
    facts = read_flag_facts(access.programme, seen)
    judged = zip(rows, seen, strict=True)
    found = [Flagged(row, flags_of(one, facts)) for row, one in judged]
    return [one for one in found if one.flags]
