"""`demo`: a programme in either language, its people and its plan; safe to run twice."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from PIL import Image
from pytest_django import Settings

from accounts.models import User
from actionplans.action_models import ActionComment, ActionDependency, ActionPerson, SubTask
from actionplans.models import Action, ActionUpdate, Recommendation
from cxplan import demo_programme
from cxplan.browser_libraries import BrowserLibrariesError
from cxplan.demo.plan_parts import DEMO_PARTS
from cxplan.demo.story import DEMO_PEOPLE, DEMO_PLAN
from cxplan.demo_programme import DEMO_PASSWORD, load_demo
from cxplan.tests.bundles import row_counts
from journeys.bundle import UnacceptableBundle
from journeys.models import Membership, Programme
from observations.models import Device, Media, Observation

COMMAND = "cxplan.management.commands.demo"
pytestmark = pytest.mark.django_db
Demo = Callable[..., str]


@pytest.fixture
def demo(settings: Settings) -> Iterator[Demo]:
    """The command with the network and the other process left out; what it printed."""
    settings.DEBUG = True

    def run(*arguments: str) -> str:
        out = io.StringIO()
        call_command("demo", *arguments, stdout=out)
        return out.getvalue()

    with patch(f"{COMMAND}.install_browser_libraries"), patch(f"{COMMAND}.compile_catalogues"):
        yield run


def test_it_loads_and_prints_address_and_logins(demo: Demo) -> None:
    printed = demo("--no-server", "--port", "8123")
    programme = Programme.objects.get(slug="maison-nord")
    assert (programme.language, programme.observations.count()) == ("en", 618)
    assert "http://127.0.0.1:8123/programmes/maison-nord/" in printed
    lines = printed.splitlines()
    for person in DEMO_PEOPLE:
        assert any(person["email"] in line and DEMO_PASSWORD in line for line in lines)
        user = User.objects.get(email=person["email"])
        assert user.check_password(DEMO_PASSWORD)
        roles = set(user.memberships.values_list("role", flat=True))
        assert roles >= set(person["roles"])


def test_a_second_run_changes_nothing(demo: Demo) -> None:
    demo("--no-server")
    before = row_counts()
    assert "The programme maison-nord is there already." in demo("--no-server")
    assert row_counts() == before


def test_both_languages_live_side_by_side(demo: Demo) -> None:
    demo("--no-server")
    demo("--no-server", "--language", "fr")
    french = Programme.objects.get(slug="maison-nord-fr")
    assert french.language == "fr"
    assert Programme.objects.count() == 2
    assert User.objects.count() == len(DEMO_PEOPLE)
    assert french.recommendations.filter(text=DEMO_PLAN[0]["text"]["fr"]).exists()


def test_observers_have_their_codes_and_places(demo: Demo) -> None:
    demo("--no-server")
    codes = dict(
        Membership.objects.exclude(observer_code="").values_list("user__email", "observer_code")
    )
    assert codes == {one["email"]: one["observer"] for one in DEMO_PEOPLE if one["observer"]}
    observer = Membership.objects.get(user__email="observer@maison-nord.example")
    assert set(observer.locations.values_list("code", flat=True)) == {"LIL", "VDA", "RBX"}


def test_the_plan_is_the_storys(demo: Demo) -> None:
    demo("--no-server")
    assert Recommendation.objects.count() == len(DEMO_PLAN)
    expected = [action for part in DEMO_PLAN for action in part["actions"]]
    assert Action.objects.count() == len(expected) + len(DEMO_PARTS["existing"])
    for facts in expected:
        action = Action.objects.get(title=facts["text"]["en"])
        assert (action.status, action.owner.email) == (facts["status"], facts["owner"])
        assert action.updates.order_by("-created_at", "-pk")[0].status == facts["status"]
    pilot = Action.objects.get(title=DEMO_PLAN[0]["actions"][0]["text"]["en"])
    notes = (
        ActionUpdate.objects.filter(action=pilot).exclude(note="").values_list("note", flat=True)
    )
    assert len(notes[0].split(", ")) == 6


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_actions_have_all_that_an_action_may_have(demo: Demo, language: str) -> None:
    demo("--no-server", "--language", language)
    assert set(Action.objects.values_list("status", flat=True)) == set(Action.Status.values)
    assert Action.objects.filter(is_existing=True).count() == len(DEMO_PARTS["existing"])
    assert set(ActionPerson.objects.values_list("part", flat=True)) == {"R", "C", "I"}
    till = ActionDependency.objects.get(needs__status="doing", needs__stage__key="checkout")
    assert till.action.waiting_for == [till.needs]
    assert SubTask.objects.exclude(done_at=None).exists()
    assert ActionComment.objects.count() == 2


def test_it_serves_the_port_in_a_new_process(demo: Demo) -> None:
    with patch(f"{COMMAND}.os.execv") as execv:
        demo("--no-server")
        assert not execv.called
        demo("--port", "8222")
    arguments = execv.call_args.args[1]
    assert arguments[-3:] == ["runserver", "127.0.0.1:8222", "--noreload"]


def test_without_debug_nobody_gets_a_known_password(demo: Demo, settings: Settings) -> None:
    settings.DEBUG = False
    printed = demo("--no-server")
    assert DEMO_PASSWORD not in printed
    assert not User.objects.exists()
    assert not Action.objects.exists()
    assert Programme.objects.get().observations.count() == 618


def test_a_failure_on_the_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = row_counts()
    monkeypatch.setattr(demo_programme, "demo_observations", lambda _bundle: [{"id": "nonsense"}])
    with pytest.raises(UnacceptableBundle):
        load_demo(language="en", with_people=True)
    assert row_counts() == before


def test_without_libraries_it_says_why(settings: Settings) -> None:
    failure = BrowserLibrariesError("check the network")
    with (
        patch(f"{COMMAND}.install_browser_libraries", side_effect=failure),
        pytest.raises(CommandError, match="check the network"),
    ):
        call_command("demo", "--no-server", stdout=io.StringIO())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_tablet_has_brought_a_visit_with_a_photo(demo: Demo, language: str) -> None:
    demo("--no-server", "--language", language)
    enrolled, waiting = Device.objects.order_by("pk")
    assert (enrolled.is_enrolled, enrolled.takes_mystery_visits) == (True, True)
    assert (waiting.is_enrolled, waiting.takes_mystery_visits) == (False, False)
    brought = Observation.objects.get(device=enrolled)
    assert brought.revisions.get().method == "mystery_visit"
    assert Media.objects.filter(observation=brought).count() == 1
    photos = Media.objects.all()
    assert photos.count() == 2
    for photo in photos:
        with photo.file.open() as content, Image.open(content) as picture:
            assert (picture.format, picture.size) == ("JPEG", (960, 720))
    assert Observation.objects.count() == 618
