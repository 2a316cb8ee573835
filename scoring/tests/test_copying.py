"""A journey for a second segment, or a programme for a second brand: nothing is typed twice."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from conftest import ClientOf
from journeys.models import Programme
from journeys.tests.factories import make_segment, make_user
from scoring.models import Framework


def said(framework: Framework) -> list[tuple[object, ...]]:
    """What a framework says, without the rows it says it with."""
    return [
        (
            one.key,
            one.stage.key,
            one.touchpoint and one.touchpoint.key,
            one.kind,
            one.target,
            [(level.points, level.label) for level in one.levels.all()],
        )
        for one in framework.interactions.order_by("key")
    ]


@pytest.mark.parametrize("with_framework", [True, False])
def test_a_journey_is_copied_with_its_framework_or_without(
    programme: Programme,
    framework: Framework,
    consultant: User,
    client_of: ClientOf,
    *,
    with_framework: bool,
) -> None:
    pro = make_segment(programme, "pro")
    url = reverse("journeys:journey-copy", args=[programme.slug, "family-store"])
    data = {"segment": pro.pk, "name": "Pros"} | (
        {"with_framework": "on"} if with_framework else {}
    )
    assert client_of(consultant).post(url, data).status_code == 302
    copy = programme.journeys.get(segment=pro)
    if not with_framework:
        assert not copy.frameworks.exists()
        return
    draft = copy.frameworks.get()
    assert (draft.version, draft.status) == (1, "draft")
    assert said(draft) == said(framework)
    assert {one.stage.journey for one in draft.interactions.all()} == {copy}


def test_a_programme_is_copied_with_its_frameworks(
    programme: Programme, framework: Framework, client_of: ClientOf
) -> None:
    root = make_user("Root", is_superuser=True)
    url = reverse("journeys:programme-copy", args=[programme.slug])
    data = {"name": "Casa Sud", "slug": "casa-sud", "with_framework": "on"}
    assert client_of(root).post(url, data).status_code == 302
    copy = Framework.objects.get(journey__programme__slug="casa-sud")
    assert copy.status == "draft"
    assert said(copy) == said(framework)
    touchpoints = {one.touchpoint.journey.programme.slug for one in copy.interactions.all()}  # type: ignore[union-attr]
    assert touchpoints == {"casa-sud"}
