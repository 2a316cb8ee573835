"""Where a figure leads: the page that explains it, under the same filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlencode

from django.urls import reverse

from journeys.access import Access
from journeys.models import Journey
from journeys.rights import Right
from observations.scores import ScoreSheet


def query_of(asked: Mapping[str, object]) -> str:
    """With its question mark; nothing where nothing is asked."""
    return f"?{urlencode(asked)}" if asked else ""


def dashboard_url(access: Access, journey: Journey, asked: Mapping[str, str]) -> str:
    url = reverse("dashboards:dashboard", args=[access.programme.slug])
    return url + query_of({"journey": journey.key, **asked})


def journey_url(access: Access, journey: Journey, asked: Mapping[str, str]) -> str:
    url = reverse("dashboards:journey-evidence", args=[access.programme.slug, journey.key])
    return url + query_of(asked)


def stage_url(access: Access, journey: Journey, stage: str, asked: Mapping[str, object]) -> str:
    """`stage` is its key."""
    args = [access.programme.slug, journey.key, stage]
    return reverse("dashboards:stage-evidence", args=args) + query_of(asked)


class _Window(Protocol):
    @property
    def key(self) -> str: ...


def changes_url(
    access: Access,
    journey: Journey,
    windows: tuple[_Window, _Window, _Window | None],
    asked: Mapping[str, str],
) -> str:
    """The page of the same change, from `windows` before, after and for witness.

    It knows no filter of locations, methods or channels: empty under one.
    """
    if {"location", "region", "method", "channel"} & asked.keys():
        return ""
    before, after, baseline = windows
    query = {"before": before.key, "after": after.key}
    if baseline is not None:
        query["baseline"] = baseline.key
    url = reverse("dashboards:changes", args=[access.programme.slug, journey.key])
    return url + query_of(query)


def figure_urls(access: Access, sheet: ScoreSheet, asked: Mapping[str, str]) -> dict[str, str]:
    """By key figure of the dashboard; whoever may not read observations finds how many were counted."""
    score = journey_url(access, sheet.journey, asked)
    version = {}
    if sheet.framework and len(sheet.versions) > 1:
        version = {"framework": str(sheet.framework.version)}
    actions = reverse("actionplans:action-list", args=[access.programme.slug])
    return {
        "score": score,
        "moments": f"{score}#moments",
        "counted": observations_url(access, sheet.journey, {**version, **asked})
        or f"{score}#counted",
        "actions": f"{actions}?{urlencode({'journey': sheet.journey.key, 'status': 'open'})}",
    }


def observations_url(access: Access, journey: Journey, asked: Mapping[str, str]) -> str:
    """The list under the same filters; nothing for whoever reads scores without observations."""
    if not access.may(Right.SEE_OBSERVATIONS):
        return ""
    url = reverse("observations:observation-list", args=[access.programme.slug])
    return f"{url}?{urlencode({'journey': journey.key, **asked})}"


def indicator_list_url(access: Access, asked: Mapping[str, str]) -> str:
    return reverse("dashboards:indicator-list", args=[access.programme.slug]) + query_of(asked)


def drivers_url(access: Access, journey: Journey, asked: Mapping[str, str]) -> str:
    """`asked` holds the indicator and the stage beside the filters."""
    url = reverse("dashboards:indicator-drivers", args=[access.programme.slug])
    return url + query_of({"journey": journey.key, **asked})


def indicator_url(access: Access, key: str, asked: Mapping[str, str]) -> str:
    return reverse("dashboards:indicator-detail", args=[access.programme.slug, key]) + query_of(
        asked
    )
