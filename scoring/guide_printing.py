"""The observation guide on A4, to be filled in with a pen; it needs no colour to be read."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any, Final

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from journeys.typesetting import compiled
from scoring.guide import GuideStage, guide_stages
from scoring.models import Framework, Interaction
from scoring.templatetags.points import signed

TEMPLATE: Final = Path(__file__).parent / "documents" / "guide.typ"


def guide_pdf(framework: Framework, *, shows_points: bool, observer: str = "") -> bytes:
    """In the language of the moment. Wants a framework `with_guide()`."""
    made = compiled(TEMPLATE, guide_document(framework, shows_points, observer), "pdf")
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def guide_document(framework: Framework, shows_points: bool, observer: str) -> dict[str, Any]:
    """The values that `documents/guide.typ` prints."""
    journey = framework.journey
    phases = groupby(guide_stages(framework), key=lambda part: part.stage.phase)
    return {
        "language": (translation.get_language() or "en")[:2],
        "title": journey.name,
        "kind": _("Observation guide"),
        "facts": _facts(framework, shows_points),
        "running": f"{journey.name} · {_version(framework)}",
        "fields": [
            {"label": _("Location"), "value": "", "wide": False},
            {"label": _("Method"), "value": "", "wide": False},
            {"label": _("Date and time"), "value": "", "wide": False},
            {"label": _("Observer"), "value": observer, "wide": False},
            {"label": _("Customer reference"), "value": "", "wide": False},
        ],
        "how": _(
            "Tick what happened, one box an interaction. “Not applicable”: it could not happen for "
            "this customer. “Not seen”: it may have happened, you did not see it."
        ),
        "truth": _("Moment of truth"),
        "na": _("Not applicable"),
        "no": _("Not seen"),
        "note": _("Note"),
        "comment": _("Comment"),
        "empty": _("Nothing is observed inside the perimeter."),
        "phases": [_phase(list(parts), shows_points) for _key, parts in phases],
    }


def _facts(framework: Framework, shows_points: bool) -> list[str]:
    day = timezone.localdate(framework.published_at or framework.created_at)
    facts = [
        framework.journey.programme.name,
        framework.journey.segment.name,
        f"{_version(framework)} ({framework.get_status_display()})",
        formats.date_format(day, "DATE_FORMAT"),
    ]
    if shows_points:
        facts.append(_("with points: not for observers"))
    return facts


def _version(framework: Framework) -> str:
    return _("version %(version)s") % {"version": framework.version}


def _phase(parts: list[GuideStage], shows_points: bool) -> dict[str, Any]:
    return {
        "name": str(parts[0].stage.get_phase_display()),
        "stages": [
            {
                "name": part.stage.name,
                "truth": part.stage.is_moment_of_truth,
                "interactions": [_interaction(one, shows_points) for one in part.interactions],
            }
            for part in parts
        ],
    }


def _interaction(one: Interaction, shows_points: bool) -> dict[str, Any]:
    touchpoint = one.touchpoint
    return {
        "statement": one.statement,
        "where": f"{touchpoint.name} · {touchpoint.channel.name}" if touchpoint else "",
        "levels": [
            {"label": label, "points": signed(points) if shows_points else ""}
            for points, label in one.wording.items()
        ],
    }
