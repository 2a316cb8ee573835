"""Sign-up is closed: only a person who came by an invitation link may open an account."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignupAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open while the session carries an address that an invitation proved (see allauth's stash)."""
        return bool(request.session.get("account_verified_email"))
