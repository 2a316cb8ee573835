"""Excluding an observer: whatever they brought is kept and no longer counted, until readmitted.

An exclusion is a row, and marks each observation that it takes. Marking and the retraction of the
sums are one statement each, however many observations there are. What a person has withdrawn stays
withdrawn when its observer is readmitted, and restoring it does not count it while they are not.

What an excluded observer sends afterwards is stored like any other and answered as the contract
has it (`created`), but marked and not counted: a device must be able to get rid of what it holds,
and the suspicion is none of its business. The observation's page says that it is not counted. A
mark stays through corrections, so that nobody gets out of an exclusion by editing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.compiled import CompiledQuery, Question, Statement, Values, ask
from accounts.models import User
from journeys.audit import record
from journeys.models import Programme
from observations.announcing import announce_after_commit
from observations.models import Observation, ObserverExclusion

_QUEUE_MARKED = """
    INSERT INTO observations_pendingfold (revision_id, framework_id, sign, batch, created_at)
    SELECT r.id, r.framework_id, %s, '', %s
    FROM observations_observation o JOIN observations_revision r ON r.observation_id = o.id
    WHERE o.exclusion_id = %s AND o.withdrawn_at IS NULL AND r.is_current
    ORDER BY r.id
"""

_HOLD = "SELECT id FROM journeys_programme WHERE id = %s FOR KEY SHARE"
_STANDING = CompiledQuery(
    lambda programme_id: (
        ObserverExclusion.objects.filter(programme=programme_id, readmitted_at=None)
        .order_by()
        .values_list("pk", "observer", "first_month", "last_month")
    ),
    int,
)


class AlreadyExcluded(Exception):
    """The observer is excluded; readmit them first to exclude other months."""


class Observed(Protocol):
    """Who observed, and the month it counts in."""

    @property
    def observer(self) -> str: ...

    @property
    def month(self) -> str: ...


@dataclass(frozen=True, slots=True)
class StandingExclusions:
    """Who is excluded: {observer: (exclusion, first month, last month)}, one standing each."""

    _by_observer: dict[str, tuple[int, str, str]] = field(default_factory=dict)

    def taking(self, one: Observed) -> int | None:
        """The exclusion that takes it, if any."""
        if one.observer not in self._by_observer:
            return None
        pk, first_month, last_month = self._by_observer[one.observer]
        late_enough = not first_month or first_month <= one.month
        early_enough = not last_month or one.month <= last_month
        return pk if late_enough and early_enough else None


def standing_exclusions(programme: Programme) -> StandingExclusions:
    """For the door, in its transaction: none begins or ends until that transaction has ended.

    Otherwise an observation on its way in would be seen neither by the exclusion nor by the door.
    Deliveries don't wait for each other: each holds the row as its foreign keys do.
    """
    return as_exclusions(*ask(*exclusion_questions(programme)))


def exclusion_questions(programme: Programme) -> list[Question]:
    """What `standing_exclusions` asks, the lock first; `as_exclusions` takes the answers."""
    questions: list[Question] = [_STANDING(programme.pk)]
    if connection.features.has_select_for_update:
        questions.insert(0, Statement(_HOLD, [programme.pk]))
    return questions


def as_exclusions(*answers: Sequence[Values]) -> StandingExclusions:
    return StandingExclusions(
        {
            observer: (pk, first_month, last_month)
            for pk, observer, first_month, last_month in answers[-1]
        }
    )


@transaction.atomic
def exclude_observer(
    *,
    programme: Programme,
    observer: str,
    reason: str,
    user: User | None,
    first_month: str = "",
    last_month: str = "",
) -> ObserverExclusion:
    """Counts nothing of this observer any more, in the months given (empty: no bound).

    Raises AlreadyExcluded while another exclusion of the same observer stands.
    """
    _shut_the_door(programme)
    if ObserverExclusion.objects.filter(
        programme=programme, observer=observer, readmitted_at=None
    ).exists():
        raise AlreadyExcluded(observer)
    exclusion = ObserverExclusion.objects.create(
        programme=programme,
        observer=observer,
        reason=reason,
        first_month=first_month,
        last_month=last_month,
        excluded_by=user,
    )
    Observation.objects.filter(exclusion=None).taken_by(exclusion).update(exclusion=exclusion)
    retracted = _queue_marked(exclusion, -1)
    changes: dict[str, list[Any]] = {
        "counted_observations": [retracted, 0],
        "reason": [None, reason],
    }
    if first_month:
        changes["first_month"] = [None, first_month]
    if last_month:
        changes["last_month"] = [None, last_month]
    _record(exclusion, user, "excluded", changes)
    return exclusion


@transaction.atomic
def readmit_observer(*, exclusion: ObserverExclusion, user: User | None) -> int:
    """Counts again what the exclusion took, except what is withdrawn or another exclusion takes.

    The number counted again; nothing happens to an exclusion that has ended already.
    """
    _shut_the_door(exclusion.programme)
    standing = ObserverExclusion.objects.filter(pk=exclusion.pk, readmitted_at=None)
    if not standing.update(readmitted_at=timezone.now(), readmitted_by=user):
        return 0
    marked = Observation.objects.filter(exclusion=exclusion)
    # A correction may have put it under the name of somebody else who is excluded.
    others = ObserverExclusion.objects.filter(programme=exclusion.programme, readmitted_at=None)
    for other in others:
        marked.taken_by(other).update(exclusion=other)
    counted = _queue_marked(exclusion, 1)
    marked.update(exclusion=None)
    _record(exclusion, user, "readmitted", {"counted_observations": [0, counted]})
    return counted


def _shut_the_door(programme: Programme) -> None:
    """Waits for deliveries under way; later ones wait for this transaction (`standing_exclusions`)."""
    Programme.objects.select_for_update().get(pk=programme.pk)


def _queue_marked(exclusion: ObserverExclusion, sign: int) -> int:
    """One outbox row for each marked observation that nobody has withdrawn; how many."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE_MARKED, [sign, now, exclusion.pk])
        queued = int(cursor.rowcount)
    announce_after_commit()
    return queued


def _record(
    exclusion: ObserverExclusion, user: User | None, verb: str, changes: dict[str, list[Any]]
) -> None:
    subject = f"{_('Observer')} {exclusion.observer}"
    record(programme=exclusion.programme, actor=user, verb=verb, subject=subject, changes=changes)
