"""The executives' page on paper: two to four pages of A4, made by typst from values, never from markup."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import fontpkg_fira_sans_condensed
import typst
from django.utils import formats, translation
from django.utils.translation import gettext as _

from actionplans.gaps import Gap
from actionplans.measure_words import effect_of
from actionplans.models import Action
from dashboards.boards import widest, with_indicators
from dashboards.documents import messages
from dashboards.documents.contents import Contents
from dashboards.documents.messages import status_of
from dashboards.documents.paging import in_pages
from dashboards.documents.pictures.charts import (
    draw_experiences,
    draw_heat,
    draw_trend,
    thresholds_of,
)
from dashboards.step_words import journey_step
from journeys.printed import soft
from scoring import wording

TEMPLATE: Final = Path(__file__).parent / "report.typ"
ON_A_ROW: Final = 9  # stages side by side
PLACES: Final = 40
ON_A_PICTURE: Final = 20  # places: two pictures a page, or one beside a table
LETTERS: Final = 1.35  # drawn for a screen, printed on 180 mm
ACTIONS: Final = 40
Report = Callable[[int, int], None]


def build_report(contents: Contents, report: Report) -> bytes:
    """A PDF in the language of the moment."""
    report(1, 3)
    values = report_values(contents)
    report(2, 3)
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=_fonts())
    made = compiler.compile(format="pdf", sys_inputs={"data": json.dumps(values)})
    assert isinstance(made, bytes), "a PDF is one file"
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(font_paths=[fontpkg_fira_sans_condensed.ROOT / "files"])


def report_values(contents: Contents) -> dict[str, Any]:
    """What `report.typ` prints, as JSON; every text is shown as it is."""
    journey = contents.journey
    facts = (
        journey.segment.name,
        contents.selected,
        contents.counted_text,
        contents.signed,
    )
    values = {
        "language": (translation.get_language() or "en")[:2],
        "title": soft(journey.name),
        "programme": soft(contents.programme),
        "facts": soft(" · ".join(filter(None, facts))),
        "footer": soft(f"{contents.programme} · {journey.name} · {contents.made_on}"),
        "empty": "",
        "figures": [],
        "sections": [],
    }
    if not contents.is_scored:
        nothing = _(
            "Nothing can be scored yet: this journey has no published framework, or no stage in the"
            " perimeter."
        )
        return values | {"empty": nothing}
    return values | {"figures": _figures(contents), "sections": _sections(contents)}


def _figures(contents: Contents) -> list[dict[str, Any]]:
    """Those of the page, the score with what has become of it since the wave before."""
    figures = with_indicators(contents.figures(), contents.indicators)
    step = journey_step(contents.last_change)
    told = " ".join(filter(None, (step.arrow, step.text)))
    notes = [*figures[0].notes, told], *(one.notes for one in figures[1:])
    return [
        {
            "name": soft(one.name),
            "text": one.text,
            "notes": [soft(note) for note in own if note],
            "tone": one.tone,
        }
        for one, own in zip(figures, notes, strict=True)
    ]


def _sections(contents: Contents) -> list[dict[str, Any]]:
    sections = [_curve(contents), _gaps(contents)]
    if contents.places:
        sections.append(_places(contents))
    if contents.waves:
        sections.append(_trend(contents))
    if contents.actions is not None:
        sections.append(_plan(contents.actions))
    return [*sections, _method(contents)]


def _section(message: str, **parts: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "pictures": [],
        "table": None,
        "notes": [],
        "lines": [],
        "small": False,
    }
    return {"message": soft(message), **empty, **parts}


def _curve(contents: Contents) -> dict[str, Any]:
    drawings = draw_experiences(contents.stages, thresholds_of(contents), ON_A_ROW, LETTERS)
    legend = (
        _(
            "Solid line: typical, with the band of its 95 %% interval; dotted line: target; ◆ moment of"
            " truth; hatched: not enough data."
        )
        % {}
    )
    return _section(
        messages.disappointments(contents), pictures=[one.svg() for one in drawings], notes=[legend]
    )


def _gaps(contents: Contents) -> dict[str, Any]:
    rows = [one.gap for one in widest(contents.gaps)]
    headings = [_("Stage"), _("Typical"), _("Target"), _("Gap"), "n", _("What to do")]
    if contents.actions is not None:
        headings.append(_("Actions"))
    table = {
        "columns": [2.6, 1.7, 1, 1, 1, 4, 5][: len(headings)],
        "head": headings,
        "rows": [_gap(gap, with_actions=contents.actions is not None) for gap in rows],
    }
    return _section(messages.widest_gaps(contents, rows), table=table if rows else None)


def _cell(text: str, note: str = "", tone: str = "", *, bold: bool = False) -> dict[str, Any]:
    return {"text": soft(text), "note": soft(note), "tone": tone, "bold": bold}


def _gap(gap: Gap, *, with_actions: bool) -> list[dict[str, Any]]:
    mark = "◆ " if gap.stage.is_moment_of_truth else ""
    typical = f"{gap.class_sign} {gap.score_text}".strip() if gap.is_shown else gap.class_word
    cells = [
        _cell(mark + messages.short(gap.stage.name, 90), bold=True),
        _cell(typical, gap.interval_text if gap.is_shown else "", gap.score.label.value, bold=True),
        _cell(gap.target_text),
        _cell(gap.gap_text, bold=True),
        _cell(wording.count_text(gap.score.n) if gap.is_shown else gap.n_text),
        _cell(gap.tier_word, messages.short(gap.reason, 160)),
    ]
    return [*cells, _actions_of(gap)] if with_actions else cells


def _actions_of(gap: Gap) -> dict[str, Any]:
    kept = [action for action in gap.actions if action.status != Action.Status.DROPPED]
    if not kept:
        tone = "disappointing" if gap.lacks_action else ""
        return _cell(_("No action yet") if gap.asks_for_action else wording.UNKNOWN, tone=tone)
    lines = [f"{messages.short(one.title, 60)} · {status_of(one)}" for one in kept[:3]]
    more = _("and %(n)d more") % {"n": len(kept) - 3} if len(kept) > 3 else ""
    tones = ["disappointing" if one.is_late else "" for one in kept[:3]]
    return _cell("\n".join(lines), more) | {"tones": tones}


def _places(contents: Contents) -> dict[str, Any]:
    """Pictures: of long journeys the stages to act on first, of many locations those measured."""
    first = {gap.stage.pk for gap in contents.gaps[:ON_A_ROW]}
    stages = [gap for gap in contents.stages if gap.stage.pk in first]
    measured = [one for one in contents.places if any(map(wording.is_shown, one.stages.values()))]
    places = measured[:PLACES]
    words = messages.left_out(
        len(contents.stages) - len(stages), len(contents.places) - len(places)
    )
    notes = [words] if places and words else []
    rows = in_pages(places, ON_A_PICTURE) if places else []
    pictures = [draw_heat(stages, some, LETTERS).svg() for some in rows]
    return _section(messages.places(contents), pictures=pictures, notes=notes)


def _trend(contents: Contents) -> dict[str, Any]:
    lines = [f"{name} · {verdict}" for name, verdict in messages.verdicts(contents, 6)]
    pictures = [draw_trend(contents.waves[-8:]).svg()]
    return _section(messages.trend(contents), pictures=pictures, lines=[soft(one) for one in lines])


def _plan(actions: Sequence[Action]) -> dict[str, Any]:
    ordered = sorted(actions, key=lambda one: (not one.is_late, not one.is_open, one.due_on))
    kept = [one for one in ordered if one.status != Action.Status.DROPPED]
    rows = [
        [
            _cell(messages.short(one.title, 120)),
            _cell(messages.short(one.stage.name, 60)),
            _cell(messages.short(str(one.owner), 40)),
            _cell(formats.date_format(one.due_on, "SHORT_DATE_FORMAT")),
            _cell(
                status_of(one),
                str(effect_of(one) or ""),
                tone="disappointing" if one.is_late else "",
                bold=one.is_late,
            ),
        ]
        for one in kept[:ACTIONS]
    ]
    headings = [_("Action"), _("Stage"), _("Owner"), _("Due date"), _("Status")]
    table = {"columns": [6.4, 2, 1.9, 1.3, 2.6], "head": headings, "rows": rows}
    notes = []
    if len(kept) > ACTIONS:
        notes.append(_("%(n)d more actions are in the plan.") % {"n": len(kept) - ACTIONS})
    return _section(messages.plan(actions), table=table if rows else None, notes=notes)


def _method(contents: Contents) -> dict[str, Any]:
    facts = _("weight %(weight)d, n = %(n)d")
    methods = [
        f"{name} · " + facts % {"weight": weight, "n": n}
        for name, weight, n in messages.method_lines(contents)
    ]
    lines = messages.reading_notes(contents)
    if methods:
        lines.append(
            _("Methods, with their weight and most observations in a stage: %(methods)s.")
            % {"methods": "; ".join(methods)}
        )
    return _section(messages.how_made(contents), lines=[soft(line) for line in lines], small=True)
