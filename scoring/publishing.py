"""Publication: a draft is checked, then frozen; its predecessor takes finished records only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.audit import record
from scoring.framework_checks import ItemError, check_items, warn_items
from scoring.models import Framework, FrozenFramework, Interaction
from scoring.reasons import error_sentence, warning_sentence

THRESHOLDS = (
    "low",
    "high",
    "basics_covered_bp",
    "min_observations",
    "min_observations_moment_of_truth",
    "min_coverage_bp",
    "broken_below",
)


@dataclass(frozen=True, slots=True)
class PublicationError:
    """A reason not to publish; `interaction_key` is empty where the whole framework is meant."""

    code: str
    interaction_key: str
    message: str


@dataclass(frozen=True, slots=True)
class PublicationWarning:
    """Something to think about; `interaction_key` is empty where the whole stage is meant."""

    code: str
    stage_key: str
    interaction_key: str
    message: str


class NotPublishable(Exception):
    """The draft breaks hard rules; they are listed in `errors`."""

    def __init__(self, errors: list[PublicationError]) -> None:
        super().__init__("; ".join(f"{one.interaction_key}: {one.message}" for one in errors))
        self.errors = errors


class NotClosable(Exception):
    """Only a version that takes observations can be closed, and only from the status one saw."""


def publication_errors(framework: Framework) -> list[PublicationError]:
    """Every breach of the hard rules (method, section 1.1), in the order of the framework."""
    interactions = _interactions(framework)
    errors = list(_threshold_errors(framework))
    if not interactions:
        errors.append(_error(ItemError("empty_framework", "")))
    by_key: dict[str, list[ItemError]] = {}
    for error in check_items(interaction.as_item() for interaction in interactions):
        by_key.setdefault(error.item, []).append(error)
    for interaction in interactions:
        found = [*_row_errors(interaction, framework), *by_key.pop(interaction.key, [])]
        errors += [_error(error) for error in found]
    return errors


def publication_warnings(framework: Framework) -> list[PublicationWarning]:
    """The soft warnings of the stages of the perimeter, in journey order."""
    items = [interaction.as_item() for interaction in _interactions(framework)]
    sound = [item for item in items if item.points]
    stages = [stage.key for stage in framework.journey.stages.all() if stage.in_perimeter]
    return [
        PublicationWarning(one.code, one.stage, one.item or "", warning_sentence(one))
        for one in warn_items(sound, stages)
    ]


@transaction.atomic
def publish_framework(*, framework: Framework, actor: User) -> Framework:
    """Freeze a draft and make it the version in use; the one before it becomes closing.

    Raises FrozenFramework if it is no draft (any more), NotPublishable with every reason.
    """
    draft = lock_draft(framework)
    errors = publication_errors(draft)
    if errors:
        raise NotPublishable(errors)
    others = Framework.objects.filter(journey=draft.journey, status=Framework.Status.PUBLISHED)
    others.update(status=Framework.Status.CLOSING)
    draft.status = Framework.Status.PUBLISHED
    draft.published_at = timezone.now()
    draft.published_by = actor
    draft.save(update_fields=["status", "published_at", "published_by"])
    record(programme=draft.journey.programme, actor=actor, verb="published", subject=draft)
    return draft


@transaction.atomic
def close_framework(*, framework: Framework, seen: str, actor: User) -> Framework:
    """Published -> closing (finished records still accepted) -> closed, one step.

    `seen` is the status that the person closes. Raises NotClosable where it is another by now.
    """
    locked = _locked(framework)
    if not locked.takes_observations or locked.status != seen:
        raise NotClosable(locked)
    before = locked.status
    closing = before == Framework.Status.PUBLISHED
    locked.status = Framework.Status.CLOSING if closing else Framework.Status.CLOSED
    locked.save(update_fields=["status"])
    record(
        programme=locked.journey.programme,
        actor=actor,
        verb="closed",
        subject=locked,
        changes={"status": [before, locked.status]},
    )
    return locked


def lock_draft(framework: Framework) -> Framework:
    """The draft, held until the transaction ends: who edits and who publishes wait for each other.

    Raises FrozenFramework if somebody has published it meanwhile.
    """
    locked = _locked(framework)
    if not locked.is_draft:
        raise FrozenFramework(locked)
    return locked


def _locked(framework: Framework) -> Framework:
    rows = Framework.objects.select_for_update(of=("self",)).select_related("journey__programme")
    return rows.get(pk=framework.pk)


def _interactions(framework: Framework) -> list[Interaction]:
    rows = framework.interactions.select_related("stage", "touchpoint__channel")
    return list(rows.prefetch_related("levels"))


def _threshold_errors(framework: Framework) -> Iterator[PublicationError]:
    """Each out of its range; once all are within, those that contradict each other."""
    others = [field.name for field in Framework._meta.fields if field.name not in THRESHOLDS]
    try:
        framework.clean_fields(exclude=others)
        framework.validate_constraints(exclude=others)
    except ValidationError as wrong:
        for name, messages in wrong.message_dict.items():
            if name == NON_FIELD_ERRORS:
                yield PublicationError("thresholds_contradict", "", messages[0])
                continue
            label = Framework._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            text = _("%(threshold)s: %(reason)s") % {"threshold": label, "reason": messages[0]}
            yield PublicationError("threshold_out_of_range", "", text)


def _row_errors(interaction: Interaction, framework: Framework) -> Iterator[ItemError]:
    touchpoint = interaction.touchpoint
    if not interaction.statement.strip():
        yield ItemError("statement_missing", interaction.key)
    if interaction.stage.journey_id != framework.journey_id:
        yield ItemError("stage_elsewhere", interaction.key)
    if touchpoint is not None and touchpoint.stage_id != interaction.stage_id:
        yield ItemError("touchpoint_elsewhere", interaction.key)
    for level in interaction.levels.all():
        if not level.label.strip():
            yield ItemError("label_missing", interaction.key, {"points": level.points})


def _error(error: ItemError) -> PublicationError:
    return PublicationError(error.code, error.item, error_sentence(error))
