"""A token of the feed: in a header, or as the password that a spreadsheet asks for and keeps safe.

Never in the address: addresses are kept in logs, histories and the workbooks that are sent around.
"""

from __future__ import annotations

import base64
import binascii

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from alerts.feed_tokens import PREFIX, token_of
from alerts.models import FeedToken


class FeedAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`, or Basic with any name and the token as the password."""

    def authenticate(self, request: Request) -> tuple[User, FeedToken] | None:
        words = get_authorization_header(request).split()
        if len(words) != 2:
            return None
        scheme, word = words[0].lower(), words[1].decode("latin-1")
        if scheme == b"basic":
            word = _password(word)
        elif scheme != b"bearer" or not word.startswith(PREFIX):
            return None
        token = token_of(word)
        if token is None:
            raise AuthenticationFailed(_("This token is unknown or was revoked."))
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return 'Basic realm="cxplan feed"'


def _password(word: str) -> str:
    try:
        return base64.b64decode(word, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


class FeedScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = FeedAuthentication
    name = "feed"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "basic",
            "description": "Any name, and a feed token as the password; or `Bearer` with the token.",
        }
