"""A person's own rules in a programme, and the way out of a letter."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.ways_out import answer
from alerts.events import allowed_kinds
from alerts.models import Kind, Rule
from alerts.rules import Trial, switch_off, switch_on, try_rule
from alerts.unsubscribing import way_of
from alerts.wording import facts_of, title_of, when_text
from journeys.access import Access, enter
from journeys.pages import show
from journeys.rights import Right


@login_required
@require_GET
def rule_list(request: HttpRequest, slug: str) -> HttpResponse:
    """`?try=<kind>` reads the past for one rule."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    on = dict(
        Rule.objects.filter(programme=access.programme, person=access.user).values_list(
            "kind", "switched_on_at"
        )
    )
    asked = request.GET.get("try", "")
    today = timezone.localdate()
    rules = [
        {
            "kind": kind,
            "says": _says(kind),
            "on_since": on.get(kind.value),
            "trial": _shown(try_rule(access=access, kind=kind, today=today))
            if kind.value == asked
            else None,
        }
        for kind in allowed_kinds(access)
    ]
    context = {
        "active_step": "dashboard",
        "rules": rules,
        "manages": access.may(Right.MANAGE),
    }
    return show(request, "alerts/rule_list", context)


def _says(kind: Kind) -> str:
    return {
        Kind.DIGEST: _(
            "On the first of each month the page of each journey: its figures, where to act first, "
            "and what is being done. None where nothing has been measured."
        ),
        Kind.BROKEN_GATE: _(
            "A stage whose basics are no longer covered often enough, so that nothing there can count "
            "as an enchantment."
        ),
        Kind.CLASS_CHANGE: _(
            "A stage whose confirmed class is not the one that was confirmed before. What may still be "
            "chance is not told."
        ),
        Kind.LATE_ACTION: _("An action that is open after its due date."),
    }[kind]


def _shown(trial: Trial) -> dict[str, object]:
    return {
        "kind": trial.kind,
        "first_month": trial.first_month,
        "least": trial.least,
        "most": trial.most,
        "lines": [(when_text(one), title_of(one), facts_of(one)) for one in trial.events],
    }


def _kind(access: Access, value: str) -> Kind:
    kind = next((one for one in allowed_kinds(access) if one.value == value), None)
    if kind is None:
        raise Http404
    return kind


@login_required
@require_POST
def rule_on(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_SCORES)
    chosen = _kind(access, kind)
    switch_on(access=access, kind=chosen, today=timezone.localdate())
    words = _("Switched on: %(rule)s. What has happened until now is not sent.")
    messages.success(request, words % {"rule": chosen.label})
    return redirect("alerts:rule-list", slug)


@login_required
@require_POST
def rule_off(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_SCORES)
    if kind not in Kind.values:
        raise Http404
    switch_off(programme=access.programme, person=access.user, kinds=[kind])
    messages.success(request, _("Switched off: %(rule)s.") % {"rule": Kind(kind).label})
    return redirect("alerts:rule-list", slug)


@csrf_exempt  # a mail program posts here in one click (RFC 8058); the token is the proof
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    way = way_of(token)
    if way is None:
        raise Http404
    return answer(request, way)
