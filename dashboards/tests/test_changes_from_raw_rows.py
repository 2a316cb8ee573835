"""Changes between waves, on pages and in the API, against the raw rows of the workbook added up by hand."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from django.test import Client

from accounts.models import User
from dashboards.documents.workbook.build import build_workbook
from dashboards.tests.by_hand import Added, Wanted, rounded
from dashboards.tests.changes_by_hand import LikeForLike, on_common_ground
from dashboards.tests.changes_shown import JOURNEY, assert_whole, compare, decimals, told_by_api
from dashboards.tests.documents import unwatched
from dashboards.tests.measured_in_waves import (
    MONTHS,
    measure_at_seven,
    measure_in_two_versions,
    measure_in_waves,
)
from dashboards.tests.raw_rows import RawRows
from dashboards.tests.test_figures_from_raw_rows import assert_shown, number
from journeys.access import access_of
from journeys.models import Journey, Programme
from observations.scores import read_scores
from observations.selection import Selection
from scoring.wording import UNKNOWN

ClientOf = Callable[[User], Client]


def exported(journey: Journey, lead: User, version: int | None = None) -> RawRows:
    sheet = read_scores(journey, Selection(version=version))
    made = build_workbook(sheet, access_of(lead, journey.programme), [], unwatched)
    return RawRows(made.content)


@pytest.fixture
def rows(programme: Programme, journey: Journey, lead: User) -> Added:
    measure_in_waves(programme, journey)
    return Added(exported(journey, lead))


@pytest.fixture
def client(executive: User, client_of: ClientOf) -> Client:
    return client_of(executive)


def seen_in(key: str, places: tuple[str, ...] | None = None) -> Wanted:
    return lambda visit: visit.month in MONTHS[key] and (places is None or visit.location in places)


def test_two_waves(rows: Added, client: Client) -> None:
    """Locations and methods of one wave alone, a missed basic, and too few in one of the waves."""
    windows = seen_in("W1"), seen_in("W2")
    told, context = compare(client, LikeForLike(rows, windows))
    assert [one["change"] is None for one in told["stages"]] == [False, False, True, False]
    assert context["whole"].stages == "on 3 of 4 stages"
    for one in told["stages"][:2]:
        before, after = (rows.stage(one["stage"], wanted).score for wanted in windows)
        assert before is not None and after is not None
        assert Fraction(one["change_exact"]) != after - before, "not between the waves' own scores"


def test_since_a_second_baseline(rows: Added, client: Client) -> None:
    """The store's team was not there then: it drops out of S1, and S4 has no verdict."""
    after = seen_in("W2")
    by_hand = LikeForLike(rows, (seen_in("W1"), after), (seen_in("W0"), after))
    told, _context = compare(client, by_hand, baseline="W0")
    assert [one["verdict"] is None for one in told["stages"]] == [False, False, True, True]
    for one in told["stages"][:2]:
        witness = by_hand.stage(one["stage"]).witness
        assert witness is not None
        assert (one["n_baseline"], one["n_baseline_after"]) == witness.n
        assert one["baseline_change_exact"] == str(witness.change)
    assert len(by_hand.stage("S1").methods) == 2


def test_against_a_control(rows: Added, client: Client) -> None:
    acted_on = tuple(code for code in rows.rows.places if code != "LYO1")
    windows, guard = (
        (seen_in("W1", places), seen_in("W2", places)) for places in (acted_on, ("LYO1",))
    )
    by_hand = LikeForLike(rows, windows, guard)
    told, _context = compare(client, by_hand, control="LYO1")
    first, *others = told["stages"]
    one = by_hand.stage("S1")
    assert one.change is not None and one.witness is not None and one.witness.change is not None
    assert first["did_exact"] == str(one.change - one.witness.change)
    assert Fraction(first["control_change"]) == rounded(one.witness.change, 6)
    assert {one["did"] for one in others} == {None}


def test_the_trend_panel_and_its_arrows(rows: Added, client: Client) -> None:
    """It holds the last two waves against the one before them, as the page of changes does if asked."""
    after = seen_in("W2")
    by_hand = LikeForLike(rows, (seen_in("W1"), after), (seen_in("W0"), after))
    page = client.get(f"{JOURNEY}trend/?panel=1")
    assert_whole(page.context["whole"], by_hand.journey())
    told = told_by_api(client, baseline="W0")
    for one, step in zip(told["stages"], page.context["steps_of_stages"], strict=True):
        exact = by_hand.stage(one["stage"]).change
        if exact is None:
            assert (step.change, step.step.arrow) == (UNKNOWN, "")
        else:
            assert_shown(step.change, exact, decimals(one["interval"]))
    first, second, *others = page.context["steps_of_stages"]
    assert (first.step.arrow, second.step.arrow) == ("↗", "↘")
    assert f"{first.change} since W1" == first.step.text
    html = page.content.decode()
    assert f'<span aria-hidden="true">↗</span> {first.change}' in html
    assert f'<span aria-hidden="true">↘</span> {second.change}' in html
    assert not any(step.step.arrow for step in others)


def test_two_waves_side_by_side(rows: Added, client: Client) -> None:
    """Columns are each wave's own scores, the difference is like for like and says from what to what."""
    windows = seen_in("W1"), seen_in("W2")
    by_hand = LikeForLike(rows, windows, (seen_in("W0"), seen_in("W2")))
    compared = client.get(f"{JOURNEY}compare/?wave=W2&compare=wave:W1").context["compared"]
    for key, row in zip(rows.rows.stages, compared.rows, strict=True):
        for side, wanted in zip((row.first, row.second), windows, strict=True):
            own = rows.stage(key, wanted)
            assert side.n.startswith(f"n = {own.n}"), (key, side)
            if own.score is None:
                assert side.score == UNKNOWN
            else:
                assert_shown(side.score, own.score, number(side.score)[1])
        one = by_hand.stage(key)
        if one.change is None or one.before is None or one.after is None:
            assert (row.difference, row.note) == (UNKNOWN, "")
            continue
        assert_shown(row.difference, one.change, number(row.difference)[1])
        if row.note:
            before, after = row.note.removeprefix("like for like: ").split(", then ")
            assert_shown(before, one.before, number(before)[1])
            assert_shown(after, one.after, number(after)[1])
    assert compared.rows[0].note
    whole = by_hand.journey()
    assert whole.change is not None
    assert_shown(compared.whole.difference, whole.change, number(compared.whole.difference)[1])


@pytest.mark.parametrize("code", ["LYO1", "PAR2"])
def test_a_location_without_a_share(
    programme: Programme, journey: Journey, lead: User, client: Client, code: str
) -> None:
    """Seen in both waves it makes all weigh the same; seen in one alone, it has no say."""
    measure_in_waves(programme, journey)
    programme.locations.filter(code=code).update(share_bp=None)
    rows = Added(exported(journey, lead))
    by_hand = LikeForLike(rows, (seen_in("W1"), seen_in("W2")))
    compare(client, by_hand)
    visits = by_hand.stage("S1").methods["Mystery visit"]
    # Equal weights let the location in whose share is 0.
    assert visits.n == ((26, 33) if code == "LYO1" else (23, 28))


def test_seven_locations_in_both_waves(
    programme: Programme, journey: Journey, lead: User, client: Client
) -> None:
    """Their own changes are averaged by their shares, which is not after less before."""
    measure_at_seven(programme, journey)
    rows = Added(exported(journey, lead))
    by_hand = LikeForLike(rows, (seen_in("W1"), seen_in("W2")))
    told, _context = compare(client, by_hand)
    [method] = told["stages"][0]["methods"]
    assert (method["paired"], method["locations"]) == (True, 7)
    one = by_hand.stage("S1")
    assert one.change is not None and one.before is not None and one.after is not None
    assert one.change != one.after - one.before


def test_two_versions_of_the_guide(
    programme: Programme, journey: Journey, lead: User, client: Client
) -> None:
    """Scored again on the interactions that are the same in both, the gate on the basics among them."""
    measure_in_two_versions(programme, journey)
    older, newer = (exported(journey, lead, version) for version in (1, 2))
    rows = Added(on_common_ground(older, newer))
    told, _context = compare(client, LikeForLike(rows, (seen_in("W1"), seen_in("W2"))))
    assert [one["interaction"] for one in told["common_ground"]["compared"]] == list(
        rows.rows.questions
    )
    assert {one["interaction"] for one in told["common_ground"]["left_out"]} >= {"S1-d", "S2-p"}
    assert told["stages"][3]["excluded_because"] == "different_framework"
