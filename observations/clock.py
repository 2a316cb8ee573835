"""How far the clock of a sender is off ours."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

_FARTHEST = 2**31 - 1


def clock_skew(said: str) -> int | None:
    """Seconds by which our clock is ahead of `said`, an ISO time with its offset.

    None where that tells nothing: a record is never refused for the clock of its tablet.
    """
    try:
        theirs = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    if theirs.utcoffset() is None:
        return None
    try:
        ahead = (timezone.now() - theirs).total_seconds()
    except OverflowError:
        return None
    return max(-_FARTHEST, min(_FARTHEST, round(ahead)))
