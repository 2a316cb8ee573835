"""The shape of an action's measures, for the OpenAPI document."""

from __future__ import annotations

from rest_framework import serializers

from actionplans.measure_models import State
from scoring.change import Guard, Verdict, Withheld


class MeasuredMonths(serializers.Serializer[object]):
    """First and last month, both included."""

    before = serializers.ListField(child=serializers.CharField())
    after = serializers.ListField(child=serializers.CharField())
    baseline = serializers.ListField(child=serializers.CharField(), allow_null=True)


class MeasuredVerdict(serializers.Serializer[object]):
    """A stage as `GET journeys/{key}/changes/` answered it on the day the window closed."""

    stage = serializers.CharField()
    n_before = serializers.IntegerField()
    n_after = serializers.IntegerField()
    before_exact = serializers.CharField(allow_null=True)
    after_exact = serializers.CharField(allow_null=True)
    change = serializers.CharField(allow_null=True)
    change_exact = serializers.CharField(allow_null=True)
    interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    guard = serializers.ChoiceField(choices=[one.value for one in Guard], allow_null=True)
    control_change = serializers.CharField(allow_null=True)
    did = serializers.CharField(allow_null=True)
    did_exact = serializers.CharField(allow_null=True)
    did_interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    baseline_change = serializers.CharField(allow_null=True)
    baseline_interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    verdict = serializers.ChoiceField(choices=[one.value for one in Verdict], allow_null=True)
    needed = serializers.IntegerField(allow_null=True)
    excluded_because = serializers.ChoiceField(
        choices=[one.value for one in Withheld], allow_null=True
    )


class MeasureCounts(serializers.Serializer[object]):
    stage = serializers.CharField()
    n = serializers.DictField(
        child=serializers.IntegerField(), help_text="Observations by window, as counted today."
    )


class ActionMeasure(serializers.Serializer[object]):
    id = serializers.IntegerField()
    replaces = serializers.IntegerField(allow_null=True)
    why = serializers.CharField()
    state = serializers.ChoiceField(choices=[one.value for one in State])
    stages = serializers.ListField(child=serializers.CharField())
    methods = serializers.ListField(child=serializers.CharField(), help_text="Empty: every method.")
    locations = serializers.ListField(
        child=serializers.CharField(), help_text="Empty: every location."
    )
    control = serializers.ListField(child=serializers.CharField())
    months = MeasuredMonths()
    starts_on = serializers.DateField()
    planned_n = serializers.IntegerField(allow_null=True)
    fixed_at = serializers.DateTimeField()
    known_on = serializers.DateField()
    counts = MeasureCounts(many=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    not_as_planned = serializers.CharField(allow_null=True)
    verdicts = MeasuredVerdict(
        many=True,
        allow_null=True,
        help_text="Null until the window is over; frozen from then on.",
    )


class ActionMeasures(serializers.Serializer[object]):
    action = serializers.IntegerField()
    journey = serializers.CharField()
    measures = ActionMeasure(many=True)
