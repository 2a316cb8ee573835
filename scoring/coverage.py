"""What a framework covers: how many basics, performances and delights each stage has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch

from journeys.models import Journey, Programme, Stage
from scoring.models import Framework, Interaction


@dataclass(frozen=True, slots=True)
class StageCoverage:
    stage: Stage
    basic: int
    performance: int
    delight: int

    @property
    def total(self) -> int:
        return self.basic + self.performance + self.delight

    @property
    def is_bare(self) -> bool:
        """In the perimeter, and nothing would be observed there."""
        return self.stage.in_perimeter and self.total == 0


@dataclass(frozen=True, slots=True)
class JourneyFrameworks:
    """A journey with its versions, newest first; the coverage is that of `shown`, the newest."""

    journey: Journey
    versions: tuple[Framework, ...]
    coverage: tuple[StageCoverage, ...]

    @property
    def shown(self) -> Framework | None:
        return self.versions[0] if self.versions else None

    @property
    def draft(self) -> Framework | None:
        return next((one for one in self.versions if one.is_draft), None)

    @property
    def in_use(self) -> Framework | None:
        return next((one for one in self.versions if one.status == "published"), None)


def frameworks_of(programme: Programme) -> list[JourneyFrameworks]:
    """Every journey of the programme, in a fixed number of queries."""
    frameworks = Framework.objects.with_counts().order_by("-version")
    journeys = programme.journeys.select_related("segment").prefetch_related(
        "stages", Prefetch("frameworks", frameworks)
    )
    rows = [(journey, tuple(journey.frameworks.all())) for journey in journeys]
    counts = _counts(versions[0] for _journey, versions in rows if versions)
    return [
        JourneyFrameworks(
            journey,
            versions,
            tuple(_of_stage(stage, counts, versions[0]) for stage in journey.stages.all())
            if versions
            else (),
        )
        for journey, versions in rows
    ]


def _counts(frameworks: Iterable[Framework]) -> Counter[tuple[int, int, str]]:
    """{(framework, stage, kind): interactions}"""
    rows = (
        Interaction.objects.filter(framework__in=list(frameworks))
        .order_by()
        .values_list("framework_id", "stage_id", "kind")
        .annotate(number=Count("pk"))
    )
    return Counter({(framework, stage, kind): n for framework, stage, kind, n in rows})


def _of_stage(
    stage: Stage, counts: Counter[tuple[int, int, str]], framework: Framework
) -> StageCoverage:
    at = (framework.pk, stage.pk)
    return StageCoverage(
        stage, counts[*at, "basic"], counts[*at, "performance"], counts[*at, "delight"]
    )
