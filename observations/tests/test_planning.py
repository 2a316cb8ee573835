"""Planning many visits at once: who is dealt out, what is created, a wave into the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from journeys.models import AuditEntry, Programme
from journeys.tests.factories import make_location, make_member, make_wave
from observations.models import Visit, VisitAttachment, VisitRules
from observations.planning import Observed, delete_visit
from observations.tests.factories import make_visit, submit, submit_for

pytestmark = pytest.mark.usefixtures("framework")
ClientOf = Callable[[User], Client]
PLAN = reverse("observations:visit-plan", args=["casa-nord"])
CHOICE: dict[str, Any] = {
    "locations": ["PAR1", "LYO1"],
    "journeys": ["family-store"],
    "methods": ["mystery_visit", "store_team"],
    "waves": ["W1"],
    "quota": "1",
}


@pytest.fixture
def client(client_of: ClientOf, consultant: User, programme: Programme) -> Client:
    make_wave(programme)
    return client_of(consultant)


def test_nothing_is_planned_before_it_was_seen(client: Client) -> None:
    answer = client.post(PLAN, CHOICE | {"step": "preview"})
    assert answer.status_code == 200
    assert (answer.context["possible"], answer.context["stopped"]) == (4, 0)
    assert Visit.objects.count() == 0
    client.post(PLAN, CHOICE | {"step": "create"})
    assert Visit.objects.count() == 4
    visit = Visit.objects.first()
    assert visit is not None
    assert (visit.first_on, visit.last_on) == (date(2026, 3, 1), date(2026, 5, 31))
    assert AuditEntry.objects.filter(verb="planned", subject="4 visits").count() == 1


def test_the_same_form_twice_plans_once(client: Client) -> None:
    for _time in range(2):
        client.post(PLAN, CHOICE | {"step": "create"})
    assert Visit.objects.count() == 4


def test_observers_take_turns_where_they_may_observe(
    client: Client, programme: Programme, observer: User
) -> None:
    both = programme.locations.all()
    make_member(programme, "observer", None, both, observer_code="OBS-2")
    chosen = CHOICE | {"observers": ["OBS-1", "OBS-2"], "methods": ["store_team"]}
    client.post(PLAN, chosen | {"step": "create"})
    dealt = set(Visit.objects.values_list("location__code", "observer"))
    assert dealt == {("LYO1", "OBS-2"), ("PAR1", "OBS-1")}


def test_what_a_rule_stops_is_left_out_and_told(client: Client, observer: User) -> None:
    chosen = CHOICE | {"observers": ["OBS-1"]}
    page = client.post(PLAN, chosen).content.decode()
    assert "LYO1 is not among the locations of OBS-1." in page
    client.post(PLAN, chosen | {"step": "create"})
    assert set(Visit.objects.values_list("location__code", flat=True)) == {"PAR1"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"locations": []}, "locations"),
        ({"journeys": []}, "journeys"),
        ({"methods": []}, "methods"),
        ({"waves": []}, "waves"),
        ({"quota": "0"}, "quota"),
        ({"first_on": "2026-03-01"}, "last_on"),
        ({"last_on": "2026-03-01"}, "first_on"),
        ({"first_on": "2026-03-02", "last_on": "2026-03-01"}, "last_on"),
    ],
)
def test_an_incomplete_choice_is_refused_at_its_field(
    client: Client, change: dict[str, Any], field: str
) -> None:
    answer = client.post(PLAN, CHOICE | change)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_whole_region_and_days_of_one_s_own(client: Client) -> None:
    days = {"first_on": "2026-03-02", "last_on": "2026-03-06"}
    client.post(PLAN, CHOICE | days | {"locations": [], "regions": ["IDF"], "step": "create"})
    visit = Visit.objects.filter(method="store_team").get()
    assert (visit.location.code, visit.first_on) == ("PAR1", date(2026, 3, 2))


def test_the_plan_of_a_wave_is_made_once_more_in_the_next(
    client: Client, programme: Programme
) -> None:
    wave = programme.waves.get()
    make_wave(programme, "W2", first_month="2026-06", last_month="2026-08")
    whole: dict[str, Any] = {"first_on": date(2026, 3, 1), "last_on": date(2026, 5, 31)}
    make_visit(programme, wave=wave, quota=2, note="Ask.", method="store_team", **whole)
    part: dict[str, Any] = {"first_on": date(2026, 3, 10), "last_on": date(2026, 3, 31)}
    make_visit(programme, "LYO1", wave=wave, **part)
    make_visit(programme, "LYO1", wave=wave, cancelled_at="2026-03-01T00:00Z", **whole)
    address = reverse("observations:visit-next-wave", args=["casa-nord"])
    chosen = {"source": "W1", "into": "W2"}
    assert client.post(address, chosen).context["possible"] == 2
    client.post(address, chosen | {"step": "create"})
    made = Visit.objects.filter(wave__key="W2").order_by("location__code")
    days = [(one.first_on, one.last_on, one.quota, one.note) for one in made]
    assert days == [
        (date(2026, 6, 10), date(2026, 6, 30), 1, ""),
        (date(2026, 6, 1), date(2026, 8, 31), 2, "Ask."),
    ]
    assert client.post(address, {"source": "W1", "into": "W1"}).status_code == 422


def test_a_visit_is_changed_within_the_rules(client: Client, programme: Programme) -> None:
    visit = make_visit(programme)
    address = reverse("observations:visit-edit", args=["casa-nord", visit.uuid])
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    typed = {name: "" if value is None else value for name, value in shown.items()}
    typed |= {"first_on": "2026-10-05", "last_on": "2026-10-09", "note": "By the back door."}
    refused = client.post(address, typed | {"observer": "OBS-1"})
    assert refused.status_code == 422  # nobody has that code
    assert client.post(address, typed).status_code == 302
    visit.refresh_from_db()
    assert (visit.last_on, visit.note) == (date(2026, 10, 9), "By the back door.")
    entry = AuditEntry.objects.get(verb="changed")
    assert entry.changes["last_on"] == ["2026-10-31", "2026-10-09"]
    assert client.post(address, typed | {"note": "Late."}).status_code == 409


def test_a_visit_is_cancelled_wanted_again_and_deleted(
    client: Client, programme: Programme, consultant: User
) -> None:
    visit = make_visit(programme)

    def cancelled_after(button: str) -> bool:
        client.post(reverse(f"observations:visit-{button}", args=["casa-nord", visit.uuid]))
        return Visit.objects.get(pk=visit.pk).is_cancelled

    assert cancelled_after("cancel")
    assert not cancelled_after("reinstate")
    row = submit_for(visit)
    assert not cancelled_after("delete")
    with pytest.raises(Observed):
        delete_visit(visit=visit, actor=consultant)
    row.delete()
    client.post(reverse("observations:visit-delete", args=["casa-nord", visit.uuid]))
    assert not Visit.objects.exists()
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["cancelled", "restored", "deleted"]


def test_an_observation_is_counted_for_a_visit_by_one_click(
    client: Client, programme: Programme
) -> None:
    visit, elsewhere = make_visit(programme), make_visit(programme, "LYO1")
    one = submit(programme).id
    extra = reverse("observations:visit-extra", args=["casa-nord"]) + "?wave="
    assert str(one) in client.get(extra).content.decode()
    address = reverse("observations:observation-visit", args=["casa-nord", one])
    client.post(address, {"visit": str(elsewhere.uuid)})
    assert not VisitAttachment.objects.exists()
    client.post(address, {"visit": str(visit.uuid)})
    assert Visit.objects.with_done().get(pk=visit.pk).done == 1
    assert str(one) not in client.get(extra).content.decode()
    client.post(address, {"visit": ""})
    assert Visit.objects.with_done().get(pk=visit.pk).done == 0
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["attached", "detached"]


def test_rules_are_set_and_written_down(client: Client) -> None:
    address = reverse("observations:visit-rules", args=["casa-nord"])
    client.post(address, {"lockout_days": "10", "remind_days": "3"})
    rules = VisitRules.objects.get()
    assert (rules.lockout_days, rules.remind_days) == (10, 3)
    assert AuditEntry.objects.get().changes["lockout_days"] == [30, 10]
    assert client.post(address, {"lockout_days": "-1"}).status_code == 422


def test_looking_at_a_plan_costs_the_same_for_more_locations(
    client: Client, programme: Programme
) -> None:
    def cost(codes: list[str]) -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(PLAN, CHOICE | {"locations": codes})
        assert answer.context["possible"] == 2 * len(codes)
        return len(queries)

    before = cost(["PAR1", "LYO1"])
    codes = [make_location(programme, f"L{number}").code for number in range(6)]
    assert cost(codes) == before
