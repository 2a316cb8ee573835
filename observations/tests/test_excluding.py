"""An observer excluded and readmitted: kept, not counted, and never mixed up with a withdrawal."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, RestrictedError
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from journeys.models import AuditEntry, Programme
from journeys.tests.factories import make_programme
from observations.excluding import AlreadyExcluded, exclude_observer, readmit_observer
from observations.folding import differing_cells, fold_pending
from observations.intake import submit_observation, submit_observations
from observations.models import Observation, ObserverExclusion, PendingFold
from observations.tests.factories import make_document, submit
from observations.withdrawing import restore_observation, withdraw_observation
from scoring.models import Framework, LevelCount, StageCell

pytestmark = pytest.mark.usefixtures("framework")


def exclude(programme: Programme, observer: str = "OBS-1", **how: Any) -> ObserverExclusion:
    how = {"reason": "Visits made up", "user": None} | how
    return exclude_observer(programme=programme, observer=observer, **how)


def counted(programme: Programme) -> int:
    """What the cells say once everything is folded."""
    fold_pending()
    for framework in Framework.objects.filter(journey__programme=programme):
        assert differing_cells(framework) == []
    return sum(StageCell.objects.filter(stage=None).values_list("n", flat=True))


def test_an_exclusion_takes_all_of_one_observer_and_gives_it_back(
    programme: Programme, lead: User
) -> None:
    for month in ("2026-09", "2026-10", "2026-10"):
        submit(programme, observed_at=f"{month}-03T10:30:00+02:00")
    submit(programme, observer="OBS-2")
    assert counted(programme) == 4
    exclusion = exclude(programme, user=lead)
    assert PendingFold.objects.filter(sign=-1).count() == 3
    assert counted(programme) == 1
    assert Observation.objects.counted().count() == 1
    assert readmit_observer(exclusion=exclusion, user=lead) == 3
    assert counted(programme) == 4
    assert not Observation.objects.exclude(exclusion=None).exists()
    assert readmit_observer(exclusion=exclusion, user=lead) == 0
    assert counted(programme) == 4


def test_an_observer_alone_leaves_no_cell(programme: Programme) -> None:
    submit(programme)
    assert counted(programme) == 1
    exclude(programme)
    assert counted(programme) == 0
    assert not StageCell.objects.exists()
    assert not LevelCount.objects.exists()


def test_it_costs_the_same_however_many_there_are(programme: Programme) -> None:
    costs = []
    for observer, size in (("OBS-1", 2), ("OBS-2", 40)):
        documents = [make_document(observer=observer) for _ in range(size)]
        submit_observations(programme=programme, documents=documents, user=None)
        with CaptureQueriesContext(connection) as queries:
            exclusion = exclude(programme, observer)
            assert readmit_observer(exclusion=exclusion, user=None) == size
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_only_the_months_named(programme: Programme) -> None:
    for month in ("2026-08", "2026-09", "2026-10", "2026-11"):
        submit(programme, observed_at=f"{month}-30T23:30:00-05:00")
    exclude(programme, first_month="2026-09", last_month="2026-10")
    assert counted(programme) == 2
    months = Observation.objects.counted().values_list("revisions__month", flat=True)
    assert sorted(months) == ["2026-08", "2026-11"]


def test_what_a_person_withdrew_stays_withdrawn(programme: Programme) -> None:
    submit(programme)
    withdrawn = Observation.objects.get()
    withdraw_observation(observation=withdrawn)
    submit(programme)
    exclusion = exclude(programme)
    assert PendingFold.objects.filter(sign=-1).count() == 2, "the withdrawn one only once"
    readmit_observer(exclusion=exclusion, user=None)
    assert counted(programme) == 1
    withdrawn.refresh_from_db()
    assert withdrawn.is_withdrawn


def test_restoring_does_not_count_what_is_excluded(programme: Programme) -> None:
    submit(programme)
    row = Observation.objects.get()
    exclusion = exclude(programme)
    withdraw_observation(observation=row)
    assert counted(programme) == 0
    restore_observation(observation=row)
    assert counted(programme) == 0
    readmit_observer(exclusion=exclusion, user=None)
    assert counted(programme) == 1


def test_what_arrives_afterwards_is_stored_and_not_counted(programme: Programme) -> None:
    exclusion = exclude(programme, first_month="2026-10")
    outcome = submit(programme)
    assert (outcome.status, outcome.revision, outcome.errors) == ("created", 1, [])
    assert submit(programme, observed_at="2026-09-03T10:30:00+02:00").status == "created"
    assert not PendingFold.objects.filter(revision__month="2026-10").exists()
    assert counted(programme) == 1
    readmit_observer(exclusion=exclusion, user=None)
    assert counted(programme) == 2


def test_a_correction_is_no_way_out_and_may_be_a_way_in(programme: Programme) -> None:
    ours, theirs = make_document(), make_document(observer="OBS-2")
    for document in (ours, theirs):
        submit_observation(programme=programme, document=document, user=None)
    exclude(programme)
    for document, observer in ((ours, "OBS-3"), (theirs, "OBS-1")):
        corrected = document | {"base_revision": 1, "observer": observer}
        outcome = submit_observation(programme=programme, document=corrected, user=None)
        assert outcome.status == "revised"
        assert counted(programme) == (1 if observer == "OBS-3" else 0)


def test_readmitted_under_the_name_of_another_who_is_excluded(programme: Programme) -> None:
    document = make_document()
    submit_observation(programme=programme, document=document, user=None)
    first = exclude(programme)
    renamed = document | {"base_revision": 1, "observer": "OBS-2"}
    submit_observation(programme=programme, document=renamed, user=None)
    second = exclude(programme, "OBS-2")
    assert readmit_observer(exclusion=first, user=None) == 0
    assert Observation.objects.get().exclusion == second
    assert readmit_observer(exclusion=second, user=None) == 1
    assert counted(programme) == 1


def test_another_programme_is_left_alone(programme: Programme) -> None:
    submit(programme)
    exclude(make_programme("elsewhere"))
    assert counted(programme) == 1


def test_one_exclusion_stands_an_observer(programme: Programme) -> None:
    exclusion = exclude(programme)
    with pytest.raises(AlreadyExcluded):
        exclude(programme, first_month="2026-01")
    readmit_observer(exclusion=exclusion, user=None)
    exclude(programme)
    assert ObserverExclusion.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"observer": ""}, "exclusion_names_whom_and_why"),
        ({"reason": ""}, "exclusion_names_whom_and_why"),
        ({"first_month": "2026-10", "last_month": "2026-09"}, "exclusion_months_in_order"),
        ({"observer": "OBS-9"}, "exclusion_one_standing_an_observer|observerexclusion.observer"),
    ],
)
def test_the_database_refuses(programme: Programme, wrong: dict[str, Any], constraint: str) -> None:
    exclude(programme, "OBS-9")
    fields = {"programme": programme, "observer": "OBS-1", "reason": "Why"} | wrong
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ObserverExclusion.objects.create(**fields)


def test_an_exclusion_with_observations_stays_and_goes_with_its_programme(
    programme: Programme,
) -> None:
    submit(programme)
    exclusion = exclude(programme)
    with pytest.raises((RestrictedError, ProtectedError)):
        exclusion.delete()
    programme.delete()
    assert not Observation.objects.exists()


def test_both_are_in_the_history(programme: Programme, lead: User) -> None:
    submit(programme)
    exclusion = exclude(programme, user=lead, first_month="2026-01")
    readmit_observer(exclusion=exclusion, user=lead)
    back, out = AuditEntry.objects.filter(programme=programme).order_by("-pk")[:2]
    assert (out.actor, out.verb, out.subject) == (lead, "excluded", "Observer OBS-1")
    assert out.changes == {
        "counted_observations": [1, 0],
        "reason": [None, "Visits made up"],
        "first_month": [None, "2026-01"],
    }
    assert (back.verb, back.changes) == ("readmitted", {"counted_observations": [0, 1]})
