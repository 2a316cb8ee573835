"""The pooled variance of each method: one vector a stage of the perimeter, location and wave.

No filter enters, so that a page under any filter needs the same pools, and reading them takes as long
as all the rest of the page's scores. They are kept therefore, at an address that holds what they depend
on: the cells by the stamp of the last fold, the months of the waves, and the perimeter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction

from journeys.models import Stage, Wave
from observations.cells import Scored, added_up, wave_among
from observations.remembering import keep, recall
from scoring.intervals import Pool, pool_variance
from scoring.models import Framework, StageCell
from scoring.vector import Vector

SHAPE = 1  # of what is kept: raised with every change of it and of what it is computed by

Pools = dict[str, Pool]
# {method: numerator and denominator of v0, degrees of freedom}: no class that may move.
_Packed = Mapping[str, tuple[int, int, int]]


def pools_of(framework: Framework, stages: Iterable[Stage]) -> Pools:
    """Read now, whatever is kept."""
    waves = framework.journey.programme.waves.all()
    return _read([Scored(framework, tuple(stages), [])], waves)[framework.pk]


def pools_from(strata: Iterable[tuple[str, Vector]]) -> Pools:
    """From (method, vector) of each stage, location and wave."""
    vectors: dict[str, list[Vector]] = {}
    for method, vector in strata:
        vectors.setdefault(method, []).append(vector)
    return {method: pool_variance(found) for method, found in vectors.items()}


def pools_among(scored: Sequence[Scored]) -> dict[int, Pools]:
    """What `pools_of` says of each framework: kept, else in one query for all.

    Without a stage in the perimeter there is nothing to pool.
    """
    pooled = [one for one in scored if one.stages]
    if not pooled:
        return {}
    waves = list(pooled[0].framework.journey.programme.waves.all())
    addresses = {one.framework.pk: _address(one, waves) for one in pooled}
    kept = recall(addresses.values())
    found = {framework: _unpacked(kept[at]) for framework, at in addresses.items() if at in kept}
    missing = _read([one for one in pooled if one.framework.pk not in found], waves)
    settled = _settled([one.framework for one in pooled if one.framework.pk in missing])
    keep({addresses[framework]: _packed(missing[framework]) for framework in settled})
    return found | missing


def _settled(frameworks: Collection[Framework]) -> list[int]:
    """Those whose cells are still the ones that they were when the frameworks were read."""
    if not frameworks:
        return []
    stamps = [framework.cells_stamp for framework in frameworks]
    still = Framework.objects.filter(
        pk__in=[framework.pk for framework in frameworks], cells_stamp__in=stamps
    )
    return list(still.values_list("pk", flat=True))


def _packed(pools: Pools) -> _Packed:
    return {method: (*pool.v0.as_integer_ratio(), pool.df) for method, pool in pools.items()}


def _unpacked(packed: _Packed) -> Pools:
    return {method: Pool(Fraction(n, d), df) for method, (n, d, df) in packed.items()}


def _read(scored: Sequence[Scored], waves: Iterable[Wave]) -> dict[int, Pools]:
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


def _address(one: Scored, waves: Sequence[Wave]) -> str:
    content = (
        one.framework.pk,
        one.framework.cells_stamp,
        [(wave.pk, wave.first_month, wave.last_month) for wave in waves],
        sorted(stage.pk for stage in one.stages),
    )
    return f"pools:{SHAPE}:{hashlib.sha256(repr(content).encode()).hexdigest()}"
