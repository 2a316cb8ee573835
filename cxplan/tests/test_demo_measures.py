"""The demo's measured actions: one with its verdict, one whose window is open, one still to come."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation
from rest_framework.test import APIClient

from accounts.models import User
from actionplans.measure_models import Measure, State
from actionplans.measure_reading import address_of
from actionplans.measure_words import effect_of
from actionplans.models import Action
from actionplans.tests.measures import on
from cxplan.demo_programme import load_demo
from journeys.models import Programme

NAMES = {
    "en": ("Redo signs", "Open a till", "Extend the new signs", "↗ real improvement"),
    "fr": ("Refaire la signalétique", "Ouvrir une caisse", "Étendre", "↗ amélioration réelle"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", Programme.Language.values)
def test_measured_open_and_to_come(
    monkeypatch: pytest.MonkeyPatch, language: str, settings: Any
) -> None:
    settings.DEBUG = True
    on(monkeypatch, date(2026, 11, 28))
    programme = load_demo(language=language, with_people=True)
    *titles, word = NAMES[language]
    actions = [
        Action.objects.with_measures().get(programme=programme, title__startswith=title)
        for title in titles
    ]
    [measured], [opened], [waiting] = (list(one.measures.all()) for one in actions)
    states = [one.state for one in (measured, opened, waiting)]
    assert states == [State.CLOSED, State.OPEN, State.WAITING]
    assert Measure.objects.filter(action__programme=programme).count() == 3
    result = measured.outcome
    assert result is not None and result.figures["not_as_planned"] is None
    assert result.closed_at <= datetime(2026, 11, 1, 12, tzinfo=UTC)
    [stage] = result.figures["stages"]
    assert (stage["verdict"], stage["guard"]) == ("real_improvement", "control")
    assert told(programme, measured) == {name: stage[name] for name in told(programme, measured)}
    with translation.override(language):
        assert str(effect_of(actions[0])) == word


def told(programme: Programme, measure: Measure) -> dict[str, Any]:
    """What the API says of the same selection today."""
    client = APIClient()
    client.force_authenticate(User.objects.get(email="lead@maison-nord.example"))
    url = f"/api/v1/programmes/{programme.slug}/journeys/amateur-bathroom/changes/"
    answer = client.get(url, address_of(Measure.objects.with_parts().get(pk=measure.pk)))
    found: dict[str, Any] = next(one for one in answer.json()["stages"] if one["stage"] == "arrive")
    return found
