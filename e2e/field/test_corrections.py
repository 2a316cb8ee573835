"""After the receipt: a correction is a revision, a conflict is a person's choice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from e2e.field.tablet import Tablet
from journeys.models import Programme
from observations.documents import canonical_sha256
from observations.intake import submit_observations
from observations.models import Device, HeldCopy, Observation
from observations.tests.factories import make_document
from observations.withdrawing import withdraw_observation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def answers_of(one: str) -> list[dict[str, Any]]:
    revisions = Observation.objects.get(uuid=one).revisions.order_by("number")
    return [revision.answers for revision in revisions]


def open_item(tablet: Tablet, one: str) -> None:
    tablet.page.goto(f"/field/#/item/{one}")
    expect(tablet.page.locator(".facts")).to_be_visible()


def correct(tablet: Tablet, one: str, answer: int) -> None:
    open_item(tablet, one)
    tablet.page.get_by_role("link", name="Correct it").click()
    tablet.answer("S1-b", answer)
    tablet.saved()
    tablet.to_summary()
    tablet.finish()


def test_a_correction_is_a_revision_and_its_photo_stays_on_the_server(
    tablet: Tablet, code: str
) -> None:
    tablet.ready(code)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.photograph("S1-b")
    tablet.saved()
    tablet.to_summary()
    tablet.finish()
    tablet.until_received(1)
    correct(tablet, one, -2)
    tablet.until_received(1)
    assert answers_of(one) == [{"S1-b": 0}, {"S1-b": -2}]
    assert tablet.records()[0]["receipt"]["revision"] == 2


def test_reopened_and_left_as_it_was_it_is_not_sent_again(tablet: Tablet, code: str) -> None:
    tablet.ready(code)
    one = tablet.finish_one()
    tablet.until_received(1)
    open_item(tablet, one)
    tablet.page.get_by_role("link", name="Correct it").click()
    tablet.page.locator("[data-question]").first.wait_for()
    tablet.to_summary()
    tablet.finish()
    tablet.until_received(1)
    assert answers_of(one) == [{"S1-b": 0}]


def test_changed_while_its_answer_was_lost_the_same_is_sent_first(
    tablet: Tablet, code: str
) -> None:
    """Frozen at the first sending: the server has it, the device did not hear, the person goes on."""
    tablet.ready(code)
    sent: list[str] = []

    def swallow(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or "")["observations"][0])
        route.fetch()
        route.abort()

    tablet.context.route("**/observations/sync/", swallow)
    one = tablet.finish_one()
    expect(tablet.page.locator("[data-oldest]")).to_contain_text("Last try")
    open_item(tablet, one)
    tablet.page.get_by_role("link", name="Change the answers").click()
    tablet.answer("S1-b", -2)
    tablet.saved()
    tablet.context.unroute("**/observations/sync/")
    tablet.to_summary()
    tablet.finish()
    tablet.until_received(1)
    assert answers_of(one) == [{"S1-b": 0}, {"S1-b": -2}]
    assert HeldCopy.objects.count() == 0
    assert all(document == sent[0] for document in sent)


CHOICES: list[tuple[str, dict[str, int], int]] = [
    ("Replace what the server has by mine", {"S1-b": 0}, 1),
    ("Send mine as a visit of its own", {"S1-b": -2}, 2),
]


@pytest.mark.parametrize("chosen", CHOICES, ids=["replace", "apart"])
def test_a_conflict_is_a_persons_choice(
    tablet: Tablet,
    code: str,
    programme: Programme,
    chosen: tuple[str, dict[str, int], int],
) -> None:
    choice, standing, observations = chosen
    tablet.ready(code)
    tablet.network(on=False)
    one = tablet.finish_one()
    other = make_document(id=one, answers={"S1-b": -2})
    device = Device.objects.get()
    submit_observations(programme=programme, documents=[other], user=None, device=device)
    tablet.network(on=True)
    page = tablet.page
    expect(page.locator('[data-standing="you"]')).to_have_attribute("data-count", "1")
    open_item(tablet, one)
    expect(page.locator('[data-problem="conflict"]')).to_contain_text("with other answers")
    page.get_by_role("button", name=choice).click()
    tablet.until_received(1)
    assert Observation.objects.count() == observations
    assert answers_of(one)[-1] == standing
    mine = Observation.objects.get(uuid=tablet.records()[0]["id"])
    assert mine.revisions.get(is_current=True).answers == {"S1-b": 0}


def test_a_correction_of_what_was_withdrawn_says_so(tablet: Tablet, code: str) -> None:
    tablet.ready(code)
    one = tablet.finish_one()
    tablet.until_received(1)
    withdraw_observation(observation=Observation.objects.get())
    correct(tablet, one, -2)
    page = tablet.page
    expect(page.locator('[data-standing="you"]')).to_have_attribute("data-count", "1")
    open_item(tablet, one)
    expect(page.locator('[data-problem="withdrawn"]')).to_contain_text("was withdrawn")


AWKWARD = "é 𝄞 \ud800 \u0000 “ligne”\n\u2028 0.1"


def test_the_hash_is_the_servers_whatever_was_typed(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.network(on=False)
    one = tablet.begin()
    page.evaluate(
        """([one, text]) => import("/static/js/field/records.js").then(({ append }) =>
            append(one, [{ kind: "note", key: "S1-b", text: text + String.fromCharCode(0xd800, 0) },
                         { kind: "comment", text }]))""",
        [one, AWKWARD.replace("\ud800", "").replace("\0", "")],
    )
    page.reload()
    tablet.answer("S1-b", 0)
    tablet.saved()
    tablet.to_summary()
    tablet.finish()
    tablet.drain()
    frozen = tablet.records()[0]["frozen"]
    document = json.loads(frozen["text"])
    assert canonical_sha256(document) == frozen["sha256"]
    assert document["notes"]["S1-b"].endswith("\ufffd")
    tablet.network(on=True)
    tablet.until_received(1)
    assert Observation.objects.get().revisions.get().sha256 == frozen["sha256"]
