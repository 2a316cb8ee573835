"""Patterns of actions that a programme keeps for its next plans, beside those of the library."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journeys.models import Programme


class Goal(models.TextChoices):
    """The two lists of a plan (R81)."""

    REMOVE = "remove", _("Remove disappointment")
    CREATE = "create", _("Create enchantment")


class StageKind(models.TextChoices):
    """What customers do in a stage, whatever it is called in a journey."""

    FIND = "find", pgettext_lazy("stage", "Finding, being informed")
    CHOOSE = "choose", pgettext_lazy("stage", "Comparing, choosing")
    BUY = "buy", pgettext_lazy("stage", "Ordering, paying")
    WAIT = "wait", pgettext_lazy("stage", "Waiting")
    WELCOME = "welcome", pgettext_lazy("stage", "Arriving, being welcomed")
    ADVISE = "advise", pgettext_lazy("stage", "Being advised")
    RECEIVE = "receive", pgettext_lazy("stage", "Receiving, having installed")
    USE = "use", pgettext_lazy("stage", "Using")
    HELP = "help", pgettext_lazy("stage", "Being helped, returning")
    BOND = "bond", pgettext_lazy("stage", "Staying, recommending")


class OwnPattern(models.Model):
    """An action of this programme, as something to do again."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="patterns")
    title = models.CharField(_("action"), max_length=200)
    what = models.TextField(_("what it is"), max_length=1000, blank=True)
    measure = models.CharField(_("what to measure"), max_length=500, blank=True)
    steps = models.TextField(_("first steps, one a line"), max_length=1000, blank=True)
    # The values of Action: its table is not needed to keep a word.
    dimension = models.CharField(_("dimension"), max_length=10)
    kind = models.CharField(_("kind"), max_length=12)
    goal = models.CharField(_("aim"), max_length=6, choices=Goal, default=Goal.REMOVE)
    stages = models.JSONField(_("kinds of stage"), default=list)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    saved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("pattern of an action")
        verbose_name_plural = _("patterns of actions")
        ordering: ClassVar = ("title", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "title"),
                name="pattern_once_in_programme",
                violation_error_message=_("Another pattern of the programme has this title."),
            ),
            models.CheckConstraint(
                condition=Q(goal__in=("remove", "create")), name="pattern_goal_known"
            ),
            models.CheckConstraint(
                condition=Q(dimension__in=("process", "tool", "skill")),
                name="pattern_dimension_known",
            ),
        )

    def __str__(self) -> str:
        return self.title
