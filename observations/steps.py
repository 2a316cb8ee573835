"""The state of step 4, for the stepper."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q, Sum
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.access import Access
from journeys.rights import Right
from journeys.steps import State, Step
from observations.models import HeldCopy, Observation, Visit
from observations.visit_querysets import VisitQuerySet
from scoring.models import StageCell
from scoring.wording import count_text

# What was missed longer ago is history, and no state.
REMEMBERED_DAYS = 100


def step_states(access: Access) -> list[Step]:
    """Who sees no observations, and reads scores, is led to the coverage once there is a plan."""
    if access.may(Right.SEE_OBSERVATIONS):
        return [_observations(access)]
    planned = Visit.objects.standing().filter(programme=access.programme)
    if not access.may(Right.SEE_SCORES):
        return []
    summary = _plan_summary(planned)
    return [_step(access, "visit-coverage", summary, "started")] if summary else []


def _observations(access: Access) -> Step:
    """Counted from the cells for who reads them all, so that the cost does not grow; else own ones."""
    if access.may_at_once(Right.SEE_OBSERVATIONS | Right.SEE_ALL_LOCATIONS):
        cells = StageCell.objects.filter(framework__journey__programme=access.programme, stage=None)
        total = int(cells.aggregate(total=Sum("n"))["total"] or 0)
    else:
        total = Observation.objects.visible_to(access).counted().count()
    waiting = _waiting(access)
    summary = ngettext("%(n)s observation", "%(n)s observations", total)
    summary %= {"n": count_text(total)}
    plan = _plan_summary(Visit.objects.visible_to(access).standing())
    words = ", ".join(filter(None, (summary if total else _("none yet"), _held(waiting), plan)))
    return _step(access, "observation-list", words, "done" if total else "empty")


def _plan_summary(visits: VisitQuerySet) -> str:
    """Observations still to come, and missed; empty where nothing is or was to be made."""
    today = timezone.localdate()
    since = today - timedelta(days=REMEMBERED_DAYS)
    found = (
        visits.filter(last_on__gte=since)
        .with_done()
        .annotate(lacking=Greatest(F("quota") - F("done"), 0))
        .aggregate(
            coming=Sum("lacking", filter=Q(last_on__gte=today)),
            missed=Sum("lacking", filter=Q(last_on__lt=today)),
        )
    )
    coming, missed = int(found["coming"] or 0), int(found["missed"] or 0)
    parts = []
    if coming:
        parts.append(_("%(n)d to come") % {"n": coming})
    if missed:
        parts.append(ngettext("%(n)d missed", "%(n)d missed", missed) % {"n": missed})
    return ", ".join(parts)


def _step(access: Access, page: str, summary: str, state: State) -> Step:
    return Step(
        number=4,
        key="observations",
        title=_("Observations"),
        url=reverse(f"observations:{page}", args=[access.programme.slug]),
        summary=summary,
        state=state,
    )


def _waiting(access: Access) -> int:
    """Held copies that this person would decide about."""
    if not access.may(Right.EDIT_METHOD):
        return 0
    return HeldCopy.objects.filter(programme=access.programme).waiting().count()


def _held(waiting: int) -> str:
    if not waiting:
        return ""
    held = ngettext("%(n)d copy to decide on", "%(n)d copies to decide on", waiting)
    return held % {"n": waiting}
