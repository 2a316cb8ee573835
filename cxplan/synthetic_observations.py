"""Plausible observations out of a seed, for a programme that has none yet or needs very many.

The same programme, seed and day give the same documents. Observers and customers are called SYN-...,
so that what was made up can be told from what was seen.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from journeys.bundle import Part
from journeys.models import Location, Method, Programme
from scoring.models import Framework
from scoring.scale import NA, NO, Item, Kind

# What is observed through a guide; readings, verbatims and surveys come from elsewhere.
GUIDED = (
    Method.MYSTERY_VISIT,
    Method.STORE_TEAM,
    Method.CUSTOMER_VISIT,
    Method.SHADOWING,
    Method.CALL_LISTENING,
)
USUAL = (Method.MYSTERY_VISIT, Method.STORE_TEAM)
NOT_APPLICABLE, NOT_OBSERVED, UNANSWERED = 0.03, 0.07, 0.02
STAGE_SEEN = 0.85
OPENS, CLOSES = 9, 19
OBSERVERS = 20
# How much better or worse a location, a stage and a single visit may be than the usual.
LOCATION_MOOD, STAGE_MOOD, VISIT_MOOD = 0.3, 0.5, 0.4


class NothingToObserve(Exception):
    """The programme has no framework or no place to observe; the message says which."""


@dataclass(frozen=True, slots=True)
class _Guide:
    journey: str
    version: int
    items: tuple[Item, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _World:
    """Everything that is drawn from, in a fixed order."""

    guides: Sequence[_Guide]
    methods: Sequence[str]
    locations: Sequence[str | None]
    shares: Sequence[int]
    months: Sequence[str]
    today: date


def synthetic_observations(
    programme: Programme, *, count: int, seed: int = 1, locations: int | None = None
) -> Iterator[Part]:
    """`count` documents in bundle format, over the published journeys and the months of the waves.

    `locations` keeps to that many, those with the largest shares. Raises NothingToObserve.
    """
    world = _world_of(programme, locations)
    return _documents(world, count, random.Random(f"{programme.slug}/{seed}"))  # noqa: S311 - to be repeatable is the point


def _world_of(programme: Programme, limit: int | None) -> _World:
    guides = _guides(programme)
    if not guides:
        raise NothingToObserve("It has no published framework: publish one first.")
    places = sorted(
        Location.objects.filter(programme=programme),
        key=lambda one: (-(one.share_bp or 0), one.code),
    )
    if limit is not None and not 1 <= limit <= len(places):
        raise NothingToObserve(f"It has {len(places)} locations: --locations is from 1 to that.")
    places = places[:limit]
    known = all(one.share_bp is not None for one in places) and any(one.share_bp for one in places)
    weighed = [method for method in GUIDED if programme.method_weights.get(method)]
    today = timezone.localdate()
    return _World(
        guides=guides,
        methods=weighed or USUAL,
        locations=[one.code for one in places] or [None],
        shares=[one.share_bp or 0 for one in places] if known else [1] * max(1, len(places)),
        months=_months(programme, today),
        today=today,
    )


def _guides(programme: Programme) -> list[_Guide]:
    """The newest published version of each journey."""
    published = Framework.objects.filter(
        journey__programme=programme, status=Framework.Status.PUBLISHED
    ).with_guide()
    newest = {
        framework.journey_id: framework
        for framework in published.order_by("journey__position", "journey_id", "version")
    }
    return [_guide(framework) for framework in newest.values()]


def _guide(framework: Framework) -> _Guide:
    items = tuple(interaction.as_item() for interaction in framework.interactions.all())
    return _Guide(
        journey=framework.journey.key,
        version=framework.version,
        items=items,
        channels=tuple(sorted({item.channel for item in items if item.channel})),
    )


def _months(programme: Programme, today: date) -> list[str]:
    """Months of the waves that have begun; without any, this one and the two before."""
    now = f"{today:%Y-%m}"
    months = [
        month
        for wave in programme.waves.all()
        for month in _months_between(wave.first_month, min(wave.last_month, now))
    ]
    last = today.year * 12 + today.month - 1
    return months or [f"{one // 12:04}-{one % 12 + 1:02}" for one in range(last - 2, last + 1)]


def _months_between(first: str, last: str) -> list[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{one // 12:04}-{one % 12 + 1:02}" for one in range(start, end + 1)]


def _documents(world: _World, count: int, rng: random.Random) -> Iterator[Part]:
    moods: dict[object, float] = {}
    for _number in range(count):
        guide = rng.choice(world.guides)
        location = rng.choices(world.locations, world.shares)[0]
        moment = _moment(rng, rng.choice(world.months), world.today)
        yield {
            "id": _uuid7(rng, moment),
            "journey": guide.journey,
            "framework_version": guide.version,
            "method": rng.choice(world.methods),
            "location": location,
            "channel": rng.choice(guide.channels) if guide.channels else None,
            "observed_at": moment.isoformat(),
            "observer": f"SYN-{rng.randint(1, OBSERVERS)}",
            "customer": f"SYN-{rng.randint(1, 99_999)}",
            "answers": _answers(rng, guide, location, moods),
        }


def _moment(rng: random.Random, month: str, today: date) -> datetime:
    """An opening hour of the month, on a day that has come."""
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    days = (min(after, max(today, first + timedelta(days=1))) - first).days
    day = first + timedelta(days=rng.randrange(days))
    hour = time(rng.randrange(OPENS, CLOSES), rng.randrange(60))
    return datetime.combine(day, hour, tzinfo=timezone.get_default_timezone())


def _uuid7(rng: random.Random, moment: datetime) -> str:
    """As a tablet mints it: the milliseconds, then chance."""
    milliseconds = int(moment.timestamp() * 1000)
    version, variant = 7 << 76, 2 << 62
    chance = (rng.getrandbits(12) << 64) | rng.getrandbits(62)
    return str(UUID(int=(milliseconds << 80) | version | variant | chance))


def _answers(
    rng: random.Random, guide: _Guide, location: str | None, moods: dict[object, float]
) -> dict[str, int | str]:
    """Better at some locations and stages than at others; at least one answer is a level."""
    visit = rng.gauss(0, VISIT_MOOD)
    if location not in moods:
        moods[location] = rng.gauss(0, LOCATION_MOOD)
    answers: dict[str, int | str] = {}
    while not any(isinstance(answer, int) for answer in answers.values()):
        seen: dict[str, bool] = {}
        for item in guide.items:
            stage = (guide.journey, item.stage)
            if stage not in moods:
                moods[stage] = rng.gauss(0, STAGE_MOOD)
            if seen.setdefault(item.stage, rng.random() < STAGE_SEEN):
                _answer(rng, item, visit + moods[location] + moods[stage], answers)
    return answers


def _answer(rng: random.Random, item: Item, mood: float, answers: dict[str, int | str]) -> None:
    """One answer; none at all where it was forgotten."""
    chance = rng.random()
    if chance < UNANSWERED:
        return
    if chance < UNANSWERED + NOT_APPLICABLE:
        answers[item.key] = NA
    elif chance < UNANSWERED + NOT_APPLICABLE + NOT_OBSERVED:
        answers[item.key] = NO
    else:
        # Basics mostly hold, delights are rare: 0 is the commonest level of either.
        usual = 0.5 if item.kind is Kind.PERFORMANCE else 0.35
        weights = [usual ** abs(points) * 2 ** (mood * points) for points in item.points]
        answers[item.key] = rng.choices(item.points, weights)[0]
