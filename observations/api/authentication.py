"""`Authorization: Bearer` with the token of a device, beside those of people."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from observations.device_access import DevicePrincipal
from observations.devices import TOKEN_PREFIX, device_of_token, note_seen


class DeviceAuthentication(BaseAuthentication):
    """A device's token is known by its beginning: a person's costs nothing here."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[DevicePrincipal, str] | None:
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != b"bearer":
            return None
        token = words[1].decode("latin-1")
        if not token.startswith(TOKEN_PREFIX):
            return None
        principal = device_of_token(token)
        if principal is None:
            raise AuthenticationFailed(
                _("This device is not enrolled any more: its lead can enrol it again.")
            )
        note_seen(
            principal.device,
            client_version=request.headers.get("X-Client-Version", ""),
            queue_length=request.headers.get("X-Queue-Length", ""),
        )
        return principal, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class DeviceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = DeviceAuthentication
    name = "device"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "The token of a device"}
