"""The targets of a version, with what they make of each stage."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from journeys.access import enter
from journeys.pages import form_status, show
from journeys.rights import Right
from scoring.forms import TargetsForm
from scoring.models import Framework, TargetChange
from scoring.targets import set_targets, stage_targets
from scoring.views.reaching import read_method, typed, version_at


@login_required
@require_http_methods(["GET", "POST"])
def target_edit(request: HttpRequest, slug: str, key: str, version: int) -> HttpResponse:
    """POST with `preview` writes nothing and answers 200 with every stage before and after."""
    access = read_method(request, slug)
    framework = version_at(access, key, version)
    enter(request, slug, see=Right.SEE_METHOD, change=_right(framework))
    form = TargetsForm(typed(request), interactions=framework.interactions.all())
    valid = request.method == "POST" and form.is_valid()
    if valid and "preview" not in request.POST:
        changed = len(set_targets(framework=framework, targets=form.targets(), actor=access.user))
        sentence = ngettext("%(n)d target changed.", "%(n)d targets changed.", changed)
        messages.success(request, sentence % {"n": changed} if changed else _("Nothing changed."))
        return redirect("scoring:target-edit", slug, key, version)
    context = {
        "active_step": "framework",
        "framework": framework,
        "journey": framework.journey,
        "form": form,
        "stages": _stages(framework, form, previews=valid),
        "previews": valid,
        "changes": TargetChange.objects.filter(interaction__framework=framework).select_related(
            "interaction", "changed_by"
        )[:20],
    }
    return show(request, "scoring/target_edit", context, status=form_status(form))


def _right(framework: Framework) -> Right:
    """A draft's targets are part of the draft; in force, they are the lead's."""
    return Right.EDIT_METHOD if framework.is_draft else Right.MANAGE


def _stages(framework: Framework, form: TargetsForm, *, previews: bool) -> list[dict[str, object]]:
    rows = list(form.rows())
    taus = stage_targets(framework.interactions.all(), form.targets() if previews else None)
    fields = {pk: list(own) for pk, own in groupby(rows, key=lambda row: row[0].stage_id)}
    return [{"target": one, "rows": fields[one.stage.pk]} for one in taus]
