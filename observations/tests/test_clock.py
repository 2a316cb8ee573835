"""A tablet's clock that is off: measured, kept, flagged, and never the reason for a month (F22)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from journeys.models import Programme
from observations.clock import clock_skew
from observations.models import Observation, Revision
from observations.tests.factories import make_document
from observations.tests.tablets import at, make_tablet, put

pytestmark = pytest.mark.usefixtures("framework")
ClientOf = Callable[[User], Client]
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "skew"),
    [
        ("2026-11-28T13:00:00+01:00", 0),
        ("2026-11-28T11:54:59.600Z", 300),
        ("2026-11-28T12:05:01Z", -301),
        ("2026-11-27T12:00:00+00:00", 86400),
        ("2026-11-28T12:00:00", None),
        ("noon", None),
        ("", None),
        ("0001-01-01T00:00:00+00:00", 2**31 - 1),
        ("9999-12-31T23:59:59-12:00", -(2**31) + 1),
    ],
)
def test_the_skew_is_our_time_less_theirs(
    said: str, skew: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    assert clock_skew(said) == skew


def ago(**by: int) -> dict[str, str]:
    return {"X-Device-Time": (timezone.now() - timedelta(**by)).isoformat()}


def test_it_is_kept_with_each_revision_as_it_came(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    document = make_document()
    put(tablet, programme, document, **ago(days=1))
    put(tablet, programme, document | {"base_revision": 1, "comment": "x"}, **ago(seconds=0))
    silent = make_document()
    body = {"observations": [silent]}
    tablet.post(at(programme, "observations/sync/"), body, format="json", headers=ago(hours=-2))
    put(tablet, programme, make_document())
    skews = list(Revision.objects.order_by("pk").values_list("clock_skew", flat=True))
    assert skews[3] is None
    off = [
        abs((skew or 0) - wanted) for skew, wanted in zip(skews[:3], (86400, 0, -7200), strict=True)
    ]
    assert all(one <= 5 for one in off)


@pytest.mark.parametrize(
    ("observed_at", "month"),
    [
        ("2026-09-30T23:30:00-11:00", "2026-09"),  # already October where the server stands
        ("2026-10-01T00:30:00+14:00", "2026-10"),  # still September there
        ("2026-10-25T02:30:00+02:00", "2026-10"),  # the hour that comes twice, first time
        ("2026-10-25T02:30:00+01:00", "2026-10"),  # and the second
        ("2019-12-31T23:59:59Z", "2019-12"),  # a clock years off: as written, and flagged
    ],
)
def test_the_month_is_that_of_the_date_as_written(
    programme: Programme, observed_at: str, month: str
) -> None:
    _device, tablet = make_tablet(programme)
    facts = {"started_at": observed_at, "duration_s": 60, "device_time": observed_at}
    document = make_document(observed_at=observed_at, **facts)
    assert put(tablet, programme, document, **ago(days=1)).status_code == 201
    revision = Revision.objects.get()
    assert revision.month == month
    assert revision.is_clock_off
    assert {key: revision.details[key] for key in facts} == facts
    assert abs((timezone.now() - revision.observation.received_at).total_seconds()) < 60


@pytest.mark.parametrize(("skew", "is_flagged"), [(None, 0), (300, 0), (-301, 1), (5400, 1)])
def test_a_clock_off_by_more_than_five_minutes_is_flagged_to_readers(
    programme: Programme, lead: User, client_of: ClientOf, skew: int | None, is_flagged: int
) -> None:
    _device, tablet = make_tablet(programme)
    put(tablet, programme, make_document())
    Revision.objects.update(clock_skew=skew)
    row = Observation.objects.get()
    names = reverse("observations:observation-list", args=[programme.slug]), row.get_absolute_url()
    listed, shown = (client_of(lead).get(name).content.decode() for name in names)
    assert listed.count("clock off") == is_flagged
    assert shown.count("doubt its hours") == is_flagged
    assert "Tablet 1" in shown
    assert skew != 5400 or "90 minutes off" in shown
