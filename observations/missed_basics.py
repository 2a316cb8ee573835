"""Which basics were missed in the stages of a sheet, from the level counts, under its selection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Sum

from observations.cells import within
from observations.selection import Selection
from scoring.basics import MissedBasic, worst_first
from scoring.classify import Flag, StageScore
from scoring.models import Framework, Interaction, LevelCount
from scoring.scale import NA, NO

# {interaction: {(method, answer): count}}
_Counts = Mapping[str, Mapping[tuple[str, str], int]]


def missed_basics(
    framework: Framework, selection: Selection, stages: Iterable[StageScore]
) -> dict[str, tuple[MissedBasic, ...]]:
    """By stage, the worst first, over the methods used there: two queries for all stages, or none.

    Asked of those stages alone whose basics are not covered. Each basic is counted in the
    observations that answered it, so that the figures are its own and not those of the stage.
    """
    flagged = {one.stage: one for one in stages if Flag.BASICS_NOT_COVERED in one.flags}
    if not flagged:
        return {}
    basics = _basics(framework, selection, flagged)
    counts = _counts(framework, selection, basics)
    below = framework.thresholds.broken_below
    found: dict[str, list[MissedBasic]] = {}
    for row in basics:
        used = {method.method for method in flagged[row.stage.key].methods if method.used}
        seen = _seen(counts.get(row.key, {}), used)
        missed = sum(count for points, count in seen if points < below)
        basic = MissedBasic(row.statement, missed, sum(count for _points, count in seen))
        found.setdefault(row.stage.key, []).append(basic)
    return {stage: worst_first(rows) for stage, rows in found.items()}


def _basics(
    framework: Framework, selection: Selection, stages: Iterable[str]
) -> Sequence[Interaction]:
    """In framework order; with a channel, those of that channel only."""
    rows = (
        Interaction.objects.filter(
            framework=framework, stage__key__in=list(stages), kind=Interaction.Kind.BASIC
        )
        .exclude(touchpoint__channel__in_perimeter=False)
        .select_related("stage")
    )
    if selection.channel:
        rows = rows.filter(touchpoint__channel__key=selection.channel)
    return list(rows)


def _counts(framework: Framework, selection: Selection, basics: Sequence[Interaction]) -> _Counts:
    # The keys as a query: PostgreSQL hashes those, and compares a short list one by one.
    keys = Interaction.objects.filter(pk__in=[row.pk for row in basics]).values("key")
    rows = (
        LevelCount.objects.filter(within(selection), framework=framework, interaction__in=keys)
        .values_list("interaction", "method", "answer")
        .annotate(total=Sum("count"))
        .order_by()
    )
    found: dict[str, dict[tuple[str, str], int]] = {}
    for key, method, answer, total in rows:
        found.setdefault(key, {})[method, answer] = int(total)
    return found


def _seen(counts: Mapping[tuple[str, str], int], used: set[str]) -> list[tuple[int, int]]:
    """(points, count) of each answered level; NA and NO saw nothing."""
    return [
        (int(answer), count)
        for (method, answer), count in counts.items()
        if method in used and answer not in {NA, NO}
    ]
