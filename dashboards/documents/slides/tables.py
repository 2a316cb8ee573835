"""The tables of the slides: widest gaps, stage by location, actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from actionplans.gaps import Gap
from actionplans.models import Action
from dashboards.documents.looks import CLASSES, INK, PALE, QUIET, TONES
from dashboards.documents.messages import short, status_of
from dashboards.documents.slides.deck import TableCell, Words
from dashboards.indicator_words import IndicatorLine
from observations.breakdowns import Part
from scoring import wording
from scoring.classify import Label, StageScore

NAME: Final = 44
TITLE: Final = 70
PLACE: Final = 18  # so that it takes one line


def plain(text: str, size: float = 11, colour: str = INK, *, bold: bool = False) -> TableCell:
    return TableCell([[Words(text, size, colour, bold=bold)]])


def gap_headings(*, with_actions: bool) -> list[str]:
    headings = [_("Stage"), _("Typical"), _("Target"), _("Gap"), "n", _("What to do")]
    return [*headings, _("Actions")] if with_actions else headings


def gap_row(gap: Gap, *, with_actions: bool) -> list[TableCell]:
    mark = "◆ " if gap.stage.is_moment_of_truth else ""
    colour = CLASSES[gap.score.label]
    typical = f"{gap.class_sign} {gap.score_text}".strip() if gap.is_shown else gap.class_word
    interval = gap.interval_text if gap.is_shown else ""
    cells = [
        plain(mark + short(gap.stage.name, NAME), bold=True),
        TableCell([[Words(typical, 11, colour, bold=True)], [Words(interval, 9, QUIET)]]),
        plain(gap.target_text),
        plain(gap.gap_text, bold=True),
        plain(wording.count_text(gap.score.n) if gap.is_shown else gap.n_text, 10),
        TableCell([[Words(gap.tier_word, 11)], [Words(short(gap.reason, 110), 9, QUIET)]]),
    ]
    return [*cells, _actions_of(gap)] if with_actions else cells


def _actions_of(gap: Gap) -> TableCell:
    kept = [action for action in gap.actions if action.status != Action.Status.DROPPED]
    if not kept:
        text = _("No action yet") if gap.asks_for_action else wording.UNKNOWN
        return plain(text, 10, CLASSES[Label.DISAPPOINTING] if gap.lacks_action else QUIET)
    lines = [
        [Words(short(action.title, 46), 10), Words(f" · {status_of(action)}", 10, _tone(action))]
        for action in kept[:2]
    ]
    if len(kept) > 2:
        lines.append([Words(_("and %(n)d more") % {"n": len(kept) - 2}, 9, QUIET)])
    return TableCell(lines)


def _tone(action: Action) -> str:
    if action.is_late:
        return CLASSES[Label.DISAPPOINTING]
    return CLASSES[Label.ENCHANTMENT] if action.status == Action.Status.DONE else QUIET


def indicator_headings() -> list[str]:
    return [
        _("Indicator"),
        _("Value"),
        _("95 %% interval and n") % {},
        _("Target"),
        _("Gap"),
        pgettext("score", "Change"),
    ]


def indicator_row(one: IndicatorLine) -> list[TableCell]:
    """An arrow where the change is real, as on the page."""
    change = one.change
    told = [] if change is None else [[Words(change.text, 10)]]
    if change is not None:
        words = " ".join(filter(None, (change.arrow, change.word)))
        told.append([Words(words, 10, TONES.get(change.tone, QUIET), bold=bool(change.arrow))])
    at_target = TONES["enchantment"] if one.at_target else INK
    return [
        TableCell(
            [
                [Words(short(one.figure.definition.name, NAME), 11, bold=True)],
                [Words(one.scale, 9, QUIET)],
            ]
        ),
        plain(one.value, 14, at_target, bold=True),
        TableCell([[Words(one.interval, 10)], [Words(one.n, 9, QUIET)]]),
        plain(one.target or wording.UNKNOWN),
        plain(one.gap),
        TableCell(told or [[Words(wording.UNKNOWN, 10, QUIET)]]),
    ]


def action_headings() -> list[str]:
    return [_("Action"), _("Stage"), _("Owner"), _("Due date"), _("Status")]


def action_row(action: Action) -> list[TableCell]:
    return [
        plain(short(action.title, TITLE)),
        plain(short(action.stage.name, NAME), 10),
        plain(short(str(action.owner), 30), 10),
        plain(formats.date_format(action.due_on, "SHORT_DATE_FORMAT"), 10),
        plain(status_of(action), 10, _tone(action), bold=action.is_late),
    ]


def heat_cell(score: StageScore | None) -> TableCell:
    """Colour, sign and figure; where there is not enough data, n says so."""
    if score is None or not wording.is_shown(score):
        n = 0 if score is None else score.n
        return plain(
            _("n = %(n)s") % {"n": wording.count_text(n)} if n else wording.UNKNOWN, 8.5, QUIET
        )
    text = f"{wording.SIGNS[score.label]} {wording.stage_score_text(score)}"
    n_words = Words(" " + _("n %(n)s") % {"n": score.n}, 7.5, QUIET)
    return TableCell(
        [[Words(text, 10, CLASSES[score.label], bold=True), n_words]], PALE[score.label]
    )


def heat_rows(places: Sequence[Part], stages: Sequence[Gap]) -> list[list[TableCell]]:
    return [
        [plain(short(one.name, PLACE), 9, bold=True)]
        + [heat_cell(one.stages.get(gap.stage.key)) for gap in stages]
        for one in places
    ]
