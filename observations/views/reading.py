"""Reading observations: the list behind every figure, one observation with its history."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from journeys.access import Access, enter
from journeys.models import Journey, Method, Stage
from journeys.pages import show
from journeys.rights import Right
from observations.acknowledging import (
    Reading,
    acknowledged_now,
    may_answer,
    readings_of,
    threads_of,
)
from observations.answer_lines import stage_answers
from observations.answered import Answered, answered, read_answered
from observations.differences import history_of
from observations.forms import ReportCommentForm
from observations.fulfilling import fitting_visits, visits_of
from observations.models import (
    HeldCopy,
    Observation,
    ObserverExclusion,
    Revision,
    StageResult,
    Visit,
    VisitAttachment,
)
from observations.ownership import may_change
from observations.photos import photos_of, pictures_among
from observations.report_models import Acknowledgement
from observations.selection import BadSelection, Selection, read_selection
from observations.visit_flags import Seen, flags_of, read_flag_facts
from observations.withdrawing import Moved, restore_observation, withdraw_observation
from scoring.models import Framework

PAGE = 50


@dataclass(frozen=True, slots=True)
class _Filter:
    """What the list is narrowed to; `errors` by parameter, for the page to show beside it."""

    journey: Journey | None
    stage: Stage | None
    selection: Selection
    errors: dict[str, str]
    answered: Answered | None = None

    @property
    def channel(self) -> str | None:
        """A channel is a part of a stage; of a whole visit there is none."""
        return self.selection.channel if self.stage is not None else None


def _read_filter(request: HttpRequest, access: Access) -> _Filter:
    """The same parameters as the dashboard, plus `journey` and `stage`."""
    journeys = Journey.objects.filter(programme=access.programme)
    key = request.GET.get("journey", "")
    journey = journeys.filter(key=key).first() if key else None
    if key and journey is None:
        raise Http404
    stage = None
    if journey is not None and request.GET.get("stage"):
        stage = get_object_or_404(Stage, journey=journey, key=request.GET["stage"])
    some = journey or journeys.first()
    if some is None:
        return _Filter(None, None, Selection(), {})
    try:
        # Rows are held to this person by `visible_to`; own rows may lie at any location.
        selection = read_selection(request.GET, journey=some, access=access)
        wanted = read_answered(request.GET, stage)
    except BadSelection as bad:
        return _Filter(journey, stage, Selection(), bad.errors)
    return _Filter(journey, stage, selection, {}, wanted)


@login_required
@require_GET
def observation_list(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS)
    narrowed = _read_filter(request, access)
    rows = _narrow(Observation.objects.visible_to(access), narrowed, request)
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before))
    page = list(rows.for_list()[: PAGE + 1])
    more = len(page) > PAGE
    page = page[:PAGE]
    context = {
        "lines": _lines(page, access, narrowed),
        "next_before": page[-1].pk if more else None,
        "filter": narrowed,
        "journeys": access.programme.journeys.all(),
        "methods": Method.choices,
        "locations": access.programme.locations.all(),
        "waves": access.programme.waves.all(),
        "classes": StageResult.CustomerClass.choices,
        "held": _held(access),
        "has_exclusions": access.may(Right.EDIT_METHOD)
        and ObserverExclusion.objects.filter(programme=access.programme).exists(),
        "observed": _observed(access, observer_asked(request)),
        "may_record": access.may(Right.OBSERVE),
        "may_manage": access.may(Right.MANAGE),
        "sees_coverage": access.may(Right.SEE_SCORES),
        "query": query_without(request, "before"),
        "active_step": "observations",
    }
    status = 422 if narrowed.errors else 200
    return show(request, "observations/observation_list", context, status=status)


def _held(access: Access) -> dict[str, int] | None:
    """How many held copies there are and how many wait, for who decides about them."""
    if not access.may(Right.EDIT_METHOD):
        return None
    rows = HeldCopy.objects.filter(programme=access.programme)
    return {"waiting": rows.waiting().count(), "total": rows.count()}


def observer_asked(request: HttpRequest) -> str:
    """The code of `?observer=`, as it was sent with the observations."""
    return request.GET.get("observer", "")


@dataclass(frozen=True, slots=True)
class _Observed:
    """What there is of one observer, over all journeys and months; `exclusion` is the standing one."""

    observer: str
    total: int
    counted: int
    exclusion: ObserverExclusion | None


def _observed(access: Access, observer: str) -> _Observed | None:
    """Asked for by who may exclude."""
    if not observer or not access.may(Right.EDIT_METHOD):
        return None
    rows = Observation.objects.visible_to(access).observed_by(observer)
    standing = ObserverExclusion.objects.filter(
        programme=access.programme, observer=observer, readmitted_at=None
    )
    return _Observed(observer, rows.count(), rows.counted().count(), standing.first())


def query_without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return query.urlencode()


def _narrow(rows: Any, narrowed: _Filter, request: HttpRequest) -> Any:
    """One `filter` on the current revision, so that all conditions speak of the same one."""
    selection = narrowed.selection
    customer_class = request.GET.get("class", "")
    has_class = customer_class in StageResult.CustomerClass.values
    asked_place = request.GET.get("location") or request.GET.get("region")
    wanted = {
        "month__gte": selection.first_month,
        "month__lte": selection.last_month,
        "method__in": selection.methods or None,
        "location__code__in": (selection.locations or ()) if asked_place else None,
        "framework__version": selection.version,
        "observer": observer_asked(request) or None,
        "results__customer_class": customer_class if has_class else None,
    }
    conditions: dict[str, Any] = {
        f"revisions__{name}": v for name, v in wanted.items() if v is not None
    }
    if narrowed.stage is not None or has_class:
        conditions |= {"revisions__results__stage": narrowed.stage}
        conditions |= {"revisions__results__channel__key": narrowed.channel}
        rows = rows.counted()
    if narrowed.answered is not None:
        rows = answered(rows, narrowed.answered)
    if narrowed.journey is not None:
        rows = rows.filter(journey=narrowed.journey)
    if (read := request.GET.get("acknowledged")) in ("yes", "no"):
        rows = rows.filter(acknowledged_now() if read == "yes" else ~acknowledged_now())
    return rows.filter(revisions__is_current=True, **conditions)


@dataclass(frozen=True, slots=True)
class Line:
    observation: Observation
    revision: Revision
    result: StageResult | None
    url: str
    reading: Reading
    photos: tuple[str, ...]


def _lines(page: list[Observation], access: Access, narrowed: _Filter) -> list[Line]:
    """Each observation with its result in the stage, or over the whole journey."""
    current = {row.pk: row.current_revisions[0] for row in page}  # type: ignore[attr-defined]
    found = StageResult.objects.filter(
        revision__in=[revision.pk for revision in current.values()],
        stage=narrowed.stage,
        channel__key=narrowed.channel,
    )
    results = {result.revision_id: result for result in found}
    readings = readings_of(page)
    pictures = pictures_among(current.values())
    name, slug = "observations:observation-detail", access.programme.slug
    return [
        Line(
            row,
            current[row.pk],
            results.get(current[row.pk].pk),
            reverse(name, args=[slug, row.uuid]),
            readings.get(row.pk, ""),
            tuple(pictures.get(row.pk, ())),
        )
        for row in page
    ]


@login_required
@require_GET
def observation_detail(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS)
    return detail_page(request, access, visible(access, one))


def detail_page(
    request: HttpRequest,
    access: Access,
    row: Observation,
    *,
    form: ReportCommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The observation with its history, and what its location answers to it."""
    revisions = list(
        row.revisions.select_related("location", "channel", "framework", "created_by", "device")
    )
    shown = _revision_asked(request, revisions)
    frameworks = Framework.objects.with_guide().in_bulk({one.framework_id for one in revisions})
    framework = frameworks[shown.framework_id]
    results = {
        result.stage_id: result
        for result in StageResult.objects.filter(revision=shown, channel=None)
    }
    photos = photos_of(shown)
    context = {
        "observation": row,
        "revision": shown,
        "history": history_of(revisions, frameworks),
        "framework": framework,
        "stages": stage_answers(framework, shown, results, photos),
        "photos": photos.get("", []),
        "whole": results.get(None),
        "skew_minutes": round(abs(shown.clock_skew or 0) / 60),
        "may_record": access.may(Right.OBSERVE),
        "shows_points": access.may(Right.SEE_METHOD),
        "may_change": access.may(Right.OBSERVE) and may_change(access, row),
        "may_correct": shown.framework.takes_observations,
        "may_exclude": access.may(Right.EDIT_METHOD),
        **visit_context(access, row, shown),
        "moved_to": row.moves.select_related("journey", "programme").first(),
        **_answers_to(request, access, row, form),
        "active_step": "observations",
    }
    return show(request, "observations/observation_detail", context, status=status)


def _answers_to(
    request: HttpRequest, access: Access, row: Observation, form: ReportCommentForm | None
) -> dict[str, Any]:
    """Acknowledgements and comments, and whether this person may add to them."""
    found = Acknowledgement.objects.filter(revision__observation=row)
    acknowledgements = list(found.select_related("person", "revision"))
    current = row.revisions.get(is_current=True)
    own = [one for one in acknowledgements if one.person_id == access.user.pk]
    comments = list(threads_of(row))
    reply_to = request.GET.get("reply", "")
    return {
        "current": current,
        "acknowledgements": acknowledgements,
        "has_acknowledged": any(one.revision_id == current.pk for one in own),
        "may_answer": may_answer(access, current.location_id) and not access.programme.is_archived,
        "comments": comments,
        "comment_form": form or ReportCommentForm(observation=row),
        "reply_to": next((one.pk for one in comments if str(one.pk) == reply_to), None),
    }


def visit_context(access: Access, row: Observation, shown: Revision) -> dict[str, Any]:
    """The planned visit of the current content, what is odd about it, and visits it would fit."""
    if not shown.is_current:
        return {}
    shown.observation = row
    visit = visits_of([shown]).get(shown.pk)
    seen = Seen.of(shown, visit)
    flags = flags_of(seen, read_flag_facts(access.programme, [seen]))
    may_plan = access.may(Right.EDIT_METHOD) and not access.programme.is_archived
    fitting = fitting_visits([shown]).get(shown.pk, []) if may_plan else []
    return {
        "visit": visit,
        "visit_is_visible": visit is not None
        and Visit.objects.visible_to(access).filter(pk=visit.pk).exists(),
        "flags": flags,
        "fitting": [one for one in fitting if visit is None or one.pk != visit.pk],
        "attached": may_plan and VisitAttachment.objects.filter(observation=row).exists(),
        "may_plan": may_plan,
    }


def visible(access: Access, one: uuid.UUID) -> Observation:
    rows = Observation.objects.visible_to(access).select_related(
        "journey", "programme", "uploaded_by", "device", "exclusion", "moved_from__journey"
    )
    row = rows.filter(uuid=one).first()
    if row is None:
        raise Http404
    return row


def _revision_asked(request: HttpRequest, revisions: list[Revision]) -> Revision:
    """`?revision=2` shows a former one; the current one otherwise."""
    number = request.GET.get("revision", "")
    asked = [r for r in revisions if number.isdecimal() and r.number == int(number)]
    return asked[0] if asked else next(r for r in revisions if r.is_current)


@login_required
@require_POST
def observation_withdraw(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    row = changeable(request, slug, one)
    withdraw_observation(observation=row)
    messages.success(request, _("Withdrawn: kept, but no longer counted."))
    return redirect("observations:observation-detail", slug, one)


@login_required
@require_POST
def observation_restore(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    row = changeable(request, slug, one)
    try:
        restore_observation(observation=row)
    except Moved:
        messages.error(request, _("It was moved to another journey: move it back from there."))
    else:
        messages.success(
            request,
            _("Restored. It is not counted while its observer is excluded.")
            if row.is_excluded
            else _("Restored: it is counted again."),
        )
    return redirect("observations:observation-detail", slug, one)


def changeable(request: HttpRequest, slug: str, one: uuid.UUID) -> Observation:
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS, change=Right.OBSERVE)
    row = visible(access, one)
    if not may_change(access, row):
        raise PermissionDenied(_("This observation belongs to somebody else."))
    return row
