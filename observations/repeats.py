"""What stands under an id: read without a lock, because most of what comes twice comes unchanged."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from accounts.compiled import CompiledQuery
from journeys.models import Programme
from observations.models import Observation, Revision

KEPT_SIZES = 16


@dataclass(frozen=True, slots=True)
class Standing:
    """The current content of an observation that is not withdrawn."""

    uploaded_by_id: int | None
    device_id: int | None
    sha256: str
    number: int
    missing_media: list[str] = field(default_factory=list)


def standing_contents(programme_id: int, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """By id; committed by now, because whoever loses an id has waited for its winner."""
    if not ids:
        return {}
    found: dict[uuid.UUID, Standing] = {}
    for one, *content, medium, file in _current(len(ids)).rows(programme_id, *ids):
        standing = found.setdefault(one, Standing(*content))
        if medium is not None and not file:
            standing.missing_media.append(str(medium))
    return found


def lock_known(programme: Programme, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Observation]:
    """For what is to change: locked in one order by everybody, with revisions and photos."""
    if not ids:
        return {}
    rows = (
        Observation.objects.select_for_update()
        .filter(programme=programme, uuid__in=ids)
        .order_by("pk")
        .prefetch_related("revisions", "media")
    )
    return {row.uuid: row for row in rows}


@lru_cache(KEPT_SIZES)
def _current(count: int) -> CompiledQuery:
    """Of so many observations: a row each, or one for each of its photos."""
    return CompiledQuery(
        lambda programme_id, *ids: (
            Revision.objects.filter(
                is_current=True,
                observation__programme=programme_id,
                observation__uuid__in=ids,
                observation__withdrawn_at=None,
            )
            .order_by("observation__media__pk")
            .values_list(
                "observation__uuid",
                "observation__uploaded_by",
                "observation__device",
                "sha256",
                "number",
                "observation__media__uuid",
                "observation__media__file",
            )
        ),
        int,
        *[uuid.UUID] * count,
    )
