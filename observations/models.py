"""Step 4: observations as received, their revisions, what each stage scored, and the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models import Channel, Journey, Location, Method, Programme, Stage
from journeys.models.perimeter import month_validator
from observations.device_models import Device, Draft, EnrolmentCode
from observations.indicator_models import (
    ImportedReading,
    ImportRun,
    IndicatorDefinition,
    IndicatorReading,
)
from observations.querysets import HeldCopyQuerySet, ObservationQuerySet, RevisionQuerySet
from observations.report_models import Acknowledgement, ReportComment
from observations.visit_models import (
    Visit,
    VisitAttachment,
    VisitReminder,
    VisitRules,
)
from scoring.models import Framework, Interaction

__all__ = (
    "Acknowledgement",
    "Device",
    "Draft",
    "EnrolmentCode",
    "HeldCopy",
    "ImportRun",
    "ImportedReading",
    "IndicatorDefinition",
    "IndicatorReading",
    "Media",
    "Observation",
    "ObserverExclusion",
    "PendingFold",
    "Reading",
    "ReportComment",
    "Revision",
    "StageResult",
    "Visit",
    "VisitAttachment",
    "VisitReminder",
    "VisitRules",
)


# Seconds that a tablet's clock may be off before its hours are doubted.
MAX_CLOCK_SKEW = 300


class Observation(models.Model):
    """One customer, or one visit, through one journey. Its content stands in its revisions."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="observations")
    # Made on the device when the observation is begun; unique in the programme, never across.
    uuid = models.UUIDField(_("identifier"))
    journey = models.ForeignKey(Journey, on_delete=models.RESTRICT, related_name="observations")
    received_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # The tablet it came from, also where a person brought it in the tablet's stead.
    device = models.ForeignKey(
        Device,
        on_delete=models.SET_NULL,
        null=True,
        related_name="observations",
        db_index=False,
    )
    withdrawn_at = models.DateTimeField(null=True)
    # Set while the observer it names is excluded; it stays through every correction.
    exclusion = models.ForeignKey(
        "ObserverExclusion",
        on_delete=models.RESTRICT,
        null=True,
        related_name="observations",
        db_index=False,
    )
    # The withdrawn observation of another journey whose answers these are.
    moved_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="moves", db_index=False
    )
    # The one rule for every reader of observations: what cells and figures are made of.
    is_counted = models.GeneratedField(
        expression=Q(withdrawn_at__isnull=True, exclusion__isnull=True),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects: ClassVar = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "uuid"), name="observation_uuid_unique_in_programme"
            ),
            models.UniqueConstraint(
                fields=("moved_from",),
                condition=Q(moved_from__isnull=False),
                name="observation_moved_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("exclusion",),
                condition=Q(exclusion__isnull=False),
                name="observation_by_exclusion",
            ),
            models.Index(
                fields=("device",), condition=Q(device__isnull=False), name="observation_by_device"
            ),
        )

    def __str__(self) -> str:
        return str(self.uuid)

    def get_absolute_url(self) -> str:
        return reverse("observations:observation-detail", args=[self.programme.slug, self.uuid])

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_excluded(self) -> bool:
        return self.exclusion_id is not None


class ObserverExclusion(models.Model):
    """An observer whose observations are kept and not counted, until `readmitted_at`.

    Empty months are no bound. It marks the observations that it takes (`Observation.exclusion`), so
    that readmitting gives back exactly those and leaves alone what a person has withdrawn.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="observer_exclusions"
    )
    observer = models.CharField(_("observer"), max_length=40)
    reason = models.CharField(_("reason"), max_length=500)
    first_month = models.CharField(
        _("first month"), max_length=7, blank=True, validators=[month_validator]
    )
    last_month = models.CharField(
        _("last month"), max_length=7, blank=True, validators=[month_validator]
    )
    excluded_at = models.DateTimeField(default=timezone.now)
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    readmitted_at = models.DateTimeField(null=True)
    readmitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("observer exclusion")
        verbose_name_plural = _("observer exclusions")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "observer"),
                condition=Q(readmitted_at__isnull=True),
                name="exclusion_one_standing_an_observer",
            ),
            models.CheckConstraint(
                condition=~Q(observer="") & ~Q(reason=""), name="exclusion_names_whom_and_why"
            ),
            models.CheckConstraint(
                condition=Q(first_month="")
                | Q(last_month="")
                | Q(first_month__lte=F("last_month")),
                name="exclusion_months_in_order",
            ),
        )

    def __str__(self) -> str:
        return self.observer

    @property
    def is_standing(self) -> bool:
        return self.readmitted_at is None


class Revision(models.Model):
    """The content of an observation as accepted, never changed. What it scored hangs on it."""

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    framework = models.ForeignKey(Framework, on_delete=models.RESTRICT, related_name="revisions")
    method = models.CharField(_("method"), max_length=20, choices=Method)
    location = models.ForeignKey(
        Location, on_delete=models.RESTRICT, null=True, related_name="revisions"
    )
    channel = models.ForeignKey(Channel, on_delete=models.RESTRICT, null=True, related_name="+")
    observed_at = models.DateTimeField(_("observed at"))
    # Minutes east of UTC as written on the device: the month is that of the written date.
    utc_offset = models.SmallIntegerField(default=0)
    month = models.CharField(max_length=7, validators=[month_validator])
    observer = models.CharField(_("observer"), max_length=40, blank=True)
    customer = models.CharField(_("customer reference"), max_length=80, blank=True)
    # The planned visit that the document names: as it came, so it may be one that nobody planned.
    visit = models.ForeignKey(
        Visit,
        to_field="uuid",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="revisions",
    )
    # {interaction key: -3..3, "NA" or "NO"}; a missing key is an unanswered interaction.
    answers = models.JSONField(default=dict)
    # The rest of the document as sent: notes, comment, media, device times.
    details = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    device = models.ForeignKey(
        Device, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    # Seconds that our clock was ahead of the sender's when this came; null where it said nothing.
    clock_skew = models.IntegerField(null=True)

    objects: ClassVar = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation revision")
        verbose_name_plural = _("observation revisions")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=("observation", "number"), name="revision_number_unique_in_observation"
            ),
            models.UniqueConstraint(
                fields=("observation",), condition=Q(is_current=True), name="revision_one_current"
            ),
        )
        indexes = (
            models.Index(
                fields=("framework", "-observed_at"),
                condition=Q(is_current=True),
                name="revision_current_by_framework",
            ),
            models.Index(
                fields=("observer",),
                condition=Q(is_current=True) & ~Q(observer=""),
                name="revision_current_by_observer",
            ),
            models.Index(
                fields=("device",), condition=Q(device__isnull=False), name="revision_by_device"
            ),
            models.Index(
                fields=("visit",),
                condition=Q(is_current=True, visit__isnull=False),
                name="revision_current_by_visit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.observation_id} r{self.number}"

    @property
    def observed_at_as_written(self) -> datetime:
        """With the offset it was written with: its date is that of the month it counts in."""
        return self.observed_at.astimezone(timezone.get_fixed_timezone(self.utc_offset))

    @property
    def is_clock_off(self) -> bool:
        """The sender's clock was so far off that the hours in this record are doubtful."""
        return self.clock_skew is not None and abs(self.clock_skew) > MAX_CLOCK_SKEW


class StageResult(models.Model):
    """The integer sums of one revision in one stage (null: the journey) and channel (null: all)."""

    class CustomerClass(models.TextChoices):
        DISAPPOINTED = "D", _("Disappointed")
        NEUTRAL = "N", _("Neutral")
        ENCHANTED = "E", _("Enchanted")
        UNCLASSIFIED = "U", _("Unclassified")

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="results")
    stage = models.ForeignKey(Stage, on_delete=models.RESTRICT, null=True, related_name="results")
    channel = models.ForeignKey(Channel, on_delete=models.RESTRICT, null=True, related_name="+")
    S = models.SmallIntegerField()
    raw = models.SmallIntegerField()
    P = models.SmallIntegerField()
    Q = models.SmallIntegerField()
    # Empty on a channel facet: a class belongs to a customer in a stage.
    customer_class = models.CharField(max_length=1, choices=CustomerClass, blank=True)
    basic_seen = models.BooleanField()
    basics_ok = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.revision_id}/{self.stage_id or '*'}: {self.S}"


class PendingFold(models.Model):
    """The outbox: revisions whose sums are still to be added to (+1) or taken from (-1) the cells."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="pending_folds")
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="pending_folds")
    sign = models.SmallIntegerField()
    # Set by the fold that has taken the row, inside the transaction that also deletes it.
    batch = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(sign__in=(-1, 1)), name="pending_fold_sign"),
        )

    def __str__(self) -> str:
        return f"{self.sign:+d} {self.revision_id}"


class HeldCopy(models.Model):
    """What was received and could not be accepted, kept word for word until a person decides."""

    class Reason(models.TextChoices):
        CONFLICT = "conflict", _("Other content under a known identifier")
        QUARANTINE = "quarantine", _("Not acceptable")

    class Decision(models.TextChoices):
        CORRECTION = "correction", _("Accepted as a correction")
        ANOTHER = "another", _("Kept as another observation")
        ACCEPTED = "accepted", _("Accepted after correction")
        DISMISSED = "dismissed", _("Dismissed")

    LONGEST_NOTE: ClassVar = 500

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="held_copies")
    uuid = models.UUIDField()
    reason = models.CharField(max_length=10, choices=Reason)
    # JSON text, because a JSON column refuses some of what it must hold (a NUL in a string).
    document = models.TextField()
    # As the document has them, where it has them as short texts: for finding it again.
    journey = models.CharField(max_length=60, blank=True)
    location = models.CharField(max_length=40, blank=True)
    observer = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64)
    # [{"path": "/answers/i11", "detail": "..."}]
    errors = models.JSONField(default=list)
    received_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True, related_name="+")
    # Empty while it waits for a person; never deleted, whatever is decided (`deciding.py`).
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    note = models.CharField(_("reason"), max_length=LONGEST_NOTE, blank=True)
    # Where its content went.
    observation = models.ForeignKey(
        Observation, on_delete=models.SET_NULL, null=True, related_name="held_copies"
    )

    objects: ClassVar = HeldCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("held copy")
        verbose_name_plural = _("held copies")
        ordering = ("-received_at", "-pk")
        constraints = (
            # The same copy sent again is one copy.
            models.UniqueConstraint(
                fields=("programme", "uuid", "sha256", "reason"), name="held_copy_once"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decided_by=None, note="")
                | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="held_copy_decided_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(decision="dismissed") | ~Q(note=""),
                name="held_copy_dismissed_for_a_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=("programme",), condition=Q(decision=""), name="held_copy_undecided"
            ),
        )

    def __str__(self) -> str:
        return f"{self.uuid} {self.reason}"

    def get_absolute_url(self) -> str:
        return reverse("observations:held-detail", args=[self.programme.slug, self.pk])


class Media(models.Model):
    """A photo named in an observation's manifest; `file` is empty until its bytes arrive."""

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="media")
    uuid = models.UUIDField()
    interaction = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    type = models.CharField(max_length=60)
    file = models.FileField(upload_to="observations", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("observation", "uuid"), name="media_uuid_unique_in_observation"
            ),
        )

    def __str__(self) -> str:
        return str(self.uuid)


class Reading(models.Model):
    """An aggregated count of levels (navigation statistics): one interaction, month and location."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="readings")
    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="readings")
    method = models.CharField(max_length=20, choices=Method)
    location = models.ForeignKey(Location, on_delete=models.RESTRICT, null=True, related_name="+")
    month = models.CharField(max_length=7, validators=[month_validator])
    # {"points": count}
    counts = models.JSONField()

    class Meta:
        verbose_name = _("aggregated reading")
        verbose_name_plural = _("aggregated readings")
        ordering = ("month", "pk")

    def __str__(self) -> str:
        return f"{self.interaction} {self.month}"
