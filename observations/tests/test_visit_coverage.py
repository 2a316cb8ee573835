"""Coverage: planned, observed and missing, for whom, and at what cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from journeys.access import access_of
from journeys.models import Programme, Stage
from journeys.tests.factories import make_location, make_wave
from observations.coverage import Coverage, read_coverage, read_filter
from observations.folding import fold_pending
from observations.models import Visit
from observations.tests.factories import make_visit, submit, submit_for
from observations.withdrawing import withdraw_observation
from scoring.models import Framework

pytestmark = pytest.mark.usefixtures("framework")
ClientOf = Callable[[User], Client]
PAGE = reverse("observations:visit-coverage", args=["casa-nord"])
CSV = reverse("observations:visit-coverage-csv", args=["casa-nord"])


def soon(days: int = 10) -> dict[str, Any]:
    today = timezone.localdate()
    return {"first_on": today - timedelta(days=30), "last_on": today + timedelta(days=days)}


def coverage(programme: Programme, user: User, query: str = "wave=") -> Coverage:
    """Once what has arrived is folded."""
    fold_pending()
    access = access_of(user, programme)
    return read_coverage(access, read_filter(QueryDict(query), access))


def figures(found: Coverage) -> dict[str, tuple[int, int, int, int]]:
    return {
        row.location.code: (row.total.planned, row.total.done, row.total.late, row.total.extra)
        for row in found.rows
    }


def test_planned_done_missed_and_beside_the_plan(programme: Programme, consultant: User) -> None:
    submit_for(make_visit(programme, quota=3, **soon()))
    submit_for(make_visit(programme, "LYO1", quota=2, **soon(-1)), location="LYO1")
    make_visit(programme, "LYO1", cancelled_at=timezone.now(), **soon(5))
    submit(programme)  # names no visit
    found = coverage(programme, consultant)
    assert figures(found) == {"LYO1": (2, 1, 1, 0), "PAR1": (3, 1, 0, 1)}
    assert (found.total.missing, found.total.coming) == (3, 2)
    assert [one.location.code for one in found.late] == ["LYO1"]


def test_more_than_wanted_makes_up_for_no_other_visit(
    programme: Programme, consultant: User
) -> None:
    visit = make_visit(programme, **soon())
    make_visit(programme, observer="OBS-1", **soon())
    first, _second = submit_for(visit), submit_for(visit)
    assert figures(coverage(programme, consultant)) == {"PAR1": (2, 1, 0, 0)}
    withdraw_observation(observation=first)
    assert figures(coverage(programme, consultant)) == {"PAR1": (2, 1, 0, 0)}


def test_a_moment_of_truth_needs_more(programme: Programme, consultant: User) -> None:
    Framework.objects.update(min_observations=2, min_observations_moment_of_truth=4)
    Stage.objects.filter(key="S2").update(criticality=3)
    visit = make_visit(programme, quota=3, **soon())
    for _time in range(2):
        submit_for(visit)
    [row] = coverage(programme, consultant).rows
    needs = [(one.n, one.coming, one.needed, one.state) for one in row.stages]
    assert needs == [(2, 1, 2, "done"), (2, 1, 4, "late"), (2, 1, 2, "done")]
    Visit.objects.update(quota=4)
    [row] = coverage(programme, consultant).rows
    assert row.stages[1].state == "open"


def test_what_was_made_otherwise_than_planned_is_told(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    visit = make_visit(programme, observer="OBS-9", **soon())
    row = submit_for(visit, observed_at="2020-01-02T10:00:00+01:00")
    found = coverage(programme, consultant)
    assert (found.total.done, found.flagged_count) == (1, 1)
    assert len(found.flagged[0].flags) == 2  # other days, and another observer
    page = client_of(consultant).get(PAGE + "?wave=").content.decode()
    assert "It was made by OBS-1, planned for OBS-9." in page
    detail = client_of(consultant).get(row.get_absolute_url()).content.decode()
    assert "It was made by OBS-1, planned for OBS-9." in detail


def test_the_wave_of_today_is_chosen_unless_another_is(
    programme: Programme, consultant: User
) -> None:
    month = f"{timezone.localdate():%Y-%m}"
    now = make_wave(programme, "NOW", first_month=month, last_month=month)
    past = make_wave(programme, "PAST", first_month="2020-01", last_month="2020-01")
    make_visit(programme, wave=now, **soon())
    make_visit(programme, "LYO1", wave=past, **soon(-5))
    assert list(figures(coverage(programme, consultant, ""))) == ["PAR1"]
    assert list(figures(coverage(programme, consultant, "wave=PAST"))) == ["LYO1"]
    assert len(coverage(programme, consultant, "wave=").rows) == 2
    assert len(coverage(programme, consultant, "").waves) == 2


def test_a_manager_sees_own_locations_only(
    programme: Programme, location_manager: User, client_of: ClientOf
) -> None:
    make_visit(programme, **soon())
    make_visit(programme, "LYO1", **soon(-1))
    submit(programme, location="LYO1")
    assert list(figures(coverage(programme, location_manager))) == ["PAR1"]
    # An open mystery visit is counted, and nowhere told of.
    page = client_of(location_manager).get(reverse("observations:visit-list", args=["casa-nord"]))
    assert page.context["lines"] == []
    Visit.objects.filter(location__code="PAR1").update(method="store_team")
    page = client_of(location_manager).get(reverse("observations:visit-list", args=["casa-nord"]))
    assert len(page.context["lines"]) == 1


def test_an_executive_reads_numbers_and_no_names(
    programme: Programme, executive: User, consultant: User, client_of: ClientOf
) -> None:
    submit_for(make_visit(programme, observer="OBS-9", **soon()))
    make_visit(programme, "LYO1", observer="OBS-9", **soon(-1))
    page = client_of(executive).get(PAGE + "?wave=").content.decode()
    assert "PAR1" in page
    assert "OBS-" not in page
    assert reverse("observations:visit-list", args=["casa-nord"]) + "?" not in page
    assert "OBS-9" in client_of(consultant).get(PAGE + "?wave=").content.decode()


def test_the_table_goes_out_as_csv_without_formulas(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    programme.locations.filter(code="PAR1").update(name="=1+1")
    make_visit(programme, quota=2, **soon())
    text = client_of(consultant).get(CSV + "?wave=").content.decode("utf-8-sig")
    assert text.splitlines()[1] == "PAR1,'=1+1,IDF,Mystery visit,2,0,2,0,0"


def test_an_empty_coverage_teaches(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    page = client_of(consultant).get(PAGE).content.decode()
    assert reverse("observations:visit-plan", args=["casa-nord"]) in page


@pytest.mark.parametrize("page", ["visit-coverage", "visit-list", "visit-extra"])
def test_the_cost_does_not_grow(
    programme: Programme, consultant: User, client_of: ClientOf, page: str
) -> None:
    client = client_of(consultant)
    address = reverse(f"observations:{page}", args=["casa-nord"]) + "?wave="

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def grow(code: str) -> None:
        make_location(programme, code)
        for method in ("mystery_visit", "store_team"):
            visit = make_visit(programme, code, method=method, observer="OBS-1", **soon(-1))
            submit_for(visit, observed_at="2026-10-03T23:30:00+02:00")
        submit(programme, location=code)

    grow("A")
    before = cost()
    for code in "BCD":
        grow(code)
    assert cost() == before
