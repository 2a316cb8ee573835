"""An open map hears of others: who is here, what they changed; of its own steps it hears nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from journeys import map_building, map_edits
from journeys.models import Journey, MapEdit, Stage
from journeys.tests.factories import make_member, make_user

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _nobody_here() -> None:
    cache.clear()


@pytest.fixture
def stage(journey: Journey) -> Stage:
    found: Stage = journey.stages.get(key="S1")
    return found


class OpenMap:
    """A page that keeps what it has last heard of, as the script does."""

    def __init__(self, client: Client, journey: Journey, tab: str = "") -> None:
        self.client = client
        self.headers = {"HX-Request": "true"} | ({"X-Map-Tab": tab} if tab else {})
        self.url = reverse("journeys:map-pulse", args=[journey.programme.slug, journey.key])
        self._keep(client.get(journey.get_absolute_url()).content.decode())
        self.outdated = False

    def _keep(self, page: str) -> None:
        self.since, self.who = (
            unescape(re.findall(rf'data-{name}="([^"]*)"', page)[0]) for name in ("since", "who")
        )

    def pulse(self) -> str:
        """What came, without superfluous spaces; nothing for a 204."""
        asked = {"since": self.since, "who": self.who, "view": "map"}
        answer = self.client.get(self.url, asked, headers=self.headers)
        if answer.status_code == 204:
            return ""
        assert answer.status_code == 200
        self.outdated = "map-outdated" in answer.get("HX-Trigger", "")
        page = answer.content.decode()
        self._keep(page)
        return " ".join(page.split())


@pytest.fixture
def his(consultant: User, client_of: ClientOf, journey: Journey) -> OpenMap:
    return OpenMap(client_of(consultant), journey)


def test_others_are_named_until_they_have_been_silent(
    his: OpenMap,
    executive: User,
    client_of: ClientOf,
    journey: Journey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert his.pulse() == ""
    User.objects.filter(pk=executive.pk).update(name="Eve <b>E</b>")
    hers = OpenMap(client_of(executive), journey)
    page = his.pulse()
    assert "Eve &lt;b&gt;E&lt;/b&gt;" in page and "Colin" not in page
    assert his.pulse() == ""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 20)
    assert his.pulse() == "" and hers.pulse() == ""
    monkeypatch.setattr(time, "time", lambda: now + 45)
    assert his.pulse() == ""
    monkeypatch.setattr(time, "time", lambda: now + 51)
    assert "Eve" not in his.pulse() and his.who == ""


def test_what_another_adds_arrives_and_the_own_does_not(
    his: OpenMap, lead: User, consultant: User, stage: Stage
) -> None:
    map_building.add_needs(stage=stage, texts=["be <b>heard</b>"], level="explicit", actor=lead)
    page = his.pulse()
    assert f'id="map-cell-needs-{stage.pk}"' in page and "be &lt;b&gt;heard&lt;/b&gt;" in page
    assert "Changed by Lea Lead: shown when you leave." in page
    other = stage.journey.stages.get(key="S2")
    assert f"map-cell-needs-{other.pk}" not in page and "map-problem" not in page
    assert his.pulse() == ""
    map_building.add_needs(stage=stage, texts=["mine"], level="explicit", actor=consultant)
    assert his.pulse() == ""


def test_undo_redo_and_a_step_instead_of_the_undone_one_arrive(
    his: OpenMap, lead: User, stage: Stage
) -> None:
    journey = stage.journey
    map_building.add_needs(stage=stage, texts=["be heard"], level="explicit", actor=lead)
    assert "be heard" in his.pulse()
    map_edits.undo(journey=journey, actor=lead)
    page = his.pulse()
    assert f'id="map-cell-needs-{stage.pk}"' in page and "be heard" not in page
    map_edits.redo(journey=journey, actor=lead)
    assert "be heard" in his.pulse()
    # Undone and overtaken between two pulses: its cell must be drawn again all the same.
    map_edits.undo(journey=journey, actor=lead)
    other = journey.stages.get(key="S2")
    map_building.add_needs(stage=other, texts=["be seen"], level="explicit", actor=lead)
    page = his.pulse()
    assert f'id="map-cell-needs-{stage.pk}"' in page and "be seen" in page
    assert [each.verb for each in map_edits.next_steps(journey, lead) if each] == ["added"]


def test_a_new_column_and_one_that_goes(his: OpenMap, lead: User, journey: Journey) -> None:
    (new,) = map_building.add_stages(journey=journey, names=["Park"], phase="before", actor=lead)
    page = his.pulse()
    assert f'<th scope="col" data-stage="{new.pk}"' in page and "data-order=" in page
    map_building.delete_stage(stage=new, actor=lead)
    page = his.pulse()
    order = re.findall('data-order="([^"]*)"', page)[0].split()
    assert order == [str(each.pk) for each in journey.stages.all()]
    assert "Deleted by Lea Lead: what you typed" in page


def test_readers_draw_the_map_again(
    executive: User, lead: User, client_of: ClientOf, stage: Stage
) -> None:
    hers = OpenMap(client_of(executive), stage.journey)
    assert (hers.pulse(), hers.outdated) == ("", False)
    map_building.add_needs(stage=stage, texts=["be heard"], level="explicit", actor=lead)
    page = hers.pulse()
    assert hers.outdated and "map-cell" not in page and "map-add" not in page
    assert hers.pulse() == ""


def test_who_has_slept_too_long_draws_all_again(his: OpenMap, lead: User, stage: Stage) -> None:
    his.since = (timezone.now() - map_edits.REMEMBERED - timedelta(seconds=1)).isoformat()
    map_building.add_needs(stage=stage, texts=["be heard"], level="explicit", actor=lead)
    assert "map-cell" not in his.pulse() and his.outdated


@pytest.mark.parametrize("since", ["", "yesterday", "2026-01-01", "9" * 400, "<script>"])
def test_nonsense_is_answered(his: OpenMap, since: str) -> None:
    his.since = since
    assert "<script>" not in his.pulse()


def test_dropped_steps_go_in_the_end(lead: User, stage: Stage) -> None:
    for text in ("one", "two"):
        map_building.add_needs(stage=stage, texts=[text], level="explicit", actor=lead)
        map_edits.undo(journey=stage.journey, actor=lead)
    assert MapEdit.objects.count() == 2
    MapEdit.objects.update(changed_at=timezone.now() - map_edits.REMEMBERED * 2)
    map_building.add_needs(stage=stage, texts=["three"], level="explicit", actor=lead)
    assert [each.is_dropped for each in MapEdit.objects.all()] == [False]


def test_a_pulse_makes_as_many_queries_for_many_changes(
    his: OpenMap, lead: User, journey: Journey
) -> None:
    def count(people: int, stages: int) -> int:
        for number in range(people):
            person = make_member(journey.programme, "consultant", make_user(f"P {number} {stages}"))
            for stage in journey.stages.all()[:stages]:
                map_building.add_needs(
                    stage=stage, texts=["a", "b"], level="explicit", actor=person
                )
        with CaptureQueriesContext(connection) as queries:
            assert "map-cell" in his.pulse()
        return len(queries)

    assert count(1, 1) == count(1, 3)


def test_a_stage_taken_out_of_the_perimeter_arrives_and_can_be_taken_back(
    his: OpenMap, lead: User, client_of: ClientOf, stage: Stage
) -> None:
    journey = stage.journey
    here = [journey.programme.slug, journey.key, stage.key]
    client_of(lead).post(reverse("journeys:stage-toggle", args=here), {"inside": "0"})
    assert f"map-cell-needs-{stage.pk}" in his.pulse()
    found = Stage.objects.get(pk=stage.pk)
    assert (found.in_perimeter, found.version) == (False, 1)
    map_edits.undo(journey=journey, actor=lead)
    assert Stage.objects.get(pk=stage.pk).in_perimeter


def test_a_first_step_that_ends_after_the_page_was_opened_arrives(
    his: OpenMap, lead: User, stage: Stage
) -> None:
    began = timezone.now() - timedelta(seconds=5)
    map_building.add_needs(stage=stage, texts=["be heard"], level="explicit", actor=lead)
    MapEdit.objects.update(changed_at=began)
    assert "be heard" in his.pulse() and not his.outdated
