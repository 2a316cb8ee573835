"""What is kept of earlier pages in the cache; pages do without where the cache can't be reached."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

SECONDS = 24 * 60 * 60

logger = logging.getLogger(__name__)


def recall(addresses: Iterable[str]) -> dict[str, Any]:
    """Those that are kept; none where the cache can't be reached."""
    wanted = list(addresses)
    if not wanted:
        return {}
    try:
        found: dict[str, Any] = cache.get_many(wanted)
    except RedisError as error:
        logger.warning("nothing recalled: %s", error)
        return {}
    return found


def keep(found: Mapping[str, Any]) -> None:
    if not found:
        return
    try:
        cache.set_many(dict(found), SECONDS)
    except RedisError as error:
        logger.warning("nothing kept: %s", error)
