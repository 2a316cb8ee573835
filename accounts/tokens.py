"""API tokens: made, shown once, recognised by their digest."""

from __future__ import annotations

import hashlib
import secrets

from accounts.compiled import CompiledQuery, as_row, columns
from accounts.models import ApiToken, User

_USER_OF_DIGEST = CompiledQuery(
    lambda digest: ApiToken.objects.filter(
        digest=digest, revoked_at=None, user__is_active=True
    ).values_list(*columns(User, "user__")),
    str,
)


def digest_of(token: str) -> str:
    """SHA-256 in hex: enough for 256 random bits, which no dictionary holds."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_token(*, user: User) -> str:
    """A new token for `user`; the only moment at which it can be read."""
    token = "cxp_" + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, digest=digest_of(token))
    return token


def user_of_token(token: str) -> User | None:
    """The active person behind a token that was not revoked."""
    found = _USER_OF_DIGEST.rows(digest_of(token))
    return as_row(User, found[0]) if found else None
