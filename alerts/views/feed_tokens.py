"""Tokens with which a BI tool reads the feed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alerts.feed_tokens import create_feed_token, revoke_feed_token, tokens_for
from alerts.forms import FeedTokenForm
from journeys.access import enter
from journeys.pages import form_status, show
from journeys.rights import Right


@login_required
@require_http_methods(["GET", "POST"])
def feed_token_list(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_SCORES)
    form = FeedTokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        token = create_feed_token(access=access, name=form.cleaned_data["name"])
        words = _("Copy this token now, it is shown this once: %(token)s")
        messages.success(request, words % {"token": token})
        return redirect("alerts:feed-token-list", slug)
    context = {
        "active_step": "dashboard",
        "form": form,
        "tokens": tokens_for(access),
        "sees_all": access.may(Right.MANAGE),
        "csv_url": request.build_absolute_uri(reverse("api-feed-csv", args=[slug])),
        "json_url": request.build_absolute_uri(reverse("api-feed", args=[slug])),
    }
    return show(request, "alerts/feed_token_list", context, status=form_status(form))


@login_required
@require_POST
def feed_token_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_SCORES)
    token = get_object_or_404(tokens_for(access), pk=pk)
    revoke_feed_token(token=token, access=access)
    messages.success(request, _("The token “%(name)s” reads nothing more.") % {"name": token})
    return redirect("alerts:feed-token-list", slug)
