"""What others, or other pages of the same person, have changed on a map since a page last heard of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.map_changes import Redrawing, redrawing_of
from journeys.map_edits import REMEMBERED
from journeys.models import Journey, MapEdit, Stage
from journeys.presence import own_other_page


@dataclass(frozen=True, slots=True)
class News:
    """`notes` says of each stage number who changed it, `gone` of each deleted one who deleted it.

    With `has_own` there are steps of the reader's, so that undo is of another one by now.
    """

    redrawing: Redrawing
    notes: dict[int, str]
    gone: dict[int, str]
    has_own: bool


def newest_change(journey: Journey) -> datetime | None:
    """Read before the rows that it stands for: a page then hears of a change twice, never not at all."""
    newest: datetime | None = journey.edits.aggregate(newest=Max("changed_at"))["newest"]
    return newest


def may_catch_up(since: datetime) -> bool:
    """Steps older than this may be gone, so that what they changed can't be told any more."""
    return since > timezone.now() - REMEMBERED


def news_since(
    journey: Journey, since: datetime | None, person: User, tab: str = ""
) -> News | None:
    """None where no step was taken, taken back or done again but by `person` in the page `tab`.

    Without the page's name all that the person did is taken for known.
    """
    own = Q(author=person, tab=tab) if tab else Q(author=person)
    steps = MapEdit.objects.filter(journey=journey).exclude(own).select_related("author")
    if since is not None:
        steps = steps.filter(changed_at__gt=since)
    found = list(steps.order_by("changed_at", "pk"))
    if not found:
        return None
    by_author = _by_author(found)
    redrawing = _together(by_author.values())
    here = set(
        Stage.objects.filter(journey=journey, pk__in=redrawing.stages).values_list("pk", flat=True)
    )
    notes, gone = {}, {}
    for stage, names in _authors(by_author, person).items():
        if stage in here:
            notes[stage] = _("Changed by %(names)s: shown when you leave.") % {"names": names}
        else:
            gone[stage] = _("Deleted by %(names)s: what you typed can't be saved here.") % {
                "names": names
            }
    return News(redrawing, notes, gone, has_own=person in by_author)


def _by_author(steps: Sequence[MapEdit]) -> dict[User, Redrawing]:
    own: dict[User, list[MapEdit]] = defaultdict(list)
    for step in steps:
        own[step.author].append(step)
    return {author: _redrawing(taken) for author, taken in own.items()}


def _redrawing(steps: Sequence[MapEdit]) -> Redrawing:
    done = redrawing_of([step for step in steps if step.undone_at is None])
    undone = redrawing_of([step for step in steps if step.undone_at is not None], backwards=True)
    return _together((done, undone))


def _together(redrawings: Iterable[Redrawing]) -> Redrawing:
    each = list(redrawings)
    return Redrawing(
        frozenset().union(*(one.stages for one in each)),
        frozenset().union(*(one.added for one in each)),
        any(one.shape for one in each),
        any(one.heads for one in each),
    )


def _authors(by_author: dict[User, Redrawing], person: User) -> dict[int, str]:
    names: dict[int, list[str]] = defaultdict(list)
    for author, redrawing in by_author.items():
        for stage in redrawing.stages:
            names[stage].append(own_other_page() if author == person else str(author))
    return {stage: ", ".join(each) for stage, each in names.items()}
