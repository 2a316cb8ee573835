"""Invitations: written by the lead, accepted by who holds the link."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from journeys.access import enter
from journeys.forms.members import InvitationForm
from journeys.invitations import (
    InvitationClosed,
    WrongPerson,
    accept,
    invite,
    open_invitation,
    revoke,
    send_again,
)
from journeys.models import Invitation
from journeys.pages import form_status, show
from journeys.rights import Right


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("journeys:invitation-accept", args=[token]))


def _tell(request: HttpRequest, email: str, link: str) -> None:
    """The link is shown this once: afterwards only its digest is known."""
    messages.success(
        request,
        _("The invitation is on its way to %(email)s. You can also pass on this link: %(link)s")
        % {"email": email, "link": link},
    )


@login_required
@require_http_methods(["GET", "POST"])
def invitation_create(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, change=Right.MANAGE)
    form = InvitationForm(
        request.POST if request.method == "POST" else None, programme=access.programme
    )
    if request.method == "POST" and form.is_valid():
        link = invite(
            programme=access.programme,
            actor=access.user,
            link_to=lambda token: _link(request, token),
            **form.cleaned_data,
        )
        _tell(request, form.cleaned_data["email"], link)
        return redirect("journeys:member-list", slug)
    return show(request, "journeys/invitation_create", {"form": form}, status=form_status(form))


@login_required
@require_POST
def invitation_resend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter(request, slug, change=Right.MANAGE)
    invitation = get_object_or_404(access.programme.invitations.filter(accepted_at=None), pk=pk)
    link = send_again(
        invitation=invitation, actor=access.user, link_to=lambda token: _link(request, token)
    )
    _tell(request, invitation.email, link)
    return redirect("journeys:member-list", slug)


@login_required
@require_POST
def invitation_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter(request, slug, change=Right.MANAGE)
    invitation = get_object_or_404(access.programme.invitations.filter(accepted_at=None), pk=pk)
    revoke(invitation=invitation, actor=access.user)
    return redirect("journeys:member-list", slug)


@never_cache
@require_http_methods(["GET", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: join, log in to join, or open an account to join."""
    invitation = open_invitation(token)
    if invitation is None:
        return show(request, "journeys/invitation_closed", {}, status=410)
    if not isinstance(request.user, User):
        return _as_stranger(request, invitation)
    if request.method == "POST":
        try:
            accept(invitation=invitation, user=request.user)
        except InvitationClosed:
            return show(request, "journeys/invitation_closed", {}, status=410)
        except WrongPerson:
            return _page(request, invitation, status=403)
        return redirect(invitation.programme.get_absolute_url())
    return _page(request, invitation)


def _as_stranger(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """POST sends to the log-in, or opens the sign-up for this one address, and back here after."""
    if request.method == "GET":
        return _page(request, invitation)
    back = {"next": request.path}
    if _has_account(invitation):
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode(back)}")
    # Holding the link shows that the mailbox was read, so allauth need not ask again.
    get_adapter().stash_verified_email(request, invitation.email)
    fields = back | {"email": invitation.email}
    return HttpResponseRedirect(f"{reverse('account_signup')}?{urlencode(fields)}")


def _page(request: HttpRequest, invitation: Invitation, *, status: int = 200) -> HttpResponse:
    is_for_me = (
        isinstance(request.user, User) and request.user.email.lower() == invitation.email.lower()
    )
    context = {
        "invitation": invitation,
        "is_for_me": is_for_me,
        "has_account": _has_account(invitation),
    }
    return show(request, "journeys/invitation_accept", context, status=status)


def _has_account(invitation: Invitation) -> bool:
    return User.objects.filter(email__iexact=invitation.email).exists()
