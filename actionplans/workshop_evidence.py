"""What the room is shown of a gap: the reasons behind its score, and what observers and customers said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from actionplans.gaps import Gap
from observations.models import Revision
from observations.scores import ScoreSheet

QUOTES: Final = 3
LOOKED_AT: Final = 200  # the newest observations
LONGEST: Final = 240


def evidence_of(gap: Gap) -> dict[str, Any]:
    """{"reasons": [...], "quotes": [...]}, in the language of the moment."""
    return {"reasons": gap.reasons, "quotes": list(_quotes(gap.sheet, gap.stage.key))}


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
        "index": f"{float(one.index):.1f}",
        "c": gap.stage.criticality,
        "reach": f"{gap.stage.reach_bp / 100:.0f} %",
        "gap": gap.gap_text,
        "k": f"{float(one.confidence) * 100:.0f} %",
    }
