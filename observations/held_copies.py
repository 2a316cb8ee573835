"""What the review of held copies shows: which wait, what each says, what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from journeys.models import Journey, Location
from observations.deciding import document_of
from observations.differences import Difference, compare
from observations.documents import FieldError, Refused, guide_named, read_document
from observations.guides import GuideBook
from observations.models import HeldCopy, Observation, Revision
from observations.querysets import HeldCopyQuerySet
from observations.wording import Names, content_of_document, content_of_revision
from scoring.models import Framework

# {parameter: days waited at least}
AGES = {"day": 1, "week": 7, "month": 30}


def narrow_copies(rows: HeldCopyQuerySet, asked: Mapping[str, str]) -> HeldCopyQuerySet:
    """By the parameters of the page; an unknown value narrows nothing."""
    for name in ("journey", "location", "observer"):
        if value := asked.get(name, ""):
            rows = rows.filter(**{name: value})
    if asked.get("reason") in HeldCopy.Reason.values:
        rows = rows.filter(reason=asked["reason"])
    if days := AGES.get(asked.get("age", "")):
        rows = rows.filter(received_at__lte=timezone.now() - timedelta(days=days))
    state = asked.get("state", "")
    if state == "decided":
        return rows.exclude(decision="")
    if state == "settled":
        return rows.settled()
    return rows if state == "all" else rows.waiting()


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A copy in the list, with the names of what it names."""

    copy: HeldCopy
    journey: str
    location: str


def held_lines(
    copies: Iterable[HeldCopy], journeys: Iterable[Journey], locations: Iterable[Location]
) -> list[HeldLine]:
    journey_names = {one.key: one.name for one in journeys}
    location_names = {one.code: one.name for one in locations}
    return [
        HeldLine(
            copy,
            journey_names.get(copy.journey, copy.journey),
            location_names.get(copy.location, copy.location),
        )
        for copy in copies
    ]


@dataclass(frozen=True, slots=True)
class Review:
    """One copy with all that a decision needs; `stored` is what stands under its id now."""

    copy: HeldCopy
    document: dict[str, Any]
    framework: Framework | None
    stored: Revision | None
    difference: Difference | None
    # Why the door would refuse it today.
    refusals: list[FieldError]

    @property
    def is_waiting(self) -> bool:
        return not self.copy.decision and not self.copy.is_settled  # type: ignore[attr-defined]

    @property
    def base_revision(self) -> int | None:
        return self.stored.number if self.stored else None

    @property
    def correction_hindered(self) -> str:
        """Why it can't become a correction, empty where it can."""
        if self.stored is None:
            return _("No observation stands under its identifier.")
        if self.stored.observation.is_withdrawn:
            return _("The observation was withdrawn: restore it first.")
        journey = self.stored.observation.journey.key
        if self.document.get("journey") != journey:
            return _("An observation never changes its journey.")
        return self.refusals[0]["detail"] if self.refusals else ""


def review_of(copy: HeldCopy, asked_guide: str = "") -> Review:
    """`asked_guide` ("journey:version") is for a copy whose own guide is not known or not open."""
    document = document_of(copy)
    stored = _stored(copy)
    named = _guide_asked(asked_guide) or guide_named(document)
    framework = _framework(copy, *named) if named else None
    difference = None
    if stored is not None:
        names = Names(copy.programme)
        theirs = Framework.objects.with_guide().get(pk=stored.framework_id)
        received = content_of_document(document, framework, names)
        difference = compare(content_of_revision(stored, theirs), received)
    return Review(copy, document, framework, stored, difference, refusals_of(copy, document))


def open_guides(copy: HeldCopy) -> list[Framework]:
    """Those that take observations, for a copy that names none of them."""
    rows = Framework.objects.taking_observations().filter(journey__programme=copy.programme_id)
    return list(rows.select_related("journey").order_by("journey__position", "journey", "-version"))


def refusals_of(copy: HeldCopy, document: Mapping[str, Any]) -> list[FieldError]:
    """By the rules of today: a location may have been added since, a version published."""
    try:
        read_document(document, GuideBook.of(copy.programme))
    except Refused as refused:
        return refused.errors
    return []


def _guide_asked(asked: str) -> tuple[str, int] | None:
    journey, _colon, version = asked.rpartition(":")
    return (journey, int(version)) if journey and version.isdecimal() else None


def _framework(copy: HeldCopy, journey: str, version: int) -> Framework | None:
    rows = Framework.objects.with_guide().filter(journey__programme=copy.programme_id)
    return rows.filter(journey__key=journey, version=version).first()


def _stored(copy: HeldCopy) -> Revision | None:
    row = Observation.objects.filter(programme=copy.programme_id, uuid=copy.uuid).first()
    if row is None:
        return None
    rows = Revision.objects.select_related(
        "observation__journey", "observation__programme", "location", "channel", "created_by"
    )
    return rows.get(observation=row, is_current=True)
