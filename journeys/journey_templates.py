"""Journeys to start from, by sector: the method's own examples (R42, R55) in both languages.

Each file of `templates_library/` is one journey as in the bundle, except that every text is an
object {"en": ..., "fr": ...} and a touchpoint names a channel family instead of a channel.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django import forms
from django.db import transaction
from django.utils.translation import override

from accounts.models import User
from journeys.audit import record
from journeys.bundle import Part, create_stages
from journeys.holding import hold_channels, hold_segment
from journeys.keys import free_key
from journeys.models import Channel, Journey, Programme
from journeys.models.journey import Criticality
from journeys.ordering import renumber_stages

FOLDER: Final = Path(__file__).parent / "templates_library"


@dataclass(frozen=True, slots=True)
class JourneyTemplate:
    """In one language. `stages` as in the bundle, with a family where that has a channel's key."""

    key: str
    sector: str
    name: str
    about: str
    stages: tuple[Part, ...]

    @property
    def families(self) -> list[str]:
        """The channel families that its touchpoints use, in the order of the map."""
        used = [one["channel"] for stage in self.stages for one in stage["touchpoints"]]
        return list(dict.fromkeys(used))


@cache
def journey_templates(language: str) -> tuple[JourneyTemplate, ...]:
    """In the order of the library; English for a language that it does not speak."""
    spoken = language if language in Programme.Language.values else Programme.Language.ENGLISH.value
    files = sorted(FOLDER.glob("*.json"))
    return tuple(_read(json.loads(each.read_text("utf-8")), spoken) for each in files)


def _read(source: Part, language: str) -> JourneyTemplate:
    said = _said(source, language)
    return JourneyTemplate(
        key=said["key"],
        sector=said["sector"],
        name=said["name"],
        about=said["about"],
        stages=tuple(_stage(part) for part in said["stages"]),
    )


def _said(value: Any, language: str) -> Any:
    """The same with each text in one language."""
    if isinstance(value, list):
        return [_said(each, language) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == set(Programme.Language.values):
        return value[language]
    return {name: _said(each, language) for name, each in value.items()}


def _stage(part: Part) -> Part:
    touchpoints = []
    for touchpoint in part["touchpoints"]:
        facts = {name: value for name, value in touchpoint.items() if name != "family"}
        touchpoints.append({**facts, "channel": touchpoint["family"]})
    return {
        **part,
        "in_perimeter": True,
        "moment_of_truth": part["criticality"] == Criticality.MOMENT_OF_TRUTH,
        "reach_bp": 10_000,
        "touchpoints": touchpoints,
    }


def family_name(family: str, language: str) -> str:
    """How a channel made for a template is called."""
    with override(language):
        return str(Channel.Family(family).label)


def family_channel(family: str, language: str) -> Part:
    """A channel of the family as in the bundle, for the programme that has none."""
    physical = family in Channel.PHYSICAL_FAMILIES
    return {
        "key": family,
        "name": family_name(family, language),
        "family": family,
        "medium": Channel.Medium.PHYSICAL.value if physical else Channel.Medium.DIGITAL.value,
        "in_perimeter": True,
    }


@transaction.atomic
def draw_from_template(
    *,
    form: forms.ModelForm[Journey],
    template: JourneyTemplate,
    channels: Mapping[str, Channel | None],
    actor: User,
) -> Journey:
    """A new journey, as the form has it, with the template's map.

    `channels` says which channel each family goes by; None adds one of that family. Raises Overtaken
    where the segment or one of the channels was deleted meanwhile.
    """
    hold_segment(form.instance.segment)
    hold_channels(channel for channel in channels.values() if channel)
    journey = form.save()
    programme = journey.programme
    by_family = {
        family: channels.get(family) or _add_channel(programme, family)
        for family in template.families
    }
    create_stages(journey, template.stages, by_family)
    renumber_stages(journey=journey)
    record(
        programme=programme,
        actor=actor,
        verb="created",
        subject=f"{Journey._meta.verbose_name} {journey}",
        changes={"source": [None, template.name]},
    )
    return journey


def _add_channel(programme: Programme, family: str) -> Channel:
    taken = set(programme.channels.values_list("key", flat=True))
    part = family_channel(family, programme.language)
    part["key"] = free_key(part["key"], taken) if part["key"] in taken else part["key"]
    return Channel.objects.create(programme=programme, position=len(taken), **part)
