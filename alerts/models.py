"""What leaves a programme by itself: letters that a person asked for, webhooks, the feed's tokens."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alerts.kinds import Kind
from alerts.webhook_models import Delivery, Webhook
from journeys.models import Programme

__all__ = ["Delivery", "FeedToken", "Kind", "Notice", "Rule", "Webhook"]


class Rule(models.Model):
    """One thing that one person wants to be written to about; without a row nothing is sent."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="alert_rules")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alert_rules"
    )
    kind = models.CharField(_("rule"), max_length=20, choices=Kind)
    switched_on_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "person", "kind"), name="alert_rule_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("digest", "broken_gate", "class_change", "late_action")),
                name="alert_rule_kind_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"


class Notice(models.Model):
    """What a person was told, or what was no news to them; the same is never told twice.

    `key` names the event (`Event.key`) or the digest of a month. `is_old` where it had happened
    before the rule was switched on, or was told under another month: known, and never told.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    is_old = models.BooleanField(default=False)
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "person", "key"), name="alert_notice_told_once"
            ),
        )

    def __str__(self) -> str:
        return self.key


class FeedToken(models.Model):
    """A key to the flat feed and to nothing else; only its SHA-256 is kept, it is shown once.

    It reads what `person` may read at the moment of reading.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="feed_tokens")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_tokens"
    )
    name = models.CharField(
        _("name"),
        max_length=80,
        help_text=_("What reads with it, for example “Power BI, finance”."),
    )
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("feed token")
        verbose_name_plural = _("feed tokens")
        ordering = (models.F("revoked_at").asc(nulls_first=True), "-pk")

    def __str__(self) -> str:
        return self.name
