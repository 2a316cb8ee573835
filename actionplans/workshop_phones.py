"""The screen of one phone: what all of them show, and one person's own ideas and dots."""

from __future__ import annotations

from functools import cached_property

from django.utils.safestring import SafeString

from actionplans.workshop_models import Idea, Participant
from actionplans.workshop_screens import Screen
from actionplans.workshop_shared import Look, Shared


class PhoneScreen(Screen):
    """Made for one person: their own ideas until all are shown, their own dots for ever."""

    def __init__(self, participant: Participant, shared: Shared) -> None:
        super().__init__(participant.workshop)
        self.participant, self.shared = participant, shared

    @property
    def question(self) -> str:
        return self.shared.question

    @cached_property
    def own_ideas(self) -> list[Idea]:
        return list(self.participant.ideas.filter(gap=self.shared.gap)) if self.shared.gap else []

    @cached_property
    def dotted(self) -> frozenset[int]:
        return frozenset(self.participant.votes.values_list("group_id", flat=True))

    @property
    def dots_left(self) -> int:
        return max(0, self.workshop.votes_per_person - len(self.dotted))

    @property
    def candidates(self) -> list[SafeString]:
        """The vote as this person sees it."""
        other = Look.FREE if self.dots_left else Look.NO_DOTS_LEFT
        return [
            one.html[Look.DOTTED if one.group in self.dotted else other]
            for one in self.shared.candidates
        ]

    @property
    def is_done(self) -> bool:
        return self.participant.done_with == self.place.key
