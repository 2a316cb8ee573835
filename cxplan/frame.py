"""What every page shows around its content: the programme, its steps, the person's other programmes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from journeys.access import Access
from journeys.models import Programme
from journeys.steps import Step


def steps_of(access: Access) -> list[Step]:
    """The five steps and the dashboard with their real state, from left to right through the apps."""
    from actionplans import steps as actionplans
    from dashboards import steps as dashboards
    from journeys import steps as journeys
    from observations import steps as observations
    from scoring import steps as scoring

    parts = (journeys, scoring, observations, actionplans, dashboards)
    return [step for part in parts for step in part.step_states(access)]


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a fragment for htmx does not pay for a frame it does not draw."""
    access: Access | None = getattr(request, "access", None)
    if not isinstance(getattr(request, "user", None), User):
        return {}
    user = request.user
    assert isinstance(user, User)
    context: dict[str, Any] = {
        "my_programmes": Programme.objects.visible_to(user).current().only("slug", "name", "brand")
    }
    if access is not None:
        context |= {
            "access": access,
            "programme": access.programme,
            "steps": SimpleLazyObject(lambda: steps_of(access)),
        }
    return context
