"""A workshop: its gaps, the people in the room, what they say, how they vote, what is decided."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actionplans.workshop_flow import Clock, Phase, Place
from actionplans.workshop_querysets import WorkshopQuerySet
from journeys.models import Programme, Stage
from journeys.models.perimeter import key_validator

MOST_DOTS = 10
LONGEST_IDEA = 500
MOST_IMPACT = 200


class Workshop(models.Model):
    """Where it stands is all here, so that any screen that opens it finds itself there."""

    class Phase(models.TextChoices):
        PREPARED = Phase.PREPARED, pgettext_lazy("workshop", "Prepared")
        LOBBY = Phase.LOBBY, pgettext_lazy("workshop", "Welcome")
        EVIDENCE = Phase.EVIDENCE, pgettext_lazy("workshop", "Evidence")
        IDEAS = Phase.IDEAS, pgettext_lazy("workshop", "Ideas, private")
        GROUPING = Phase.GROUPING, pgettext_lazy("workshop", "Group")
        VOTE = Phase.VOTE, pgettext_lazy("workshop", "Vote")
        MATRIX = Phase.MATRIX, pgettext_lazy("workshop", "Matrix")
        COMMIT = Phase.COMMIT, pgettext_lazy("workshop", "Commit")
        CLOSED = Phase.CLOSED, pgettext_lazy("workshop", "Closed")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="workshops")
    title = models.CharField(_("title"), max_length=120)
    goal = models.TextField(_("goal"), max_length=500, blank=True)
    phase = models.CharField(
        _("phase"), max_length=10, choices=Phase, default=Phase.PREPARED, editable=False
    )
    # Which gap the rounds have reached, from 0.
    round = models.PositiveSmallIntegerField(default=0, editable=False)
    minutes = models.JSONField(_("time boxes"), default=dict)
    votes_per_person = models.PositiveSmallIntegerField(
        _("dots a person"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DOTS)],
    )
    # How often it was opened again after its totals were seen: the minutes say so.
    vote_reopened = models.PositiveSmallIntegerField(default=0, editable=False)
    code = models.CharField(max_length=6, unique=True, null=True, editable=False)  # noqa: DJ001 - many have none
    code_expires_at = models.DateTimeField(null=True, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)
    left_s = models.PositiveIntegerField(null=True, editable=False)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    # Grows with every move, so that of two that are made at once one wins.
    version = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(phase__in=[one.value for one in Phase]), name="workshop_phase_known"
            ),
            models.CheckConstraint(
                condition=Q(votes_per_person__gte=1, votes_per_person__lte=MOST_DOTS),
                name="workshop_dots_one_to_ten",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(left_s=None), name="workshop_clock_runs_or_waits"
            ),
            models.CheckConstraint(
                condition=Q(phase=Phase.CLOSED, closed_at__isnull=False)
                | (~Q(phase=Phase.CLOSED) & Q(closed_at=None)),
                name="workshop_closed_once",
            ),
            # Whoever has an old code is nowhere.
            models.CheckConstraint(
                condition=Q(phase__in=[Phase.PREPARED, Phase.CLOSED], code=None)
                | (
                    ~Q(phase__in=[Phase.PREPARED, Phase.CLOSED])
                    & Q(code__isnull=False, code_expires_at__isnull=False)
                ),
                name="workshop_has_code_while_open",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        page = "workshop-minutes" if self.phase == Phase.CLOSED else "workshop-console"
        return reverse(f"actionplans:{page}", args=[self.programme.slug, self.pk])

    @property
    def place(self) -> Place:
        return Place(Phase(self.phase), self.round)

    @property
    def clock(self) -> Clock:
        return Clock(self.ends_at, self.left_s)


class WorkshopGap(models.Model):
    """A gap that the workshop works on, with its figures and its evidence as they were then."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="gaps")
    stage = models.ForeignKey(Stage, on_delete=models.RESTRICT, related_name="workshop_gaps")
    position = models.PositiveSmallIntegerField()
    question = models.CharField(_("question"), max_length=200)
    figures = models.JSONField(default=dict)
    # {"reasons": [...], "quotes": [...]} in the words of the moment.
    evidence = models.JSONField(default=dict)
    in_vote = models.BooleanField(_("in the vote"), default=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=["workshop", "stage"], name="workshop_gap_once"),
            models.UniqueConstraint(fields=["workshop", "position"], name="workshop_gap_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.stage}"


class Participant(models.Model):
    """Somebody in the room: a name and a phone, no account. Only the token's digest is kept."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="participants")
    name = models.CharField(_("name"), max_length=40)
    # What tells two names apart: neither capitals nor accents in capitals, on any database.
    name_key = models.CharField(max_length=120, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    # The `Place.key` that they said they were done with.
    done_with = models.CharField(max_length=20, blank=True, editable=False)
    # Until then the same name may come in from another phone.
    let_back_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ("joined_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["workshop", "name_key"],
                condition=Q(removed_at=None),
                name="workshop_name_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="workshop_participant_named"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        self.name_key = self.name.casefold()
        super().save(**kwargs)


class IdeaGroup(models.Model):
    """Ideas that say the same: what is voted on, placed in the matrix and decided.

    Its impact is estimated by the room, or computed by replay from the effect given here.
    """

    gap = models.ForeignKey(WorkshopGap, on_delete=models.CASCADE, related_name="groups")
    title = models.CharField(_("title"), max_length=120)
    in_vote = models.BooleanField(_("in the vote"), default=True)
    impact = models.PositiveSmallIntegerField(_("impact"), null=True, blank=True)
    effort_tenths = models.PositiveIntegerField(_("effort"), null=True, blank=True)
    interaction = models.CharField(max_length=40, blank=True, validators=[key_validator])
    from_points = models.SmallIntegerField(null=True, blank=True)
    to_points = models.SmallIntegerField(null=True, blank=True)
    reach_bp = models.PositiveIntegerField(null=True, blank=True)
    # What the replay of the effect gave then (workshop_matrix.Replay), empty without one.
    replay = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("group of ideas")
        verbose_name_plural = _("groups of ideas")
        ordering = ("gap", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="idea_group_titled"),
            models.CheckConstraint(
                condition=Q(impact=None) | Q(impact__lte=MOST_IMPACT),
                name="idea_group_impact_limit",
            ),
            models.CheckConstraint(
                condition=Q(reach_bp=None) | Q(reach_bp__lte=10_000),
                name="idea_group_reaches_at_most_all",
            ),
            models.CheckConstraint(
                condition=Q(interaction="", from_points=None, to_points=None)
                | (
                    ~Q(interaction="")
                    & Q(to_points__isnull=False)
                    & (Q(from_points=None) | Q(from_points__lt=F("to_points")))
                ),
                name="idea_group_effect_whole",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Idea(models.Model):
    """What one person typed. `client_id` is made on the phone: sent twice, it is one idea.

    Without a participant it was said aloud and typed by the facilitator.
    """

    gap = models.ForeignKey(WorkshopGap, on_delete=models.CASCADE, related_name="ideas")
    group = models.ForeignKey(
        IdeaGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="ideas"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.SET_NULL, null=True, blank=True, related_name="ideas"
    )
    client_id = models.UUIDField(unique=True, editable=False)
    text = models.TextField(_("idea"), max_length=LONGEST_IDEA)
    # It came after the ideas on its gap were shown.
    is_late = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=GreaterThan(Length("text"), 0), name="idea_says_something"
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), LONGEST_IDEA), name="idea_is_short"
            ),
        )

    def __str__(self) -> str:
        return self.text[:80]


class Vote(models.Model):
    """One dot of one person. Two constraints make a second dot on a group, and one dot too many,
    impossible whatever two requests do at once: each dot of a person has a number of its own."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="votes")
    group = models.ForeignKey(IdeaGroup, on_delete=models.CASCADE, related_name="votes")
    dot = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["participant", "group"], name="vote_once_a_group"),
            models.UniqueConstraint(fields=["participant", "dot"], name="vote_each_dot_once"),
            models.CheckConstraint(
                condition=Q(dot__gte=1, dot__lte=MOST_DOTS), name="vote_dot_one_to_ten"
            ),
        )


class Decision(models.Model):
    """What became of a group: an action of the plan, or parked for another day.

    Its words are kept as they were, for the minutes; the action may be edited or deleted later.
    """

    class Kind(models.TextChoices):
        ACTION = "action", pgettext_lazy("workshop", "Action")
        PARKED = "parked", pgettext_lazy("workshop", "Parked")

    group = models.ForeignKey(IdeaGroup, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
    action = models.OneToOneField(
        "actionplans.Action", on_delete=models.SET_NULL, null=True, related_name="decision"
    )
    # {"title", "owner", "due_on", "basics_first"}; empty where parked.
    words = models.JSONField(default=dict)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("decided_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="action") | Q(kind="parked", action=None),
                name="decision_parked_without_action",
            ),
            models.UniqueConstraint(
                fields=["group"], condition=Q(kind="parked"), name="decision_parked_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.group}: {self.kind}"
