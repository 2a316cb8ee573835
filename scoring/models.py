"""Step 3: the Optimal Experience framework of a journey; and the integer cells of step 4."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models import Channel, Journey, Location, Method, Stage, Touchpoint
from journeys.models.perimeter import key_validator, month_validator
from scoring import scale
from scoring.querysets import FrameworkQuerySet
from scoring.scale import Item, Thresholds


class FrozenFramework(Exception):
    """A published framework version never changes; a new version is drafted instead."""


def _refuse_frozen(framework_id: int) -> None:
    """The last line of defence, asked of the database: the row in memory may be older."""
    if not Framework.objects.filter(pk=framework_id, status=Framework.Status.DRAFT).exists():
        raise FrozenFramework(framework_id)


class Framework(models.Model):
    """One version of a journey's framework: a draft, then frozen by publication."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        CLOSING = "closing", _("Closing")
        CLOSED = "closed", _("Closed")

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="frameworks")
    version = models.PositiveIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    low = models.SmallIntegerField(
        _("disappointing at or below"),
        default=-10,
        validators=[MinValueValidator(-100), MaxValueValidator(-1)],
    )
    high = models.SmallIntegerField(
        _("enchantment from"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    basics_covered_bp = models.PositiveIntegerField(
        _("basics covered from"),
        default=9_000,
        validators=[MaxValueValidator(10_000)],
        help_text=_("Part of the observations in which no basic is broken, in basis points."),
    )
    min_observations = models.PositiveSmallIntegerField(
        _("observations needed"), default=5, validators=[MinValueValidator(1)]
    )
    min_observations_moment_of_truth = models.PositiveSmallIntegerField(
        _("observations needed at a moment of truth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty asks no more than of any other stage."),
    )
    min_coverage_bp = models.PositiveIntegerField(
        _("coverage needed"),
        default=5_000,
        validators=[MaxValueValidator(10_000)],
        help_text=_(
            "Part of a customer's stage that must be observed to class it, in basis points."
        ),
    )
    broken_below = models.SmallIntegerField(
        _("a basic is broken below"),
        default=0,
        validators=[MinValueValidator(-2), MaxValueValidator(0)],
        help_text=_("0: any negative level; -1: only at -2 or worse."),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    # Counts the folds into this version's cells: a reader that saw 42 knows when it is stale.
    cells_revision = models.PositiveBigIntegerField(default=0, editable=False)
    # New with each of them, and never the same again, not even in a database that was restored: what
    # was computed of these cells is kept under it.
    cells_stamp = models.UUIDField(default=uuid.uuid4, editable=False)

    objects: ClassVar = FrameworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("framework version")
        verbose_name_plural = _("framework versions")
        ordering = ("journey", "-version")
        constraints = (
            models.UniqueConstraint(fields=("journey", "version"), name="framework_version_unique"),
            models.UniqueConstraint(
                fields=("journey",),
                condition=Q(status="draft"),
                name="framework_one_draft_a_journey",
            ),
            models.CheckConstraint(
                condition=Q(low__lt=0, high__gt=0), name="framework_thresholds_around_zero"
            ),
            models.CheckConstraint(
                condition=Q(min_observations_moment_of_truth=None)
                | Q(min_observations_moment_of_truth__gte=F("min_observations")),
                name="framework_moment_of_truth_needs_no_fewer",
                violation_error_message=_(
                    "A moment of truth needs at least as many observations as any other stage."
                ),
            ),
        )

    def __str__(self) -> str:
        return _("%(journey)s, version %(version)d") % {
            "journey": self.journey,
            "version": self.version,
        }

    def get_absolute_url(self) -> str:
        args = [self.journey.programme.slug, self.journey.key, self.version]
        return reverse("scoring:framework-detail", args=args)

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def takes_observations(self) -> bool:
        """Published, or closing: finished records are still accepted then."""
        return self.status in (self.Status.PUBLISHED, self.Status.CLOSING)

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(
            low=self.low,
            high=self.high,
            basics_covered_bp=self.basics_covered_bp,
            min_observations=self.min_observations,
            min_coverage_bp=self.min_coverage_bp,
            broken_below=self.broken_below,
            min_observations_moment_of_truth=self.min_observations_moment_of_truth,
        )


class Interaction(models.Model):
    """What a customer meets in a stage, with the responses the brand may give to it."""

    class Kind(models.TextChoices):
        BASIC = "basic", _("Basic")
        PERFORMANCE = "performance", _("Performance")
        DELIGHT = "delight", _("Delight")

    class Benefit(models.TextChoices):
        """What creates value for a customer (R52)."""

        USEFUL = "useful", _("Useful")
        SIMPLIFIES = "simplifies", _("Simplifies life")
        SAVES_TIME = "saves_time", _("Saves time")
        SAVES_MONEY = "saves_money", _("Saves money")
        SOLVES = "solves", _("Solves a problem")
        EMOTION = "emotion", _("Positive emotion")
        INDIVIDUAL = "individual", _("Treated as a person")

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="interactions")
    key = models.CharField(_("key"), max_length=40, validators=[key_validator])
    stage = models.ForeignKey(
        Stage, on_delete=models.RESTRICT, related_name="interactions", verbose_name=_("stage")
    )
    touchpoint = models.ForeignKey(
        Touchpoint,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="interactions",
        verbose_name=_("touchpoint"),
    )
    statement = models.CharField(_("interaction"), max_length=300)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERFORMANCE)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    # The one field that may change after publication: a dated parameter (see TargetChange).
    target = models.SmallIntegerField(_("target level"), null=True, blank=True)
    benefit = models.CharField(_("benefit"), max_length=12, choices=Benefit, blank=True)
    position = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        ordering = ("stage__position", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("framework", "key"),
                name="interaction_key_unique_in_framework",
                violation_error_message=_("Another interaction of the framework has this key."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=3), name="interaction_weight_1_to_3"
            ),
            models.CheckConstraint(
                condition=Q(target=None) | Q(target__gte=-3, target__lte=3),
                name="interaction_target_on_the_scale",
            ),
        )

    def __str__(self) -> str:
        return self.statement

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises FrozenFramework unless it is a draft's; targets are set in `targets.py`."""
        _refuse_frozen(self.framework_id)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises FrozenFramework unless it is a draft's."""
        _refuse_frozen(self.framework_id)
        return super().delete(*args, **kwargs)

    @property
    def wording(self) -> dict[int, str]:
        """{points: words} of its levels, from the worst to the best."""
        return {level.points: level.label for level in self.levels.all()}

    def as_item(self) -> Item:
        """For `scoring.scale`; needs stage, touchpoint's channel and levels prefetched."""
        return Item(
            key=self.key,
            stage=self.stage.key,
            kind=scale.Kind(self.kind),
            weight=self.weight,
            points=tuple(level.points for level in self.levels.all()),
            target=self.target,
            channel=self.touchpoint.channel.key if self.touchpoint else None,
        )


class ResponseLevel(models.Model):
    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="levels")
    points = models.SmallIntegerField(
        _("points"), validators=[MinValueValidator(-3), MaxValueValidator(3)]
    )
    label = models.CharField(_("what was seen"), max_length=200)

    class Meta:
        ordering = ("points",)
        constraints = (
            models.UniqueConstraint(
                fields=("interaction", "points"),
                name="level_points_distinct_in_interaction",
                violation_error_message=_("Two levels of the interaction have the same points."),
            ),
            models.CheckConstraint(
                condition=Q(points__gte=-3, points__lte=3), name="level_points_on_the_scale"
            ),
        )

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises FrozenFramework unless it is a draft's."""
        _refuse_frozen(self.interaction.framework_id)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises FrozenFramework unless it is a draft's."""
        _refuse_frozen(self.interaction.framework_id)
        return super().delete(*args, **kwargs)


class TargetChange(models.Model):
    """Targets are dated: each change keeps what was asked before, by whom and when."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="target_changes"
    )
    before = models.SmallIntegerField(null=True)
    after = models.SmallIntegerField(null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-changed_at", "-pk")

    def __str__(self) -> str:
        return f"{self.interaction}: {self.before} -> {self.after}"


class StageCell(models.Model):
    """Sixteen exact integer sums of the observations that share a key; the scores are read here.

    `stage` null is the whole journey (written '*' in the method), `channel` null the whole stage.
    A cell may be negative for a moment, because folds may pass each other: n <= 0 reads as no data.
    """

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="cells")
    stage = models.ForeignKey(Stage, on_delete=models.RESTRICT, null=True, related_name="cells")
    channel = models.ForeignKey(Channel, on_delete=models.RESTRICT, null=True, related_name="+")
    method = models.CharField(max_length=20, choices=Method)
    location = models.ForeignKey(Location, on_delete=models.RESTRICT, null=True, related_name="+")
    month = models.CharField(max_length=7, validators=[month_validator])
    n = models.BigIntegerField()
    S = models.BigIntegerField()
    raw = models.BigIntegerField()
    P = models.BigIntegerField()
    Q = models.BigIntegerField()
    SS = models.BigIntegerField()
    SP = models.BigIntegerField()
    SQ = models.BigIntegerField()
    PP = models.BigIntegerField()
    QQ = models.BigIntegerField()
    nD = models.BigIntegerField()  # the method's own names of the sums, everywhere
    nN = models.BigIntegerField()
    nE = models.BigIntegerField()
    nU = models.BigIntegerField()
    nb = models.BigIntegerField()
    nb_ok = models.BigIntegerField()

    class Meta:
        verbose_name = _("score cell")
        verbose_name_plural = _("score cells")
        constraints = (
            # Coalesced, because both engines hold two nulls to be different.
            models.UniqueConstraint(
                F("framework"),
                F("method"),
                F("month"),
                Coalesce("stage", 0),
                Coalesce("channel", 0),
                Coalesce("location", 0),
                name="stage_cell_key_unique",
            ),
        )

    def __str__(self) -> str:
        return f"{self.framework_id}/{self.stage_id or '*'}/{self.method}/{self.month}"


class LevelCount(models.Model):
    """How often each answer of an interaction was given: the causes behind a score."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="level_counts")
    # The key, not the row: counted in SQL straight from the answers document.
    interaction = models.CharField(max_length=40)
    method = models.CharField(max_length=20, choices=Method)
    location = models.ForeignKey(Location, on_delete=models.RESTRICT, null=True, related_name="+")
    month = models.CharField(max_length=7)
    answer = models.CharField(max_length=2)  # "-3" .. "3", "NA", "NO"
    count = models.BigIntegerField()

    class Meta:
        verbose_name = _("level count")
        verbose_name_plural = _("level counts")
        constraints = (
            models.UniqueConstraint(
                F("framework"),
                F("method"),
                F("month"),
                F("interaction"),
                F("answer"),
                Coalesce("location", 0),
                name="level_count_key_unique",
            ),
        )

    def __str__(self) -> str:
        return f"{self.interaction} {self.answer}: {self.count}"
