"""Who works in a programme, with which roles, at which locations."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models.perimeter import Location
from journeys.models.programme import Programme


class Role(models.TextChoices):
    LEAD = "lead", _("Lead")
    CONSULTANT = "consultant", _("Consultant")
    FACILITATOR = "facilitator", _("Facilitator")
    LOCATION_MANAGER = "location_manager", _("Location manager")
    OBSERVER = "observer", _("Observer")
    EXECUTIVE = "executive", _("Executive")
    CONTRIBUTOR = "contributor", _("Contributor")


class Membership(models.Model):
    """One role of one person in one programme; several rows a person, rights add up.

    `locations` narrows an observer or a location manager; empty means none for these two roles.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    locations: models.ManyToManyField[Location, Location] = models.ManyToManyField(
        Location, verbose_name=_("locations"), blank=True, related_name="memberships"
    )
    observer_code = models.CharField(_("observer code"), max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("user__name", "user__email", "role")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "user", "role"), name="membership_once_per_role"
            ),
            models.UniqueConstraint(
                fields=("programme",), condition=Q(role="lead"), name="membership_one_lead"
            ),
            models.UniqueConstraint(
                fields=("programme", "observer_code"),
                condition=~Q(observer_code=""),
                name="membership_observer_code_unique",
                violation_error_message=_("Another member has this observer code."),
            ),
            models.CheckConstraint(
                condition=Q(observer_code="") | Q(role="observer"),
                name="membership_code_for_observers_only",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class Invitation(models.Model):
    """A link that lets one e-mail address in, once, until it expires. Only its digest is kept."""

    LIFETIME: ClassVar = timedelta(days=14)

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    locations: models.ManyToManyField[Location, Location] = models.ManyToManyField(
        Location, verbose_name=_("locations"), blank=True, related_name="+"
    )
    observer_code = models.CharField(_("observer code"), max_length=40, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.email} · {self.get_role_display()}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.expires_at > timezone.now()
