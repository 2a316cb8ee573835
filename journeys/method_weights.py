"""How far each way of observing is trusted when a programme says nothing else (R61, R62).

Weights of trust, set before any data, never of volume: direct observation 3, traces 2, what shop
teams and customers say themselves 1.
"""

from __future__ import annotations

from typing import Final

DEFAULT_METHOD_WEIGHTS: Final[dict[str, int]] = {
    "mystery_visit": 3,
    "shadowing": 3,
    "customer_visit": 3,
    "call_listening": 3,
    "eye_tracking": 3,
    "video_diary": 3,
    "web_analytics": 2,
    "email_reading": 2,
    "store_team": 1,
    "verbatim": 1,
    "social_listening": 1,
    "survey": 1,
}
