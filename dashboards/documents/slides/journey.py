"""The journey drawn with native shapes: stages under BEFORE, DURING, AFTER, diamonds for moments of truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches

from actionplans.gaps import Gap
from dashboards.documents.looks import CLASSES, INK, PALE, PHASES, QUIET, TONES, WHITE
from dashboards.documents.messages import short
from dashboards.documents.slides.deck import INSIDE, MARGIN, TOP, Box, Deck, Line, Words
from dashboards.step_words import StageStep
from scoring.classify import Label

GAP: Final = Inches(0.08)
BAND: Final = Inches(0.36)
DIAMOND: Final = Inches(0.34)
CARD: Final = Inches(2.6)
NAME: Final = 60


def draw_journey(
    deck: Deck, slide: Any, stages: Sequence[Gap], arrows: Mapping[int, StageStep]
) -> None:
    """`stages` are those of one slide, each phase heading its own; `arrows` what really changed."""
    width = (INSIDE + GAP) // max(4, len(stages)) - GAP
    step = width + GAP
    place = 0
    for phase, members in groupby(stages, key=lambda gap: gap.stage.phase):
        count = len(list(members))
        left = MARGIN + place * step
        name = stages[place].stage.get_phase_display().upper()
        band = Box(left, TOP, count * step - GAP, BAND)
        words = [[Words(name, 11, INK, bold=True)]]
        deck.shape(slide, band, fill=PHASES[phase], lines=words)
        place += count
    for number, gap in enumerate(stages):
        left = MARGIN + number * step
        _stage(deck, slide, Box(left, TOP + BAND + Inches(0.5), width, CARD), gap, arrows)
    _legend(deck, slide)


def _stage(deck: Deck, slide: Any, box: Box, gap: Gap, arrows: Mapping[int, StageStep]) -> None:
    """A card in the colour of its class, which its sign and word say as well."""
    label = gap.score.label
    colour = CLASSES[label]
    narrow = box.width < Inches(1.15)
    size = 10 if narrow else 12
    lines: list[Line] = [
        [Words(short(gap.stage.name, 34 if narrow else NAME), size, INK, bold=True)]
    ]
    if gap.is_shown:
        lines.append(
            [Words(f"{gap.class_sign} {gap.score_text}".strip(), size + 5, colour, bold=True)]
        )
    lines.append([Words(gap.class_word, size - 1, colour)])
    if gap.held_back:
        held = CLASSES[Label.ENCHANTMENT]
        lines.append([Words(f"✦ {_('held back')}", size - 1, held)])
    if step := arrows.get(gap.stage.pk):
        words = f"{step.step.arrow} {step.change}"
        lines.append([Words(words, size, TONES[step.step.tone], bold=True)])
    facts = " · ".join(filter(None, (gap.evidence_word, gap.n_text)))
    lines.append([Words(facts, size - 2, QUIET)])
    deck.shape(
        slide, box, kind=MSO_SHAPE.ROUNDED_RECTANGLE, fill=PALE[label], edge=colour, lines=lines
    ).adjustments[0] = 0.06
    if gap.stage.is_moment_of_truth:
        middle = box.left + box.width // 2 - DIAMOND // 2
        above = Box(middle, box.top - DIAMOND // 2 - Inches(0.12), DIAMOND, DIAMOND)
        deck.shape(slide, above, kind=MSO_SHAPE.DIAMOND, fill=colour, edge=WHITE)


def _legend(deck: Deck, slide: Any) -> None:
    words = [
        ("▼", _("disappointing"), CLASSES[Label.DISAPPOINTING]),
        ("●", _("neutral"), CLASSES[Label.NEUTRAL]),
        ("✦", _("enchantment"), CLASSES[Label.ENCHANTMENT]),
        ("◆", _("moment of truth"), INK),
    ]
    line = [
        part
        for sign, word, colour in words
        for part in (Words(f"{sign} ", 11, colour, bold=True), Words(f"{word}     ", 11, QUIET))
    ]
    below = Box(MARGIN, TOP + BAND + Inches(0.5) + CARD + Inches(0.3), INSIDE, Inches(0.3))
    deck.text(slide, below, [line], align=PP_ALIGN.LEFT)
