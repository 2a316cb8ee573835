"""The forms of the demo programme convert without a warning, in both languages."""

from __future__ import annotations

import pytest

from cxplan.demo_programme import load_demo
from observations.odk.names import ANSWER, name_of
from observations.tests.odk_answers import converted, form_of, leaves_of
from scoring.models import Framework


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.django_db
def test_the_demo_programme_converts_and_holds_every_interaction(language: str) -> None:
    programme = load_demo(language=language, with_people=False)
    for framework in Framework.objects.filter(journey__programme=programme):
        form = form_of(framework)
        leaves = {path.split("/")[-1] for path in leaves_of(converted(form))}
        keys = framework.interactions.filter(stage__in_perimeter=True).values_list("key", flat=True)
        assert {name_of(ANSWER, key) for key in keys} <= leaves
        labels = {row["label"] for row in form.choices}
        assert ("Non vu" if language == "fr" else "Not seen") in labels
