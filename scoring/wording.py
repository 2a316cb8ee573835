"""Scores as people read them: the one place where a figure becomes words, so that no two pages differ.

Display follows the evidence (3.2): grade A with one decimal, B ("indicative") and C ("trend") in
whole numbers, D without a score. A number is rounded half-even once, from its exact fraction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scoring.basics import MissedBasic
from scoring.classify import Certainty, Evidence, Flag, Label, StageScore
from scoring.numbers import Interval
from scoring.templatetags.points import score as target_text

__all__ = [
    "SIGNS",
    "WORDS",
    "count_text",
    "end_text",
    "evidence_word",
    "gap_text",
    "interval_text",
    "is_held_back",
    "is_shown",
    "n_text",
    "reason",
    "reasons",
    "score_text",
    "share_text",
    "stage_gap_text",
    "stage_score_text",
    "target_text",
]

UNKNOWN: Final = "\N{EN DASH}"
SIGNS: Final = {
    Label.DISAPPOINTING: "▼",
    Label.NEUTRAL: "●",
    Label.ENCHANTMENT: "✦",
    Label.INSUFFICIENT: "",
}
WORDS: Final = {
    Label.DISAPPOINTING: gettext_lazy("disappointing"),
    Label.NEUTRAL: gettext_lazy("neutral"),
    Label.ENCHANTMENT: gettext_lazy("enchantment"),
    Label.INSUFFICIENT: gettext_lazy("not enough data"),
}
_EVIDENCE: Final = {
    Evidence.B: gettext_lazy("indicative"),
    Evidence.C: gettext_lazy("trend"),
}


def _rounded(value: Fraction | float, evidence: Evidence) -> str:
    """Unsigned where positive: 50/3 is "16.7" with grade A and "17" below it."""
    digits = 1 if evidence is Evidence.A else 0
    units = round(value * 10**digits)
    whole, part = divmod(abs(units), 10**digits)
    sign = "-" if units < 0 else ""
    if not digits:
        return f"{sign}{whole}"
    return f"{sign}{whole}{formats.get_format('DECIMAL_SEPARATOR')}{part}"


def score_text(value: Fraction | None, evidence: Evidence) -> str:
    """50/3 is "+16.7" with grade A and "+17" with B or C; nothing is printed for D."""
    if value is None or evidence is Evidence.D:
        return UNKNOWN
    shown = _rounded(value, evidence)
    return shown if shown.startswith("-") or not shown.strip("0.,") else f"+{shown}"


def gap_text(value: Fraction | None, evidence: Evidence) -> str:
    """Target minus typical: a shortfall is a plain number, beyond the target it is negative."""
    if value is None or evidence is Evidence.D:
        return UNKNOWN
    return _rounded(value, evidence)


def interval_text(interval: Interval | None, evidence: Evidence) -> str:
    """The ends with the decimals of the score they belong to: "[-26.8, -17.8]"."""
    if interval is None or evidence is Evidence.D:
        return ""
    low, high = (_rounded(end, evidence) for end in interval)
    return (
        f"[{low}; {high}]" if formats.get_format("DECIMAL_SEPARATOR") == "," else f"[{low}, {high}]"
    )


def end_text(value: float, evidence: Evidence) -> str:
    """One end of an interval in a sentence: one that is not 0 is not printed as 0."""
    shown = _rounded(value, evidence)
    if value and not shown.strip("0.,"):
        return _("just above 0") if value > 0 else _("just below 0")
    return shown


def is_shown(stage: StageScore) -> bool:
    """Too few observations have figures, and pages show no score then."""
    return stage.label is not Label.INSUFFICIENT and stage.score is not None


def is_held_back(stage: StageScore) -> bool:
    return Flag.ENCHANTMENT_WITHHELD in stage.flags


def stage_score_text(stage: StageScore) -> str:
    return score_text(stage.score, stage.evidence) if is_shown(stage) else UNKNOWN


def stage_gap_text(stage: StageScore) -> str:
    return gap_text(stage.gap, stage.evidence) if is_shown(stage) else UNKNOWN


def count_text(n: int) -> str:
    """ "1340" and "13,400": in groups, as the language has them, from five figures on."""
    return formats.number_format(n, use_l10n=True, force_grouping=True) if n >= 10_000 else str(n)


def n_text(stage: StageScore) -> str:
    """ "n = 6", "n = 3, 2 more needed", or "n = 6, but no method has 5": methods don't add up."""
    if is_shown(stage) or not stage.missing:
        return _("n = %(n)s") % {"n": count_text(stage.n)}
    counts = [one.n for one in stage.methods if one.weight > 0 and not one.aggregated]
    needed = max(counts, default=0) + stage.missing
    if sum(counts) >= needed and not any(one.n >= needed for one in stage.methods):
        facts = {"n": count_text(stage.n), "needed": count_text(needed)}
        return _("n = %(n)s, but no method has %(needed)s") % facts
    return ngettext(
        "n = %(n)d, %(missing)d more needed", "n = %(n)d, %(missing)d more needed", stage.missing
    ) % {"n": stage.n, "missing": stage.missing}


def evidence_word(evidence: Evidence) -> str:
    """ "indicative" or "trend"; nothing to add to grade A, nothing shown for D."""
    return str(_EVIDENCE.get(evidence, ""))


def share_text(share: Fraction | None) -> str:
    """1/3 is "33": the % stands in the translated text."""
    return UNKNOWN if share is None else str(round(share * 100))


def reason(stage: StageScore, missed: Sequence[MissedBasic] = ()) -> str:
    """The first thing to know about the class of a stage, as a sentence; empty if it speaks for itself."""
    return next(iter(reasons(stage, missed)), "")


def reasons(stage: StageScore, missed: Sequence[MissedBasic] = ()) -> list[str]:
    """Label, flags, certainty and what is missing, in plain words, the weightiest first.

    `missed` are the basics that were missed, worst first: named where there are any.
    """
    if not is_shown(stage):
        return [_insufficient(stage)]
    found = [_basics(stage, missed), _customers(stage)]
    found += [sentence(stage) for flag, sentence in _SENTENCES.items() if flag in stage.flags]
    if stage.certainty is Certainty.TO_CONFIRM:
        found.append(_("To confirm: the data also allow another class."))
    return [text for text in found if text]


def _insufficient(stage: StageScore) -> str:
    if not stage.n:
        return _("Not observed yet.")
    if stage.missing:
        return _("Not enough data: %(n)s.") % {"n": n_text(stage)}
    return _("Not enough data: what was observed carries no weight.")


def _basics(stage: StageScore, missed: Sequence[MissedBasic]) -> str:
    """What became of the basics, and whether that is what holds the enchantment back."""
    held = is_held_back(stage)
    if Flag.BASICS_NOT_COVERED in stage.flags:
        if missed:
            return _named(missed[0], others=len(missed) - 1, held=held)
        return _missed(stage, held=held)
    if Flag.BASICS_UNVERIFIED in stage.flags:
        counts = {"seen": stage.sums.nb, "n": stage.n}
        if held:
            return _("Held back: basics were seen in only %(seen)d of %(n)d observations.") % counts
        return _("Basics were seen in only %(seen)d of %(n)d observations.") % counts
    if Flag.NO_EXCEEDING_LEVER in stage.flags:
        return _("Held back: nothing in this stage can exceed expectations.")
    return ""


def _missed(stage: StageScore, *, held: bool) -> str:
    """Any basic, in the observations that answered one of the stage."""
    counts = {"missed": stage.sums.nb - stage.sums.nb_ok, "seen": stage.sums.nb}
    if held:
        return _("Held back: a basic was missed in %(missed)d of %(seen)d observations.") % counts
    return _("A basic was missed in %(missed)d of %(seen)d observations.") % counts


def _named(basic: MissedBasic, *, others: int, held: bool) -> str:
    """The worst by name, with the observations that answered it; the others are counted."""
    facts = {
        "basic": basic.statement,
        "missed": basic.missed,
        "seen": basic.seen,
        "others": others,
    }
    if others and held:
        text = ngettext(
            "Held back: the basic “%(basic)s” was missed in %(missed)d of %(seen)d observations;"
            " %(others)d other basic was missed too.",
            "Held back: the basic “%(basic)s” was missed in %(missed)d of %(seen)d observations;"
            " %(others)d other basics were missed too.",
            others,
        )
    elif others:
        text = ngettext(
            "The basic “%(basic)s” was missed in %(missed)d of %(seen)d observations;"
            " %(others)d other basic was missed too.",
            "The basic “%(basic)s” was missed in %(missed)d of %(seen)d observations;"
            " %(others)d other basics were missed too.",
            others,
        )
    elif held:
        text = ngettext(
            "Held back: the basic “%(basic)s” was missed in %(missed)d of %(seen)d observations.",
            "Held back: the basic “%(basic)s” was missed in %(missed)d of %(seen)d observations.",
            basic.missed,
        )
    else:
        text = ngettext(
            "The basic “%(basic)s” was missed in %(missed)d of %(seen)d observations.",
            "The basic “%(basic)s” was missed in %(missed)d of %(seen)d observations.",
            basic.missed,
        )
    return text % facts


def _customers(stage: StageScore) -> str:
    """Who left disappointed, where that is what the label says; channels know no customers."""
    sums = stage.sums
    classified = sums.nD + sums.nN + sums.nE
    if stage.label is not Label.DISAPPOINTING or not sums.nD:
        return ""
    return _("%(disappointed)d of %(classified)d customers were disappointed.") % {
        "disappointed": sums.nD,
        "classified": classified,
    }


def _polarised(stage: StageScore) -> str:
    return _("Opinions are split: %(nD)d disappointed, %(nE)d enchanted.") % {
        "nD": stage.sums.nD,
        "nE": stage.sums.nE,
    }


def _coverage(stage: StageScore) -> str:
    shares = [m.share_coverage for m in stage.methods if m.used and m.share_coverage is not None]
    return _("Only %(share)s %% of the locations' traffic was observed.") % {
        "share": share_text(min(shares, default=None))
    }


_SENTENCES: Final[Mapping[Flag, Callable[[StageScore], str]]] = {
    Flag.POLARISED: _polarised,
    Flag.METHODS_DIVERGE: lambda _stage: _("The methods do not agree."),
    Flag.INCOMPLETE_PERIMETER: _coverage,
    Flag.FEW_LOCATIONS: lambda _stage: _("Seen at few locations."),
    Flag.EQUAL_SHARES: lambda _stage: _("Shares of locations are unknown: all count alike."),
}
