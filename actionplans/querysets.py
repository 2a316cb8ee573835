"""How the plan is reached: the programme's whole plan, or one's own actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from journeys.access import Access
from journeys.rights import Right

if TYPE_CHECKING:
    from accounts.models import User
    from actionplans.models import Action, Recommendation  # noqa: F401

Rows = TypeVar("Rows", bound=models.QuerySet[Any])


def _taking_part(user: User) -> Q:
    """Whose action it is, and whoever has a part in it: R, C or I."""
    from actionplans.action_models import ActionPerson

    parts = ActionPerson.objects.filter(action=OuterRef("pk"), person=user.pk)
    return Q(owner=user.pk) | Q(Exists(parts))


def _carrying_out(user: User) -> Q:
    """Who does the work: the owner, and whoever is responsible."""
    from actionplans.action_models import ActionPerson

    parts = ActionPerson.objects.filter(action=OuterRef("pk"), person=user.pk, part="R")
    return Q(owner=user.pk) | Q(Exists(parts))


def _visible(rows: Rows, access: Access, own: Q | Exists) -> Rows:
    """All of the programme's with the scores, else those that `own` says; none without the plan."""
    rows = rows.filter(programme=access.programme)
    if not access.may(Right.SEE_PLAN):
        return rows.none()
    if access.sees_whole_plan:
        return rows
    return rows.filter(own)


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, access: Access) -> Self:
        """As actions are: all with the scores, else those that one's own actions carry out."""
        from actionplans.models import Action

        own = Action.objects.filter(recommendation=OuterRef("pk")).filter(_taking_part(access.user))
        return _visible(self, access, Exists(own))


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, access: Access) -> Self:
        """The whole plan with the scores; a contributor without them sees those with a part in."""
        return _visible(self, access, _taking_part(access.user))

    def editable_by(self, access: Access) -> Self:
        """By whoever edits the plan; by who carries it out, as to how it goes."""
        rows = self.visible_to(access)
        if access.may(Right.EDIT_PLAN):
            return rows
        if access.may(Right.UPDATE_OWN_ACTIONS):
            return rows.carried_out_by(access.user)
        return rows.none()

    def carried_out_by(self, user: User) -> Self:
        return self.filter(_carrying_out(user))

    def open(self) -> Self:
        from actionplans.models import Action

        return self.filter(status__in=Action.OPEN)

    def for_list(self) -> Self:
        return self.select_related("owner", "stage__journey__segment", "recommendation")

    def for_views(self) -> Self:
        """What a card, a bar or a line says, in a fixed number of queries."""
        rows = self.select_related("programme", "owner", "channel", "stage__journey__segment")
        return rows.prefetch_related("waits__needs", "tasks")

    def with_effects(self) -> Self:
        return self.prefetch_related("effects")

    def with_measures(self) -> Self:
        """What `effect_of` reads."""
        from actionplans.measure_models import Measure

        rows = Measure.objects.select_related("result", "replaced_by")
        return self.prefetch_related(Prefetch("measures", queryset=rows))
