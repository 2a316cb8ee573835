"""A report under more filters than anybody reads at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from dashboards.tests.test_signing import DASHBOARD, REPORTS, observe, sign
from journeys.models import Programme
from journeys.tests.factories import make_location

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("framework")


def test_as_many_locations_as_an_address_holds(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    """More than a page of an index would take, and none of it repeats itself."""
    codes = [f"STORE-{number * 7919 % 100_003:05d}" for number in range(250)]
    for code in codes:
        make_location(programme, code)
    observe(programme, 5, location=codes[0])
    observe(programme, 2)
    query = f"?location={','.join(codes)}"
    client = client_of(executive)
    report = sign(client, query)
    assert len(report.query) > 3000 and report.n == 5
    page = client.get(DASHBOARD + query)
    assert page.context["report"] == report
    assert client.get(DASHBOARD).context["report"] is None
    assert client.get(report.get_absolute_url()).status_code == 200
    assert codes[-1] in client.get(REPORTS).content.decode()
