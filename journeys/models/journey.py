"""Step 2: a journey per segment, its stages in three phases, and what happens in each stage."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from journeys.models.perimeter import Channel, Segment, key_validator
from journeys.models.programme import Programme
from journeys.querysets import JourneyQuerySet


class Criticality(models.IntegerChoices):
    ORDINARY = 1, _("Ordinary")
    IMPORTANT = 2, _("Important")
    MOMENT_OF_TRUTH = 3, _("Moment of truth")


class Journey(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="journeys")
    segment = models.ForeignKey(
        Segment, on_delete=models.RESTRICT, related_name="journeys", verbose_name=_("segment")
    )
    key = models.CharField(_("key"), max_length=60, validators=[key_validator])
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar = JourneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "key"),
                name="journey_key_unique_in_programme",
                violation_error_message=_("Another journey of the programme has this key."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("journeys:journey-map", args=[self.programme.slug, self.key])


class Stage(models.Model):
    """A column of the map. `position` runs over the whole journey, phases in order (see `ordering.py`)."""

    class Phase(models.TextChoices):
        BEFORE = "before", _("Before")
        DURING = "during", _("During")
        AFTER = "after", _("After")

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="stages")
    key = models.CharField(_("key"), max_length=40, validators=[key_validator])
    name = models.CharField(_("name"), max_length=120)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase, default=Phase.DURING)
    criticality = models.PositiveSmallIntegerField(
        _("criticality"), choices=Criticality, default=Criticality.ORDINARY
    )
    in_perimeter = models.BooleanField(_("in the perimeter"), default=True)
    reach_bp = models.PositiveIntegerField(
        _("reach"),
        default=10_000,
        validators=[MaxValueValidator(10_000)],
        help_text=_("Part of the segment's customers who go through the stage, in basis points."),
    )
    position = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("journey", "key"),
                name="stage_key_unique_in_journey",
                violation_error_message=_("Another stage of the journey has this key."),
            ),
            models.CheckConstraint(
                condition=Q(criticality__in=(1, 2, 3)), name="stage_criticality_1_to_3"
            ),
            models.CheckConstraint(
                condition=Q(reach_bp__lte=10_000), name="stage_reach_at_most_all"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_moment_of_truth(self) -> bool:
        return self.criticality == Criticality.MOMENT_OF_TRUTH


class Touchpoint(models.Model):
    class Nature(models.TextChoices):
        INFORMATIVE = "informative", _("Informative")
        TRANSACTIONAL = "transactional", _("Transactional")

    class Initiative(models.TextChoices):
        PUSH = "push", _("Push: the company starts it")
        PULL = "pull", _("Pull: the customer starts it")

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="touchpoints")
    # The key is unique in the journey; the constraint needs the journey in the row.
    journey = models.ForeignKey(
        Journey, on_delete=models.CASCADE, related_name="touchpoints", editable=False
    )
    key = models.CharField(_("key"), max_length=40, validators=[key_validator])
    name = models.CharField(_("name"), max_length=120)
    channel = models.ForeignKey(
        Channel, on_delete=models.RESTRICT, related_name="touchpoints", verbose_name=_("channel")
    )
    nature = models.CharField(
        _("nature"), max_length=15, choices=Nature, default=Nature.INFORMATIVE
    )
    initiative = models.CharField(
        _("initiative"), max_length=5, choices=Initiative, default=Initiative.PULL
    )
    customer_action = models.CharField(_("customer action"), max_length=200, blank=True)
    criticality = models.PositiveSmallIntegerField(
        _("criticality"), choices=Criticality, default=Criticality.ORDINARY
    )
    position = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("touchpoint")
        verbose_name_plural = _("touchpoints")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("journey", "key"),
                name="touchpoint_key_unique_in_journey",
                violation_error_message=_("Another touchpoint of the journey has this key."),
            ),
            models.CheckConstraint(
                condition=Q(criticality__in=(1, 2, 3)), name="touchpoint_criticality_1_to_3"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Need(models.Model):
    class Level(models.TextChoices):
        EXPLICIT = "explicit", _("Explicit")
        IMPLICIT = "implicit", _("Implicit")

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="needs")
    text = models.CharField(_("need"), max_length=200)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.EXPLICIT)
    position = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.text


class Choice(models.Model):
    """A decision the customer faces (R27), with the criteria for it."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="choices")
    question = models.CharField(_("choice"), max_length=200)
    position = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.question


class Criterion(models.Model):
    choice = models.ForeignKey(Choice, on_delete=models.CASCADE, related_name="criteria")
    text = models.CharField(_("criterion"), max_length=120)
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.text
