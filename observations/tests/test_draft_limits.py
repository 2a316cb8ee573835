"""A draft has its shape and its limits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from journeys.models import Programme
from observations.models import Draft
from observations.tests.tablets import at, make_tablet
from observations.tests.test_drafts import LATE, make_draft, mirror

pytestmark = pytest.mark.usefixtures("framework", "own_cache")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"saved_at": "yesterday"}, "/saved_at"),
        ({"saved_at": "2026-11-28T09:00:00"}, "/saved_at"),
        ({"saved_at": None}, "/saved_at"),
        ({"document": []}, "/document"),
        ({"place": {"text": "é" * 1100}}, "/place"),
    ],
)
def test_a_bad_field_is_named(programme: Programme, change: dict[str, Any], path: str) -> None:
    _device, tablet = make_tablet(programme)
    answer = mirror(tablet, programme, make_draft(**change))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [one["path"] for one in answer.json()["errors"]] == [path]
    assert not Draft.objects.exists()


def test_the_address_names_the_draft(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    draft, other = make_draft(), make_draft()
    answer = mirror(tablet, programme, draft | {"id": "no"})
    assert answer.status_code == 404, "no address"
    place = at(programme, f"drafts/{other['id']}/")
    answer = tablet.put(place, json.dumps(draft), content_type="application/json")
    assert [one["path"] for one in answer.json()["errors"]] == ["/id"]
    assert tablet.put(at(programme, f"drafts/{other['id']}/"), [], format="json").status_code == 400


def test_more_than_256_kb_is_413(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    draft = make_draft()
    draft["document"]["comment"] = "x" * (256 * 1024)
    assert mirror(tablet, programme, draft).status_code == 413
    draft["document"]["comment"] = "x" * (255 * 1024)
    assert mirror(tablet, programme, draft).status_code == 200


def test_one_sender_keeps_so_many(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("observations.drafts.MAX_DRAFTS", 2)
    _device, tablet = make_tablet(programme)
    _other, second = make_tablet(programme, name="Tablet 2")
    drafts = [make_draft() for _ in range(3)]
    assert [mirror(tablet, programme, one).status_code for one in drafts] == [200, 200, 422]
    assert mirror(tablet, programme, drafts[0] | {"saved_at": LATE}).status_code == 200
    assert mirror(second, programme, drafts[2]).status_code == 200


def test_one_device_is_slowed_and_another_is_not(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observations.api.throttles.DraftThrottle.rate", "2/min")
    _device, tablet = make_tablet(programme)
    _other, second = make_tablet(programme, name="Tablet 2")
    draft = make_draft()
    answers = [mirror(tablet, programme, draft) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert mirror(second, programme, make_draft()).status_code == 200
