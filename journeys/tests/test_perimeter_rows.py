"""Segments, channels, locations and waves: added, edited, refused, taken in and out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import pytest
from django.db import models
from django.test import Client

from accounts.models import User
from journeys.guards import register_guard, unregister_guard
from journeys.models import Channel, Location, Programme
from journeys.tests.factories import make_wave
from journeys.tests.pages import STAGE, url

ClientOf = Callable[[User], Client]


@pytest.fixture
def page(client_of: ClientOf, consultant: User) -> Client:
    return client_of(consultant)


@pytest.fixture
def _guarded() -> Iterator[None]:
    def guard(row: models.Model, changed: Collection[str]) -> list[str]:
        return [f"{row} is measured already."] if {"in_perimeter", "channel"} & set(changed) else []

    register_guard(guard)
    yield
    unregister_guard(guard)


def test_a_segment_gets_its_key_from_its_name(page: Client, programme: Programme) -> None:
    for _ in range(2):
        answer = page.post(url("perimeter-row-create", "segments"), {"name": "Jeunes actifs"})
        assert (answer.status_code, answer["Location"]) == (
            302,
            url("perimeter-row-create", "segments"),
        )
    keys = programme.segments.values_list("key", flat=True)
    assert list(keys) == ["family", "jeunes-actifs", "jeunes-actifs-2"]


@pytest.mark.parametrize("key", ["family", "with space", "-x"])
def test_a_key_that_is_taken_or_malformed_is_refused_at_the_field(page: Client, key: str) -> None:
    answer = page.post(url("perimeter-row-create", "segments"), {"name": "Other", "key": key})
    assert answer.status_code == 422
    assert "key" in answer.context["form"].errors
    assert b'value="Other"' in answer.content


def test_the_key_never_changes_afterwards(page: Client, programme: Programme) -> None:
    address = url("perimeter-row-edit", "segments", "family")
    page.post(address, {"name": "Families", "key": "changed", "in_perimeter": "on"})
    segment = programme.segments.get()
    assert (segment.key, segment.name) == ("family", "Families")


def test_a_channel_of_another_programme_cant_be_preferred(page: Client, db: None) -> None:
    foreign = Channel.objects.create(
        programme=Programme.objects.create(slug="other", name="Other"), key="x", family="online"
    )
    data = {"name": "Families", "preferred_channels": [foreign.pk]}
    answer = page.post(url("perimeter-row-edit", "segments", "family"), data)
    assert answer.status_code == 422
    assert "preferred_channels" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("typed", "stored"), [("12.5", 1250), ("12,5", 1250), ("6 %", 600), ("0.29", 29), ("", None)]
)
def test_shares_are_typed_in_percent(
    page: Client, programme: Programme, typed: str, stored: int | None
) -> None:
    data = {"name": "Paris 1", "region": "IDF", "share_bp": typed}
    assert page.post(url("perimeter-row-edit", "locations", "PAR1"), data).status_code == 302
    assert programme.locations.get(code="PAR1").share_bp == stored


@pytest.mark.parametrize("typed", ["100.01", "-1", "1.234", "many"])
def test_a_share_beyond_all_or_too_precise_is_refused(page: Client, typed: str) -> None:
    data = {"name": "Paris 1", "share_bp": typed}
    answer = page.post(url("perimeter-row-edit", "locations", "PAR1"), data)
    assert answer.status_code == 422
    assert "share_bp" in answer.context["form"].errors


def test_the_sum_of_the_shares_is_said_where_it_is_not_all(
    page: Client, programme: Programme
) -> None:
    assert "add up to 100 %." in page.get(url("perimeter")).content.decode()
    programme.locations.filter(code="LYO1").update(share_bp=2550)
    assert "add up to 85.5 %, not to 100 %" in page.get(url("perimeter")).content.decode()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("2026-05", "2026-07", "first_month"),
        ("2026-01", "2026-12", "first_month"),
        ("2026-09", "2026-08", "__all__"),
        ("2026-13", "2026-14", "first_month"),
    ],
)
def test_waves_of_months_that_overlap_end_early_or_do_not_exist(
    page: Client, programme: Programme, first: str, last: str, field: str
) -> None:
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-05")
    data = {"name": "Second", "first_month": first, "last_month": last}
    answer = page.post(url("perimeter-row-create", "waves"), data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert programme.waves.count() == 1


def test_a_wave_may_begin_the_month_after_and_be_edited(page: Client, programme: Programme) -> None:
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-05")
    data = {"name": "Second", "first_month": "2026-06", "last_month": "2026-06"}
    assert page.post(url("perimeter-row-create", "waves"), data).status_code == 302
    assert page.post(url("perimeter-row-edit", "waves", "second"), data).status_code == 302


def test_no_wave_has_the_key_that_means_all_months(page: Client, programme: Programme) -> None:
    data = {"name": "All", "first_month": "2026-06", "last_month": "2026-06"}
    refused = page.post(url("perimeter-row-create", "waves"), {**data, "key": "all"})
    assert refused.status_code == 422
    assert "has a meaning of its own" in refused.context["form"].errors["key"][0]
    assert page.post(url("perimeter-row-create", "waves"), data).status_code == 302
    assert programme.waves.get().key == "all-2"


def test_deleting_names_what_depends_on_the_row(page: Client, programme: Programme) -> None:
    answer = page.post(url("perimeter-row-delete", "channels", "store"))
    assert answer.status_code == 409
    assert "3 touchpoints" in " ".join(answer.content.decode().split())
    assert programme.channels.exists()


def test_a_row_nothing_depends_on_is_deleted_and_noted(page: Client, programme: Programme) -> None:
    assert page.post(url("perimeter-row-delete", "locations", "PAR1")).status_code == 302
    assert not Location.objects.filter(code="PAR1").exists()
    assert programme.audit_entries.get(verb="deleted").subject == "location PAR1"


def test_a_segment_goes_out_of_the_perimeter_and_back(page: Client, programme: Programme) -> None:
    for inside in (False, True):
        data = {"inside": str(int(inside))}
        page.post(url("perimeter-row-toggle", "segments", "family"), data)
        assert programme.segments.get().in_perimeter is inside
    assert programme.audit_entries.filter(verb="changed").count() == 2


@pytest.mark.usefixtures("_guarded")
def test_a_guard_keeps_a_flag_as_it_is_and_says_why(page: Client, programme: Programme) -> None:
    for address in (url("perimeter-row-toggle", "channels", "store"), url("stage-toggle", *STAGE)):
        answer = page.post(address, {"inside": "0"})
        assert answer.status_code == 409
        assert "is measured already." in answer.content.decode()
    data = {"name": "Store", "family": "face_to_face", "medium": "physical"}
    answer = page.post(url("perimeter-row-edit", "channels", "store"), data)
    assert answer.context["form"].errors["in_perimeter"] == ["Store is measured already."]
    assert programme.channels.get().in_perimeter


def test_htmx_gets_the_panel_alone(page: Client, programme: Programme) -> None:
    answer = page.get(url("perimeter-row-create", "waves"), headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<section class="panel" id="panel-waves"')


@pytest.mark.parametrize(
    "address", [("perimeter-panel", "nothing"), ("perimeter-row-edit", "segments", "nobody")]
)
def test_a_panel_or_row_that_is_not_there(page: Client, address: tuple[str, ...]) -> None:
    assert page.get(url(*address)).status_code == 404


def test_waves_have_no_perimeter_flag(page: Client, programme: Programme) -> None:
    make_wave(programme, "W1")
    answer = page.post(url("perimeter-row-toggle", "waves", "W1"), {"inside": "0"})
    assert answer.status_code == 404
