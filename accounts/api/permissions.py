"""The default of every call: people only. What a device may also use says so itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from accounts.models import User

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which asks for the default permissions itself


class IsPerson(IsAuthenticated):
    message = _("A device may not do this.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        who: object = request.user
        return super().has_permission(request, view) and isinstance(who, User)
