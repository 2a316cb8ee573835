"""Invitations by link: sent, sent again, revoked, accepted. Of the token only the digest is kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.tokens import digest_of
from journeys.audit import record
from journeys.members import give_role
from journeys.models import Invitation, Location, Membership, Programme

# Makes the address of the accept page from a token.
LinkTo = Callable[[str], str]


class WrongPerson(Exception):
    """The invitation is for another e-mail address than that of who wants to accept it."""


class InvitationClosed(Exception):
    """Used, revoked or expired."""


@transaction.atomic
def invite(
    *,
    programme: Programme,
    email: str,
    role: str,
    locations: Iterable[Location],
    observer_code: str,
    actor: User,
    link_to: LinkTo,
) -> str:
    """Mails the link and answers it: the only moments at which it can be read."""
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        programme=programme,
        email=email.lower(),
        role=role,
        observer_code=observer_code,
        digest=digest_of(token),
        invited_by=actor,
        expires_at=timezone.now() + Invitation.LIFETIME,
    )
    invitation.locations.set(locations)
    record(
        programme=programme,
        actor=actor,
        verb="invited",
        subject=invitation.email,
        changes={"role": [None, role]},
    )
    return _mail(invitation, link_to(token))


@transaction.atomic
def send_again(*, invitation: Invitation, actor: User, link_to: LinkTo) -> str:
    """A new link and a new fortnight; the old link is dead from now on."""
    token = secrets.token_urlsafe(32)
    invitation.digest = digest_of(token)
    invitation.expires_at = timezone.now() + Invitation.LIFETIME
    invitation.save(update_fields=["digest", "expires_at"])
    record(
        programme=invitation.programme,
        actor=actor,
        verb="invited again",
        subject=invitation.email,
    )
    return _mail(invitation, link_to(token))


@transaction.atomic
def revoke(*, invitation: Invitation, actor: User) -> None:
    record(
        programme=invitation.programme,
        actor=actor,
        verb="revoked the invitation of",
        subject=invitation.email,
    )
    invitation.delete()


def open_invitation(token: str) -> Invitation | None:
    """The invitation behind a link that still lets somebody in."""
    found = (
        Invitation.objects.select_related("programme", "invited_by")
        .filter(digest=digest_of(token))
        .first()
    )
    return found if found is not None and found.is_open else None


@transaction.atomic
def accept(*, invitation: Invitation, user: User) -> Membership:
    """`user` joins in the invited role. Raises WrongPerson or InvitationClosed."""
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not held.is_open:
        raise InvitationClosed
    if held.email.lower() != user.email.lower():
        raise WrongPerson
    held.accepted_at = timezone.now()
    held.save(update_fields=["accepted_at"])
    code = held.observer_code
    if code and held.programme.memberships.filter(observer_code=code).exists():
        code = ""  # given to somebody else in between; the lead gives a new one
    return give_role(
        programme=held.programme,
        user=user,
        role=held.role,
        actor=user,
        locations=held.locations.all(),
        observer_code=code,
    )


def _mail(invitation: Invitation, link: str) -> str:
    """In the programme's language, once the transaction stands."""
    with translation.override(invitation.programme.language):
        subject = _("Invitation to %(programme)s") % {"programme": invitation.programme}
        text = render_to_string(
            "journeys/invitation_mail.txt", {"invitation": invitation, "link": link}
        )
    transaction.on_commit(lambda: send_mail(subject, text, None, [invitation.email]))
    return link
