"""The observation guide of a framework version: what an observer takes along (R49)."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from journeys.access import Access
from journeys.models import Journey, Stage
from journeys.rights import Right
from scoring.models import Framework, Interaction


@dataclass(frozen=True, slots=True)
class GuideStage:
    stage: Stage
    interactions: tuple[Interaction, ...]


def guide_stages(framework: Framework) -> list[GuideStage]:
    """What is to be observed, in journey order: stages and channels of the perimeter only.

    Wants a framework `with_guide()`; runs no query then.
    """
    stages: dict[Stage, list[Interaction]] = {}
    for interaction in framework.interactions.all():
        touchpoint = interaction.touchpoint
        if interaction.stage.in_perimeter and (
            touchpoint is None or touchpoint.channel.in_perimeter
        ):
            stages.setdefault(interaction.stage, []).append(interaction)
    return [GuideStage(stage, tuple(rows)) for stage, rows in stages.items()]


def guide_versions(journey: Journey, access: Access) -> list[Framework]:
    """The versions whose guide this person may open, newest first.

    Observers work with what takes observations; who reads the method may look at a draft and back.
    """
    versions = journey.frameworks.order_by("-version")
    if not access.may(Right.SEE_METHOD):
        versions = versions.taking_observations()
    return list(versions)


def guide_in_use(versions: list[Framework]) -> Framework | None:
    """The published version, else the newest that still takes finished records."""
    ready = [version for version in versions if version.takes_observations]
    return min(ready, key=lambda one: one.status != Framework.Status.PUBLISHED, default=None)


def observer_of(access: Access) -> User | str:
    """Who stands in the head of the guide: the code where there is one, else the person."""
    return access.observer_code or access.user
