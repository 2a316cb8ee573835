"""What a held table was found to do, small enough to be kept: counts, the first faults and changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from observations.indicator_file import Fault
from observations.indicator_imports import Preview

MOST_FAULTS: Final = 10_000
MOST_CHANGES: Final = 200


@dataclass(frozen=True, slots=True)
class Change:
    """What stands at a place of the table, and what would."""

    row: int
    month: str
    places: tuple[str, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Findings:
    """`good` lines could be imported; `faults` and `changes` are the first of `fault_count` and `changed`."""

    rows: int
    of_answers: bool
    mixes_totals: bool
    good: int
    new: int
    changed: int
    unchanged: int
    faulty_rows: int
    fault_count: int
    faults: tuple[Fault, ...]
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, preview: Preview, *, most_faults: int | None = MOST_FAULTS) -> Findings:
        table, changes = preview.table, preview.changes
        return cls(
            rows=table.rows,
            of_answers=table.of_answers,
            mixes_totals=table.mixes_totals,
            good=len(preview.planned),
            new=preview.new,
            changed=len(changes),
            unchanged=preview.unchanged,
            faulty_rows=table.faulty_rows,
            fault_count=len(table.faults),
            faults=tuple(table.faults[:most_faults]),
            changes=tuple(
                Change(
                    one.line.row,
                    one.line.month,
                    tuple(place.name for place in one.line.named_places),
                    one.before or {},
                    dict(one.line.counts),
                )
                for one in changes[:MOST_CHANGES]
            ),
        )

    def as_document(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Findings:
        faults: Iterable[Mapping[str, Any]] = document["faults"]
        changes: Iterable[Mapping[str, Any]] = document["changes"]
        parts = {
            "faults": tuple(Fault(**one) for one in faults),
            "changes": tuple(Change(**{**one, "places": tuple(one["places"])}) for one in changes),
        }
        return cls(**{**document, **parts})
