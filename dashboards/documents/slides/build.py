"""The deck for the executive committee: one message a slide, every figure with its n."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches

from actionplans.gaps import Gap
from actionplans.models import Action
from dashboards.boards import KeyFigure, widest
from dashboards.documents import messages
from dashboards.documents.contents import Contents
from dashboards.documents.looks import ACCENT, CLASSES, INK, LINE, QUIET, STRIP, TONES
from dashboards.documents.messages import short
from dashboards.documents.paging import in_pages
from dashboards.documents.slides.charts import add_curve, add_trend
from dashboards.documents.slides.deck import (
    BOTTOM,
    INSIDE,
    MARGIN,
    TOP,
    Box,
    Deck,
    Line,
    Words,
)
from dashboards.documents.slides.journey import draw_journey
from dashboards.documents.slides.tables import (
    action_headings,
    action_row,
    gap_headings,
    gap_row,
    heat_rows,
    indicator_headings,
    indicator_row,
)
from dashboards.step_words import Step, journey_step, stage_steps
from observations.breakdowns import Part
from scoring import wording
from scoring.classify import Label

ON_A_SLIDE: Final = 10  # stages
PLACES: Final = 15  # rows of the heat map
MOST_PLACES: Final = 2 * PLACES
CARDS: Final = 8  # of stages, where one slide does not hold them all
ACTIONS: Final = 11
VERDICTS: Final = 4
Report = Callable[[int, int], None]


def build_slides(contents: Contents, report: Report) -> bytes:
    """A PPTX with native charts, tables and shapes; `report` counts the parts that are done."""
    journey = contents.journey
    footer = " · ".join(
        (
            short(contents.programme, 60),
            short(journey.name, 60),
            short(contents.selected, 60),
            contents.counted_text,
            contents.made_on,
        )
    )
    deck = Deck(title=f"{contents.programme} · {journey.name}", footer=footer)
    parts: list[Callable[[Deck, Contents], None]] = [_title, _headline]
    if contents.indicators:
        parts.append(_indicators)
    if contents.is_scored:
        parts += [_journey, _curve, _gaps, _places, _trend]
    if contents.actions is not None:
        parts.append(_plan)
    parts.append(_method)
    for number, part in enumerate(parts, start=1):
        part(deck, contents)
        report(number, len(parts))
    return deck.content()


def _paged(message: str, page: int, pages: int) -> str:
    return message if pages == 1 else f"{message} ({page}/{pages})"


def _title(deck: Deck, contents: Contents) -> None:
    journey = contents.journey
    slide = deck.slide(short(journey.name, 110))
    deck.shape(slide, Box(MARGIN, TOP, Inches(1.2), Inches(0.07)), fill=ACCENT)
    lines: list[Line] = [
        [Words(short(contents.programme, 110), 24, INK, bold=True)],
        [Words(short(journey.segment.name, 110), 18, QUIET)],
        [Words(" ", 12)],
        [Words(contents.made_on, 16)],
        [Words(short(contents.selected, 160), 16)],
        [Words(contents.counted_text, 16)],
    ]
    if contents.sheet.framework is not None:
        version = _("Framework version %(version)d") % {"version": contents.sheet.framework.version}
        lines.append([Words(version, 16)])
    if contents.signed:
        lines.append([Words(contents.signed, 16)])
    lines += [[Words(" ", 12)], [Words(short(contents.journey.programme.ambition, 240), 14, QUIET)]]
    deck.text(slide, Box(MARGIN, TOP + Inches(0.4), INSIDE, Inches(4.5)), lines)


def _headline(deck: Deck, contents: Contents) -> None:
    if not contents.is_scored:
        slide = deck.slide(_("Nothing can be scored yet"))
        words = _(
            "This journey has no published framework, or no stage in the perimeter: figures appear here"
            " once it is framed and observed."
        )
        deck.text(slide, Box(MARGIN, TOP, INSIDE, Inches(1)), [[Words(words, 16, QUIET)]])
        return
    slide = deck.slide(messages.headline(contents))
    figures = contents.figures()
    width = (INSIDE - Inches(0.25) * (len(figures) - 1)) // len(figures)
    for number, figure in enumerate(figures):
        left = MARGIN + number * (width + Inches(0.25))
        box = Box(left, TOP + Inches(0.3), width, Inches(3))
        step = journey_step(contents.last_change) if number == 0 else None
        _figure(deck, slide, box, figure, step)
    note = messages.disappointments(contents)
    deck.text(slide, Box(MARGIN, TOP + Inches(3.7), INSIDE, Inches(0.8)), [[Words(note, 18, INK)]])


def _figure(deck: Deck, slide: Any, box: Box, figure: KeyFigure, step: Step | None) -> None:
    colour = CLASSES[Label.DISAPPOINTING] if figure.tone == "disappointing" else INK
    lines: list[Line] = [
        [Words(figure.name, 14, QUIET)],
        [Words(figure.text, 40, colour, bold=True)],
        *([Words(note, 12, QUIET)] for note in figure.notes if note),
    ]
    if step is not None:
        words = f"{step.arrow} {step.text}".strip()
        lines.append([Words(words, 12, TONES.get(step.tone, QUIET), bold=bool(step.arrow))])
    card = deck.shape(
        slide,
        box,
        kind=MSO_SHAPE.ROUNDED_RECTANGLE,
        fill=STRIP,
        edge=LINE,
        lines=lines,
        align=PP_ALIGN.LEFT,
    )
    card.adjustments[0] = 0.05
    card.text_frame.margin_left = Inches(0.25)


def _indicators(deck: Deck, contents: Contents) -> None:
    """Those of the executives' page: at most five, as a constraint of theirs says."""
    slide = deck.slide(messages.indicators(contents))
    deck.table(
        slide,
        TOP,
        [3.4, 1.4, 2.6, 1.2, 1.1, 3.4],
        indicator_headings(),
        [indicator_row(one) for one in contents.indicators],
        row_height=Inches(0.6),
    )


def _journey(deck: Deck, contents: Contents) -> None:
    arrows = {one.stage.pk: one for one in stage_steps(contents.last_change) if one.step.arrow}
    most = ON_A_SLIDE if len(contents.stages) <= ON_A_SLIDE else CARDS
    pages = in_pages(contents.stages, most)
    for number, stages in enumerate(pages, start=1):
        slide = deck.slide(_paged(messages.moments(contents), number, len(pages)))
        draw_journey(deck, slide, stages, arrows)


def _curve(deck: Deck, contents: Contents) -> None:
    pages = in_pages(contents.stages, ON_A_SLIDE)
    for number, stages in enumerate(pages, start=1):
        slide = deck.slide(_paged(messages.disappointments(contents), number, len(pages)))
        add_curve(slide, Box(MARGIN, TOP, INSIDE, BOTTOM - TOP), stages, contents.stages)


def _gaps(deck: Deck, contents: Contents) -> None:
    """As on the page: what disappoints first, moments of truth before others."""
    rows = [one.gap for one in widest(contents.gaps)]
    slide = deck.slide(messages.widest_gaps(contents, rows))
    with_actions = contents.actions is not None
    if not rows:
        return
    widths = [2.6, 1.4, 0.8, 0.7, 0.9, 3.2]
    deck.table(
        slide,
        TOP,
        [*widths, 3.2] if with_actions else widths,
        gap_headings(with_actions=with_actions),
        [gap_row(gap, with_actions=with_actions) for gap in rows],
        row_height=Inches(0.6),
    )


def _places(deck: Deck, contents: Contents) -> None:
    """Stage by location; nothing to compare where the programme has no location."""
    if not contents.places:
        return
    stages, places, note = _telling(contents)
    slides = in_pages(places, PLACES)
    for number, rows in enumerate(slides, start=1):
        slide = deck.slide(_paged(messages.places(contents), number, len(slides)))
        names = [
            ("◆ " if gap.stage.is_moment_of_truth else "") + short(gap.stage.name, 30)
            for gap in stages
        ]
        deck.table(
            slide,
            TOP,
            [1.6, *[1.0] * len(stages)],
            [_("Location"), *names],
            heat_rows(rows, stages),
            row_height=Inches(0.29),
            size=9,
        )
        if note:
            box = Box(MARGIN, BOTTOM - Inches(0.25), INSIDE, Inches(0.25))
            deck.text(slide, box, [[Words(note, 11, QUIET)]])


def _telling(contents: Contents) -> tuple[Sequence[Gap], Sequence[Part], str]:
    """Of long journeys the stages to act on first, of many locations those measured; what is left out."""
    stages: Sequence[Gap] = contents.stages
    places: Sequence[Part] = contents.places
    if len(stages) > ON_A_SLIDE:
        first = {gap.stage.pk for gap in contents.gaps[:ON_A_SLIDE]}
        stages = [gap for gap in stages if gap.stage.pk in first]
    if len(places) > MOST_PLACES:
        measured = [one for one in places if any(map(wording.is_shown, one.stages.values()))]
        places = (measured or places)[:MOST_PLACES]
    return (
        stages,
        places,
        messages.left_out(len(contents.stages) - len(stages), len(contents.places) - len(places)),
    )


def _trend(deck: Deck, contents: Contents) -> None:
    if not contents.waves:
        return
    slide = deck.slide(messages.trend(contents))
    lines = messages.verdicts(contents, VERDICTS)
    below = Inches(0.32) * len(lines)
    add_trend(slide, Box(MARGIN, TOP, INSIDE, BOTTOM - TOP - below), contents.waves)
    box = Box(MARGIN, BOTTOM - below, INSIDE, below)
    deck.text(
        slide,
        box,
        [[Words(name, 12, INK, bold=True), Words(f" · {verdict}", 12)] for name, verdict in lines],
    )


def _plan(deck: Deck, contents: Contents) -> None:
    actions = contents.actions or ()
    message = messages.plan(actions)
    ordered = sorted(actions, key=lambda one: (not one.is_late, not one.is_open, one.due_on))
    kept = [one for one in ordered if one.status != Action.Status.DROPPED]
    if not kept:
        deck.slide(message)
        return
    pages = in_pages(kept, ACTIONS)
    for number, rows in enumerate(pages, start=1):
        slide = deck.slide(_paged(message, number, len(pages)))
        deck.table(
            slide,
            TOP,
            [4.2, 2.6, 2.0, 1.2, 1.2],
            action_headings(),
            [action_row(one) for one in rows],
            row_height=Inches(0.42),
        )


def _method(deck: Deck, contents: Contents) -> None:
    slide = deck.slide(messages.how_made(contents))
    notes: list[Line] = [[Words(f"•  {note}", 13)] for note in messages.reading_notes(contents)]
    rows = messages.method_lines(contents)
    width = INSIDE * 2 // 3 if rows else INSIDE
    deck.text(slide, Box(MARGIN, TOP, width - Inches(0.3), Inches(5)), notes, spacing=6)
    if rows:
        _methods(deck, slide, rows, MARGIN + width)


def _methods(deck: Deck, slide: Any, rows: Sequence[tuple[str, int, int]], left: int) -> None:
    lines: list[Line] = [
        [
            Words(
                _("Methods, with their weight and most observations in a stage"), 12, INK, bold=True
            )
        ]
    ]
    for name, weight, n in rows:
        facts = _("weight %(weight)d, n = %(n)d") % {"weight": weight, "n": n}
        lines.append([Words(f"{name} · ", 12), Words(facts, 12, QUIET)])
    box = Box(left, TOP, MARGIN + INSIDE - left, Inches(5))
    deck.text(slide, box, lines, spacing=6)
