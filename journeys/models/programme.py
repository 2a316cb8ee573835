"""A programme: one brand, one ambition, five steps."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.querysets import ProgrammeQuerySet


class Method(models.TextChoices):
    """How an experience is observed (R56 to R58)."""

    MYSTERY_VISIT = "mystery_visit", _("Mystery visit")
    SHADOWING = "shadowing", _("Shadowing a customer")
    CUSTOMER_VISIT = "customer_visit", _("Visit to a customer")
    CALL_LISTENING = "call_listening", _("Call listening")
    EYE_TRACKING = "eye_tracking", _("Eye tracking")
    VIDEO_DIARY = "video_diary", _("Video diary")
    WEB_ANALYTICS = "web_analytics", _("Web analytics")
    EMAIL_READING = "email_reading", _("E-mail reading")
    STORE_TEAM = "store_team", _("Store team")
    VERBATIM = "verbatim", _("Verbatim")
    SOCIAL_LISTENING = "social_listening", _("Social listening")
    SURVEY = "survey", _("Survey")


class Programme(models.Model):
    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        FRENCH = "fr", _("French")

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    language = models.CharField(
        _("language of the guide"), max_length=2, choices=Language, default=Language.ENGLISH
    )
    ambition = models.TextField(_("ambition"), max_length=2000, blank=True)
    # {method: weight}; a method that is absent takes its default. Acts on read, never in a cell.
    method_weights = models.JSONField(_("method weights"), default=dict, blank=True)
    # When letters about actions go out; 0 is on the day itself.
    remind_before_days = models.PositiveSmallIntegerField(
        _("days before an action is due"), default=3, validators=[MaxValueValidator(30)]
    )
    escalate_after_days = models.PositiveSmallIntegerField(
        _("days after an action was blocked"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(remind_before_days__lte=30), name="programme_reminds_within_a_month"
            ),
            models.CheckConstraint(
                condition=Q(escalate_after_days__gte=1, escalate_after_days__lte=90),
                name="programme_escalates_within_a_quarter",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("dashboards:programme-overview", args=[self.slug])

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None
