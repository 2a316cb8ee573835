"""Tokens of the feed: made, shown once, recognised by their digest, revoked."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.tokens import digest_of
from alerts.models import FeedToken
from journeys.access import Access
from journeys.audit import record
from journeys.rights import Right

PREFIX: Final = "cxf_"  # tells it from a person's and a device's
USED_EVERY: Final = timedelta(minutes=1)


@transaction.atomic
def create_feed_token(*, access: Access, name: str) -> str:
    """The only moment at which it can be read."""
    token = PREFIX + secrets.token_urlsafe(32)
    FeedToken.objects.create(
        programme=access.programme, person=access.user, name=name, digest=digest_of(token)
    )
    record(programme=access.programme, actor=access.user, verb="created", subject=name)
    return token


@transaction.atomic
def revoke_feed_token(*, token: FeedToken, access: Access) -> None:
    """For ever; a second time changes nothing."""
    revoked = FeedToken.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if revoked:
        record(programme=access.programme, actor=access.user, verb="revoked", subject=token)


def tokens_for(access: Access) -> QuerySet[FeedToken]:
    """One's own; the lead sees those of everybody."""
    rows = FeedToken.objects.filter(programme=access.programme).select_related("person")
    return rows if access.may(Right.MANAGE) else rows.filter(person=access.user)


def token_of(word: str) -> FeedToken | None:
    """None where it is unknown or revoked, or its maker's account is closed. Notes that it was used."""
    if not word.startswith(PREFIX):
        return None
    token = (
        FeedToken.objects.select_related("person", "programme")
        .filter(digest=digest_of(word), revoked_at=None, person__is_active=True)
        .first()
    )
    if token is not None:
        now = timezone.now()
        seldom = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
        FeedToken.objects.filter(seldom, pk=token.pk).update(last_used_at=now)
    return token
