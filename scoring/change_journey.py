"""Is the change of the whole journey real? Its stages' changes, like for like, by their criticality."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from scoring.change import Guard, StageChange, Verdict, Withheld, judge
from scoring.intervals import Part, mover
from scoring.numbers import Interval
from scoring.planning import needed_to_conclude

JOURNEY: Final = "*"

# A figure of a stage's change, and its interval.
FIGURES: Final = (
    ("before", "before_interval"),
    ("after", "after_interval"),
    ("change", "interval"),
    ("control", "control_interval"),
    ("did", "did_interval"),
    ("baseline", "baseline_interval"),
)


def compare_journey(
    stages: Sequence[StageChange],
    criticality: Mapping[str, int],
    *,
    n_before: int,
    n_after: int,
    n_baseline: int = 0,
) -> StageChange:
    """Delta = sum c_s Delta_s / sum c_s over the stages with a verdict of their own, by MOVER.

    The same stages on both sides: one that was measured in one window only would move the score by
    itself. As in a journey score, stages are taken as independent. The counts are of observations.
    """
    judged = [one for one in stages if one.verdict is not None]
    if not judged:
        reason = _reason(stages)
        return StageChange(JOURNEY, n_before=n_before, n_after=n_after, excluded_because=reason)
    weights = [criticality[one.stage] for one in judged]
    figures: dict[str, Any] = {}
    for name, ends in FIGURES:
        own = [(getattr(one, name), getattr(one, ends)) for one in judged]
        figures[name], figures[ends] = _whole(weights, own)
    guard = judged[0].guard
    found = StageChange(
        JOURNEY,
        n_before=n_before,
        n_after=n_after,
        n_baseline=n_baseline if guard is Guard.BASELINE else 0,
        guard=guard,
        **figures,
    )
    return _concluded(found)


def _concluded(found: StageChange) -> StageChange:
    assert found.judged is not None
    change, interval = found.judged
    verdict = judge(interval, witnessed=found.guard is not None)
    if verdict is not Verdict.INCONCLUSIVE:
        return replace(found, verdict=verdict)
    n_before = found.n_baseline if found.guard is Guard.BASELINE else found.n_before
    needed = needed_to_conclude(float(change), interval, n_before, found.n_after)
    return replace(found, verdict=verdict, needed=needed)


def _whole(
    weights: Sequence[int], figures: Sequence[tuple[Fraction | None, Interval | None]]
) -> tuple[Fraction | None, Interval | None]:
    """None where a stage lacks the figure: without a guard none has any."""
    total = sum(weights)
    parts = [
        Part(Fraction(weight, total), value, *interval)
        for weight, (value, interval) in zip(weights, figures, strict=True)
        if value is not None and interval is not None
    ]
    if len(parts) < len(figures):
        return None, None
    estimate = sum((part.coefficient * part.estimate for part in parts), Fraction(0))
    return estimate, mover(parts)


def _reason(stages: Sequence[StageChange]) -> Withheld:
    """What most stages say."""
    reasons = [one.excluded_because for one in stages if one.excluded_because is not None]
    return max(reasons, key=reasons.count, default=Withheld.TOO_FEW)


def really_changed(one: StageChange) -> bool:
    """Whether an arrow may say so: a verdict that stands beside a witness, and a change since the
    window before whose own interval excludes 0 on the same side.

    With a second baseline a verdict is read off the change since then: it alone would not tell which
    way the last step went.
    """
    if one.verdict not in (Verdict.REAL_IMPROVEMENT, Verdict.REAL_DETERIORATION):
        return False
    if one.interval is None:
        return False
    low, high = one.interval
    return low > 0 if one.verdict is Verdict.REAL_IMPROVEMENT else high < 0
