"""Moving an observation to another journey: its segment was wrong, so its guide was.

Its answers can't be scored there unless every interaction answered stands in that guide with the
level that was seen. Where they do, the old observation is withdrawn and a new one, under an id of
its own, names it in `forked_from`; where one doesn't, nothing changes and each is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from uuid6 import uuid7

from accounts.models import User
from journeys.audit import record
from journeys.models import Journey
from observations.documents import FieldError
from observations.excluding import standing_exclusions
from observations.intake import submit_observation
from observations.models import Media, Observation, Revision
from observations.withdrawing import withdraw_observation
from scoring.models import Framework


@dataclass(frozen=True, slots=True)
class Misfit:
    """What keeps an observation where it is: a key of its content (or none), and why."""

    key: str
    reason: str


class NotMovable(Exception):
    """The observation stays where it is; `misfits` says why, one by one."""

    def __init__(self, misfits: list[Misfit]) -> None:
        super().__init__("; ".join(f"{one.key}: {one.reason}" for one in misfits))
        self.misfits = misfits


@transaction.atomic
def move_observation(*, observation: Observation, journey: Journey, user: User) -> Observation:
    """The new observation, in the newest open version of `journey`'s guide; raises NotMovable.

    Who sent it stays; who moved it stands in its first revision. Photos that have arrived come with
    it, and one that is still on its way arrives at the old one.
    """
    # First of all locks: an exclusion takes them in the same order.
    standing_exclusions(observation.programme)
    row = Observation.objects.select_for_update().get(pk=observation.pk)
    current = row.revisions.select_related("location", "channel").get(is_current=True)
    framework = _guide_there(row, journey)
    document = _document(row, current, framework)
    outcome = submit_observation(programme=row.programme, document=document, user=user, hold=False)
    if outcome.status != "created":
        raise NotMovable(_misfits(outcome.errors))
    moved = Observation.objects.get(programme=row.programme, uuid=document["id"])
    Observation.objects.filter(pk=moved.pk).update(
        moved_from=row, uploaded_by=row.uploaded_by, device=row.device
    )
    _bring_photos(row, moved)
    withdraw_observation(observation=row)
    record(
        programme=row.programme,
        actor=user,
        verb="moved",
        subject=f"{Observation._meta.verbose_name} {row.uuid}",
        changes={"journey": [row.journey.key, journey.key], "id": [str(row.uuid), document["id"]]},
    )
    moved.refresh_from_db()
    return moved


def guides_elsewhere(observation: Observation) -> list[Framework]:
    """The newest open guide of each other journey of the programme, in order."""
    rows = (
        Framework.objects.filter(
            status=Framework.Status.PUBLISHED, journey__programme=observation.programme_id
        )
        .exclude(journey=observation.journey_id)
        .select_related("journey__segment")
    )
    return list(rows.order_by("journey__position", "journey"))


def _guide_there(row: Observation, journey: Journey) -> Framework:
    if row.is_withdrawn:
        raise NotMovable([Misfit("", _("It is withdrawn: only what counts can be moved."))])
    if row.is_excluded:
        raise NotMovable([Misfit("", _("Its observer is excluded: readmit them first."))])
    for framework in guides_elsewhere(row):
        if framework.journey_id == journey.pk:
            return framework
    raise NotMovable([Misfit("", _("This journey has no open guide to move it to."))])


def _document(row: Observation, current: Revision, framework: Framework) -> dict[str, Any]:
    """The stored content as a document of the other guide."""
    return {
        **current.details,
        "id": str(uuid7()),
        "forked_from": str(row.uuid),
        "journey": framework.journey.key,
        "framework_version": framework.version,
        "method": current.method,
        "location": current.location.code if current.location else None,
        "channel": current.channel.key if current.channel else None,
        "observed_at": current.observed_at_as_written.isoformat(),
        "observer": current.observer or None,
        "customer": current.customer or None,
        "answers": current.answers,
    }


def _misfits(errors: Iterable[FieldError]) -> list[Misfit]:
    """The door's refusals by what a person knows: `/answers/i11` is the interaction i11."""
    found = []
    for error in errors:
        part, _slash, key = error["path"].strip("/").partition("/")
        found.append(Misfit(key if part in ("answers", "notes") else part, error["detail"]))
    return found


def _bring_photos(row: Observation, moved: Observation) -> None:
    """The same file under both: its bytes are stored once."""
    arrived: Mapping[Any, Any] = dict(row.media.exclude(file="").values_list("uuid", "file"))
    photos = list(Media.objects.filter(observation=moved, uuid__in=list(arrived)))
    for photo in photos:
        photo.file.name = arrived[photo.uuid]
    Media.objects.bulk_update(photos, ["file"])
