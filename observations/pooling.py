"""The pooled variance of each method: one vector a stage of the perimeter, location and wave.

No filter enters, so that a page under any filter needs the same pools, and reading them takes as long
as all the rest of the page's scores. They are kept therefore, at an address that holds what they depend
on: the cells as the revision that the last fold left and as their own sums, in case a database is restored
and counts its revisions anew, the months of the waves, and the perimeter.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from journeys.models import Stage, Wave
from observations.cells import Cells, Scored, added_up, summed, wave_among, wave_of
from observations.remembering import keep, recall
from scoring.intervals import Pool, pool_variance
from scoring.models import Framework, StageCell
from scoring.vector import Vector

SHAPE = 1  # of what is kept: raised with every change of it and of what it is computed by

Pools = dict[str, Pool]


def pools_of(framework: Framework, stages: Iterable[Stage]) -> Pools:
    cells = StageCell.objects.filter(
        framework=framework, channel=None, stage__in=[stage.pk for stage in stages]
    )
    rows = summed(cells.annotate(wave=wave_of(framework)), "method", "stage", "location", "wave")
    return pools_from((method, vector) for (method, *_key), vector in rows)


def pools_from(strata: Iterable[tuple[str, Vector]]) -> Pools:
    """From (method, vector) of each stage, location and wave."""
    vectors: dict[str, list[Vector]] = {}
    for method, vector in strata:
        vectors.setdefault(method, []).append(vector)
    return {method: pool_variance(found) for method, found in vectors.items()}


def pools_among(scored: Sequence[Scored], cells: Mapping[int, Cells]) -> dict[int, Pools]:
    """What `pools_of` says of each framework, of whose `cells` they are: kept, else in one query for all.

    Without a stage in the perimeter there is nothing to pool.
    """
    pooled = [one for one in scored if one.stages]
    if not pooled:
        return {}
    waves = list(pooled[0].framework.journey.programme.waves.all())
    addresses = {one.framework.pk: _address(one, cells[one.framework.pk], waves) for one in pooled}
    kept = recall(addresses.values())
    found = {framework: kept[at] for framework, at in addresses.items() if at in kept}
    missing = _read([one for one in pooled if one.framework.pk not in found], waves)
    keep({addresses[framework]: pools for framework, pools in missing.items()})
    return found | missing


def _read(scored: Sequence[Scored], waves: Sequence[Wave]) -> dict[int, Pools]:
    if not scored:
        return {}
    rows = StageCell.objects.filter(
        framework__in=[one.framework.pk for one in scored],
        channel=None,
        stage__in=[stage.pk for one in scored for stage in one.stages],
    ).annotate(wave=wave_among(waves))
    strata: dict[int, list[tuple[str, Vector]]] = {one.framework.pk: [] for one in scored}
    for (framework, method, *_place), vector in added_up(
        rows, "framework", "method", "stage", "location", "wave"
    ):
        strata[framework].append((method, vector))
    return {framework: pools_from(own) for framework, own in strata.items()}


def _address(one: Scored, cells: Cells, waves: Sequence[Wave]) -> str:
    framework = one.framework
    places = sorted(cells.every.items(), key=_in_order)
    content = (
        framework.pk,
        framework.created_at,
        framework.cells_revision,
        [(wave.pk, wave.first_month, wave.last_month) for wave in waves],
        sorted(stage.pk for stage in one.stages),
        [place for place, _vector in places],
    )
    sums = array("q", chain.from_iterable(vector for _place, vector in places))
    digest = hashlib.sha256(repr(content).encode() + sums.tobytes()).hexdigest()
    return f"pools:{SHAPE}:{digest}"


def _in_order(cell: tuple[tuple[int | None, str, int | None], Vector]) -> tuple[int, str, int]:
    (stage, method, location), _vector = cell
    return stage or 0, method, location or 0
