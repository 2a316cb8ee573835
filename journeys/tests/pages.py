"""Addresses of the cast's programme, for tests that post to them."""

from __future__ import annotations

from django.urls import reverse


def url(name: str, *args: object) -> str:
    """Of the cast's programme: `url("perimeter-panel", "waves")`."""
    return reverse(f"journeys:{name}", args=["casa-nord", *args])


STAGE = ("family-store", "S1")
