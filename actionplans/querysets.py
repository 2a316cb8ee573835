"""How the plan is reached: the programme's whole plan, or one's own actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from journeys.access import Access
from journeys.rights import Right

if TYPE_CHECKING:
    from actionplans.models import Action, Recommendation  # noqa: F401

Rows = TypeVar("Rows", bound=models.QuerySet[Any])


def _visible(rows: Rows, access: Access, own: Q) -> Rows:
    """All of the programme's with the scores, else those that `own` says; none without the plan."""
    rows = rows.filter(programme=access.programme)
    if not access.may(Right.SEE_PLAN):
        return rows.none()
    if access.may_at_once(Right.SEE_PLAN | Right.SEE_SCORES):
        return rows
    return rows.filter(own)


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, access: Access) -> Self:
        """As actions are: all with the scores, else those that one's own actions carry out."""
        carried_out = Exists(access.user.actions.filter(recommendation=OuterRef("pk")))
        return _visible(self, access, Q(carried_out))


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, access: Access) -> Self:
        """The whole plan with the scores; a contributor without them sees own actions only."""
        return _visible(self, access, Q(owner=access.user))

    def editable_by(self, access: Access) -> Self:
        rows = self.visible_to(access)
        if access.may(Right.EDIT_PLAN):
            return rows
        if access.may(Right.UPDATE_OWN_ACTIONS):
            return rows.filter(owner=access.user)
        return rows.none()

    def open(self) -> Self:
        from actionplans.models import Action

        return self.filter(status__in=Action.OPEN)

    def for_list(self) -> Self:
        return self.select_related("owner", "stage__journey__segment", "recommendation")

    def with_effects(self) -> Self:
        return self.prefetch_related("effects")

    def with_measures(self) -> Self:
        """What `effect_of` reads."""
        from actionplans.measure_models import Measure

        rows = Measure.objects.select_related("result", "replaced_by")
        return self.prefetch_related(Prefetch("measures", queryset=rows))
