"""A map as one JSON document: what a snapshot keeps, what is compared, what a template holds.

{"journey":  the journey as in the bundle, without its frameworks,
 "channels": the channels that its touchpoints name, as in the bundle,
 "rows":     the numbers of the rows, one item a stage, in the journey's order}
"""

from __future__ import annotations

from itertools import count
from typing import Any

from django.db import models

from journeys.bundle import Part, channel_part, journey_part, stage_facts
from journeys.models import Channel, Choice, Criterion, Journey, Need, Stage, Touchpoint


def document_of(journey: Journey) -> Part:
    """Of a journey loaded by `for_map()`; no query."""
    stages = journey.stages.all()
    used = {one.channel.key: one.channel for stage in stages for one in stage.touchpoints.all()}
    return {
        "journey": journey_part(journey),
        "channels": [channel_part(used[key]) for key in sorted(used)],
        "rows": [
            {
                "stage": stage.pk,
                "touchpoints": [one.pk for one in stage.touchpoints.all()],
                "needs": [one.pk for one in stage.needs.all()],
                "choices": [
                    {"choice": one.pk, "criteria": [each.pk for each in one.criteria.all()]}
                    for one in stage.choices.all()
                ],
            }
            for stage in stages
        ],
    }


def numbered(part: Part, channels: list[Part]) -> Part:
    """A document of a journey that is in no row yet: its rows are counted."""
    numbers = count(1)
    return {
        "journey": part,
        "channels": channels,
        "rows": [
            {
                "stage": next(numbers),
                "touchpoints": [next(numbers) for _each in stage["touchpoints"]],
                "needs": [next(numbers) for _each in stage["needs"]],
                "choices": [
                    {
                        "choice": next(numbers),
                        "criteria": [next(numbers) for _each in choice["criteria"]],
                    }
                    for choice in stage["choices"]
                ],
            }
            for stage in part["stages"]
        ],
    }


def drawn_from(document: Part, journey: Journey) -> Journey:
    """The map of the document under the journey's name, as `for_map()` would load it; never saved."""
    channels = {
        part["key"]: Channel(programme=journey.programme, **part) for part in document["channels"]
    }
    picture = Journey(
        pk=journey.pk or 0, programme=journey.programme, key=journey.key, name=journey.name
    )
    stages = [
        _drawn_stage(picture, part, rows, channels)
        for part, rows in zip(document["journey"]["stages"], document["rows"], strict=True)
    ]
    _hold(picture, stages=(Stage, stages))
    return picture


def _drawn_stage(journey: Journey, part: Part, rows: Part, channels: dict[str, Channel]) -> Stage:
    stage = Stage(pk=rows["stage"], journey=journey, **stage_facts(part))
    touchpoints = [
        Touchpoint(
            pk=pk, stage=stage, journey=journey, **{**one, "channel": channels[one["channel"]]}
        )
        for one, pk in zip(part["touchpoints"], rows["touchpoints"], strict=True)
    ]
    needs = [
        Need(pk=pk, stage=stage, **one)
        for one, pk in zip(part["needs"], rows["needs"], strict=True)
    ]
    choices = [
        _drawn_choice(stage, one, numbers)
        for one, numbers in zip(part["choices"], rows["choices"], strict=True)
    ]
    _hold(
        stage,
        touchpoints=(Touchpoint, touchpoints),
        needs=(Need, needs),
        choices=(Choice, choices),
    )
    return stage


def _drawn_choice(stage: Stage, part: Part, numbers: Part) -> Choice:
    choice = Choice(pk=numbers["choice"], stage=stage, question=part["question"])
    criteria = [
        Criterion(pk=pk, choice=choice, text=text)
        for text, pk in zip(part["criteria"], numbers["criteria"], strict=True)
    ]
    _hold(choice, criteria=(Criterion, criteria))
    return choice


def _hold(row: models.Model, **related: tuple[type[models.Model], list[Any]]) -> None:
    """What `row.<name>.all()` answers from here on, as if it had been prefetched."""
    held: dict[str, Any] = {}
    for name, (model, rows) in related.items():
        held[name] = model._default_manager.none()
        held[name]._result_cache = rows
    row._prefetched_objects_cache = held  # type: ignore[attr-defined]
