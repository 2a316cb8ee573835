"""The same framework once more: as the next version, or on a duplicated journey."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max

from journeys.copying import JourneyCopy
from journeys.models import Journey, Stage, Touchpoint
from scoring.models import Framework, Interaction, ResponseLevel
from scoring.publishing import THRESHOLDS


def copy_newest_framework(source: Journey, copied: JourneyCopy) -> None:
    """A copier of `journeys.copying`: the newest version, a draft too, becomes the copy's first."""
    newest = source.frameworks.order_by("-version").first()
    if newest is not None:
        copy_framework(
            source=newest,
            journey=copied.journey,
            stage_map=copied.stages,
            touchpoint_map=copied.touchpoints,
        )


@transaction.atomic
def copy_framework(
    *,
    source: Framework,
    journey: Journey,
    stage_map: Mapping[int, Stage],
    touchpoint_map: Mapping[int, Touchpoint],
) -> Framework:
    """Draft on `journey` what `source` says; the maps lead from a primary key to its copy.

    Interactions keep their keys and targets. One whose stage has no copy is left out; a touchpoint
    without a copy is left empty. Raises IntegrityError if the journey has a draft already.
    """
    values = {name: getattr(source, name) for name in THRESHOLDS}
    draft = Framework.objects.create(journey=journey, version=next_version(journey), **values)
    copy_interactions(
        source=source, draft=draft, stage_map=stage_map, touchpoint_map=touchpoint_map
    )
    return draft


def next_version(journey: Journey) -> int:
    newest: int | None = journey.frameworks.aggregate(newest=Max("version"))["newest"]
    return (newest or 0) + 1


def copy_interactions(
    *,
    source: Framework,
    draft: Framework,
    stage_map: Mapping[int, Stage] | None = None,
    touchpoint_map: Mapping[int, Touchpoint] | None = None,
) -> None:
    """Without maps stages and touchpoints stay the same rows: another version of one journey."""
    pairs = []
    for row in source.interactions.select_related("stage", "touchpoint").prefetch_related("levels"):
        stage = row.stage if stage_map is None else stage_map.get(row.stage_id)
        if stage is None:
            continue
        touchpoint = row.touchpoint
        if touchpoint is not None and touchpoint_map is not None:
            touchpoint = touchpoint_map.get(touchpoint.pk)
        pairs.append((row, _copy(row, draft, stage, touchpoint)))
    Interaction.objects.bulk_create([copy for _row, copy in pairs])
    ResponseLevel.objects.bulk_create(
        ResponseLevel(interaction=copy, points=level.points, label=level.label)
        for row, copy in pairs
        for level in row.levels.all()
    )


def _copy(
    row: Interaction, draft: Framework, stage: Stage, touchpoint: Touchpoint | None
) -> Interaction:
    return Interaction(
        framework=draft,
        key=row.key,
        stage=stage,
        touchpoint=touchpoint,
        statement=row.statement,
        kind=row.kind,
        weight=row.weight,
        target=row.target,
        benefit=row.benefit,
        position=row.position,
    )
