"""Targets: what the executive committee aims at, stage by stage; dated, also after publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.audit import record
from journeys.models import Stage
from scoring.framework_checks import check_items
from scoring.items import Target, target_score
from scoring.models import Framework, Interaction, TargetChange
from scoring.reasons import error_sentence

TARGET_CODES = frozenset({"target_not_a_level", "target_negative", "basic_target_not_zero"})


class TargetRefused(Exception):
    """Targets that break a rule; `errors` maps an interaction key to its reasons."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(str(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class StageTarget:
    """tau of one stage with the targets in force, and with those wished for."""

    stage: Stage
    before: Fraction | None
    after: Fraction | None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@transaction.atomic
def set_targets(
    *, framework: Framework, targets: Mapping[str, int | None], actor: User
) -> list[Interaction]:
    """Write the targets that differ, each as a dated change; return those interactions.

    In a draft no target is in force yet, so nothing is dated. Raises TargetRefused: nothing is
    written then.
    """
    framework = (
        Framework.objects.select_for_update(of=("self",))
        .select_related("journey__programme")
        .get(pk=framework.pk)
    )
    rows = list(framework.interactions.select_related("stage").prefetch_related("levels"))
    errors = target_errors(rows, targets)
    if errors:
        raise TargetRefused(errors)
    changed = [row for row in rows if targets.get(row.key, row.target) != row.target]
    changes = {row.key: [row.target, targets[row.key]] for row in changed}
    for row in changed:
        row.target = targets[row.key]
        row.version += 1
    Interaction.objects.bulk_update(changed, ["target", "version"])
    if not framework.is_draft:
        TargetChange.objects.bulk_create(
            TargetChange(
                interaction=row, before=changes[row.key][0], after=row.target, changed_by=actor
            )
            for row in changed
        )
    if changed:
        record(
            programme=framework.journey.programme,
            actor=actor,
            verb="targeted",
            subject=framework,
            changes=changes,
        )
    return changed


def target_errors(
    interactions: Iterable[Interaction], targets: Mapping[str, int | None]
) -> dict[str, list[str]]:
    """{interaction key: reasons}: a target is one of the levels, never below 0, 0 for a basic.

    tau is at or above 0 then by itself.
    """
    items = {row.key: row.as_item() for row in interactions}
    known = {key: target for key, target in targets.items() if key in items}
    wished = [replace(items[key], target=target) for key, target in known.items()]
    errors = {
        key: [_("The framework has no interaction with this key.")]
        for key in targets
        if key not in items
    }
    for error in check_items(wished):
        if error.code in TARGET_CODES:
            errors.setdefault(error.item, []).append(error_sentence(error))
    return errors


def stage_targets(
    interactions: Iterable[Interaction], wished: Mapping[str, int | None] | None = None
) -> list[StageTarget]:
    """tau by stage in journey order; `after` takes the wished targets where there are any."""
    by_stage: dict[Stage, list[Interaction]] = {}
    for row in interactions:
        by_stage.setdefault(row.stage, []).append(row)
    wished = wished or {}
    return [
        StageTarget(stage, _tau(rows, {}), _tau(rows, wished)) for stage, rows in by_stage.items()
    ]


def _tau(rows: Iterable[Interaction], wished: Mapping[str, int | None]) -> Fraction | None:
    """None without any target, and for a draft's stage whose levels are not written yet."""
    items = [row.as_item() for row in rows]
    whole = [replace(one, target=wished.get(one.key, one.target)) for one in items if one.points]
    if any(_off_the_scale(one.points, one.target) for one in whole):
        return None
    target: Target | None = target_score(whole)
    return target.score if target else None


def _off_the_scale(points: tuple[int, ...], target: int | None) -> bool:
    return target is not None and target not in points
