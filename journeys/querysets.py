"""How rows of steps 1 and 2 are reached: by who looks, and by the page they feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch

from accounts.models import User
from journeys.rights import Right, roles_with

if TYPE_CHECKING:
    from journeys.models import Journey, Programme, Stage  # noqa: F401


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def with_right(self, user: User, right: Right) -> Self:
        """Programmes in which a role of `user` carries `right`; all of them for a superuser."""
        if user.is_superuser:
            return self
        memberships = user.memberships.filter(programme=OuterRef("pk"), role__in=roles_with(right))
        return self.filter(Exists(memberships))

    def visible_to(self, user: User) -> Self:
        return self.with_right(user, Right.SEE_PROGRAMME)

    def editable_by(self, user: User) -> Self:
        return self.with_right(user, Right.EDIT_METHOD)

    def current(self) -> Self:
        return self.filter(archived_at=None)


def whole_stages(stages: models.QuerySet[Stage]) -> models.QuerySet[Stage]:
    """With all that hangs on them, in a fixed number of queries."""
    from journeys.models import Choice, Touchpoint

    return stages.prefetch_related(
        Prefetch("touchpoints", Touchpoint.objects.select_related("channel")),
        "needs",
        Prefetch("choices", Choice.objects.prefetch_related("criteria")),
    )


class JourneyQuerySet(models.QuerySet["Journey"]):
    def visible_to(self, user: User) -> Self:
        from journeys.models import Programme

        return self.filter(programme__in=Programme.objects.with_right(user, Right.SEE_METHOD))

    def for_map(self, stages: models.QuerySet[Stage] | None = None) -> Self:
        """Everything the lanes of steps 1 and 2 read, in a fixed number of queries.

        With `stages` a part of the map: `journey.stages.all()` are then these alone.
        """
        from journeys.models import Stage

        stages = whole_stages(Stage.objects.all() if stages is None else stages)
        return self.select_related("programme", "segment").prefetch_related(
            Prefetch("stages", stages)
        )
