"""The answers behind a sheet: one visit (an observation in a stage) after the other, from the database.

Only revisions whose sums are in the cells that the sheet was read from, so that what is added up
from these rows is what every page shows. Observers and customers are left out: no export names an
employee or a customer (R147).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from journeys.access import Access
from journeys.models import Location, Stage
from journeys.rights import Right
from observations.cells import within
from observations.models import PendingFold, Revision, StageResult
from observations.scores import ScoreSheet, read_scores
from observations.selection import Selection
from scoring.items import Item, Kind
from scoring.models import Framework
from scoring.scale import FULL_DENOMINATOR_METHODS, NA, Answer

READ_AT_ONCE: Final = 500
ATTEMPTS: Final = 5
Read = TypeVar("Read")


class ScoresKeepMoving(Exception):
    """Observations were counted each time while the figures were read: try again in a moment."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One interaction of one visit, and what it adds: raw = w p, counted = raw or 0 by the gate."""

    item: Item
    answer: Answer | None
    raw: int
    counted: int
    P: int
    Q: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One observation in one stage; of a channel, the interactions of that channel alone.

    `result` are the sums kept when it was accepted; `is_gated` says that a basic of the stage was
    missed. `is_full` counts what was not seen among what could be won and lost.
    """

    stage: Stage
    revision_id: int
    observation: str
    observed_on: str
    month: str
    method: str
    location: str
    is_full: bool
    is_gated: bool
    result: StageResult
    lines: tuple[AnswerLine, ...]


def sees_observations(access: Access, selection: Selection) -> bool:
    """Whether this person may read each observation that the selection scores."""
    own = access.observation_location_ids
    if own is None:
        return True
    if not access.may(Right.SEE_OBSERVATIONS) or selection.locations is None:
        return False
    codes = Location.objects.filter(pk__in=own).values_list("code", flat=True)
    return set(selection.locations) <= set(codes)


def raw_count(sheet: ScoreSheet) -> int:
    """How many rows the answers would take, from the counts alone."""
    items: dict[str, int] = {}
    for item in sheet.items:
        items[item.stage] = items.get(item.stage, 0) + 1
    return sum(
        method.n * items.get(stage.stage, 0)
        for stage in sheet.reading.stages
        for method in stage.methods
        if not method.aggregated
    )


def read_settled(sheet: ScoreSheet, read: Callable[[ScoreSheet], Read]) -> tuple[ScoreSheet, Read]:
    """What `read` finds behind a sheet, and the sheet itself, read again until nothing was folded between.

    Raises ScoresKeepMoving where that can't be had.
    """
    for _attempt in range(ATTEMPTS):
        found = read(sheet)
        if sheet.framework is None:
            return sheet, found
        now = Framework.objects.get(pk=sheet.framework.pk).cells_revision
        if now == sheet.framework.cells_revision:
            return sheet, found
        sheet = read_scores(sheet.journey, sheet.selection)
    raise ScoresKeepMoving


def folded_revisions(sheet: ScoreSheet) -> frozenset[int]:
    """The revisions that the cells of the sheet are the sums of."""
    return frozenset(_folded(sheet).values_list("pk", flat=True))


def _folded(sheet: ScoreSheet) -> QuerySet[Revision]:
    """Counted now, less what the outbox still holds to be added, plus what it holds to be taken."""
    net = PendingFold.objects.filter(revision=OuterRef("pk")).order_by().values("revision")
    in_outbox = Coalesce(Subquery(net.annotate(net=Sum("sign")).values("net")), 0)
    counts = Case(
        When(is_current=True, observation__is_counted=True, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    rows = Revision.objects.filter(within(sheet.selection), framework=sheet.framework)
    return rows.annotate(counts=counts, in_outbox=in_outbox).filter(counts=F("in_outbox") + 1)


def visits_of(sheet: ScoreSheet, folded: frozenset[int] | None = None) -> Iterator[Visit]:
    """By stage, method, location and time; those of `folded`, else all that count now.

    Memory does not grow with the number of visits.
    """
    for stage in sheet.stages:
        items = [item for item in sheet.items if item.stage == stage.key]
        gated = _gated(sheet, stage) if sheet.selection.channel else None
        for result in _results(sheet, stage, every=folded is not None):
            revision = result.revision
            if folded is None or revision.pk in folded:
                is_gated = _is_broken(result) if gated is None else revision.pk in gated
                yield _visit(stage, items, result, is_gated=is_gated)


def _results(sheet: ScoreSheet, stage: Stage, *, every: bool) -> Iterator[StageResult]:
    revisions = Revision.objects.filter(within(sheet.selection), framework=sheet.framework)
    channel = sheet.selection.channel
    rows = StageResult.objects.filter(
        stage=stage,
        revision__in=revisions if every else revisions.counted(),
        **({"channel__key": channel} if channel else {"channel": None}),
    )
    ordered = rows.select_related("revision__observation", "revision__location").order_by(
        "revision__method",
        F("revision__location__code").asc(nulls_last=True),
        "revision__observed_at",
        "revision",
    )
    return ordered.iterator(chunk_size=READ_AT_ONCE)


def _gated(sheet: ScoreSheet, stage: Stage) -> frozenset[int]:
    """The gate is the stage's, whatever channel is read."""
    rows = StageResult.objects.filter(
        stage=stage,
        channel=None,
        basic_seen=True,
        basics_ok=False,
        revision__in=Revision.objects.filter(within(sheet.selection), framework=sheet.framework),
    )
    return frozenset(rows.values_list("revision_id", flat=True))


def _is_broken(result: StageResult) -> bool:
    return result.basic_seen and not result.basics_ok


def _visit(stage: Stage, items: list[Item], result: StageResult, *, is_gated: bool) -> Visit:
    revision = result.revision
    is_full = revision.method in FULL_DENOMINATOR_METHODS
    lines = (_line(item, revision.answers, is_full=is_full, is_gated=is_gated) for item in items)
    return Visit(
        stage=stage,
        revision_id=revision.pk,
        observation=str(revision.observation.uuid),
        observed_on=_written_day(revision.observed_at, revision.utc_offset),
        month=revision.month,
        method=revision.method,
        location=revision.location.code if revision.location else "",
        is_full=is_full,
        is_gated=is_gated,
        result=result,
        lines=tuple(lines),
    )


def _written_day(moment: datetime, utc_offset: int) -> str:
    return moment.astimezone(timezone.get_fixed_timezone(utc_offset)).date().isoformat()


def _line(
    item: Item, answers: Mapping[str, Answer], *, is_full: bool, is_gated: bool
) -> AnswerLine:
    answer = answers.get(item.key)
    points = answer if isinstance(answer, int) else None
    raw = item.weight * points if points is not None else 0
    stopped = is_gated and item.kind is Kind.DELIGHT and raw > 0
    counts = points is not None or (is_full and answer != NA)
    return AnswerLine(
        item=item,
        answer=answer,
        raw=raw,
        counted=0 if stopped else raw,
        P=item.gain if counts else 0,
        Q=item.loss if counts else 0,
    )
