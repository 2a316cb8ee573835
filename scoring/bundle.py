"""The part of a programme bundle that step 3 owns: the framework versions of each journey."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from journeys.bundle import BundleError, Part, UnacceptableBundle, find_repeated, find_unknown
from journeys.models import Journey, Programme, Stage, Touchpoint
from scoring.framework_checks import ItemError, check_items
from scoring.items import Item, Kind
from scoring.models import Framework, Interaction, ResponseLevel

DRAFT, PUBLISHED = Framework.Status.DRAFT, Framework.Status.PUBLISHED
THRESHOLDS = (
    "low",
    "high",
    "basics_covered_bp",
    "min_observations",
    "min_coverage_bp",
    "broken_below",
)
# Written only where it is set.
MOMENT_OF_TRUTH = "min_observations_moment_of_truth"

# Where in the interaction a breach of scoring.framework_checks shows, and its words.
_WORDS: Mapping[str, tuple[str, str]] = {
    "too_few_levels": ("levels", "An interaction has at least two levels."),
    "level_not_integer": ("levels", "Points are whole numbers."),
    "level_out_of_range": ("levels", "Points lie between -3 and 3."),
    "duplicate_level": ("levels", "Two levels have {points} points."),
    "zero_missing": ("levels", "One level has 0 points."),
    "basic_shape": ("levels", "A basic has levels below 0, and none above."),
    "performance_shape": ("levels", "A performance has levels below 0 and levels above."),
    "delight_shape": ("levels", "A delight has levels above 0, and none below."),
    "weight_out_of_range": ("weight", "A weight is 1, 2 or 3."),
    "target_not_a_level": ("target", "No level has {target} points."),
    "target_negative": ("target", "A target is not below 0."),
    "basic_target_not_zero": ("target", "The target of a basic is 0."),
}
# A draft may be unfinished; these the database refuses even there.
_HARD_IN_A_DRAFT = frozenset({"duplicate_level"})


# --- rules -----------------------------------------------------------------------------------
def find_errors(bundle: Part) -> Iterator[BundleError]:
    """What is wrong with the frameworks: versions, references, and levels against the rules."""
    for index, journey in enumerate(bundle["journeys"]):
        path = f"/journeys/{index}/frameworks"
        yield from find_repeated(journey["frameworks"], "version", path)
        has_draft = False
        for place, framework in enumerate(journey["frameworks"]):
            if framework["status"] == DRAFT and has_draft:
                yield BundleError(f"{path}/{place}/status", "A journey has at most one draft.")
            has_draft = has_draft or framework["status"] == DRAFT
            yield from _find_framework_errors(framework, journey, f"{path}/{place}")


def _find_framework_errors(framework: Part, journey: Part, path: str) -> Iterator[BundleError]:
    stages = {stage["key"] for stage in journey["stages"]}
    stage_of = {
        touchpoint["key"]: stage["key"]
        for stage in journey["stages"]
        for touchpoint in stage["touchpoints"]
    }
    yield from _find_threshold_errors(framework["thresholds"], f"{path}/thresholds")
    interactions = framework["interactions"]
    if not interactions and framework["status"] != DRAFT:
        yield BundleError(f"{path}/interactions", "A published framework has interactions.")
    yield from find_repeated(interactions, "key", f"{path}/interactions")
    for index, interaction in enumerate(interactions):
        here = f"{path}/interactions/{index}"
        stage, touchpoint = interaction["stage"], interaction.get("touchpoint")
        yield from find_unknown(stage, stages, f"{here}/stage", "stage")
        yield from find_unknown(touchpoint, stage_of, f"{here}/touchpoint", "touchpoint")
        if touchpoint in stage_of and stage_of[touchpoint] != stage:
            detail = f"This touchpoint belongs to the stage {stage_of[touchpoint]!r}."
            yield BundleError(f"{here}/touchpoint", detail)
        for error in check_items([_item(interaction)]):
            if framework["status"] != DRAFT or error.code in _HARD_IN_A_DRAFT:
                yield _worded(error, here)


def _find_threshold_errors(thresholds: Part, path: str) -> Iterator[BundleError]:
    stricter, least = thresholds.get(MOMENT_OF_TRUTH), thresholds["min_observations"]
    if stricter is not None and stricter < least:
        detail = f"A moment of truth needs at least min_observations, {least}."
        yield BundleError(f"{path}/{MOMENT_OF_TRUTH}", detail)


def _item(interaction: Part) -> Item:
    return Item(
        key=interaction["key"],
        stage=interaction["stage"],
        kind=Kind(interaction["kind"]),
        weight=interaction["weight"],
        points=tuple(level["points"] for level in interaction["levels"]),
        target=interaction.get("target"),
    )


def _worded(error: ItemError, path: str) -> BundleError:
    place, words = _WORDS[error.code]
    return BundleError(f"{path}/{place}", words.format(**error.params))


# --- in --------------------------------------------------------------------------------------
@transaction.atomic
def create_frameworks(*, programme: Programme, bundle: Part) -> None:
    """Every version, filled as a draft and then opened, so that its observations may enter.

    `settle_statuses` gives them the status of the bundle once the observations are in.
    """
    for part in bundle["journeys"]:
        journey = Journey.objects.get(programme=programme, key=part["key"])
        # The draft last: each version is the journey's one draft for a moment.
        for framework_part in sorted(part["frameworks"], key=lambda one: one["status"] == DRAFT):
            thresholds = {name: framework_part["thresholds"][name] for name in THRESHOLDS}
            thresholds[MOMENT_OF_TRUTH] = framework_part["thresholds"].get(MOMENT_OF_TRUTH)
            framework = Framework.objects.create(
                journey=journey, version=framework_part["version"], **thresholds
            )
            _create_interactions(framework, framework_part["interactions"])
            if framework_part["status"] != DRAFT:
                _open_framework(framework)


def _create_interactions(framework: Framework, parts: list[Part]) -> None:
    stages = {stage.key: stage for stage in framework.journey.stages.all()}
    touchpoints = {one.key: one for one in framework.journey.touchpoints.all()}
    rows = [
        _interaction(framework, position, part, stages, touchpoints)
        for position, part in enumerate(parts)
    ]
    Interaction.objects.bulk_create(rows)
    ResponseLevel.objects.bulk_create(
        ResponseLevel(interaction=row, points=level["points"], label=level["label"])
        for row, part in zip(rows, parts, strict=True)
        for level in part["levels"]
    )


def _interaction(
    framework: Framework,
    position: int,
    part: Part,
    stages: Mapping[str, Stage],
    touchpoints: Mapping[str, Touchpoint],
) -> Interaction:
    touchpoint = part.get("touchpoint")
    return Interaction(
        framework=framework,
        key=part["key"],
        stage=stages[part["stage"]],
        touchpoint=touchpoints[touchpoint] if touchpoint is not None else None,
        statement=part["statement"],
        kind=part["kind"],
        weight=part["weight"],
        target=part.get("target"),
        benefit=part.get("benefit", ""),
        position=position,
    )


def _open_framework(framework: Framework) -> None:
    """Publishes a filled draft; raises UnacceptableBundle where the stored levels break a rule."""
    stored = Framework.objects.with_guide().get(pk=framework.pk)
    errors = check_items(interaction.as_item() for interaction in stored.interactions.all())
    if errors:
        raise UnacceptableBundle([_worded(error, f"/{error.item}") for error in errors])
    framework.status = PUBLISHED
    framework.published_at = timezone.now()
    framework.save(update_fields=["status", "published_at"])


def settle_statuses(*, programme: Programme, bundle: Part) -> None:
    """Closing and closed versions become so; only a version that was opened can."""
    for part in bundle["journeys"]:
        for framework in part["frameworks"]:
            if framework["status"] not in (DRAFT, PUBLISHED):
                Framework.objects.filter(
                    journey__programme=programme,
                    journey__key=part["key"],
                    version=framework["version"],
                    status=PUBLISHED,
                ).update(status=framework["status"])


# --- out -------------------------------------------------------------------------------------
def framework_parts(programme: Programme) -> dict[str, list[Part]]:
    """The versions of each journey by the journey's key, oldest first, every default written out."""
    found: dict[str, list[Part]] = {}
    frameworks = Framework.objects.filter(journey__programme=programme).with_guide()
    for framework in frameworks.order_by("journey__position", "journey_id", "version"):
        found.setdefault(framework.journey.key, []).append(_framework_part(framework))
    return found


def _framework_part(framework: Framework) -> Part:
    thresholds = {name: getattr(framework, name) for name in THRESHOLDS}
    if framework.min_observations_moment_of_truth is not None:
        thresholds[MOMENT_OF_TRUTH] = framework.min_observations_moment_of_truth
    return {
        "version": framework.version,
        "status": framework.status,
        "thresholds": thresholds,
        "interactions": [_interaction_part(one) for one in framework.interactions.all()],
    }


def _interaction_part(interaction: Interaction) -> Part:
    part: dict[str, Any] = {
        "key": interaction.key,
        "stage": interaction.stage.key,
        "touchpoint": interaction.touchpoint.key if interaction.touchpoint else None,
        "statement": interaction.statement,
        "kind": interaction.kind,
        "weight": interaction.weight,
        "target": interaction.target,
    }
    if interaction.benefit:
        # The format knows no null here: no benefit is no key.
        part["benefit"] = interaction.benefit
    part["levels"] = [
        {"points": level.points, "label": level.label} for level in interaction.levels.all()
    ]
    return part
