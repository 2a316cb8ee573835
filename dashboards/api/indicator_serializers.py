"""The shapes of the indicator call, for the OpenAPI document. Fractions are exact strings ("275/9")."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from dashboards.api.serializers import IntervalField
from scoring.indicators import Direction, Kind, Trend, Unit


class IndicatorNumbers(serializers.Serializer[object]):
    unit = serializers.ChoiceField(
        choices=[unit.value for unit in Unit], help_text="Amounts are in cents."
    )
    n = serializers.IntegerField()
    missing = serializers.IntegerField(help_text="How many more are needed for a value.")
    value_exact = serializers.CharField(allow_null=True)
    value = serializers.CharField(allow_null=True)
    interval = IntervalField()


class IndicatorSums(serializers.Serializer[object]):
    """What the figure is made of, added up over the readings selected."""

    n = serializers.IntegerField()
    hits = serializers.IntegerField(
        help_text="Promoters, satisfied, kept: the part the figure is about."
    )
    misses = serializers.IntegerField(help_text="Detractors.")
    joined = serializers.IntegerField(help_text="New customers.")
    total = serializers.IntegerField(help_text="Sum of answers, or of cents.")
    squares = serializers.IntegerField(
        allow_null=True, help_text="Sum of squares; null where some readings don't have it."
    )


class IndicatorChange(serializers.Serializer[object]):
    """Between two waves, at the locations with readings in both."""

    before = serializers.CharField()
    after = serializers.CharField()
    n_before = serializers.IntegerField()
    n_after = serializers.IntegerField()
    before_exact = serializers.CharField(allow_null=True)
    after_exact = serializers.CharField(allow_null=True)
    change_exact = serializers.CharField(allow_null=True)
    change = serializers.CharField(allow_null=True)
    interval = IntervalField()
    after_closed = serializers.BooleanField(
        help_text="Whether the last month of the wave after is over: no trend before."
    )
    trend = serializers.ChoiceField(
        choices=[trend.value for trend in Trend],
        allow_null=True,
        help_text="Better or worse only where the interval of the difference leaves 0 out. Null while the"
        " wave after is open.",
    )
    locations_left_out = serializers.IntegerField()


class Indicator(IndicatorNumbers):
    indicator = serializers.CharField()
    version = serializers.IntegerField(help_text="No figure mixes two versions of a question.")
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    name = serializers.CharField()
    question = serializers.CharField()
    active_rule = serializers.CharField()
    direction = serializers.ChoiceField(choices=[one.value for one in Direction])
    currency = serializers.CharField()
    place = serializers.IntegerField(
        allow_null=True, help_text="On the executives' page, after the journey score."
    )
    sums = IndicatorSums()
    days = serializers.IntegerField(
        allow_null=True, help_text="Of the months counted, for a recruitment speed."
    )
    target_exact = serializers.CharField(allow_null=True)
    target = serializers.CharField(allow_null=True)
    gap_exact = serializers.CharField(
        allow_null=True, help_text="Positive while the target is not reached."
    )
    gap = serializers.CharField(allow_null=True)
    gap_interval = IntervalField()
    beside = IndicatorNumbers(
        allow_null=True, help_text="The mean of a CES 2.0, the share of new customers."
    )
    compared = IndicatorChange(allow_null=True)


class Indicators(serializers.Serializer[object]):
    wave = serializers.CharField(allow_null=True)
    to = serializers.CharField(allow_null=True)
    indicators = Indicator(many=True)

    def get_fields(self) -> dict[str, Any]:
        """`from` can't be the name of an attribute."""
        return {**super().get_fields(), "from": serializers.CharField(allow_null=True)}
