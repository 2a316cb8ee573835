"""What an action is worth, as people read it: rounded by the evidence of the stage it acts on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.effect import Quadrant
from actionplans.worth import Missing, Worth
from scoring import wording

PER_DAYS = 100  # what one day brings is too small a number to read


@dataclass(frozen=True, slots=True)
class WorthLine:
    """The figures of one action as texts; empty where nothing can be said."""

    worth: Worth
    quadrant: Quadrant | None = None

    @property
    def is_replayed(self) -> bool:
        found = self.worth.replayed
        return found is not None and found.after is not None and wording.is_shown(found.before)

    @property
    def replayed(self) -> str:
        """On how many observations, how many of them it changes, and what becomes of the score."""
        found = self.worth.replayed
        if found is None or found.after is None or not self.is_replayed:
            return ""
        facts = {
            "n": found.tally.n,
            "changed": found.tally.changed,
            "stage": self.worth.action.stage.name,
            "before": wording.stage_score_text(found.before),
            "after": wording.score_text(found.after.score, found.before.evidence),
        }
        if not found.tally.changed:
            return (
                ngettext(
                    "Replayed on %(n)d past observation: it would not have been different.",
                    "Replayed on %(n)d past observations: none would have been different.",
                    found.tally.n,
                )
                % facts
            )
        return (
            ngettext(
                "Replayed on %(n)d past observation, which it changes:"
                " %(stage)s would go from %(before)s to %(after)s.",
                "Replayed on %(n)d past observations, of which it changes %(changed)d:"
                " %(stage)s would go from %(before)s to %(after)s.",
                found.tally.n,
            )
            % facts
        )

    @property
    def released(self) -> str:
        points = self.worth.released if self.is_replayed else 0
        if not points:
            return ""
        return ngettext(
            "%(n)d point of delight that a missed basic had held back would count.",
            "%(n)d points of delight that a missed basic had held back would count.",
            points,
        ) % {"n": points}

    @property
    def evidence_word(self) -> str:
        found = self.worth.replayed
        return wording.evidence_word(found.before.evidence) if found and self.is_replayed else ""

    @property
    def impact(self) -> str:
        return self._sized(self.worth.impact)

    @property
    def per_days(self) -> str:
        ratio = self.worth.per_day
        return self._sized(None if ratio is None else ratio * PER_DAYS)

    @property
    def effort(self) -> str:
        effort = self.worth.effort
        return "" if effort is None else days_text(effort)

    @property
    def quadrant_word(self) -> str:
        return "" if self.quadrant is None else quadrant_word(self.quadrant)

    @property
    def factors(self) -> list[tuple[str, str]]:
        """Each factor of the impact with its name, in the order of the formula."""
        stage, found = self.worth.stage, self.worth.replayed
        if stage is None or found is None:
            return []
        return [
            (_("Criticality"), _("%(c)d of 3") % {"c": found.before.criticality}),
            (_("Customers who go through the stage"), _percent(stage.reach)),
            (_("Points gained"), wording.gap_text(stage.delta, found.before.evidence)),
            (_("Confidence"), _percent(stage.confidence)),
            (_("Cases it can reach"), _percent(stage.action_reach)),
        ]

    @property
    def missing(self) -> list[str]:
        return [self._why(one) for one in self.worth.missing]

    def _sized(self, value: Fraction | None) -> str:
        found = self.worth.replayed
        if value is None or found is None:
            return ""
        if 0 < value < 1:
            return "< 1"
        return wording.gap_text(value, found.before.evidence)

    def _why(self, missing: Missing) -> str:
        found = self.worth.replayed
        if missing is Missing.NOT_MEASURED:
            assert found is not None  # else the stage would not be scored
            return wording.reason(found.before)
        return {
            Missing.NO_EFFECT: _("No effect yet: say which answers would become better."),
            Missing.NOT_SCORED: _(
                "The stage is not scored: it is outside the perimeter, or nothing was published."
            ),
            Missing.UNKNOWN_LEVEL: _(
                "The framework version that was observed does not have this interaction or level."
            ),
            Missing.NO_REACH: _("No impact yet: say which part of the cases it can reach."),
            Missing.NO_EFFORT: _("No effort yet: nothing to set the impact against."),
            Missing.NO_DAY_RATE: _("It has a cost, and no day rate turns that into days yet."),
        }[missing]


def quadrant_word(quadrant: Quadrant) -> str:
    return {
        Quadrant.QUICK_WIN: _("quick win"),
        Quadrant.MAJOR_PROJECT: _("major project"),
        Quadrant.FILL_IN: _("fill-in"),
        Quadrant.THINK_TWICE: _("think twice"),
    }[quadrant]


def days_text(days: Fraction) -> str:
    """12.5 person-days as "12.5", in the reader's own decimal mark; whole days without decimals."""
    tenths = round(days * 10)
    whole, part = divmod(tenths, 10)
    return f"{whole}{formats.get_format('DECIMAL_SEPARATOR')}{part}" if part else str(whole)


def percent_text(part: int, whole: int) -> str:
    return _percent(Fraction(part, whole))


def _percent(share: Fraction) -> str:
    return _("%(share)s %%") % {"share": wording.share_text(share)}
