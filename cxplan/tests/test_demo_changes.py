"""The demo's action, end to end: new signs at six stores, the six others as control."""

from __future__ import annotations

from datetime import date

import pytest
from rest_framework.test import APIClient

from cxplan.demo.story_tables import SIGNAGE_LOCATIONS
from cxplan.demo_programme import load_demo
from journeys.tests.factories import make_user
from observations.folding import fold_pending


@pytest.mark.django_db
def test_new_signs_are_a_real_improvement_beside_the_other_stores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The day after the third wave has closed: there is no verdict before.
    monkeypatch.setattr("observations.changes.timezone.localdate", lambda: date(2026, 12, 1))
    programme = load_demo(language="en", with_people=False)
    fold_pending()
    control = programme.locations.exclude(code__in=SIGNAGE_LOCATIONS)
    client = APIClient()
    client.force_authenticate(make_user(is_superuser=True))
    url = f"/api/v1/programmes/{programme.slug}/journeys/amateur-bathroom/changes/"
    answer = client.get(
        url,
        {
            "before": "W2",
            "after": "W3",
            "control": ",".join(control.values_list("code", flat=True)),
        },
    ).json()
    arrive = next(one for one in answer["stages"] if one["stage"] == "arrive")
    assert len(answer["control"]) == 6
    assert arrive["verdict"] == "real_improvement", arrive
    assert float(arrive["did"]) > 30
    assert arrive["did_interval"][0] > 0
    others = {one["verdict"] for one in answer["stages"] if one["stage"] != "arrive"}
    assert "real_improvement" not in others
