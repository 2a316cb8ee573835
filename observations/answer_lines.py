"""An observation as its page reads: each stage with its answers, their notes and their photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from journeys.models import Stage
from observations.models import Revision, StageResult
from observations.photos import Shown
from observations.wording import answer_words
from scoring.models import Framework, Interaction


@dataclass(frozen=True, slots=True)
class AnswerLine:
    interaction: Interaction
    answer: str
    label: str
    points: int | None
    note: str
    photos: list[Shown]

    @property
    def signed(self) -> str:
        """The points with their sign, 0 without one."""
        return "" if self.points is None else f"{self.points:+d}" if self.points else "0"


@dataclass(frozen=True, slots=True)
class StageAnswers:
    stage: Stage
    result: StageResult | None
    answers: list[AnswerLine]


def stage_answers(
    framework: Framework,
    revision: Revision,
    results: dict[int | None, StageResult],
    photos: Mapping[str, list[Shown]],
) -> list[StageAnswers]:
    notes = revision.details.get("notes") or {}
    stages: dict[int, StageAnswers] = {}
    for interaction in framework.interactions.all():
        stage = interaction.stage
        entry = stages.setdefault(stage.pk, StageAnswers(stage, results.get(stage.pk), []))
        entry.answers.append(_answer_line(interaction, revision, notes, photos))
    return list(stages.values())


def _answer_line(
    interaction: Interaction,
    revision: Revision,
    notes: Mapping[str, str],
    photos: Mapping[str, list[Shown]],
) -> AnswerLine:
    answer = revision.answers.get(interaction.key)
    points = answer if isinstance(answer, int) else None
    label = answer_words(interaction, answer)
    note, pictures = notes.get(interaction.key, ""), photos.get(interaction.key, [])
    return AnswerLine(interaction, str(answer), label, points, note, pictures)
