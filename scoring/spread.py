"""The same standard by every way in (R35): how far apart the channels of one stage are.

Each channel has cells of its own, with its own n and squares, so that its score and interval are
those of a stage. The spread itself is given without an interval: the channels of a stage share
their customers, and the largest of several noisy scores less the smallest is above 0 even where
all are alike. What can be said is whether the intervals of the two ends leave each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.figures import Label, StageScore


@dataclass(frozen=True, slots=True)
class ChannelScore:
    """A stage read in one channel alone: the interactions of its touchpoints."""

    channel: str
    score: StageScore

    @property
    def is_counted(self) -> bool:
        return self.score.label is not Label.INSUFFICIENT and self.score.score is not None


@dataclass(frozen=True, slots=True)
class Spread:
    """`spread` is in score points, null with fewer than two channels that have enough observations.

    `differs` says whether the intervals of `highest` and `lowest` are disjoint (touching ones are not).
    """

    stage: str
    channels: tuple[ChannelScore, ...]
    spread: Fraction | None = None
    highest: str | None = None
    lowest: str | None = None
    differs: bool | None = None


def channel_spread(stage: str, channels: Sequence[ChannelScore]) -> Spread:
    """max - min over the channels with enough observations; of equal scores the first given."""
    counted = [
        (one.score.score, one) for one in channels if one.is_counted and one.score.score is not None
    ]
    if len(counted) < 2:
        return Spread(stage, tuple(channels))
    best, highest = max(counted, key=lambda pair: pair[0])
    worst, lowest = min(counted, key=lambda pair: pair[0])
    return Spread(
        stage=stage,
        channels=tuple(channels),
        spread=best - worst,
        highest=highest.channel,
        lowest=lowest.channel,
        differs=_apart(lowest.score, highest.score),
    )


def _apart(lower: StageScore, higher: StageScore) -> bool:
    if lower.interval is None or higher.interval is None:
        return False
    return lower.interval[1] < higher.interval[0]
