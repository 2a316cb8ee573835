"""What an observation is checked against: the frameworks, locations and channels of a programme.

Everything is read at each call, in a fixed number of statements, because statuses, targets and the
perimeter may change at any moment and in any process. Only the objects made of a guide's rows are
kept, together with the rows: they are used again while the rows just read are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import CharField, QuerySet, Value

from accounts.compiled import CompiledQuery, Question, Values, as_row, ask, columns
from journeys.models import Channel, Journey, Location, Programme
from observations.models import Reading
from scoring.models import Framework, Interaction
from scoring.scale import Item, Kind, Sheet, Thresholds

KEPT_GUIDES = 64


@dataclass(frozen=True, slots=True)
class Guide:
    """One framework version that takes observations, its items in journey order.

    `scored` are the items inside the perimeter, and `sheet` scores the answers to them.
    """

    framework_id: int
    journey_id: int
    thresholds: Thresholds
    items: dict[str, Item]
    scored: tuple[Item, ...]
    sheet: Sheet
    stage_ids: dict[str, int]
    channel_ids: dict[str, int]


@dataclass
class GuideBook:
    """The references of one programme, loaded in a fixed number of queries."""

    programme: Programme
    locations: dict[str, int]
    channels: dict[str, int]
    # {(journey key, version): status} of every version, to say why one is refused
    statuses: dict[tuple[str, int], str]
    # {(framework id, method)} that hold aggregated readings
    aggregated: set[tuple[int, str]]
    # {(journey key, version): (framework, whether its segment is in the perimeter)}
    _open: dict[tuple[str, int], tuple[Framework, bool]]
    _guides: dict[tuple[str, int], Guide] = field(default_factory=dict)

    # {(journey key, version): rows of the guide}, where they were asked for beforehand
    _levels: dict[tuple[str, int], list[Values]] = field(default_factory=dict)

    @classmethod
    def of(cls, programme: Programme) -> GuideBook:
        return cls.opened(programme, [], ask(*cls.questions(programme, [])))

    @staticmethod
    def questions(programme: Programme, wanted: Iterable[tuple[str, int]]) -> list[Question]:
        """What the book and the `wanted` guides are made of; `opened` takes the answers."""
        levels = [_LEVELS(programme.pk, journey, version) for journey, version in wanted]
        return [_FRAMEWORKS(programme.pk), _NAMES(programme.pk), *levels]

    @classmethod
    def opened(
        cls,
        programme: Programme,
        wanted: Iterable[tuple[str, int]],
        answers: Sequence[list[Values]],
    ) -> GuideBook:
        frameworks, names, *levels = answers
        statuses, taking = {}, {}
        for journey, segment_in, *values in frameworks:
            framework = as_row(Framework, values)
            statuses[journey, framework.version] = framework.status
            if framework.takes_observations:
                taking[journey, framework.version] = framework, segment_in
        named: dict[str, list[tuple[str, int]]] = {"location": [], "channel": [], "aggregated": []}
        for what, name, key in names:
            named[what].append((name, key))
        return cls(
            programme=programme,
            locations=dict(named["location"]),
            channels=dict(named["channel"]),
            statuses=statuses,
            aggregated={(framework_id, method) for method, framework_id in named["aggregated"]},
            _open=taking,
            _levels=dict(zip(wanted, levels, strict=True)),
        )

    @cached_property
    def journeys(self) -> frozenset[str]:
        """Every journey's key, asked for only to say why a document is refused."""
        keys = Journey.objects.filter(programme=self.programme).values_list("key", flat=True)
        return frozenset(keys)

    def guide(self, journey: str, version: int) -> Guide | None:
        """The guide, loaded when first asked for; None where it takes no observations."""
        key = (journey, version)
        if key not in self._guides and key in self._open:
            rows = self._levels.get(key) or _LEVELS.rows(self.programme.pk, journey, version)
            self._guides[key] = _guide(*self._open[key], rows)
        return self._guides.get(key)


class _Level(NamedTuple):
    """One level of an interaction, beside what the guide needs of the interaction itself."""

    pk: int
    key: str
    kind: str
    weight: int
    target: int | None
    stage_id: int
    stage: str
    stage_in: bool
    channel_id: int | None
    channel: str | None
    channel_in: bool | None
    points: int | None


_FRAMEWORKS = CompiledQuery(
    lambda programme_id: (
        Framework.objects.filter(journey__programme=programme_id)
        .order_by()
        .values_list("journey__key", "journey__segment__in_perimeter", *columns(Framework))
    ),
    int,
)


def _named(what: str, rows: QuerySet[Any], name: str, key: str = "pk") -> QuerySet[Any, Any]:
    return rows.order_by().values_list(Value(what, CharField()), name, key)


# (what it is, its name, its key) of all that a document may name beside its guide.
_NAMES = CompiledQuery(
    lambda programme_id: _named(
        "location", Location.objects.filter(programme=programme_id), "code"
    ).union(
        _named("channel", Channel.objects.filter(programme=programme_id), "key"),
        _named(
            "aggregated",
            Reading.objects.filter(framework__journey__programme=programme_id).distinct(),
            "method",
            "framework",
        ),
        all=True,
    ),
    int,
)
_LEVELS = CompiledQuery(
    lambda programme_id, journey, version: (
        Interaction.objects.filter(
            framework__journey__programme=programme_id,
            framework__journey__key=journey,
            framework__version=version,
        )
        .order_by("stage__position", "position", "pk", "levels__points")
        .values_list(
            "pk",
            "key",
            "kind",
            "weight",
            "target",
            "stage",
            "stage__key",
            "stage__in_perimeter",
            "touchpoint__channel",
            "touchpoint__channel__key",
            "touchpoint__channel__in_perimeter",
            "levels__points",
        )
    ),
    int,
    str,
    int,
)


def _item(row: _Level, levels: Iterable[_Level]) -> Item:
    """What `Interaction.as_item` gives."""
    return Item(
        key=row.key,
        stage=row.stage,
        kind=Kind(row.kind),
        weight=row.weight,
        points=tuple(level.points for level in levels if level.points is not None),
        target=row.target,
        channel=row.channel,
    )


def _guide(framework: Framework, segment_in: bool, levels: Iterable[Values]) -> Guide:
    return _kept_guide(
        framework.pk,
        framework.journey_id,
        framework.thresholds,
        bool(segment_in),
        tuple(map(tuple, levels)),
    )


@lru_cache(KEPT_GUIDES)
def _kept_guide(
    framework_id: int,
    journey_id: int,
    thresholds: Thresholds,
    segment_in: bool,
    rows: tuple[tuple[object, ...], ...],
) -> Guide:
    """The objects made of these rows; other rows make other objects."""
    items: dict[str, Item] = {}
    scored: list[Item] = []
    stage_ids: dict[str, int] = {}
    channel_ids: dict[str, int] = {}
    for _pk, grouped in groupby(map(_Level._make, rows), attrgetter("pk")):
        levels = list(grouped)
        row = levels[0]
        item = items[row.key] = _item(row, levels)
        stage_ids[row.stage] = row.stage_id
        if row.channel is not None and row.channel_id is not None:
            channel_ids[row.channel] = row.channel_id
        if segment_in and row.stage_in and row.channel_in is not False:
            scored.append(item)
    return Guide(
        framework_id=framework_id,
        journey_id=journey_id,
        thresholds=thresholds,
        items=items,
        scored=tuple(scored),
        sheet=Sheet(scored),
        stage_ids=stage_ids,
        channel_ids=channel_ids,
    )
