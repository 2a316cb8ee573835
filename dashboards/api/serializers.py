"""The shapes of the score calls, for the OpenAPI document. Fractions are exact strings ("50/3")."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from journeys.models import Programme
from observations.common_ground import Difference
from scoring.change import Guard, Verdict, Withheld


class IntervalField(serializers.ListField):
    """Both ends of a 95 % interval in score points, or null."""

    child = serializers.FloatField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=2, max_length=2, allow_null=True, **kwargs)


class Version(serializers.Serializer[object]):
    version = serializers.IntegerField()
    n = serializers.IntegerField()


class PriorityFigures(serializers.Serializer[object]):
    rank = serializers.IntegerField()
    tier = serializers.ChoiceField(choices=["M", "1", "2", "3", "4", "-"])
    confidence = serializers.CharField(allow_null=True)
    index = serializers.FloatField(allow_null=True)


class Stratum(serializers.Serializer[object]):
    location = serializers.CharField(allow_null=True)
    share_bp = serializers.IntegerField(allow_null=True)
    n = serializers.IntegerField()
    S = serializers.IntegerField()
    P = serializers.IntegerField()
    Q = serializers.IntegerField()


class MethodFigures(serializers.Serializer[object]):
    method = serializers.CharField()
    n = serializers.IntegerField()
    score_exact = serializers.CharField()
    interval = IntervalField()
    crude_exact = serializers.CharField()
    weight = serializers.IntegerField()
    used = serializers.BooleanField()
    excluded_because = serializers.ChoiceField(choices=["too_few", "weight_zero"], allow_null=True)
    aggregated = serializers.BooleanField()
    share_coverage = serializers.CharField(allow_null=True)
    strata = Stratum(many=True)


class Basics(serializers.Serializer[object]):
    seen = serializers.IntegerField()
    covered = serializers.IntegerField()


class Customers(serializers.Serializer[object]):
    disappointed = serializers.IntegerField()
    neutral = serializers.IntegerField()
    enchanted = serializers.IntegerField()
    unclassified = serializers.IntegerField()


class StageFigures(serializers.Serializer[object]):
    stage = serializers.CharField()
    n = serializers.IntegerField()
    S = serializers.IntegerField()
    raw = serializers.IntegerField()
    P = serializers.IntegerField()
    Q = serializers.IntegerField()
    score = serializers.CharField(allow_null=True)
    score_exact = serializers.CharField(allow_null=True)
    raw_score = serializers.CharField(allow_null=True)
    mean_points = serializers.CharField(allow_null=True)
    interval = IntervalField()
    evidence = serializers.ChoiceField(choices=["A", "B", "C", "D"])
    label = serializers.ChoiceField(  # type: ignore[assignment]  # a field of the document
        choices=["disappointing", "neutral", "enchantment", "insufficient"]
    )
    certainty = serializers.ChoiceField(choices=["confirmed", "to_confirm", "-"])
    flags = serializers.ListField(child=serializers.CharField())
    basics = Basics()
    customers = Customers(allow_null=True)
    target = serializers.CharField(allow_null=True)
    gap_exact = serializers.CharField(allow_null=True)
    gap = serializers.CharField(allow_null=True)
    gap_interval = IntervalField()
    priority = PriorityFigures()
    methods = MethodFigures(many=True)


class JourneyFigures(serializers.Serializer[object]):
    score_exact = serializers.CharField(allow_null=True)
    interval = IntervalField()
    target_exact = serializers.CharField(allow_null=True)
    coverage = serializers.CharField()
    flags = serializers.ListField(child=serializers.CharField())
    cumulative_exact = serializers.CharField(allow_null=True)
    cumulative_interval = IntervalField()


class Freshness(serializers.Serializer[object]):
    journey = serializers.CharField()
    framework_version = serializers.IntegerField(allow_null=True)
    revision = serializers.IntegerField(allow_null=True)
    pending = serializers.IntegerField()


class Scores(Freshness):
    versions = Version(many=True)
    stages = StageFigures(many=True)
    journey_score = JourneyFigures()


class StagePriority(PriorityFigures):
    stage = serializers.CharField()
    n = serializers.IntegerField()
    missing = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    certainty = serializers.CharField()
    criticality = serializers.IntegerField()
    reach_bp = serializers.IntegerField()
    gap_exact = serializers.CharField(allow_null=True)
    gap = serializers.CharField(allow_null=True)
    gap_interval = IntervalField()


class Priorities(Freshness):
    priorities = StagePriority(many=True)


class VersionInBoth(serializers.Serializer[object]):
    version = serializers.IntegerField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    baseline = serializers.IntegerField(
        allow_null=True, help_text="Null where no second baseline is read."
    )


class GroundInteraction(serializers.Serializer[object]):
    interaction = serializers.CharField()
    stage = serializers.CharField()


class LeftOutInteraction(GroundInteraction):
    because = serializers.ChoiceField(choices=[one.value for one in Difference])


class CommonGroundFigures(serializers.Serializer[object]):
    """The interactions that framework versions have in common, where the windows share no version.

    Observations are scored again on `compared` alone, both sides by the rules of the newest version.
    """

    versions = serializers.ListField(child=serializers.IntegerField())
    compared = GroundInteraction(many=True)
    left_out = LeftOutInteraction(many=True)


class WindowMonths(serializers.Serializer[object]):
    """The first and the last month of each window."""

    before = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    after = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    baseline = serializers.ListField(
        child=serializers.CharField(), min_length=2, max_length=2, allow_null=True
    )


class MixShiftFigures(serializers.Serializer[object]):
    """The location whose part of a method's observations moved most, as exact shares."""

    method = serializers.CharField()
    location = serializers.CharField(allow_null=True)
    share_before = serializers.CharField()
    share_after = serializers.CharField()


class ChangeFigures(serializers.Serializer[object]):
    n_before = serializers.IntegerField()
    n_after = serializers.IntegerField()
    before = serializers.CharField(allow_null=True)
    before_exact = serializers.CharField(allow_null=True)
    before_interval = IntervalField()
    after = serializers.CharField(allow_null=True)
    after_exact = serializers.CharField(allow_null=True)
    after_interval = IntervalField()
    crude_change = serializers.CharField(allow_null=True)
    crude_change_exact = serializers.CharField(allow_null=True)
    change = serializers.CharField(allow_null=True)
    change_exact = serializers.CharField(allow_null=True)
    interval = IntervalField()
    simpson = serializers.BooleanField()
    mix_shift = MixShiftFigures(allow_null=True)
    excluded_because = serializers.CharField(
        allow_null=True, help_text="One of: " + ", ".join(Withheld) + "."
    )


class MethodChangeFigures(ChangeFigures):
    method = serializers.CharField()
    weight = serializers.IntegerField()
    aggregated = serializers.BooleanField()
    locations = serializers.IntegerField()
    paired = serializers.BooleanField()
    judged_at = serializers.ListField(
        child=serializers.CharField(),
        help_text="The locations of the verdict, where a second baseline has not every location compared.",
    )


class StageChangeFigures(ChangeFigures):
    stage = serializers.CharField()
    guard = serializers.ChoiceField(
        choices=[guard.value for guard in Guard],
        allow_null=True,
        help_text=(
            "What stands against regression to the mean: a control first, else a second baseline. "
            "The verdict is read off `did` with a control, off `baseline_change` with a second "
            "baseline, else off `change`."
        ),
    )
    control_change = serializers.CharField(allow_null=True)
    control_interval = IntervalField()
    did = serializers.CharField(allow_null=True)
    did_exact = serializers.CharField(allow_null=True)
    did_interval = IntervalField()
    n_baseline = serializers.IntegerField(allow_null=True)
    n_baseline_after = serializers.IntegerField(
        allow_null=True,
        help_text="n after, at the locations that the second baseline has too.",
    )
    baseline_change = serializers.CharField(allow_null=True)
    baseline_change_exact = serializers.CharField(allow_null=True)
    baseline_interval = IntervalField()
    verdict = serializers.ChoiceField(
        choices=[verdict.value for verdict in Verdict], allow_null=True
    )
    needed = serializers.IntegerField(allow_null=True)
    methods = MethodChangeFigures(many=True)


class Changes(Freshness):
    before = serializers.CharField(allow_null=True, help_text="A wave; null for months.")
    after = serializers.CharField(allow_null=True, help_text="A wave; null for months.")
    baseline = serializers.CharField(
        allow_null=True, help_text="A wave; null for months, or without a second baseline."
    )
    months = WindowMonths()
    after_closed = serializers.BooleanField(
        help_text=(
            "False until the last month of the window after is over: no stage has a verdict before, "
            "and those that would have one say `window_open`."
        )
    )
    control = serializers.ListField(child=serializers.CharField())
    versions = VersionInBoth(many=True)
    common_ground = CommonGroundFigures(
        allow_null=True,
        help_text=(
            "Null where one framework version carries every window: with half of its observations "
            "or more, and as many as a score needs."
        ),
    )
    stages = StageChangeFigures(many=True)


class ProgrammeItem(serializers.Serializer[Programme]):
    slug = serializers.CharField()
    name = serializers.CharField()
    brand = serializers.CharField()
    language = serializers.CharField()
    journeys = serializers.SerializerMethodField()

    def get_journeys(self, programme: Programme) -> list[str]:
        return [journey.key for journey in programme.journeys.all()]
