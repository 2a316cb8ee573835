"""The shapes of the calls on locations, channels and delight, for the OpenAPI document."""

from __future__ import annotations

from rest_framework import serializers

from dashboards.api.serializers import Freshness, IntervalField
from scoring.league import Difference
from scoring.regularity import Because, Regularity


class ShrinkageFigures(serializers.Serializer[object]):
    difference = serializers.ChoiceField(
        choices=[one.value for one in Difference],
        help_text=(
            "none: tau2 is 0, nobody is ranked. possible: ranked, but chance alone may bring scores"
            " this far apart. shown: it does not (p below 0.05)."
        ),
    )
    mean = serializers.FloatField(help_text="What all locations have in common, in score points.")
    fixed_mean = serializers.FloatField()
    heterogeneity = serializers.FloatField(help_text="Cochran's Q.")
    tau2 = serializers.FloatField(
        help_text="The variance between locations, in squared score points."
    )
    p_value = serializers.FloatField(help_text="Of Cochran's Q, if all locations were alike.")


class LocationStanding(serializers.Serializer[object]):
    location = serializers.CharField()
    name = serializers.CharField()
    n = serializers.IntegerField()
    missing = serializers.IntegerField(help_text="Observations that are missing for a score.")
    S = serializers.IntegerField()
    P = serializers.IntegerField()
    Q = serializers.IntegerField()
    score = serializers.CharField(
        allow_null=True, help_text="The location's own score, as under ?location=."
    )
    score_exact = serializers.CharField(allow_null=True)
    interval = IntervalField()
    evidence = serializers.ChoiceField(choices=["A", "B", "C", "D"])
    methods = serializers.ListField(child=serializers.CharField())
    variance = serializers.FloatField(allow_null=True, help_text="In squared score points.")
    kept = serializers.FloatField(
        allow_null=True, help_text="The part of the distance from the mean that is kept, 0 to 1."
    )
    shrunk = serializers.FloatField(allow_null=True, help_text="What is ranked, in score points.")
    rank = serializers.IntegerField(allow_null=True)


class LocationLeague(Freshness):
    stage = serializers.CharField(allow_null=True, help_text="Null is the whole journey.")
    needed = serializers.IntegerField(help_text="Observations that a location needs for a score.")
    compared = serializers.IntegerField(help_text="Locations that are compared, shown or not.")
    like_for_like = serializers.BooleanField(
        help_text="Whether all locations compared were observed by the same methods."
    )
    hidden = serializers.BooleanField(
        help_text="Whether so few other locations are compared that they would be given away."
    )
    unlocated = serializers.IntegerField(help_text="Observations that name no location.")
    shrinkage = ShrinkageFigures(allow_null=True)
    locations = LocationStanding(many=True)


class ChannelFigures(serializers.Serializer[object]):
    channel = serializers.CharField()
    n = serializers.IntegerField()
    missing = serializers.IntegerField()
    S = serializers.IntegerField()
    raw = serializers.IntegerField()
    P = serializers.IntegerField()
    Q = serializers.IntegerField()
    score = serializers.CharField(allow_null=True)
    score_exact = serializers.CharField(allow_null=True)
    interval = IntervalField()
    evidence = serializers.ChoiceField(choices=["A", "B", "C", "D"])
    label = serializers.ChoiceField(  # type: ignore[assignment]  # a field of the document
        choices=["disappointing", "neutral", "enchantment", "insufficient"]
    )


class StageSpread(serializers.Serializer[object]):
    stage = serializers.CharField()
    spread = serializers.CharField(
        allow_null=True,
        help_text="Highest less lowest score, null with fewer than two channels with enough observations.",
    )
    spread_exact = serializers.CharField(allow_null=True)
    highest = serializers.CharField(allow_null=True)
    lowest = serializers.CharField(allow_null=True)
    differs = serializers.BooleanField(
        allow_null=True, help_text="Whether the intervals of the two are disjoint."
    )
    channels = ChannelFigures(many=True)


class ChannelSpreads(Freshness):
    stages = StageSpread(many=True)


class DelightAtLocation(serializers.Serializer[object]):
    location = serializers.CharField()
    seen = serializers.IntegerField()
    happened = serializers.IntegerField()
    rate = serializers.CharField(
        allow_null=True, help_text="Null where too few were seen: counts are given, no rate."
    )


class DelightFigures(serializers.Serializer[object]):
    interaction = serializers.CharField()
    regularity = serializers.ChoiceField(choices=[one.value for one in Regularity])
    because = serializers.ChoiceField(choices=[one.value for one in Because], allow_null=True)
    happened = serializers.IntegerField(help_text="Observations with a level of +2 or more.")
    seen = serializers.IntegerField(
        help_text="Observations with any level, at locations with enough of them."
    )
    rate = serializers.CharField(allow_null=True)
    rate_interval = IntervalField(help_text="95 % Wilson interval of the rate, 0 to 1, or null.")
    spread = serializers.CharField(
        allow_null=True, help_text="Highest less lowest rate of a location."
    )
    p_value = serializers.FloatField(
        allow_null=True, help_text="Of equal rates at all locations; null where it can't be tested."
    )
    locations_counted = serializers.IntegerField()
    locations_often = serializers.IntegerField(help_text="Of them, with a rate of 1/2 or more.")
    locations = DelightAtLocation(many=True)


class StageDelightFigures(serializers.Serializer[object]):
    stage = serializers.CharField()
    regularity = serializers.ChoiceField(
        choices=[one.value for one in Regularity],
        allow_null=True,
        help_text="Null where nothing in the stage can exceed expectations.",
    )
    interactions = DelightFigures(many=True)


class DelightRegularity(Freshness):
    stages = StageDelightFigures(many=True)
