"""The shape of an action's effect, for the OpenAPI document. Fractions are exact strings ("100/7")."""

from __future__ import annotations

from rest_framework import serializers

from actionplans.effect import Quadrant
from actionplans.worth import Missing


class DeclaredEffect(serializers.Serializer[object]):
    """Answers at `from_points` (null: any below) become `to_points`."""

    interaction = serializers.CharField()
    from_points = serializers.IntegerField(allow_null=True)
    to_points = serializers.IntegerField()


class ImpactFactors(serializers.Serializer[object]):
    """Their product is the impact: c/3, reach, change of the score, confidence, reach of the action."""

    criticality = serializers.CharField()
    reach = serializers.CharField()
    delta = serializers.CharField()
    confidence = serializers.CharField()
    action_reach = serializers.CharField()


class ReplayedStage(serializers.Serializer[object]):
    stage = serializers.CharField()
    n = serializers.IntegerField(help_text="Observations replayed: those of the methods used.")
    changed = serializers.IntegerField(help_text="Of them, those with another answer.")
    score_before = serializers.CharField(allow_null=True)
    score_before_exact = serializers.CharField(allow_null=True)
    score_after = serializers.CharField(allow_null=True)
    score_after_exact = serializers.CharField(allow_null=True)
    delta = serializers.CharField(allow_null=True)
    delta_exact = serializers.CharField(allow_null=True)
    released_points = serializers.IntegerField(
        help_text="Points of delight that a missed basic had held back."
    )
    impact = serializers.CharField(allow_null=True)
    impact_exact = serializers.CharField(allow_null=True)
    factors = ImpactFactors(allow_null=True)


class ActionEffects(serializers.Serializer[object]):
    action = serializers.IntegerField()
    journey = serializers.CharField()
    framework_version = serializers.IntegerField(allow_null=True)
    revision = serializers.IntegerField(allow_null=True)
    pending = serializers.IntegerField()
    effects = DeclaredEffect(many=True)
    stages = ReplayedStage(many=True)
    impact = serializers.CharField(allow_null=True)
    impact_exact = serializers.CharField(allow_null=True)
    effort_days = serializers.CharField(allow_null=True)
    impact_per_day = serializers.CharField(allow_null=True)
    impact_per_day_exact = serializers.CharField(allow_null=True)
    quadrant = serializers.ChoiceField(
        choices=[one.value for one in Quadrant],
        allow_null=True,
        help_text="By the medians of the programme's actions over all observations, whatever the filters.",
    )
    basics_first = serializers.BooleanField()
    missing = serializers.ListField(
        child=serializers.ChoiceField(choices=[one.value for one in Missing])
    )
