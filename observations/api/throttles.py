"""How often a sender may call: counted in the cache, which may be gone."""

from __future__ import annotations

import logging

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from observations.device_access import DevicePrincipal

logger = logging.getLogger(__name__)


class _CountedThrottle(SimpleRateThrottle):
    """Without a cache nobody is held up: a tablet that works matters more than the count."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            allowed: bool = super().allow_request(request, view)
        except RedisError as error:
            logger.warning("no rate is counted: %s", error)
            return True
        return allowed


class EnrolmentThrottle(_CountedThrottle):
    """By address: a code has forty random bits, and whoever guesses gets few tries."""

    scope = "enrolment"
    rate = "30/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"throttle-enrolment-{self.get_ident(request)}"


class DraftThrottle(_CountedThrottle):
    scope = "drafts"
    rate = "120/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        who: object = request.user
        if isinstance(who, DevicePrincipal):
            return f"throttle-drafts-device-{who.device.pk}"
        return f"throttle-drafts-{request.user.pk}"
