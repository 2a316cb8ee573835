"""What an observation says, in the words of its guide and never in the codes that are stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from journeys.models import Method, Programme
from observations.models import Revision
from scoring.models import Framework, Interaction
from scoring.scale import NA, NO


def answer_words(interaction: Interaction | None, answer: object) -> str:
    """The level's own words; what is no answer of the guide is shown as it came."""
    special = {NA: _("Not applicable"), NO: _("Not seen"), None: _("Unanswered")}
    if answer is None or (isinstance(answer, str) and answer in special):
        return special[answer]
    if interaction is None:
        return _("No question of the guide: %(value)s") % {"value": as_text(answer)}
    if isinstance(answer, int) and not isinstance(answer, bool):
        labels = interaction.wording
        if answer in labels:
            return labels[answer]
    return _("No level of the guide: %(value)s") % {"value": as_text(answer)}


def as_text(value: object) -> str:
    """Any JSON value on one line, short enough for a table."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:199]}…"


@dataclass
class Names:
    """The programme's places and ways by their codes, asked for once."""

    programme: Programme

    @cached_property
    def locations(self) -> dict[str, str]:
        return dict(self.programme.locations.values_list("code", "name"))

    @cached_property
    def channels(self) -> dict[str, str]:
        return dict(self.programme.channels.values_list("key", "name"))


@dataclass(frozen=True, slots=True)
class Content:
    """One side of a comparison. `framework` is the one it was made with, None where unknown."""

    framework: Framework | None
    facts: dict[str, str]
    answers: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)
    media: list[dict[str, Any]] = field(default_factory=list)


def content_of_document(
    document: Mapping[str, Any], framework: Framework | None, names: Names
) -> Content:
    """A document as received, whatever is wrong with it."""

    def said(name: str, known: Mapping[str, str] | None = None) -> str:
        value = document.get(name)
        if value is None:
            return ""
        return (known or {}).get(value, value) if isinstance(value, str) else as_text(value)

    facts = _facts(
        journey=framework.journey.name if framework else said("journey"),
        version=said("framework_version"),
        method=said("method", {str(value): str(label) for value, label in Method.choices}),
        location=said("location", names.locations),
        channel=said("channel", names.channels),
        observed_at=moment_words(document.get("observed_at")),
        observer=said("observer"),
        customer=said("customer"),
        comment=said("comment"),
    )
    return Content(
        framework,
        facts,
        _mapping(document.get("answers")),
        _mapping(document.get("notes")),
        _items(document.get("media")),
    )


def content_of_revision(revision: Revision, framework: Framework) -> Content:
    """What stands; wants `location` and `channel` selected, and the framework `with_guide()`."""
    details = revision.details
    facts = _facts(
        journey=framework.journey.name,
        version=str(framework.version),
        method=str(revision.get_method_display()),
        location=revision.location.name if revision.location else "",
        channel=revision.channel.name if revision.channel else "",
        observed_at=_moment(revision.observed_at_as_written),
        observer=revision.observer,
        customer=revision.customer,
        comment=details.get("comment") or "",
    )
    return Content(
        framework, facts, revision.answers, details.get("notes") or {}, details.get("media") or []
    )


def moment_words(value: object) -> str:
    """With its own offset, so that both sides show the hour that was written."""
    if not isinstance(value, str):
        return "" if value is None else as_text(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return as_text(value)
    return _moment(moment)


def _moment(moment: datetime) -> str:
    naive = timezone.make_naive(moment, moment.tzinfo) if moment.tzinfo else moment
    shown = date_format(naive, "SHORT_DATETIME_FORMAT")
    return f"{shown} ({moment:%z})" if moment.tzinfo else shown


def _facts(**values: str) -> dict[str, str]:
    labels = {
        "journey": _("Journey"),
        "version": _("Framework version"),
        "method": _("Method"),
        "location": _("Location"),
        "channel": _("Channel"),
        "observed_at": _("Date and time"),
        "observer": _("Observer"),
        "customer": _("Customer reference"),
        "comment": _("Comment"),
    }
    return {labels[name]: value for name, value in values.items()}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
