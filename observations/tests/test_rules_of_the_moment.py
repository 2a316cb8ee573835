"""What another process changes holds for the very next call: nothing that decides is remembered."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from accounts.models import User
from accounts.tokens import create_token, user_of_token
from journeys.access import enter_as
from journeys.models import Channel, Location, Membership, Programme, Segment, Stage, Touchpoint
from journeys.tests.factories import make_channel
from observations.intake import submit_observation
from observations.models import Revision
from observations.tests.factories import make_document, submit
from scoring.models import Framework, Interaction

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("framework")]


def elsewhere(change: Callable[[], object]) -> None:
    """In another thread, over a connection of its own: as another process does it."""

    def run() -> None:
        try:
            change()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def stages_scored(programme: Programme) -> set[str]:
    outcome = submit(programme)
    assert outcome.status == "created"
    revision = Revision.objects.get(observation__uuid=outcome.id or "")
    stages = revision.results.filter(channel=None, stage__isnull=False)
    return set(stages.values_list("stage__key", flat=True))


def test_a_perimeter_changed_elsewhere_counts_at_the_next_call(programme: Programme) -> None:
    for _time in range(4):  # by now prepared, and the guide made
        assert stages_scored(programme) == {"S1", "S2", "S3"}
    elsewhere(lambda: Stage.objects.filter(key="S2").update(in_perimeter=False))
    assert stages_scored(programme) == {"S1", "S3"}
    elsewhere(lambda: Stage.objects.filter(key="S2").update(in_perimeter=True))
    assert stages_scored(programme) == {"S1", "S2", "S3"}
    elsewhere(lambda: Channel.objects.update(in_perimeter=False))
    assert stages_scored(programme) == set()
    elsewhere(lambda: Channel.objects.update(in_perimeter=True))
    elsewhere(lambda: Segment.objects.update(in_perimeter=False))
    assert stages_scored(programme) == set()


def test_a_touchpoint_moved_elsewhere_is_scored_in_its_new_channel(programme: Programme) -> None:
    assert stages_scored(programme) == {"S1", "S2", "S3"}
    web = make_channel(programme, "web")
    elsewhere(lambda: Touchpoint.objects.update(channel=web))
    outcome = submit(programme)
    revision = Revision.objects.get(observation__uuid=outcome.id or "")
    found = revision.results.exclude(channel=None).values_list("channel__key", flat=True)
    assert set(found) == {"web"}


def test_a_weight_or_a_threshold_changed_elsewhere_is_that_of_the_next_call(
    programme: Programme,
) -> None:
    submit(programme)
    elsewhere(lambda: Interaction.objects.update(weight=2))
    elsewhere(lambda: Framework.objects.update(low=-99, high=99))
    submit(programme)
    first, second = (
        one.results.get(stage__key="S1", channel=None) for one in Revision.objects.order_by("pk")
    )
    assert (second.P, second.Q) == (2 * first.P, 2 * first.Q)


def test_a_status_changed_elsewhere_shuts_the_door(programme: Programme) -> None:
    assert submit(programme).status == "created"
    elsewhere(lambda: Framework.objects.update(status="closed"))
    assert [error["path"] for error in submit(programme).errors] == ["/framework_version"]
    elsewhere(lambda: Framework.objects.update(status="closing"))
    assert submit(programme).status == "created"
    elsewhere(lambda: Location.objects.filter(code="PAR1").update(code="PAR9"))
    assert [error["path"] for error in submit(programme).errors] == ["/location"]


def test_access_taken_elsewhere_is_gone_at_the_next_call(
    programme: Programme, observer: User
) -> None:
    token = create_token(user=observer)

    def status() -> str:
        access = enter_as(observer, programme.slug)
        return submit_observation(
            programme=access.programme, document=make_document(), user=observer, access=access
        ).status

    for _time in range(4):
        assert (user_of_token(token), status()) == (observer, "created")
    membership = Membership.objects.get(user=observer)
    elsewhere(membership.locations.clear)
    assert status() == "forbidden"
    elsewhere(lambda: User.objects.update(is_active=False))
    assert user_of_token(token) is None


def test_the_statements_are_prepared_where_there_is_a_server(programme: Programme) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no plans to keep")
    for _time in range(6):
        submit(programme)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        prepared = " ".join(statement for (statement,) in cursor.fetchall())
    for table in ("observations_observation", "scoring_interaction", "scoring_framework"):
        assert table in prepared
