"""Planned visits, what fulfils them besides the observations that name them, and the rules of planning.

How far a visit has come is never stored: it is counted from the observations (`visits.py`).
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from journeys.models import Journey, Location, Method, Programme, Wave
from observations.visit_querysets import VisitQuerySet

MAX_QUOTA = 500


class Visit(models.Model):
    """So many observations wanted at one location, by one method, between two days.

    `observer` is the code under which it is to be observed; empty leaves it to whoever is there.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="visits")
    # Unique everywhere, because observations refer to it (`Revision.visit`).
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    journey = models.ForeignKey(
        Journey, on_delete=models.RESTRICT, related_name="visits", verbose_name=_("journey")
    )
    method = models.CharField(_("method"), max_length=20, choices=Method)
    location = models.ForeignKey(
        Location, on_delete=models.RESTRICT, related_name="visits", verbose_name=_("location")
    )
    wave = models.ForeignKey(
        Wave,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("wave"),
    )
    observer = models.CharField(_("observer"), max_length=40, blank=True)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    quota = models.PositiveSmallIntegerField(
        _("observations wanted"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_QUOTA)],
    )
    note = models.TextField(_("note for the observer"), max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )
    cancelled_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    # Annotated by `with_done()`, never stored.
    done: int

    objects: ClassVar = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned visit")
        verbose_name_plural = _("planned visits")
        ordering = ("last_on", "first_on", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(quota__gte=1), name="visit_wants_something"),
            models.CheckConstraint(
                condition=Q(first_on__lte=F("last_on")),
                name="visit_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
            # A form sent twice plans once; whoever wants more raises the quota.
            models.UniqueConstraint(
                fields=("journey", "method", "location", "observer", "first_on", "last_on"),
                condition=Q(cancelled_at=None),
                name="visit_planned_once",
                violation_error_message=_(
                    "The same visit is planned already: raise the number of observations there."
                ),
            ),
        )
        indexes = (models.Index(fields=("programme", "last_on"), name="visit_by_last_day"),)

    def __str__(self) -> str:
        return f"{self.location} · {self.get_method_display()}"

    def get_absolute_url(self) -> str:
        return reverse("observations:visit-detail", args=[self.programme.slug, self.uuid])

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None


class VisitAttachment(models.Model):
    """An observation that a person counts for a visit, whatever visit its document names."""

    observation = models.OneToOneField(
        "observations.Observation", on_delete=models.CASCADE, related_name="attachment"
    )
    visit = models.ForeignKey(Visit, on_delete=models.RESTRICT, related_name="attachments")
    attached_at = models.DateTimeField(default=timezone.now)
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.observation_id} -> {self.visit_id}"


class VisitRules(models.Model):
    """How a programme plans. One without a row follows the defaults."""

    programme = models.OneToOneField(
        Programme, on_delete=models.CASCADE, primary_key=True, related_name="visit_rules"
    )
    lockout_days = models.PositiveSmallIntegerField(
        _("days between two mystery visits"), default=30, validators=[MaxValueValidator(365)]
    )
    # Null: nobody is reminded.
    remind_days = models.PositiveSmallIntegerField(
        _("reminder, days before the end"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(remind_days=None) | Q(remind_days__gte=1),
                name="visit_rules_remind_before_the_end",
            ),
        )

    def __str__(self) -> str:
        return str(self.programme)


class VisitReminder(models.Model):
    """A letter about a visit that has gone out: the same person reads of the same end once."""

    class Kind(models.TextChoices):
        DUE = "due", _("Ends soon")
        MISSED = "missed", _("Missed")

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    # The end as it stood then: a visit that was given more time is reminded of anew.
    last_on = models.DateField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("visit", "person", "kind", "last_on"), name="visit_reminder_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.visit_id}"
