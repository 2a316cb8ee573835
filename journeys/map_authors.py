"""Who changed a row of the map last, where the steps taken on it still say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.models import Choice, Criterion, Journey, MapEdit, Need, Stage, Touchpoint

_LOOKED_AT: Final = 200  # steps, the newest first
_NAMES: Final[dict[type[models.Model], str]] = {
    Stage: "stage",
    Touchpoint: "touchpoint",
    Need: "need",
    Choice: "choice",
}


def overtaken_by(row: models.Model, reader: User | None = None) -> str:
    """Who changed `row`, and when, as a sentence to `reader`; empty where no step says so."""
    name = _NAMES.get(type(row))
    if name is None:
        return ""
    step = next(_steps_on(_journey_of(row), name, row.pk), None)
    if step is None:
        return ""
    if step.author == reader:
        said = _("You changed this yourself at %(time)s, in another tab, while you were editing.")
        return said % _said(step)
    return _("%(person)s changed this at %(time)s, while you were editing.") % _said(step)


def deleted_by(
    journey: Journey, kind: type[models.Model], pk: int, reader: User | None = None
) -> str:
    """Who deleted the row of this number, and when, as a sentence; empty where nobody did."""
    for step in _steps_on(journey, _NAMES[kind], pk):
        to = "after" if step.undone_at is None else "before"
        gone = any(
            one["model"] == _NAMES[kind] and one["row"] == pk and one[to] is None
            for one in step.changes
        )
        if gone:
            said = _("%(person)s deleted “%(row)s” at %(time)s: nothing was saved.")
            if step.author == reader:
                said = _(
                    "You deleted “%(row)s” yourself at %(time)s, in another tab: nothing was saved."
                )
            return said % (_said(step) | {"row": step.subject})
    return ""


def _journey_of(row: Any) -> Journey:
    found: Journey = row.journey if isinstance(row, Stage) else row.stage.journey
    return found


def _steps_on(journey: Journey, name: str, pk: int) -> Iterator[MapEdit]:
    """The newest first; JSON is looked through here, because the engines do it each in their way."""
    criteria: set[int] = set()
    if name == "choice":
        criteria = set(Criterion.objects.filter(choice=pk).values_list("pk", flat=True))
    steps = MapEdit.objects.filter(journey=journey).select_related("author")
    for step in steps.order_by("-changed_at", "-pk")[:_LOOKED_AT]:
        if any(_is_about(one, name, pk, criteria) for one in step.changes):
            yield step


def _is_about(change: dict[str, Any], name: str, pk: int, criteria: set[int]) -> bool:
    """A place that gave way to another row is no change of the row that gave way."""
    if change["model"] == name and change["row"] == pk:
        return (change["before"] or {}).keys() | (change["after"] or {}).keys() != {"position"}
    if name != "choice" or change["model"] != "criterion":
        return False
    sides = (change["before"] or {}, change["after"] or {})
    return change["row"] in criteria or any(side.get("choice_id") == pk for side in sides)


def _said(step: MapEdit) -> dict[str, str]:
    changed = timezone.localtime(step.changed_at)
    is_today = changed.date() == timezone.localdate()
    form = "TIME_FORMAT" if is_today else "SHORT_DATETIME_FORMAT"
    return {"person": str(step.author), "time": date_format(changed, form)}
