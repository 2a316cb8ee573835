from __future__ import annotations

import uuid
from typing import Any

import pytest

from accounts.models import User
from journeys.access import enter_as
from journeys.models import Programme
from observations.intake import submit_observation, submit_observations
from observations.models import HeldCopy, Observation, PendingFold, Revision, StageResult
from observations.tests.factories import make_document, submit
from observations.withdrawing import restore_observation, withdraw_observation
from scoring.models import Framework

pytestmark = pytest.mark.usefixtures("framework")


def test_one_observation_is_stored_scored_and_queued(programme: Programme) -> None:
    outcome = submit(programme)
    assert (outcome.status, outcome.revision, outcome.errors) == ("created", 1, [])
    revision = Revision.objects.get(observation__uuid=outcome.id or "")
    assert (revision.month, revision.utc_offset) == ("2026-10", 120)
    stage2 = revision.results.get(stage__key="S2", channel=None)
    # The missed basic takes the delight's three points back: -2 + 2 + 0.
    assert (stage2.S, stage2.raw, stage2.P, stage2.Q) == (0, 3, 5, 3)
    assert stage2.customer_class == "D"
    assert PendingFold.objects.get().revision == revision


def test_the_same_content_again_changes_nothing(programme: Programme) -> None:
    document = make_document()
    first = submit_observation(programme=programme, document=document, user=None)
    again = submit_observation(programme=programme, document=dict(document), user=None)
    assert again.status == "unchanged"
    assert (again.sha256, again.revision) == (first.sha256, 1)
    assert Revision.objects.count() == PendingFold.objects.count() == 1


def test_other_content_under_a_known_id_is_kept_as_a_conflict(programme: Programme) -> None:
    document = make_document()
    submit_observation(programme=programme, document=document, user=None)
    other = document | {"comment": "Something else"}
    outcome = submit_observation(programme=programme, document=other, user=None)
    assert outcome.status == "conflict"
    held = HeldCopy.objects.get()
    assert held.reason == "conflict"
    assert "Something else" in held.document
    assert Revision.objects.get().details == {}


def test_a_revision_names_its_base_and_takes_the_old_sums_back(programme: Programme) -> None:
    document = make_document()
    submit_observation(programme=programme, document=document, user=None)
    changed = document | {"base_revision": 1, "answers": {"S1-b": -2}}
    outcome = submit_observation(programme=programme, document=changed, user=None)
    assert (outcome.status, outcome.revision) == ("revised", 2)
    signs = PendingFold.objects.order_by("pk").values_list("revision__number", "sign")
    assert list(signs) == [(1, 1), (1, -1), (2, 1)]
    assert list(Revision.objects.values_list("number", "is_current")) == [(1, False), (2, True)]
    stale = changed | {"comment": "too late"}
    assert submit_observation(programme=programme, document=stale, user=None).status == "conflict"


def test_a_late_retry_of_the_first_content_is_no_conflict(programme: Programme) -> None:
    document = make_document()
    submit_observation(programme=programme, document=document, user=None)
    changed = document | {"base_revision": 1, "comment": "better"}
    submit_observation(programme=programme, document=changed, user=None)
    assert (
        submit_observation(programme=programme, document=document, user=None).status == "unchanged"
    )


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"answers": {"S1-b": 2}}, "/answers/S1-b"),
        ({"answers": {"S1-b": True}}, "/answers/S1-b"),
        ({"answers": {"nothing": 0}}, "/answers/nothing"),
        ({"answers": []}, "/answers"),
        ({"journey": "elsewhere"}, "/journey"),
        ({"framework_version": 9}, "/framework_version"),
        ({"method": "guessing"}, "/method"),
        ({"location": "NOWHERE"}, "/location"),
        ({"channel": "telepathy"}, "/channel"),
        ({"observed_at": "2026-10-03T10:30:00"}, "/observed_at"),
        ({"observed_at": "yesterday"}, "/observed_at"),
        ({"observed_at": "0001-01-01T00:30:00+02:00"}, "/observed_at"),
        ({"surprise": 1}, "/surprise"),
        ({"notes": {"nothing": "x"}}, "/notes/nothing"),
        ({"comment": "half a \ud800 pair"}, "/comment"),
        ({"comment": "a \x00 nul"}, "/comment"),
        ({"media": [{"id": "no"}]}, "/media/0"),
    ],
)
def test_what_cannot_be_accepted_waits_in_quarantine_with_its_reason(
    programme: Programme, change: dict[str, Any], path: str
) -> None:
    outcome = submit(programme, **change)
    assert outcome.status == "quarantined"
    assert [error["path"] for error in outcome.errors] == [path]
    assert HeldCopy.objects.get().errors == outcome.errors
    assert not Observation.objects.exists()


def test_every_error_is_told_at_once(programme: Programme) -> None:
    outcome = submit(programme, answers={"S1-b": 3, "S1-p": 9}, location="X")
    paths = {error["path"] for error in outcome.errors}
    assert paths == {"/answers/S1-b", "/answers/S1-p", "/location"}


def test_one_bad_item_never_spoils_the_others(programme: Programme) -> None:
    bad = make_document(answers={"S1-b": 9})
    twice = make_document()
    documents = [make_document(), bad, twice, dict(twice), "not an object", {"no": "id"}]
    outcomes = submit_observations(programme=programme, documents=documents, user=None)
    assert [outcome.status for outcome in outcomes] == [
        "created",
        "quarantined",
        "created",
        "unchanged",
        "quarantined",
        "quarantined",
    ]
    assert Observation.objects.count() == 2
    assert HeldCopy.objects.count() == 1


def test_an_observer_stays_at_the_given_locations_and_with_own_observations(
    programme: Programme, observer: User, lead: User
) -> None:
    access = enter_as(observer, programme.slug)
    elsewhere = make_document(location="LYO1")
    outcome = submit_observation(
        programme=programme, document=elsewhere, user=observer, access=access
    )
    assert outcome.status == "forbidden"
    theirs = make_document()
    submit_observation(programme=programme, document=theirs, user=lead)
    change = theirs | {"base_revision": 1, "comment": "mine now"}
    outcome = submit_observation(programme=programme, document=change, user=observer, access=access)
    assert outcome.status == "forbidden"
    assert Revision.objects.count() == 1


def test_withdrawn_is_kept_not_counted_and_can_be_restored(programme: Programme) -> None:
    document = make_document()
    submit_observation(programme=programme, document=document, user=None)
    row = Observation.objects.get()
    withdraw_observation(observation=row)
    withdraw_observation(observation=row)
    assert (
        submit_observation(programme=programme, document=document, user=None).status == "withdrawn"
    )
    restore_observation(observation=row)
    assert list(PendingFold.objects.order_by("pk").values_list("sign", flat=True)) == [1, -1, 1]


def test_an_id_is_unique_in_a_programme_never_across(
    programme: Programme, framework: Framework
) -> None:
    from journeys.tests.factories import make_journey, make_programme, make_touchpoint
    from scoring.tests.factories import make_framework

    other = make_programme("other")
    journey = make_journey(other, "family-store", stages=3)
    for stage in journey.stages.all():
        make_touchpoint(stage)
    make_framework(journey)
    one = str(uuid.uuid4())
    assert submit(programme, id=one).status == "created"
    assert submit(other, id=one, location=None).status == "created"


def test_a_guide_of_another_programme_is_refused(
    programme: Programme, framework: Framework
) -> None:
    from journeys.tests.factories import make_programme

    outcome = submit(make_programme("other"))
    assert {"/journey", "/location", "/channel"} >= {error["path"] for error in outcome.errors}
    assert outcome.status == "quarantined"
    assert not StageResult.objects.exists()


def test_a_draft_and_a_closed_version_take_no_observations(
    programme: Programme, framework: Framework
) -> None:
    for status in ("draft", "closed"):
        framework.status = status
        framework.save()
        outcome = submit(programme)
        assert [error["path"] for error in outcome.errors] == ["/framework_version"]
