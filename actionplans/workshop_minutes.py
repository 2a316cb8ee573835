"""The minutes of a workshop: one document, shown as a page and printed by `documents/minutes.typ`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import fontpkg_fira_sans_condensed
import typst
from django.utils import formats, timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.effect import Quadrant
from actionplans.workshop_flow import Phase, is_revealed
from actionplans.workshop_matrix import Spot, matrix_of
from actionplans.workshop_models import Decision, IdeaGroup, Workshop, WorkshopGap
from actionplans.workshop_screens import GapWords, votes_by_group
from actionplans.worth_words import days_text, quadrant_word
from journeys.printed import soft

TEMPLATE: Final = Path(__file__).parent / "documents" / "minutes.typ"


def minutes_of(workshop: Workshop) -> dict[str, Any]:
    """Texts only, in the language of the moment. Dots are counted only once the vote is closed."""
    gaps = list(
        workshop.gaps.select_related("stage__journey").prefetch_related(
            "groups__ideas", "groups__decisions__action", "ideas"
        )
    )
    votes = votes_by_group(workshop)
    groups = [group for gap in gaps for group in gap.groups.all()]
    spots = {spot.group.pk: spot for spot in matrix_of(groups, votes).spots}
    return {
        "title": workshop.title,
        "programme": workshop.programme.name,
        "goal": workshop.goal,
        "facts": _facts(workshop),
        "people": [person.name for person in workshop.participants.filter(removed_at=None)],
        "note": _note(workshop),
        "gaps": [_gap(workshop, gap, spots) for gap in gaps],
        "actions": [line for gap in gaps for line in _actions(gap)],
    }


def _facts(workshop: Workshop) -> list[str]:
    people = workshop.participants.filter(removed_at=None).count()
    began = workshop.opened_at or workshop.created_at
    facts = [
        formats.date_format(timezone.localtime(began), "DATETIME_FORMAT"),
        ngettext("%(n)d participant", "%(n)d participants", people) % {"n": people},
        ngettext("%(n)d dot each", "%(n)d dots each", workshop.votes_per_person)
        % {"n": workshop.votes_per_person},
    ]
    if workshop.facilitator:
        facts.append(_("led by %(name)s") % {"name": workshop.facilitator})
    return facts


def _note(workshop: Workshop) -> str:
    if workshop.phase != Phase.CLOSED:
        return _("The workshop is not closed yet.")
    if not workshop.vote_reopened:
        return ""
    return ngettext(
        "The vote was opened again once after its totals were seen.",
        "The vote was opened again %(n)d times after its totals were seen.",
        workshop.vote_reopened,
    ) % {"n": workshop.vote_reopened}


def _gap(workshop: Workshop, gap: WorkshopGap, spots: dict[int, Spot]) -> dict[str, Any]:
    words = GapWords(gap)
    groups = sorted(gap.groups.all(), key=lambda one: -(spots[one.pk].votes or 0))
    shown = is_revealed(workshop.place, gap.position)
    loose = [one.text for one in gap.ideas.all() if one.group_id is None] if shown else []
    return {
        "stage": gap.stage.name,
        "journey": gap.stage.journey.name,
        "moment_of_truth": gap.stage.is_moment_of_truth,
        "question": gap.question,
        "label": words.label,
        "figure": _figure(words),
        "reasons": list(gap.evidence.get("reasons", ())),
        "groups": [_group(group, spots[group.pk]) for group in groups],
        "loose": loose,
    }


def _figure(words: GapWords) -> str:
    if not words.measured:
        return _("Not measured then.")
    facts = {"gap": words.gap_text, "score": words.score, "n": words.n, "word": words.word}
    return _("%(word)s, typical %(score)s, gap %(gap)s, n = %(n)s") % facts


def _group(group: IdeaGroup, spot: Spot) -> dict[str, Any]:
    decisions = list(group.decisions.all())
    return {
        "title": group.title,
        "ideas": [one.text for one in group.ideas.all()],
        "votes": ""
        if spot.votes is None
        else ngettext("%(n)d dot", "%(n)d dots", spot.votes) % {"n": spot.votes},
        "place": _place(spot),
        "fate": _fate(decisions),
    }


def _place(spot: Spot) -> str:
    parts = []
    if spot.impact is not None:
        words = _("impact %(n)s by replay") if spot.is_replayed else _("impact %(n)s as estimated")
        parts.append(words % {"n": spot.impact_text})
    if spot.effort is not None:
        parts.append(_("effort %(n)s person-days") % {"n": days_text(spot.effort)})
    if spot.quadrant is not None:
        parts.append(quadrant_word(Quadrant(spot.quadrant)))
    return ", ".join(parts)


def _fate(decisions: list[Decision]) -> str:
    actions = sum(one.kind == Decision.Kind.ACTION for one in decisions)
    if actions:
        return ngettext("%(n)d action", "%(n)d actions", actions) % {"n": actions}
    return _("parked") if decisions else _("no decision")


def _actions(gap: WorkshopGap) -> list[dict[str, Any]]:
    """As they were decided; `url` is empty where the action is gone from the plan."""
    found = []
    for group in gap.groups.all():
        for one in group.decisions.all():
            if one.kind != Decision.Kind.ACTION:
                continue
            due_on = parse_date(one.words["due_on"])
            found.append(
                {
                    "title": one.words["title"],
                    "owner": one.words["owner"],
                    "due_on": formats.date_format(due_on, "DATE_FORMAT") if due_on else "",
                    "stage": gap.stage.name,
                    "group": group.title,
                    "basics_first": bool(one.words.get("basics_first")),
                    "action": one.action,
                }
            )
    return found


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(font_paths=[fontpkg_fira_sans_condensed.ROOT / "files"])


def minutes_pdf(minutes: dict[str, Any]) -> bytes:
    """A4, as many pages as it needs."""
    data = _printable(minutes) | {
        "language": (translation.get_language() or "en")[:2],
        "words": {
            "minutes": _("Minutes of the workshop"),
            "actions": _("Actions decided"),
            "action": _("Action"),
            "owner": _("Owner"),
            "due_on": _("Due date"),
            "stage": _("Stage"),
            "people": _("Participants"),
            "loose": _("Ideas in no group"),
            "none": _("No action was decided."),
            "basics_first": _("basics first"),
        },
    }
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=_fonts())
    made = compiler.compile(format="pdf", sys_inputs={"data": json.dumps(data)})
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def _printable(value: Any) -> Any:
    """Texts with places where a long word may break; rows of the database are left out."""
    if isinstance(value, str):
        return soft(value)
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items() if key != "action"}
    if isinstance(value, list):
        return [_printable(each) for each in value]
    return value
