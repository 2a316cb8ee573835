"""Deleting journeys and programmes under which observations were made, and what hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from journeys.models import Journey, Membership, Programme, Stage
from journeys.tests.factories import make_programme
from journeys.tests.pages import url
from observations.models import Observation, PendingFold, Revision, StageResult
from scoring.models import Framework, StageCell

SUMS = dict.fromkeys(
    [
        "n",
        "S",
        "raw",
        "P",
        "Q",
        "SS",
        "SP",
        "SQ",
        "PP",
        "QQ",
        "nD",
        "nN",
        "nE",
        "nU",
        "nb",
        "nb_ok",
    ],
    1,
)


@pytest.fixture
def page(client_of: Callable[[User], Client], lead: User) -> Client:
    return client_of(lead)


def measure(framework: Framework) -> Observation:
    """One observation with all that hangs on it, up to the cell."""
    programme, stage = framework.journey.programme, framework.journey.stages.first()
    location = programme.locations.first()
    observation = Observation.objects.create(
        programme=programme, journey=framework.journey, uuid=uuid4()
    )
    revision = Revision.objects.create(
        observation=observation,
        number=1,
        framework=framework,
        method="mystery_visit",
        location=location,
        observed_at=timezone.now(),
        month="2026-10",
        sha256="0" * 64,
    )
    StageResult.objects.create(
        revision=revision, stage=stage, S=1, raw=1, P=1, Q=1, basic_seen=True, basics_ok=True
    )
    PendingFold.objects.create(revision=revision, framework=framework, sign=1)
    StageCell.objects.create(
        framework=framework,
        stage=stage,
        method="mystery_visit",
        location=location,
        month="2026-10",
        **SUMS,
    )
    return observation


def test_deleting_takes_its_name_and_everything(
    page: Client, programme: Programme, framework: Framework
) -> None:
    measure(framework)
    other = make_programme("other")
    assert page.post(url("programme-delete"), {"typed": "Casa Nord"}).status_code == 422
    assert page.post(url("programme-delete"), {"typed": "casa-nord"}).status_code == 302
    assert list(Programme.objects.all()) == [other]
    for model in (Observation, Revision, StageResult, StageCell, Framework, Stage, Membership):
        assert not model.objects.exists(), model
    assert User.objects.exists()


def test_deleting_takes_the_typed_key_and_the_framework(
    page: Client, journey: Journey, framework: Framework
) -> None:
    address = url("journey-delete", "family-store")
    assert page.post(address, {"typed": "family"}).status_code == 422
    assert page.post(address, {"typed": "family-store"}).status_code == 302
    assert not Journey.objects.exists()
    assert not Framework.objects.exists()


def test_a_journey_that_was_observed_stays(
    page: Client, journey: Journey, framework: Framework
) -> None:
    measure(framework)
    answer = page.post(url("journey-delete", "family-store"), {"typed": "family-store"})
    assert answer.status_code == 409
    assert {each.count for each in answer.context["refusal"].held[0].dependants} == {1}
    assert Journey.objects.exists()
