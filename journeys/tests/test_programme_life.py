"""A programme is begun, set up, copied, archived, restored and deleted with all it holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys.models import Channel, Journey, Membership, Need, Programme, Stage
from journeys.tests.factories import make_user, make_wave
from journeys.tests.pages import url

ClientOf = Callable[[User], Client]
SETTINGS = {
    "name": "Casa Nord",
    "language": "en",
    "remind_before_days": "3",
    "escalate_after_days": "7",
}


@pytest.fixture
def page(client_of: ClientOf, lead: User) -> Client:
    return client_of(lead)


@pytest.fixture
def creator(db: None) -> User:
    return make_user("Clara Creator", may_create_programmes=True)


def test_the_creator_leads_the_programme_with_the_channels_chosen(
    client_of: ClientOf, creator: User
) -> None:
    data = {"name": "Été 2026", "language": "fr", "families": ["online", "face_to_face"]}
    answer = client_of(creator).post(reverse("journeys:programme-create"), data)
    programme = Programme.objects.get()
    assert answer["Location"] == reverse("journeys:perimeter", args=["ete-2026"])
    assert Membership.objects.get(role="lead").user == creator
    channels = programme.channels.values_list("key", "name", "medium")
    assert [(key, medium) for key, _name, medium in channels] == [
        ("face-to-face", "physical"),
        ("online", "digital"),
    ]
    assert programme.audit_entries.get().verb == "created"


def test_all_seven_families_are_offered(client_of: ClientOf, creator: User) -> None:
    answer = client_of(creator).get(reverse("journeys:programme-create"))
    assert answer.context["form"]["families"].value() == list(Channel.Family)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("slug", "casa-nord"), ("slug", "two words"), ("name", ""), ("families", "fax")],
)
def test_a_bad_programme_is_refused_at_the_field(
    client_of: ClientOf, creator: User, programme: Programme, field: str, typed: str
) -> None:
    data = {"name": "New", "language": "en", field: typed}
    answer = client_of(creator).post(reverse("journeys:programme-create"), data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Programme.objects.count() == 1


def test_settings_keep_only_the_weights_that_were_typed(page: Client, programme: Programme) -> None:
    data = SETTINGS | {"weight_survey": "0", "weight_verbatim": ""}
    assert page.post(url("programme-edit"), data).status_code == 302
    programme.refresh_from_db()
    assert programme.method_weights == {"survey": 0}
    assert programme.audit_entries.get().changes == {"method_weights": [{}, {"survey": 0}]}


@pytest.mark.parametrize("typed", ["-1", "1.5", "101", "much"])
def test_a_weight_is_a_whole_number_from_0(page: Client, programme: Programme, typed: str) -> None:
    data = SETTINGS | {"name": "Typed name", "weight_survey": typed}
    answer = page.post(url("programme-edit"), data)
    assert answer.status_code == 422
    assert "weight_survey" in answer.context["form"].errors
    # The page around the form still shows the stored name.
    assert answer.context["programme"].name == "Casa Nord"


def test_an_archived_programme_is_read_only_until_it_is_restored(
    page: Client, programme: Programme
) -> None:
    page.post(url("programme-archive"))
    assert page.post(url("journey-create"), {}).status_code == 403
    assert "Add a segment" not in page.get(url("perimeter")).content.decode()
    listed = page.get(reverse("journeys:programme-list"))
    assert listed.context["archived"] == [programme]
    page.post(url("programme-restore"))
    assert page.post(url("journey-create"), {}).status_code == 422
    assert set(programme.audit_entries.values_list("verb", flat=True)) == {"archived", "restored"}


def test_a_copy_has_the_perimeter_and_the_journeys_and_no_members(
    client_of: ClientOf, programme: Programme, journey: Journey, lead: User
) -> None:
    lead.may_create_programmes = True
    lead.save()
    make_wave(programme)
    Programme.objects.update(remind_before_days=5, escalate_after_days=21)
    stage = journey.stages.get(key="S1")
    Need.objects.create(stage=stage, text="trust")
    stage.choices.create(question="Which?").criteria.create(text="price")
    programme.segments.get().preferred_channels.set(programme.channels.all())
    client_of(lead).post(url("programme-copy"), {"name": "Casa Sud", "slug": "casa-sud"})
    copy = Programme.objects.get(slug="casa-sud")
    assert (copy.remind_before_days, copy.escalate_after_days) == (5, 21)
    assert [each.user for each in copy.memberships.all()] == [lead]
    assert [each.code for each in copy.locations.all()] == ["LYO1", "PAR1"]
    assert not copy.waves.exists()
    copied = Stage.objects.get(journey__programme=copy, key="S1")
    assert copied.touchpoints.get().channel == copy.channels.get()
    assert copied.choices.get().criteria.get().text == "price"
    assert copied.needs.get().text == "trust"
    assert copy.segments.get().preferred_channels.get() == copy.channels.get()


def test_a_copy_needs_an_address_of_its_own(
    client_of: ClientOf, programme: Programme, lead: User
) -> None:
    lead.may_create_programmes = True
    lead.save()
    answer = client_of(lead).post(url("programme-copy"), {"name": "X", "slug": "casa-nord"})
    assert answer.status_code == 422
    assert "slug" in answer.context["form"].errors
