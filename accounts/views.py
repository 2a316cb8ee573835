"""A person's own page: name, language, API tokens."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import ProfileForm
from accounts.models import ApiToken, User
from accounts.tokens import create_token


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(user.language or None):
            messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    tokens = user.api_tokens.filter(revoked_at=None).order_by("-created_at")
    status = 422 if form.errors else 200
    return render(request, "accounts/profile.html", {"form": form, "tokens": tokens}, status=status)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The EN / FR switch: kept on the person, or in a cookie before login."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("This language is not known."))
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    answer = redirect(asked if safe else "/")
    if isinstance(request.user, User):
        request.user.language = code
        request.user.save(update_fields=["language"])
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, samesite="Lax")
    return answer


@login_required
@require_POST
def token_create(request: HttpRequest) -> HttpResponse:
    """Shows the new token on this one answer only."""
    assert isinstance(request.user, User)
    token = create_token(user=request.user)
    tokens = request.user.api_tokens.filter(revoked_at=None).order_by("-created_at")
    context = {"form": ProfileForm(instance=request.user), "tokens": tokens, "new_token": token}
    return render(request, "accounts/profile.html", context)


@login_required
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    return redirect("accounts:profile")
