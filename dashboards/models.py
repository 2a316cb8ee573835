"""What the executives keep: reports that they have signed off."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models import Journey


class SignedReport(models.Model):
    """The scores of a journey as an executive saw and signed them; never changed, whatever arrives.

    `figures` is the answer of the scores API at that moment, with the stages' names of then;
    `query` the filters as an address says them, in the order of their names.
    """

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="signed_reports")
    query = models.CharField(max_length=500, blank=True)
    figures = models.JSONField()
    # Observations counted then, under these filters.
    n = models.PositiveIntegerField()
    note = models.CharField(_("remark"), max_length=500, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("signed report")
        verbose_name_plural = _("signed reports")
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("journey", "query", "-id"), name="report_latest_of_filters"),
        )

    def __str__(self) -> str:
        return f"{self.journey} {self.signed_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        slug = self.journey.programme.slug
        return reverse("dashboards:report-detail", args=[slug, self.journey.key, self.pk])

    @property
    def asked(self) -> dict[str, str]:
        """The filters, by name."""
        return dict(parse_qsl(self.query))
