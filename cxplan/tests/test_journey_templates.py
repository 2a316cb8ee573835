"""The templates by sector are as strict as a bundle from outside, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from cxplan.bundle import load_bundle
from journeys.journey_templates import family_channel, journey_templates
from journeys.models import Channel, Programme


def bundle_of(language: str) -> dict[str, Any]:
    """All templates as one programme, as strict as a bundle from outside."""
    return {
        "format": "cxplan.programme",
        "version": 1,
        "programme": {
            "slug": "x",
            "name": "X",
            "brand": "",
            "language": language,
            "ambition": "",
            "method_weights": {},
        },
        "channels": [family_channel(family, language) for family in Channel.Family.values],
        "locations": [],
        "segments": [{"key": "all", "name": "All", "expectations": "", "preferred_channels": []}],
        "journeys": [
            {
                "key": one.key,
                "segment": "all",
                "name": one.name,
                "stages": list(one.stages),
                "frameworks": [],
            }
            for one in journey_templates(language)
        ],
    }


@pytest.mark.django_db
@pytest.mark.parametrize("language", Programme.Language.values)
def test_each_template_is_a_valid_journey(language: str) -> None:
    programme = load_bundle(bundle=bundle_of(language))
    templates = journey_templates(language)
    assert [one.key for one in programme.journeys.all()] == [one.key for one in templates]
