"""What a wave could show, in words and whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from actionplans.wave_planning import WavePlan
from journeys.access import Access
from journeys.models import Journey, Method
from journeys.rights import Right
from scoring.planning import PLANNED_CHANGES


@dataclass(frozen=True, slots=True)
class MethodLine:
    name: str
    n: int
    sd: int
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A stage; `counts` are the observations that each wave needs for the changes that are listed.

    Rounded against whoever plans: what can be seen is never promised too small.
    """

    name: str
    sd: int
    methods: tuple[MethodLine, ...]
    detectable: int | None
    needed: int | None
    counts: tuple[int, ...]
    is_assumed: bool


def plan_lines(
    plans: Iterable[WavePlan], *, n: int | None, delta: Decimal | None
) -> list[PlanLine]:
    names = {key: str(name) for key, name in Method.choices}
    return [
        PlanLine(
            name=plan.stage.name,
            sd=round(plan.spread),
            methods=tuple(
                MethodLine(names.get(one.method, one.method), one.n, round(one.sd), one.is_assumed)
                for one in plan.methods
            ),
            detectable=ceil(plan.detectable(n)) if n else None,
            needed=plan.needed(float(delta)) if delta else None,
            counts=tuple(plan.needed(points) for points in PLANNED_CHANGES),
            is_assumed=any(one.is_assumed for one in plan.methods),
        )
        for plan in plans
    ]


def visits_url(access: Access, journey: Journey, typed: Mapping[str, Any]) -> str:
    """Where such visits are planned, with what was chosen; nothing for whoever plans none.

    By name: whole regions, observers and days are chosen there.
    """
    if not access.may(Right.EDIT_METHOD) or access.programme.is_archived:
        return ""
    places = [*typed.get("locations", ()), *typed.get("control", ())]
    asked = [
        ("journeys", journey.key),
        *(("methods", method) for method in typed.get("methods", ())),
        *(("locations", code) for code in places),
        *(("waves", wave) for wave in [typed.get("after")] if wave),
    ]
    url = reverse("observations:visit-plan", args=[access.programme.slug])
    return f"{url}?{urlencode(asked)}"
