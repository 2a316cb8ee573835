"""Plain makers of frameworks for tests."""

from __future__ import annotations

from typing import Any

from journeys.models import Journey, Stage, Touchpoint
from scoring.models import Framework, Interaction, ResponseLevel


def make_interaction(
    framework: Framework,
    stage: Stage,
    key: str,
    points: tuple[int, ...] = (-1, 0, 1),
    *,
    kind: str = "performance",
    touchpoint: Touchpoint | None = None,
    **fields: Any,
) -> Interaction:
    fields.setdefault("statement", f"Interaction {key}")
    # In bulk, because save() refuses what tests may want: rows of a version that is published.
    [interaction] = Interaction.objects.bulk_create(
        [
            Interaction(
                framework=framework,
                stage=stage,
                key=key,
                kind=kind,
                touchpoint=touchpoint,
                **fields,
            )
        ]
    )
    ResponseLevel.objects.bulk_create(
        ResponseLevel(interaction=interaction, points=p, label=f"Level {p}") for p in points
    )
    return interaction


def make_framework(journey: Journey, *, status: str = "published", **fields: Any) -> Framework:
    """Version 1 with a basic (-2, 0), a performance (-1, 0, 1, 2) and a delight (0, 3) a stage.

    Keys: `<stage>-b`, `<stage>-p`, `<stage>-d`; each hangs on the stage's first touchpoint, if any.
    """
    fields.setdefault("version", 1)
    framework = Framework.objects.create(journey=journey, status=status, **fields)
    for stage in journey.stages.all():
        on: dict[str, Any] = {"touchpoint": stage.touchpoints.first()}
        make_interaction(framework, stage, f"{stage.key}-b", (-2, 0), kind="basic", target=0, **on)
        make_interaction(framework, stage, f"{stage.key}-p", (-1, 0, 1, 2), target=1, **on)
        make_interaction(framework, stage, f"{stage.key}-d", (0, 3), kind="delight", target=0, **on)
    return framework
