"""Indicators beside the scores: what is asked, what was counted, and the files it came from."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models import Channel, Location, Programme, Segment
from journeys.models.perimeter import key_validator, month_validator
from observations.indicator_querysets import DefinitionQuerySet, IndicatorReadingQuerySet
from scoring import indicators as arithmetic

# Of the six figures on the executives' page, beside score, moments of truth and actions.
CODIR_PLACES = 3
_ALWAYS_HIGHER = [
    kind.value
    for kind, direction in arithmetic.SETTLED.items()
    if direction is arithmetic.Direction.HIGHER
]
_PERCENTS = [
    kind.value for kind in arithmetic.Kind if arithmetic.unit_of(kind) is arithmetic.Unit.PERCENT
]


class IndicatorDefinition(models.Model):
    """One question as it is asked. Another wording, scale or rule is another edition.

    Figures are made of the readings of one edition and never of two. `edition` is what people read
    as the version of a definition; `version` counts its saves, as everywhere.
    """

    class Kind(models.TextChoices):
        NPS = "nps", _("Net Promoter Score")
        CES1 = "ces1", _("Customer Effort Score 1.0")
        CES2 = "ces2", _("Customer Effort Score 2.0")
        CSAT = "csat", _("Satisfaction (CSAT)")
        RETENTION = "retention", _("Retention rate")
        REPURCHASE = "repurchase", _("Repurchase rate")
        BASKET = "basket", _("Average basket")
        RECRUITMENT = "recruitment", _("Recruitment speed")
        RECOMMENDATION = "recommendation", _("Recommendation rate")

    class Direction(models.TextChoices):
        HIGHER = "higher", _("Higher is better")
        LOWER = "lower", _("Lower is better")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="indicators")
    key = models.CharField(_("key"), max_length=40, validators=[key_validator])
    edition = models.PositiveIntegerField(_("version"), default=1, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    question = models.CharField(_("question, word for word"), max_length=500, blank=True)
    direction = models.CharField(
        _("direction"), max_length=6, choices=Direction, default=Direction.HIGHER
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    active_rule = models.CharField(
        _("who or what counts"),
        max_length=500,
        blank=True,
        help_text=_(
            "For example: an active customer has bought within twelve months; amounts with all taxes."
        ),
    )
    # Hundredths of what is shown: NPS 40 is 4000, 85 % is 8500, a basket in cents.
    target_hundredths = models.BigIntegerField(_("target"), null=True, blank=True)
    codir_rank = models.PositiveSmallIntegerField(
        _("place on the executives' page"), null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar = DefinitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = (F("codir_rank").asc(nulls_last=True), "name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "key", "edition"), name="indicator_edition_unique"
            ),
            models.UniqueConstraint(
                fields=("programme", "key"),
                condition=Q(replaced_at__isnull=True),
                name="indicator_one_current_edition",
            ),
            models.UniqueConstraint(
                fields=("programme", "codir_rank"),
                condition=Q(codir_rank__isnull=False),
                name="indicator_one_a_place",
            ),
            models.CheckConstraint(
                condition=Q(codir_rank=None) | Q(codir_rank__gte=1, codir_rank__lte=CODIR_PLACES),
                name="indicator_at_most_six_figures",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(codir_rank=None),
                name="indicator_replaced_has_no_place",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=_ALWAYS_HIGHER) | Q(direction="higher"),
                name="indicator_higher_is_better",
            ),
            models.CheckConstraint(
                condition=~Q(kind="ces1") | Q(direction="lower"), name="indicator_effort_is_lower"
            ),
            models.CheckConstraint(
                condition=~Q(kind="retention") | ~Q(active_rule=""),
                name="indicator_retention_says_who_is_active",
            ),
            models.CheckConstraint(
                condition=Q(target_hundredths=None)
                | (Q(target_hundredths__gte=-10_000, target_hundredths__lte=10_000) & Q(kind="nps"))
                | (
                    Q(target_hundredths__gte=0, target_hundredths__lte=10_000)
                    & Q(kind__in=_PERCENTS)
                )
                | (Q(target_hundredths__gte=0) & ~Q(kind__in=[*_PERCENTS, "nps"])),
                name="indicator_target_on_its_scale",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("dashboards:indicator-detail", args=[self.programme.slug, self.key])

    @property
    def measured(self) -> arithmetic.Kind:
        return arithmetic.Kind(self.kind)

    @property
    def better(self) -> arithmetic.Direction:
        return arithmetic.Direction(self.direction)

    @property
    def is_current(self) -> bool:
        return self.replaced_at is None

    @property
    def is_answered(self) -> bool:
        """Whether single answers can be counted: a scale, or baskets."""
        return self.measured in arithmetic.SCALES or self.measured is arithmetic.Kind.BASKET

    @property
    def target(self) -> Fraction | None:
        """In the unit of the figure, which for baskets is cents."""
        if self.target_hundredths is None:
            return None
        cents = self.measured is arithmetic.Kind.BASKET
        return Fraction(self.target_hundredths, 1 if cents else 100)


class ImportRun(models.Model):
    """One file brought in: held until its preview is confirmed, applied, perhaps undone again.

    The text is kept until it is applied; afterwards its name and hash are. A large one is read and
    applied by a worker: `asked_at` and what follows say who asked for it, and whether a worker has
    begun. `found` is what was read of it, in `language` (`indicator_findings.Findings`).
    """

    class State(models.TextChoices):
        READING = "reading", _("being read")
        HELD = "held", _("to confirm")
        APPLYING = "applying", _("being imported")
        APPLIED = "applied", _("imported")
        UNDONE = "undone", _("undone")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="import_runs")
    definition = models.ForeignKey(
        IndicatorDefinition, on_delete=models.CASCADE, related_name="import_runs"
    )
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    source = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_good_rows = models.BooleanField(default=False)
    begun_at = models.DateTimeField(null=True)
    # The last try did not come to its end, and nothing of it was kept.
    has_failed = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True)
    found = models.JSONField(null=True)
    read_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="held", applied_at=None)
                | Q(state__in=("reading", "applying"), applied_at=None, asked_at__isnull=False)
                | Q(state="applied", applied_at__isnull=False, undone_at=None)
                | Q(state="undone", applied_at__isnull=False, undone_at__isnull=False),
                name="import_dated_as_it_stands",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("reading", "held", "applying"))
                | Q(content="", found__isnull=True),
                name="import_text_only_while_held",
            ),
        )

    def __str__(self) -> str:
        return self.source

    def get_absolute_url(self) -> str:
        return reverse("dashboards:indicator-import-detail", args=[self.programme.slug, self.pk])


class IndicatorReading(models.Model):
    """What was counted in one month, of one segment, location and channel; empty is "not told".

    `counts` are as they were typed or counted. The columns after it are their sums
    (`scoring.indicators.sums_of`), always written together: SQL adds those up.
    """

    definition = models.ForeignKey(
        IndicatorDefinition, on_delete=models.CASCADE, related_name="readings"
    )
    month = models.CharField(_("month"), max_length=7, validators=[month_validator])
    segment = models.ForeignKey(
        Segment, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    location = models.ForeignKey(
        Location, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    counts = models.JSONField()
    n = models.BigIntegerField(default=0)
    hits = models.BigIntegerField(default=0)
    misses = models.BigIntegerField(default=0)
    joined = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    # None where only totals are known.
    squares = models.BigIntegerField(null=True, default=0)
    run = models.ForeignKey(
        ImportRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="readings"
    )
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar = IndicatorReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator reading")
        verbose_name_plural = _("indicator readings")
        ordering = ("-month", "pk")
        constraints = (
            models.UniqueConstraint(
                F("definition"),
                F("month"),
                Coalesce("segment", 0),
                Coalesce("location", 0),
                Coalesce("channel", 0),
                name="indicator_reading_one_a_place",
            ),
            models.CheckConstraint(
                condition=Q(n__gte=0, hits__gte=0, misses__gte=0, joined__gte=0, total__gte=0)
                & (Q(squares=None) | Q(squares__gte=0)),
                name="indicator_reading_counts",
            ),
            models.CheckConstraint(
                condition=Q(n__gte=F("hits") + F("misses")),
                name="indicator_reading_parts_within_all",
            ),
        )

    def __str__(self) -> str:
        return f"{self.definition} {self.month}"

    @property
    def place(self) -> tuple[str, int | None, int | None, int | None]:
        """What makes it the only one of its definition."""
        return self.month, self.segment_id, self.location_id, self.channel_id


class ImportedReading(models.Model):
    """A reading that an import wrote, and the counts that stood there before (None: nothing)."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="written")
    reading = models.ForeignKey(IndicatorReading, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(null=True)
    before_run = models.ForeignKey(
        ImportRun, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("run", "reading"), name="imported_reading_once"),
        )
