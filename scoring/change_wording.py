"""A change in plain words: its verdict, why there is none, and what moved the crude figure.

Decimals follow the evidence, as of a score: the half-width of the interval that the verdict is read
off gives the grade (3.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scoring.change import Guard, MethodChange, StageChange, Verdict, Withheld
from scoring.classify import Evidence
from scoring.labels import grade
from scoring.numbers import Interval
from scoring.planning import looked_for
from scoring.wording import end_text, score_text, share_text

_VERDICTS: Final = {
    (Verdict.REAL_IMPROVEMENT, Guard.CONTROL): gettext_lazy(
        "Real improvement: %(change)s, %(range)s, against the control locations."
    ),
    (Verdict.REAL_IMPROVEMENT, Guard.BASELINE): gettext_lazy(
        "Real improvement: %(change)s, %(range)s, since the second baseline."
    ),
    (Verdict.REAL_DETERIORATION, Guard.CONTROL): gettext_lazy(
        "Real deterioration: %(change)s, %(range)s, against the control locations."
    ),
    (Verdict.REAL_DETERIORATION, Guard.BASELINE): gettext_lazy(
        "Real deterioration: %(change)s, %(range)s, since the second baseline."
    ),
    (Verdict.IMPROVEMENT_WITHOUT_CONTROL, None): gettext_lazy(
        "Improvement observed, without control: %(change)s, %(range)s."
    ),
    (Verdict.DETERIORATION_WITHOUT_CONTROL, None): gettext_lazy(
        "Deterioration observed, without control: %(change)s, %(range)s."
    ),
    (Verdict.NO_MATERIAL_CHANGE, Guard.CONTROL): gettext_lazy(
        "No material change: %(change)s, %(range)s, against the control locations."
    ),
    (Verdict.NO_MATERIAL_CHANGE, Guard.BASELINE): gettext_lazy(
        "No material change: %(change)s, %(range)s, since the second baseline."
    ),
    (Verdict.NO_MATERIAL_CHANGE, None): gettext_lazy("No material change: %(change)s, %(range)s."),
}
_WITHHELD: Final = {
    Withheld.DIFFERENT_FRAMEWORK: gettext_lazy(
        "Withheld: the framework versions have no interaction of this stage in common."
    ),
    Withheld.NO_COMMON_METHOD: gettext_lazy("Withheld: no method was used in both windows."),
    Withheld.NO_COMMON_LOCATION: gettext_lazy(
        "Withheld: no location was observed in both windows."
    ),
    Withheld.WEIGHT_ZERO: gettext_lazy(
        "Withheld: the methods used in both windows carry no weight."
    ),
    Withheld.CONTROL_NOT_COMPARABLE: gettext_lazy(
        "Withheld: the control locations were observed too little, or not by the same methods."
    ),
    Withheld.BASELINE_NOT_COMPARABLE: gettext_lazy(
        "Withheld: the second baseline was observed too little, or not by the same methods."
    ),
}
_METHOD_LEFT_OUT: Final = {
    Withheld.NO_COMMON_METHOD: gettext_lazy("used in one window only"),
    Withheld.NO_COMMON_LOCATION: gettext_lazy("no location in both windows"),
    Withheld.TOO_FEW: gettext_lazy("too few observations"),
    Withheld.WEIGHT_ZERO: gettext_lazy("its weight is 0"),
    Withheld.CONTROL_NOT_COMPARABLE: gettext_lazy("not comparable at the control locations"),
    Withheld.BASELINE_NOT_COMPARABLE: gettext_lazy("not comparable with the second baseline"),
}


def change_evidence(interval: Interval | None) -> Evidence:
    """The grade of a change; D where there is none to show."""
    return Evidence.D if interval is None else grade(interval)


def range_text(interval: Interval) -> str:
    """The ends in a sentence: "from 2 to 53", with the decimals of the change they belong to."""
    low, high = (end_text(end, grade(interval)) for end in interval)
    if low == _("just above 0"):
        return _("from just above 0 to %(high)s") % {"high": high}
    if low == _("just below 0"):
        return _("from just below 0 to %(high)s") % {"high": high}
    return _("from %(low)s to %(high)s") % {"low": low, "high": high}


def verdict_text(stage: StageChange, *, least: int, closes: str = "") -> str:
    """The verdict as a sentence; `least` is how many observations a window needs.

    `closes` is the last month of the window after, in words; without one it never closes.
    """
    if stage.excluded_because is Withheld.WINDOW_OPEN:
        return open_text(closes)
    if stage.verdict is None or stage.judged is None:
        return _withheld(stage.excluded_because, least)
    change, interval = stage.judged
    if stage.verdict is Verdict.INCONCLUSIVE:
        return _inconclusive(stage.needed or 0, looked_for(float(change)))
    sentence = _VERDICTS[stage.verdict, stage.guard]
    shown = {"change": score_text(change, grade(interval)), "range": range_text(interval)}
    return str(sentence) % shown


def row_verdict_text(stage: StageChange, *, least: int) -> str:
    """As one of many: until when the window is open is said once, by `open_text`."""
    if stage.excluded_because is Withheld.WINDOW_OPEN:
        return _("No verdict yet.")
    return verdict_text(stage, least=least)


def open_text(closes: str) -> str:
    if not closes:
        return _("The window has no end: no verdict.")
    return _("The window is open until the end of %(month)s: no verdict before.") % {
        "month": closes
    }


def _inconclusive(needed: int, points: float) -> str:
    return ngettext(
        "Cannot conclude: about %(needed)d observation a wave would be needed to see %(points)d points.",
        "Cannot conclude: about %(needed)d observations a wave would be needed to see %(points)d points.",
        needed,
    ) % {"needed": needed, "points": round(points)}


def _withheld(reason: Withheld | None, least: int) -> str:
    if reason is None or reason is Withheld.TOO_FEW:
        return ngettext(
            "Withheld: each window needs at least %(least)d observation by the same method at the same"
            " locations.",
            "Withheld: each window needs at least %(least)d observations by the same method at the same"
            " locations.",
            least,
        ) % {"least": least}
    return str(_WITHHELD[reason])


def beside_text(one: StageChange) -> str:
    """What the change is held against, in figures that the verdict doesn't say already."""
    if one.control is not None and one.control_interval is not None:
        return _beside_control(one, one.control, one.control_interval)
    if one.baseline is not None and one.verdict not in (None, Verdict.INCONCLUSIVE):
        return _("Second baseline: n = %(n)d") % {"n": one.n_baseline}
    if one.baseline is not None and one.baseline_interval is not None:
        evidence = change_evidence(one.baseline_interval)
        return _("Since the second baseline, n = %(n)d: %(change)s, %(range)s") % {
            "n": one.n_baseline,
            "change": score_text(one.baseline, evidence),
            "range": range_text(one.baseline_interval),
        }
    return ""


def _beside_control(one: StageChange, control: Fraction, interval: Interval) -> str:
    facts = {
        "change": score_text(control, change_evidence(interval)),
        "range": range_text(interval),
    }
    if one.verdict is not None or one.did is None or one.did_interval is None:
        return _("Control locations: %(change)s, %(range)s") % facts
    facts |= {
        "did": score_text(one.did, change_evidence(one.did_interval)),
        "did_range": range_text(one.did_interval),
    }
    return (
        _("Control locations: %(change)s, %(range)s. Against them: %(did)s, %(did_range)s") % facts
    )


def method_left_out(method: MethodChange) -> str:
    """Why a method has no part in the change, in a few words."""
    if method.excluded_because is None:
        return ""
    return str(_METHOD_LEFT_OUT[method.excluded_because])


def simpson_text(stage: StageChange, names: Mapping[str, str], methods: Mapping[str, Any]) -> str:
    """What the crude figure says, and whose share moved; empty unless the two disagree.

    `names` are those of the locations by code, `methods` the words for the methods.
    """
    if not stage.simpson or stage.crude is None or stage.change is None:
        return ""
    evidence = change_evidence(stage.interval)
    facts = {
        "crude": score_text(stage.crude, evidence),
        "change": score_text(stage.change, evidence),
    }
    shift = stage.shift
    if shift is None:
        return (
            _("Without shares the change would read %(crude)s; like for like it is %(change)s.")
            % facts
        )
    facts |= {
        "location": _("observations without a location")
        if shift.location is None
        else names.get(shift.location, shift.location),
        "method": methods.get(shift.method, shift.method),
        "before": share_text(shift.before),
        "after": share_text(shift.after),
    }
    return (
        _(
            "Without shares the change would read %(crude)s; like for like it is %(change)s. What"
            " moved is the mix: %(location)s made %(before)s %% of the observations before and"
            " %(after)s %% after (%(method)s)."
        )
        % facts
    )
