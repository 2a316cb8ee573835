"""Step 1: segments, channels, locations, waves."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.models.programme import Programme

key_validator = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9_.-]*\Z",
    _("Letters, digits, “-”, “_” and “.” only, starting with a letter or a digit."),
)
month_validator = RegexValidator(r"\A\d{4}-(0[1-9]|1[0-2])\Z", _("A month, written YYYY-MM."))


class Channel(models.Model):
    class Family(models.TextChoices):
        """The seven families of R32."""

        FACE_TO_FACE = "face_to_face", _("Face to face")
        CALL_CENTRE = "call_centre", _("Call centre")
        ONLINE = "online", _("Online")
        SOCIAL_MEDIA = "social_media", _("Social media")
        MOBILE_APP = "mobile_app", _("Mobile app")
        CORRESPONDENCE = "correspondence", _("Correspondence")
        VIDEO = "video", _("Video")

    class Medium(models.TextChoices):
        PHYSICAL = "physical", _("Physical")
        DIGITAL = "digital", _("Digital")

    PHYSICAL_FAMILIES: ClassVar = frozenset({Family.FACE_TO_FACE, Family.CORRESPONDENCE})

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="channels")
    key = models.CharField(_("key"), max_length=40, validators=[key_validator])
    name = models.CharField(_("name"), max_length=80)
    family = models.CharField(_("family"), max_length=20, choices=Family)
    medium = models.CharField(_("medium"), max_length=10, choices=Medium, default=Medium.PHYSICAL)
    in_perimeter = models.BooleanField(_("in the perimeter"), default=True)
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "key"),
                name="channel_key_unique_in_programme",
                violation_error_message=_("Another channel of the programme has this key."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    """A store, an agency, a site: where an observation was made."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="locations")
    code = models.CharField(_("code"), max_length=40, validators=[key_validator])
    name = models.CharField(_("name"), max_length=120)
    region = models.CharField(_("region"), max_length=80, blank=True)
    share_bp = models.PositiveIntegerField(
        _("reference share"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(10_000)],
        help_text=_("Its part of the customers, in basis points: 600 is 6 %. Empty if unknown."),
    )

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "code"),
                name="location_code_unique_in_programme",
                violation_error_message=_("Another location of the programme has this code."),
            ),
            models.CheckConstraint(
                condition=Q(share_bp=None) | Q(share_bp__lte=10_000),
                name="location_share_at_most_all",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Segment(models.Model):
    """Customers with the same expectations (R13)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="segments")
    key = models.CharField(_("key"), max_length=40, validators=[key_validator])
    name = models.CharField(_("name"), max_length=80)
    expectations = models.TextField(_("expectations"), max_length=2000, blank=True)
    preferred_channels: models.ManyToManyField[Channel, Channel] = models.ManyToManyField(
        Channel,
        verbose_name=_("preferred channels"),
        blank=True,
        related_name="preferring_segments",
    )
    in_perimeter = models.BooleanField(_("in the perimeter"), default=True)
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "key"),
                name="segment_key_unique_in_programme",
                violation_error_message=_("Another segment of the programme has this key."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Wave(models.Model):
    """A measuring period of whole months, both ends included. Waves of a programme don't overlap."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="waves")
    key = models.CharField(_("key"), max_length=40, validators=[key_validator])
    name = models.CharField(_("name"), max_length=80)
    first_month = models.CharField(_("from"), max_length=7, validators=[month_validator])
    last_month = models.CharField(_("to"), max_length=7, validators=[month_validator])

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        ordering = ("first_month",)
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "key"),
                name="wave_key_unique_in_programme",
                violation_error_message=_("Another wave of the programme has this key."),
            ),
            models.CheckConstraint(
                condition=Q(first_month__lte=F("last_month")),
                name="wave_ends_after_it_starts",
                violation_error_message=_("The last month is before the first."),
            ),
        )

    def __str__(self) -> str:
        return self.name
