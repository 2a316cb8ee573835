"""Two contents of one observation side by side: by stage and interaction, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from observations.models import Revision
from observations.wording import Content, answer_words, as_text, content_of_revision
from scoring.models import Framework, Interaction


@dataclass(frozen=True, slots=True)
class Pair:
    """What one line says on either side."""

    label: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class AnswerPair:
    answer: Pair
    note: Pair

    @property
    def differs(self) -> bool:
        return self.answer.differs or self.note.differs


@dataclass(frozen=True, slots=True)
class StagePairs:
    """`name` is empty for what is in no guide."""

    name: str
    answers: list[AnswerPair]


@dataclass(frozen=True, slots=True)
class Difference:
    facts: list[Pair]
    stages: list[StagePairs]
    # By the photo's identifier: the interaction, size and content of its manifest.
    photos: list[Pair]

    @property
    def count(self) -> int:
        answers = [one for stage in self.stages for one in stage.answers]
        pairs = [*self.facts, *self.photos]
        return sum(one.differs for one in pairs) + sum(one.differs for one in answers)

    def only_changes(self) -> Difference:
        """Without the lines on which both sides agree."""
        stages = [
            StagePairs(stage.name, [one for one in stage.answers if one.differs])
            for stage in self.stages
        ]
        return Difference(
            [one for one in self.facts if one.differs],
            [stage for stage in stages if stage.answers],
            [one for one in self.photos if one.differs],
        )


def compare(before: Content, after: Content) -> Difference:
    """Every line that either side has, in the order of the newer guide."""
    facts = [Pair(name, before.facts[name], after.facts[name]) for name in before.facts]
    return Difference(facts, list(_stages(before, after)), list(_photos(before, after)))


def _guide(content: Content) -> dict[str, Interaction]:
    if content.framework is None:
        return {}
    return {one.key: one for one in content.framework.interactions.all()}


def _stages(before: Content, after: Content) -> Iterator[StagePairs]:
    guides = _guide(before), _guide(after)
    known = {**guides[1], **{k: one for k, one in guides[0].items() if k not in guides[1]}}
    stages: dict[int, StagePairs] = {}
    for key, interaction in known.items():
        stage = interaction.stage
        entry = stages.setdefault(stage.pk, StagePairs(stage.name, []))
        entry.answers.append(_pair(key, interaction.statement, guides, before, after))
    yield from stages.values()
    said = (before.answers, after.answers, before.notes, after.notes)
    strange = [key for key in dict.fromkeys(k for side in said for k in side) if key not in known]
    if strange:
        yield StagePairs("", [_pair(key, key, guides, before, after) for key in strange])


def _pair(
    key: str,
    statement: str,
    guides: tuple[Mapping[str, Interaction], Mapping[str, Interaction]],
    before: Content,
    after: Content,
) -> AnswerPair:
    sides = zip(guides, (before, after), strict=True)
    words = [answer_words(guide.get(key), side.answers.get(key)) for guide, side in sides]
    notes = [as_text(side.notes.get(key) or "") for side in (before, after)]
    return AnswerPair(Pair(statement, words[0], words[1]), Pair("", notes[0], notes[1]))


def _photos(before: Content, after: Content) -> Iterator[Pair]:
    sides = [{str(one.get("id")): one for one in side.media} for side in (before, after)]
    for one in dict.fromkeys(key for side in sides for key in side):
        yield Pair(one, *(_photo_words(side.get(one)) for side in sides))


def _photo_words(item: dict[str, Any] | None) -> str:
    if item is None:
        return ""
    parts = [item.get("type"), item.get("interaction"), item.get("size"), item.get("sha256")]
    words = [as_text(part) for part in parts[:3] if part is not None]
    if isinstance(parts[3], str):
        words.append(f"SHA-256 {parts[3][:12]}…")
    return " · ".join(words)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A revision and what it changed; the first one changed nothing."""

    revision: Revision
    difference: Difference | None


def history_of(
    revisions: Iterable[Revision], frameworks: Mapping[int, Framework]
) -> list[HistoryEntry]:
    """In order. Wants `location` and `channel` selected, and every framework `with_guide()`."""
    entries: list[HistoryEntry] = []
    former: Content | None = None
    for revision in revisions:
        content = content_of_revision(revision, frameworks[revision.framework_id])
        change = compare(former, content).only_changes() if former else None
        entries.append(HistoryEntry(revision, change))
        former = content
    return entries
