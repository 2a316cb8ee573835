"""What readers of the dashboard keep: reports signed off, and filters under a name."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboards.querysets import SavedViewQuerySet, SignedReportQuerySet
from journeys.models import Journey, Programme

QUERY_LENGTH = 2000  # of a saved view


class SignedReport(models.Model):
    """The scores of a journey as an executive saw and signed them; never changed, whatever arrives.

    `figures` is the answer of the scores API at that moment, with the stages' names of then;
    `query` the filters as an address says them, in the order of their names.
    """

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="signed_reports")
    # As long as an address may be: a hundred locations take a thousand characters.
    query = models.TextField(blank=True)
    figures = models.JSONField()
    # Observations counted then, under these filters.
    n = models.PositiveIntegerField()
    note = models.CharField(_("remark"), max_length=500, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(default=timezone.now)

    # Of `with_versions`; None where the figures do not tell.
    framework_version: int | None
    versions: list[dict[str, Any]] | None

    objects: ClassVar = SignedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("signed report")
        verbose_name_plural = _("signed reports")
        ordering = ("-pk",)
        # Without the query, which may be longer than a row of an index: a journey has few reports.
        indexes = (models.Index(fields=("journey", "-id"), name="report_latest_of_journey"),)

    def __str__(self) -> str:
        return f"{self.journey} {self.signed_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        slug = self.journey.programme.slug
        return reverse("dashboards:report-detail", args=[slug, self.journey.key, self.pk])

    @property
    def asked(self) -> dict[str, str]:
        """The filters, by name."""
        return dict(parse_qsl(self.query))


class SavedView(models.Model):
    """The filters of the dashboard under a name: a person's own, or shared by who manages the programme.

    `query` is what of the address is kept, in the order of the names (see `saved_views.kept_query`).
    It is text on purpose: a location that is removed later leaves the view, which then says so.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=QUERY_LENGTH, blank=True)
    is_shared = models.BooleanField(
        _("shared with everybody who sees the dashboard"), default=False
    )

    # Of `with_default`.
    is_default: bool

    objects: ClassVar = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "owner", "name"),
                name="saved_view_name_unique_of_owner",
                violation_error_message=_("You have a view of this name."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def asked(self) -> dict[str, str]:
        """The filters, by name."""
        return dict(parse_qsl(self.query))


class DefaultView(models.Model):
    """The view with which the dashboard opens for one person; at most one a programme."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="default_views"
    )
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="defaults")

    class Meta:
        verbose_name = _("default view")
        verbose_name_plural = _("default views")
        constraints = (
            models.UniqueConstraint(fields=("user", "programme"), name="default_view_one_a_person"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.view}"
