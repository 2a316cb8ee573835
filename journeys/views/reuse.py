"""A journey from a template, and stages from the programme's other journeys."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from journeys.access import enter
from journeys.forms.reuse import LibraryForm, TemplateForm
from journeys.holding import Overtaken
from journeys.journey_templates import (
    JourneyTemplate,
    draw_from_template,
    family_channel,
    journey_templates,
)
from journeys.library import AlreadyThere, add_from_library, library_of
from journeys.map_bundle import numbered
from journeys.models import Journey, Programme
from journeys.pages import form_status, show
from journeys.rights import Right
from journeys.views.snapshots import picture_of


@login_required
@require_http_methods(["GET", "POST"])
def journey_from_template(request: HttpRequest, slug: str, template: str) -> HttpResponse:
    """The template's map to look at, and the form that makes a journey of it."""
    access = enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)
    programme = access.programme
    chosen = _template(programme, template)
    form = _template_form(request, programme, chosen)
    if request.method == "POST" and form.is_valid():
        try:
            journey = draw_from_template(
                form=form, template=chosen, channels=form.channels(), actor=access.user
            )
        except Overtaken as overtaken:
            form = _template_form(request, programme, chosen)  # offers what is still there
            form.add_error(None, overtaken.reason)
        else:
            messages.success(request, _("The journey is drawn: change what is different with you."))
            return redirect("journeys:journey-map", slug, journey.key)
    channels = [family_channel(family, programme.language) for family in chosen.families]
    shown = numbered({"stages": chosen.stages}, channels)
    journey = Journey(programme=programme, name=chosen.name)
    context = {
        "active_step": "journeys",
        "template": chosen,
        "form": form,
        "has_segments": programme.segments.exists(),
        "journey": journey,
        "map": picture_of(shown, journey, access),
    }
    return show(request, "journeys/journey_from_template", context, status=form_status(form))


def _template_form(
    request: HttpRequest, programme: Programme, chosen: JourneyTemplate
) -> TemplateForm:
    segment = programme.segments.filter(key=request.GET.get("segment")).first()
    return TemplateForm(
        request.POST if request.method == "POST" else None,
        siblings=programme.journeys.all(),
        instance=Journey(programme=programme),
        template=chosen,
        initial={"segment": segment, "name": chosen.name},
    )


def _template(programme: Programme, key: str) -> JourneyTemplate:
    for template in journey_templates(programme.language):
        if template.key == key:
            return template
    raise Http404


@login_required
@require_http_methods(["GET", "POST"])
def stage_library(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Stages of the other journeys, to be ticked; those that are here already say so."""
    access = enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)
    journeys = access.programme.journeys.select_related("programme", "segment")
    journey = get_object_or_404(journeys, key=key)
    here = set(journey.stages.values_list("key", flat=True))
    form = LibraryForm(request.POST if request.method == "POST" else None, journey=journey)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_from_library(
                journey=journey, stages=form.cleaned_data["stages"], actor=access.user
            )
        except (AlreadyThere, Overtaken) as overtaken:
            form.add_error("stages", overtaken.reason)
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d stage is added: undo takes it back.",
                    "%(count)d stages are added: undo takes them back.",
                    len(made),
                )
                % {"count": len(made)},
            )
            return redirect("journeys:journey-map", slug, key)
    context = {
        "active_step": "journeys",
        "journey": journey,
        "form": form,
        "chosen": request.POST.getlist("stages"),
        "stages": library_of(journey),
        "here": here,
    }
    return show(request, "journeys/stage_library", context, status=form_status(form))
