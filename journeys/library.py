"""Stages of the programme's other journeys, to be met again on this one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.copying import JourneyCopy, copy_stage
from journeys.holding import hold_channels
from journeys.map_edits import map_step
from journeys.models import Journey, Stage
from journeys.ordering import renumber_stages
from journeys.querysets import whole_stages


class AlreadyThere(Exception):
    """The map has a stage of that key; `reason` says which, as a sentence."""

    def __init__(self, stage: Stage) -> None:
        self.reason = _("“%(stage)s” is on this map already.") % {"stage": stage}
        super().__init__(self.reason)


def library_of(journey: Journey) -> QuerySet[Stage]:
    """Stages of the other journeys, whole: the same key here or there means the same stage."""
    others = Journey.objects.filter(programme=journey.programme_id).exclude(pk=journey.pk)
    stages = Stage.objects.filter(journey__in=others).select_related("journey")
    return whole_stages(stages).order_by("journey__position", "journey", "position", "pk")


def add_from_library(*, journey: Journey, stages: Sequence[Stage], actor: User) -> list[Stage]:
    """With all that hangs on them, each at the end of its phase: one step that can be undone.

    Raises AlreadyThere, and adds nothing, where one of their keys is on the map by now; Overtaken
    where the map or a channel of theirs was deleted.
    """
    made: list[Stage] = []
    subject = ", ".join(stage.name for stage in stages)
    with map_step(journey=journey, actor=actor, verb="added", subject=subject):
        order = list(journey.stages.all())
        here = {stage.key for stage in order}
        hold_channels(each.channel for stage in stages for each in stage.touchpoints.all())
        copied = JourneyCopy(journey)
        for stage in stages:
            if stage.key in here:
                raise AlreadyThere(stage)
            here.add(stage.key)
            taken = set(journey.touchpoints.values_list("key", flat=True))
            made.append(copy_stage(stage, copied, {}, taken))
        renumber_stages(journey=journey, order=[*order, *made])
    return made
