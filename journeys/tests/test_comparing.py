"""Two maps side by side: what differs is marked, what is equal says so."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from journeys.comparing import Comparison, Difference, Pair, compare
from journeys.models import Journey, Stage
from journeys.snapshots import take_snapshot
from journeys.tests.factories import make_journey, make_programme
from journeys.tests.pages import url
from journeys.tests.test_snapshots import HOSTILE

ClientOf = Callable[[User], Client]


def touchpoint(key: str, **facts: Any) -> dict[str, Any]:
    return {
        "key": key,
        "name": key.capitalize(),
        "channel": "store",
        "nature": "informative",
        "initiative": "pull",
        "customer_action": "",
        "criticality": 1,
    } | facts


def stage(key: str, **facts: Any) -> dict[str, Any]:
    return {
        "key": key,
        "name": f"Stage {key}",
        "phase": "during",
        "in_perimeter": True,
        "criticality": 1,
        "moment_of_truth": False,
        "reach_bp": 10_000,
        "touchpoints": [],
        "needs": [],
        "choices": [],
    } | facts


def document(*stages: dict[str, Any]) -> dict[str, Any]:
    channels = [{"key": "store", "name": "Store"}, {"key": "app", "name": "The app"}]
    return {"journey": {"stages": list(stages)}, "channels": channels, "rows": []}


LEFT = document(
    stage(
        "S1",
        touchpoints=[touchpoint("till"), touchpoint("door"), touchpoint("sign")],
        needs=[{"text": "be quick", "level": "implicit"}, {"text": "be seen", "level": "explicit"}],
        choices=[{"question": "Till?", "criteria": ["queue"]}],
    ),
    stage("S2", touchpoints=[touchpoint("bench")]),
    stage("S3"),
)


def changed(change: Callable[[list[Any]], object]) -> Comparison:
    right = deepcopy(LEFT)
    change(right["journey"]["stages"])
    return compare(LEFT, right)


def marked(comparison: Comparison) -> list[tuple[str, Pair]]:
    pairs = [(one.key, pair) for one in comparison.stages for pair in (one.stage, *one.parts)]
    return [(key, pair) for key, pair in pairs if pair.marks]


def test_equal_maps_are_equal() -> None:
    comparison = compare(LEFT, deepcopy(LEFT))
    assert comparison.is_equal
    assert not marked(comparison)
    assert [one.key for one in comparison.stages] == ["S1", "S2", "S3"]
    assert len(comparison.stages[0].parts) == 6


def test_a_stage_more_and_a_stage_less() -> None:
    comparison = changed(lambda stages: stages.extend([stage("S4")] if stages.pop(1) else []))
    assert [(key, pair.kind, pair.marks) for key, pair in marked(comparison)] == [
        ("S2", "stage", ("removed",)),
        ("S2", "touchpoints", ("removed",)),
        ("S4", "stage", ("added",)),
    ]
    assert [one.key for one in comparison.stages] == ["S1", "S2", "S3", "S4"]
    assert comparison.counts == {"added": 1, "removed": 2, "changed": 0, "moved": 0}


def test_fields_that_differ_are_shown_old_and_new() -> None:
    more = {"name": "Arrive", "phase": "before", "criticality": 3, "reach_bp": 5050}
    comparison = changed(lambda stages: stages[0].update(more, in_perimeter=False))
    ((_key, pair),) = marked(comparison)
    assert pair.marks == ("changed",)
    assert pair.differences == (
        Difference("Name", "Stage S1", "Arrive"),
        Difference("Phase", "During", "Before"),
        Difference("Criticality", "Ordinary", "Moment of truth"),
        Difference("In the perimeter", "yes", "no"),
        Difference("Reach", "100\N{NO-BREAK SPACE}%", "50.5\N{NO-BREAK SPACE}%"),
    )


def test_a_touchpoint_in_another_channel() -> None:
    comparison = changed(
        lambda stages: stages[0]["touchpoints"][0].update(channel="app", customer_action="Pays")
    )
    ((_key, pair),) = marked(comparison)
    assert pair.differences == (
        Difference("Channel", "Store", "The app"),
        Difference("Customer action", "none", "Pays"),
    )


def test_a_touchpoint_in_another_stage_moved_and_counts_once() -> None:
    def move(stages: list[Any]) -> None:
        stages[1]["touchpoints"].append(stages[0]["touchpoints"].pop(0) | {"name": "Cash desk"})

    comparison = changed(move)
    (_s1, gone), (_s2, come) = marked(comparison)
    assert (gone.left, gone.right, gone.elsewhere) == ("Till", "", "Stage S2")
    assert (come.left, come.right, come.elsewhere) == ("", "Cash desk", "Stage S1")
    assert come.marks == ("moved", "changed")
    assert comparison.counts == {"added": 0, "removed": 0, "changed": 1, "moved": 1}


def test_another_order_moves_the_fewest() -> None:
    comparison = changed(lambda stages: stages.insert(0, stages.pop()))
    assert [(key, pair.marks) for key, pair in marked(comparison)] == [("S3", ("moved",))]
    comparison = changed(
        lambda stages: stages[0]["touchpoints"].append(stages[0]["touchpoints"].pop(0))
    )
    ((_key, pair),) = marked(comparison)
    assert (pair.left, pair.right, pair.marks) == ("Till", "Till", ("moved",))


def test_needs_by_their_text_and_choices_by_their_question() -> None:
    def change(stages: list[Any]) -> None:
        needs, choices = stages[0]["needs"], stages[0]["choices"]
        needs[0]["level"] = "explicit"
        needs[1]["text"] = "be greeted"
        choices[0]["criteria"] = ["queue", "bulk"]

    found = [(pair.kind, pair.marks, pair.differences) for _key, pair in marked(changed(change))]
    assert found == [
        ("needs", ("changed",), (Difference("Level", "Implicit", "Explicit"),)),
        ("needs", ("added",), ()),
        ("needs", ("removed",), ()),
        ("choices", ("changed",), (Difference("Criteria", "queue", "queue, bulk"),)),
    ]


def test_the_same_need_twice_pairs_off_one_by_one() -> None:
    comparison = changed(lambda stages: stages[0]["needs"].append(stages[0]["needs"][0]))
    assert [pair.marks for _key, pair in marked(comparison)] == [("added",)]
    twice = document(stage("S1", needs=[{"text": "be quick", "level": "implicit"}] * 2))
    assert compare(twice, deepcopy(twice)).is_equal


# --- the page --------------------------------------------------------------------------------
def page_of(client: Client, query: str) -> str:
    answer = client.get(url("journey-compare") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_snapshot_beside_now(journey: Journey, executive: User, client_of: ClientOf) -> None:
    snapshot = take_snapshot(journey=journey, name=HOSTILE, actor=executive)
    client = client_of(executive)
    query = f"?left=snapshot:{snapshot.pk}&right=journey:family-store"
    assert "The two maps are equal" in page_of(client, query)
    Stage.objects.filter(key="S1").update(name=HOSTILE)
    page = page_of(client, query)
    assert "The two maps are equal" not in page
    assert "≠" in page and "changed" in page
    assert f'<del>Stage S1</del> <span aria-hidden="true">→</span> <ins>{escape(HOSTILE)}' in page
    assert "<script>alert" not in page
    assert "Stage S2" in page and "Stage S2" not in page_of(client, query + "&only=1")


def test_two_choosers_without_a_choice(
    journey: Journey, executive: User, client_of: ClientOf
) -> None:
    page = page_of(client_of(executive), "?left=journey:family-store")
    assert page.count('<option value="journey:family-store"') == 2
    assert page.count("selected") == 1
    assert "Choose two maps" in page


@pytest.mark.parametrize(
    "ref",
    ["journey:none", "snapshot:0", "snapshot:x", "snapshot:²", "nonsense", "snapshot:" + "9" * 40],
)
def test_what_is_not_there_is_not_found(
    ref: str, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    answer = client_of(executive).get(url("journey-compare"), {"left": ref})
    assert answer.status_code == 404


def test_another_programme_stays_closed(
    journey: Journey, executive: User, client_of: ClientOf
) -> None:
    other = make_journey(make_programme("elsewhere"), "theirs", stages=1)
    snapshot = take_snapshot(journey=other, name="theirs", actor=executive)
    client = client_of(executive)
    for ref in ("journey:theirs", f"snapshot:{snapshot.pk}"):
        assert client.get(url("journey-compare"), {"right": ref}).status_code == 404
