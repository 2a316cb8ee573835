"""What the room is shown of a gap: the reasons behind its score, and what observers and customers said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils import formats
from django.utils.translation import gettext as _

from actionplans.gaps import Gap
from observations.models import Revision
from observations.scores import ScoreSheet
from scoring.models import LevelCount

QUOTES: Final = 3
MISSED: Final = 3
LOOKED_AT: Final = 200  # the newest observations
LONGEST: Final = 240


def evidence_of(gap: Gap) -> dict[str, Any]:
    """{"reasons": [...], "missed": [...], "quotes": [...]}, in the language of the moment."""
    return {
        "reasons": gap.reasons,
        "missed": _missed(gap),
        "quotes": list(_quotes(gap.sheet, gap.stage.key)),
    }


def _missed(gap: Gap) -> list[str]:
    """The interactions of the stage that were most often below 0, over all that was observed."""
    framework = gap.sheet.framework
    if framework is None:
        return []
    names = dict(framework.interactions.filter(stage=gap.stage).values_list("key", "statement"))
    rows = LevelCount.objects.filter(framework=framework, interaction__in=names)
    seen: dict[str, list[int]] = {}
    for key, answer, n in rows.values_list("interaction", "answer", "count"):
        if answer not in ("NA", "NO"):
            bad, all_of_them = seen.get(key, [0, 0])
            seen[key] = [bad + n * (int(answer) < 0), all_of_them + n]
    worst = sorted((one for one in seen.items() if one[1][0]), key=lambda one: -one[1][0])
    return [
        _("“%(statement)s” was below expectations in %(bad)d of %(n)d observations.")
        % {"statement": names[key], "bad": bad, "n": n}
        for key, (bad, n) in worst[:MISSED]
    ]


def _quotes(sheet: ScoreSheet, stage: str) -> Iterator[str]:
    """The newest notes on a response below 0 in this stage, without place or person."""
    own = {item.key for item in sheet.items if item.stage == stage}
    rows = Revision.objects.filter(
        framework=sheet.framework, is_current=True, observation__is_counted=True
    ).order_by("-observed_at", "-pk")
    seen: set[str] = set()
    for answers, details in rows.values_list("answers", "details")[:LOOKED_AT]:
        for key, note in (details.get("notes") or {}).items():
            points = answers.get(key)
            if key not in own or not isinstance(points, int) or points >= 0 or note in seen:
                continue
            seen.add(note)
            yield note[:LONGEST]
            if len(seen) == QUOTES:
                return


def factors_text(gap: Gap) -> str:
    """The factors of the index in the order of the formula, and their product."""
    one = gap.priority
    if one.index is None or one.confidence is None:
        return ""
    return _(
        "Index %(index)s: criticality %(c)d of 3, reach %(reach)s, gap %(gap)s, confidence %(k)s, multiplied"
    ) % {
        "index": formats.number_format(float(one.index), 1),
        "c": gap.stage.criticality,
        "reach": f"{gap.stage.reach_bp / 100:.0f} %",
        "gap": gap.gap_text,
        "k": f"{float(one.confidence) * 100:.0f} %",
    }
