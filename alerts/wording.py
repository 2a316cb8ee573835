"""An event in words, the same in a letter, on the page that tries a rule, and in no place else."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actionplans.gaps import evidence_url
from alerts.events import Event
from alerts.models import Kind
from journeys.access import Access
from journeys.months import month_text
from scoring import wording
from scoring.figures import StageScore


def title_of(event: Event) -> str:
    if event.kind is Kind.LATE_ACTION:
        assert event.action is not None
        return _("Late: %(action)s") % {"action": event.action.title}
    assert event.score is not None
    if event.kind is Kind.BROKEN_GATE:
        return _("Basics missed: %(stage)s") % {"stage": event.stage.name}
    return _("%(stage)s: %(sign)s %(word)s") % {
        "stage": event.stage.name,
        "sign": wording.SIGNS[event.score.label],
        "word": wording.WORDS[event.score.label],
    }


def facts_of(event: Event) -> str:
    """Every score with its n and its interval."""
    if event.action is not None:
        return _("Due on %(day)s, owner: %(owner)s. %(journey)s, %(stage)s.") % {
            "day": date_format(event.action.due_on, "DATE_FORMAT"),
            "owner": event.action.owner,
            "journey": event.journey.name,
            "stage": event.stage.name,
        }
    assert event.score is not None
    if event.kind is Kind.BROKEN_GATE:
        sums = event.score.sums
        return _("Covered in %(covered)d of %(seen)d observations. %(journey)s.") % {
            "covered": sums.nb_ok,
            "seen": sums.nb,
            "journey": event.journey.name,
        }
    was = str(wording.WORDS[event.was]) if event.was else ""
    return _("Confirmed; it was: %(was)s. %(figures)s. %(journey)s.") % {
        "was": was,
        "figures": _figures(event.score),
        "journey": event.journey.name,
    }


def _figures(score: StageScore) -> str:
    parts = (
        _("score %(score)s") % {"score": wording.stage_score_text(score)},
        wording.interval_text(score.interval, score.evidence),
        wording.n_text(score),
    )
    return " · ".join(part for part in parts if part)


def when_text(event: Event) -> str:
    """A day where it is known, else the month."""
    if len(event.on) == len("2026-10"):
        return month_text(event.on)
    return date_format(date.fromisoformat(event.on), "DATE_FORMAT")


def link_of(event: Event, access: Access) -> str:
    if event.action is not None:
        return settings.SITE_URL + event.action.get_absolute_url()
    return settings.SITE_URL + evidence_url(access, event.journey, event.stage)
