"""The spread between the channels of a stage: its ends, and what can be said of them."""

from __future__ import annotations

from fractions import Fraction

from scoring.classify import CellRow, Pool, StageFacts, score_journey
from scoring.scale import Thresholds
from scoring.spread import ChannelScore, channel_spread
from scoring.tests.test_league import visits

FACTS = StageFacts("S1", 1, True, 10_000, has_basic=False, has_exceeding=True, target=None)


def channel(key: str, n: int, score: int) -> ChannelScore:
    reading = score_journey(
        stages=[FACTS],
        cells=[CellRow("S1", "mystery_visit", None, visits(n, score))],
        pools={"mystery_visit": Pool(Fraction(9, 100), 100)},
        shares=[],
        method_weights={},
        thresholds=Thresholds(),
    )
    return ChannelScore(key, reading.stages[0])


def test_highest_less_lowest_and_intervals_apart() -> None:
    found = channel_spread("S1", [channel("web", 20, 60), channel("store", 20, -60)])
    assert found.spread == 120
    assert (found.highest, found.lowest, found.differs) == ("web", "store", True)


def test_intervals_that_meet_show_no_difference() -> None:
    channels = [channel("web", 8, 10), channel("phone", 8, 5), channel("store", 8, 15)]
    found = channel_spread("S1", channels)
    assert found.spread == 10
    assert (found.highest, found.lowest, found.differs) == ("store", "phone", False)


def test_too_few_observations_are_no_end_of_the_spread() -> None:
    found = channel_spread(
        "S1", [channel("web", 8, 10), channel("store", 8, 0), channel("mail", 4, 90)]
    )
    assert found.spread == 10
    assert found.highest == "web"
    assert [one.is_counted for one in found.channels] == [True, True, False]


def test_no_spread_with_fewer_than_two_channels() -> None:
    alone = channel_spread("S1", [channel("web", 8, 10), channel("store", 4, -90)])
    assert (alone.spread, alone.highest, alone.lowest, alone.differs) == (None,) * 4
    assert len(alone.channels) == 2
    assert channel_spread("S1", []).spread is None
