"""What observations add up to, in plain Python: no cell, no outbox, no SQL."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from observations.models import PendingFold
from scoring.models import Framework, LevelCount, StageCell
from scoring.scale import Item, Thresholds, score_observation
from scoring.vector import VECTOR_FIELDS, Vector

# (journey, version, method, month, location) and then what is summed: a stage and channel, or an
# interaction and its answer.
Key = tuple[str | int | None, ...]
Sums = dict[Key, list[int]]


@dataclass(frozen=True)
class Guide:
    """A framework version as the arithmetic knows it."""

    items: tuple[Item, ...]
    thresholds: Thresholds

    @classmethod
    def of(cls, framework: Framework) -> Guide:
        rows = framework.interactions.select_related("stage", "touchpoint__channel")
        items = tuple(row.as_item() for row in rows.prefetch_related("levels"))
        return cls(items, framework.thresholds)

    def takes(self, answers: dict[str, Any]) -> bool:
        """Every interaction answered is here, with the level that was seen."""
        points = {item.key: item.points for item in self.items}
        return all(
            key in points and (answer in ("NA", "NO") or answer in points[key])
            for key, answer in answers.items()
        )


@dataclass
class Kept:
    """An observation as it should stand; `exclusion` is the observer excluded when it was marked."""

    document: dict[str, Any]
    number: int = 1
    withdrawn: bool = False
    moved: bool = False
    exclusion: str | None = None

    @property
    def counted(self) -> bool:
        return not self.withdrawn and self.exclusion is None


@dataclass
class Oracle:
    """Every revision ever accepted, and every observation as it should stand now."""

    guides: dict[tuple[str, int], Guide] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    # {(id, revision): document}
    revisions: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    # {observer: (first month, last month)}
    excluded: dict[str, tuple[str, str]] = field(default_factory=dict)

    def accept(self, document: dict[str, Any]) -> None:
        """A new observation, or the next revision of a known one; a mark stays on it."""
        one = self.kept.get(document["id"])
        if one is None:
            one = self.kept[document["id"]] = Kept(document)
        else:
            one.document, one.number = document, one.number + 1
        one.exclusion = one.exclusion or self.taking(one)
        self.revisions[document["id"], one.number] = document

    def taking(self, one: Kept) -> str | None:
        observer, month = one.document["observer"], one.document["observed_at"][:7]
        first, last = self.excluded.get(observer, ("9999-12", "0001-01"))
        return observer if first <= month <= last else None

    def exclude(self, observer: str, first: str, last: str) -> None:
        self.excluded[observer] = (first or "0001-01", last or "9999-12")
        for one in self.kept.values():
            one.exclusion = one.exclusion or self.taking(one)

    def readmit(self, observer: str) -> None:
        del self.excluded[observer]
        for one in self.kept.values():
            if one.exclusion == observer:
                one.exclusion = self.taking(one)

    def sums(self) -> Sums:
        """What all cells and counts must be once nothing waits."""
        total: Sums = defaultdict(lambda: [0] * len(VECTOR_FIELDS))
        for one in self.kept.values():
            if one.counted:
                self._add(total, one.document, 1)
        return _without_zeros(total)

    def stored(self) -> Sums:
        """The cells and counts there are, with what the outbox will add to them or take."""
        total: Sums = defaultdict(lambda: [0] * len(VECTOR_FIELDS))
        for key, values in (*_cells(), *_counts()):
            assert key not in total, f"two cells of one key: {key}"
            total[key] = values
        pending = PendingFold.objects.values_list(
            "revision__observation__uuid", "revision__number", "sign"
        )
        for one, number, sign in pending:
            self._add(total, self.revisions[str(one), number], sign)
        return _without_zeros(total)

    def _add(self, total: Sums, document: dict[str, Any], sign: int) -> None:
        guide = self.guides[document["journey"], document["framework_version"]]
        place: Key = (
            document["journey"],
            document["framework_version"],
            document["method"],
            document["observed_at"][:7],
            document["location"],
        )
        for row in score_observation(
            guide.items,
            document["answers"],
            method=document["method"],
            thresholds=guide.thresholds,
        ):
            cell = total[*place, row.stage, row.channel]
            for index, value in enumerate(Vector.from_sums(row).astuple()):
                cell[index] += sign * value
        for key, answer in document["answers"].items():
            total[*place, "level", key, str(answer)][0] += sign


_PLACE = ("framework__journey__key", "framework__version", "method", "month", "location__code")


def _cells() -> Iterable[tuple[Key, list[int]]]:
    rows = StageCell.objects.values_list(*_PLACE, "stage__key", "channel__key", *VECTOR_FIELDS)
    for row in rows:
        yield tuple(row[:7]), list(row[7:])


def _counts() -> Iterable[tuple[Key, list[int]]]:
    rows = LevelCount.objects.values_list(*_PLACE, "interaction", "answer", "count")
    for row in rows:
        yield (*row[:5], "level", *row[5:7]), [row[7]] + [0] * (len(VECTOR_FIELDS) - 1)


def _without_zeros(total: Sums) -> Sums:
    return {key: values for key, values in total.items() if any(values)}


def new_id() -> str:
    return str(uuid.uuid4())
