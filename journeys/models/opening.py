"""When a location is open: its week, and the days on which it is closed all the same."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from journeys.models.perimeter import Location


class OpeningHours(models.Model):
    """Open from one hour to another on a day of the week; two rows a day leave a break between.

    A location without any row has unknown hours. With rows, a day without one is a day off.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="opening_hours")
    # As in Python: 0 is Monday.
    weekday = models.PositiveSmallIntegerField(_("day"), choices=tuple(WEEKDAYS.items()))
    opens_at = models.TimeField(_("opens at"))
    closes_at = models.TimeField(_("closes at"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ("weekday", "opens_at")
        constraints = (
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_day_of_the_week"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")), name="opening_closes_after_it_opens"
            ),
            models.UniqueConstraint(
                fields=("location", "weekday", "opens_at"), name="opening_once_at_that_hour"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}-{self.closes_at:%H:%M}"


class Closure(models.Model):
    """Days on which a location is closed whatever its week says, both ends included."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="closures")
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=120)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ("first_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(first_on__lte=F("last_on")),
                name="closure_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="closure_says_why"),
            models.UniqueConstraint(
                fields=("location", "first_on", "last_on"),
                name="closure_once_on_these_days",
                violation_error_message=_("This closure is there already."),
            ),
        )

    def __str__(self) -> str:
        return self.reason
