"""Moving an observation to the journey of another segment."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from journeys.pages import form_status, show
from observations.forms import MoveForm
from observations.models import Observation, Revision
from observations.moving import Misfit, NotMovable, guides_elsewhere, move_observation
from observations.views.reading import changeable
from scoring.models import Interaction


@dataclass(frozen=True, slots=True)
class _MisfitLine:
    """A misfit as a person reads it: the interaction and the level that was seen."""

    statement: str
    answer: str
    key: str
    reason: str


@login_required
@require_http_methods(["GET", "POST"])
def observation_move(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    row = changeable(request, slug, one)
    if not row.is_counted:
        raise Http404
    guides = guides_elsewhere(row)
    form = MoveForm(request.POST if request.method == "POST" else None, guides=guides)
    misfits: list[_MisfitLine] = []
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        journey = form.cleaned_data["journey"]
        try:
            moved = move_observation(observation=row, journey=journey, user=request.user)
        except NotMovable as refused:
            form.add_error(None, _("It stays where it is: this does not fit the other guide."))
            misfits = _lines(row, refused.misfits)
        else:
            messages.success(
                request, _("Moved. The former observation is withdrawn and names this one.")
            )
            return redirect("observations:observation-detail", slug, moved.uuid)
    context = {
        "form": form,
        "guides": guides,
        "chosen": str(form["journey"].value() or ""),
        "misfits": misfits,
        "observation": row,
        "active_step": "observations",
    }
    return show(request, "observations/observation_move", context, status=form_status(form))


def _lines(row: Observation, misfits: list[Misfit]) -> list[_MisfitLine]:
    revision = Revision.objects.get(observation=row, is_current=True)
    keys = [misfit.key for misfit in misfits]
    interactions = {
        one.key: one
        for one in Interaction.objects.filter(
            framework=revision.framework_id, key__in=keys
        ).prefetch_related("levels")
    }
    return [_line(misfit, interactions.get(misfit.key), revision) for misfit in misfits]


def _line(misfit: Misfit, interaction: Interaction | None, revision: Revision) -> _MisfitLine:
    if interaction is None:
        return _MisfitLine(misfit.key, "", misfit.key, misfit.reason)
    words = {"NA": _("Not applicable"), "NO": _("Not seen"), None: _("Unanswered")}
    labels: dict[object, str] = {one.points: one.label for one in interaction.levels.all()}
    answer = revision.answers.get(misfit.key)
    return _MisfitLine(
        interaction.statement, (labels | words).get(answer, ""), misfit.key, misfit.reason
    )
