"""What the screens of a workshop may show, and nothing more.

The desk's (console and projector) knows who is done and never what they chose; a phone's is in
`workshop_phones`. Totals are read only where `shows_totals` says so: before that no query asks for
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from actionplans.gaps import BASICS_FIRST
from actionplans.workshop_flow import (
    AFTER_ROUNDS,
    ROUND,
    TIMED,
    NoSuchMove,
    Phase,
    Place,
    following,
    is_revealed,
    preceding,
    shows_totals,
)
from actionplans.workshop_matrix import Matrix, Spot, matrix_of
from actionplans.workshop_models import (
    Decision,
    Idea,
    IdeaGroup,
    Participant,
    Vote,
    Workshop,
    WorkshopGap,
)
from actionplans.workshop_room import candidates
from scoring.classify import Label
from scoring.wording import SIGNS, WORDS

BASICS_FIRST_ROWS = frozenset(row.name.lower() for row in BASICS_FIRST)


@dataclass(frozen=True, slots=True)
class GapWords:
    """A gap with its figures as they were when it was chosen, in words."""

    gap: WorkshopGap

    @property
    def label(self) -> str:
        return str(self.gap.figures.get("label", Label.INSUFFICIENT))

    @property
    def measured(self) -> bool:
        return bool(self.gap.figures.get("measured"))

    @property
    def score(self) -> str:
        return str(self.gap.figures.get("shown", {}).get("score", ""))

    @property
    def gap_text(self) -> str:
        return str(self.gap.figures.get("shown", {}).get("gap", ""))

    @property
    def n(self) -> int:
        return int(self.gap.figures.get("n", 0))

    @property
    def sign(self) -> str:
        return SIGNS.get(Label(self.label), "")

    @property
    def word(self) -> str:
        return str(WORDS[Label(self.label)])

    @property
    def basics_first(self) -> bool:
        return self.gap.figures.get("row") in BASICS_FIRST_ROWS


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group with its ideas."""

    group: IdeaGroup
    ideas: tuple[Idea, ...]
    votes: int | None = None


@dataclass(frozen=True, slots=True)
class CommitLine:
    """A group at the end of the workshop, with what was decided on it."""

    spot: Spot
    gap: GapWords
    decisions: tuple[Decision, ...]

    @property
    def has_action(self) -> bool:
        return any(decision.kind == Decision.Kind.ACTION for decision in self.decisions)


@dataclass(frozen=True, slots=True)
class PersonLine:
    person: Participant
    is_done: bool


def votes_by_group(workshop: Workshop) -> dict[int, int] | None:
    """{group id: dots}; None before the vote is closed, and nothing is asked for then."""
    if not shows_totals(workshop.place):
        return None
    rows = Vote.objects.filter(group__gap__workshop=workshop).values("group")
    return dict(rows.annotate(dots=Count("pk")).values_list("group", "dots"))


class Screen:
    """What everybody in the room may see: it knows nobody, hence nothing that is one's own."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.place = workshop.place
        self.phase = str(workshop.place.phase)
        self.now = timezone.now()
        self.shows_totals = shows_totals(workshop.place)

    @cached_property
    def gaps(self) -> list[WorkshopGap]:
        return list(self.workshop.gaps.select_related("stage__journey"))

    @cached_property
    def gap(self) -> GapWords | None:
        """The one of this round; None outside of the rounds."""
        if self.place.phase not in ROUND or self.place.gap >= len(self.gaps):
            return None
        return GapWords(self.gaps[self.place.gap])

    @property
    def gap_lines(self) -> list[GapWords]:
        return [GapWords(gap) for gap in self.gaps]

    @property
    def question(self) -> str:
        """The one of the round; of a workshop on one gap its only one, else the title."""
        if self.gap is not None:
            return self.gap.gap.question
        return self.gaps[0].question if len(self.gaps) == 1 else self.workshop.title

    @property
    def phases(self) -> list[dict[str, Any]]:
        """The steps on the wall: {"name", "state"} with state over, here or ahead."""
        order = [*TIMED]
        here = order.index(self.place.phase) if self.place.phase in order else -1
        if self.place.phase is Phase.CLOSED:
            here = len(order)
        return [
            {
                "name": Workshop.Phase(phase).label,
                "state": "here" if at == here else "over" if at < here else "ahead",
            }
            for at, phase in enumerate(order)
        ]

    # --- the clock, by the server's time ---------------------------------------------------------
    @property
    def seconds_left(self) -> int | None:
        return self.workshop.clock.seconds_left(self.now)

    @property
    def clock_text(self) -> str:
        left = self.seconds_left
        return "" if left is None else f"{left // 60:02d}:{left % 60:02d}"

    @property
    def is_paused(self) -> bool:
        return self.workshop.clock.is_paused

    @property
    def now_ms(self) -> int:
        return int(self.now.timestamp() * 1000)

    @property
    def ends_ms(self) -> int | None:
        ends = self.workshop.ends_at
        return None if ends is None else int(ends.timestamp() * 1000)

    # --- ideas that everybody sees ---------------------------------------------------------------
    @cached_property
    def _shown_ideas(self) -> list[Idea]:
        """Of this round's gap once its ideas are shown, of all gaps after the rounds."""
        shown = [gap.pk for gap in self.gaps if is_revealed(self.place, gap.position)]
        if self.gap is not None:
            shown = [pk for pk in shown if pk == self.gap.gap.pk]
        return list(Idea.objects.filter(gap__in=shown)) if shown else []

    @cached_property
    def loose(self) -> list[Idea]:
        return [idea for idea in self._shown_ideas if idea.group_id is None]

    def _ideas_in(self, group: IdeaGroup) -> tuple[Idea, ...]:
        return tuple(idea for idea in self._shown_ideas if idea.group_id == group.pk)

    @cached_property
    def groups(self) -> list[GroupLine]:
        """Those of the gap while it is grouped, those voted on after that."""
        if self.place.phase is Phase.GROUPING and self.gap is not None:
            rows = self.gap.gap.groups.all()
        elif self.place.phase in AFTER_ROUNDS:
            rows = candidates(self.workshop).select_related("gap__stage")
        else:
            return []
        votes = votes_by_group(self.workshop)
        lines = [
            GroupLine(
                group=group,
                ideas=self._ideas_in(group),
                votes=None if votes is None else votes.get(group.pk, 0),
            )
            for group in rows
        ]
        return sorted(lines, key=lambda line: -(line.votes or 0))

    @cached_property
    def decisions(self) -> list[Decision]:
        rows = Decision.objects.filter(group__gap__workshop=self.workshop)
        return list(rows.select_related("group__gap__stage", "action__owner"))


class DeskScreen(Screen):
    """For whoever runs the workshop, on the console and on the wall."""

    @cached_property
    def people(self) -> list[PersonLine]:
        """Who is done: by their own word, or in the vote with all their dots put."""
        rows = self.workshop.participants.filter(removed_at=None)
        dots = self.workshop.votes_per_person
        if self.place.phase is Phase.VOTE:
            rows = rows.annotate(used=Count("votes"))
        return [
            PersonLine(
                person,
                is_done=person.done_with == self.place.key or getattr(person, "used", 0) >= dots,
            )
            for person in rows
        ]

    @property
    def done_count(self) -> int:
        return sum(line.is_done for line in self.people)

    @property
    def done_percent(self) -> int:
        return round(100 * self.done_count / len(self.people)) if self.people else 0

    @cached_property
    def private_count(self) -> int:
        """How many ideas are in on this gap: the number only, while they are private."""
        return self.gap.gap.ideas.count() if self.gap else 0

    @cached_property
    def matrix(self) -> Matrix:
        rows = candidates(self.workshop).select_related("gap__stage__journey")
        return matrix_of(rows, votes_by_group(self.workshop))

    # --- the two buttons that lead on and back ---------------------------------------------------
    @property
    def next_label(self) -> str:
        """What pressing the button does, in words."""
        if self.place.phase is Phase.PREPARED:
            return _("Open the room")
        if self.place.phase is Phase.VOTE:
            return _("Close the vote")
        if self.place.phase is Phase.COMMIT:
            return _("Close the workshop")
        try:
            return self._place_label(following(self.place, gaps=len(self.gaps)))
        except NoSuchMove:
            return ""

    @property
    def back_label(self) -> str:
        """Empty where nothing lies behind."""
        behind = self._behind
        return self._place_label(behind) if behind else ""

    @property
    def back_note(self) -> str:
        """What a step back keeps."""
        behind = self._behind
        if behind is None:
            return ""
        if behind.phase is Phase.IDEAS:
            return _("Back: the ideas are private again; they and their groups stay.")
        if behind.phase is Phase.VOTE:
            return _(
                "Back: totals are hidden again, dots stay and can be moved; the minutes say so."
            )
        return _("Back: nothing is lost.")

    @property
    def _behind(self) -> Place | None:
        try:
            return preceding(self.place, gaps=len(self.gaps))
        except NoSuchMove:
            return None

    def _place_label(self, place: Place) -> str:
        name = str(Workshop.Phase(place.phase).label)
        if place.phase is not Phase.EVIDENCE or len(self.gaps) < 2:
            return name
        return f"{name} ({self.gaps[place.gap].stage.name})"

    @property
    def has_more_gaps(self) -> bool:
        return self.place.gap + 1 < len(self.gaps)

    @property
    def commit_lines(self) -> list[CommitLine]:
        return [
            CommitLine(spot, GapWords(spot.group.gap), tuple(self.decided.get(spot.group.pk, ())))
            for spot in self.matrix.spots
        ]

    @cached_property
    def decided(self) -> dict[int, list[Decision]]:
        found: dict[int, list[Decision]] = {}
        for decision in self.decisions:
            found.setdefault(decision.group_id, []).append(decision)
        return found
