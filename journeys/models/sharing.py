"""Maps shown to people without an account."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models.journey import Journey
from journeys.models.programme import Programme


class ShareLink(models.Model):
    """A link to maps, read only, until it expires or is revoked. Only its token's digest is kept.

    `lanes` names what is shown: a lane that comes later is in no link made before it.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="share_links")
    name = models.CharField(_("for whom"), max_length=120)
    journeys: models.ManyToManyField[Journey, Journey] = models.ManyToManyField(
        Journey, verbose_name=_("maps"), related_name="share_links"
    )
    lanes = models.JSONField(_("lanes"), default=list)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # As Django keeps those of people; empty for a link without one.
    password = models.CharField(max_length=128, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_opened_at = models.DateTimeField(null=True, editable=False)
    open_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")),
                name="share_link_expires_after_it_is_made",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and not self.is_expired
