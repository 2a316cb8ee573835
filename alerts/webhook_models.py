"""Addresses of other programs that are told of events, and each message to them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alerts.kinds import Kind
from journeys.models import Programme

PATIENCE: Final = timedelta(hours=24)


def a_day_from_now() -> datetime:
    return timezone.now() + PATIENCE


class Webhook(models.Model):
    """`nonce` makes the secret together with the site's own key, so that no copy of the table signs.

    `disabled_at` is set where messages failed for too long: `is_on` is then false until a lead
    switches it on again.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(_("address"), max_length=500)
    # Values of `Kind`; the digest is a letter, not an event.
    kinds = models.JSONField(_("events"), default=list)
    is_on = models.BooleanField(_("on"), default=True)
    nonce = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    disabled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(disabled_at=None) | Q(is_on=False), name="webhook_disabled_is_off"
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="webhook_speaks_http",
            ),
        )

    def __str__(self) -> str:
        return self.url

    def get_absolute_url(self) -> str:
        return reverse("alerts:webhook-detail", args=[self.programme.slug, self.pk])


class Delivery(models.Model):
    """One message to one webhook: `uuid` is its `webhook-id`, the same at each try."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    # As it is signed and sent, to the byte. Null where it was no news when the webhook began.
    body = models.TextField(null=True)  # noqa: DJ001 - no message is not an empty one
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    give_up_at = models.DateTimeField(default=a_day_from_now)
    last_tried_at = models.DateTimeField(null=True, blank=True)
    last_code = models.PositiveSmallIntegerField(null=True, blank=True)
    # The beginning of the answer, or why there was none.
    last_answer = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("webhook", "key"), name="delivery_once_an_event"),
            models.CheckConstraint(
                condition=Q(state="waiting", next_try_at__isnull=False)
                | (~Q(state="waiting") & Q(next_try_at=None)),
                name="delivery_waits_for_a_moment",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_try_at",), condition=Q(state="waiting"), name="delivery_due"
            ),
            models.Index(F("webhook"), F("id").desc(), name="delivery_newest"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def word(self) -> str:
        words = {value: str(label) for value, label in Kind.choices}
        return words.get(self.kind) or gettext("Test message")
