"""Folding 10,000 pending observations with many stored, against the same with few. Prints JSON.

    python benchmarks/fold.py [--count 1000000]

Two databases of one PostgreSQL, one with 10,000 observations folded and one with `--count`, each
with 10,000 more that came last and wait in the outbox. The sides alternate within each round; between
rounds the 10,000 are taken back out of the cells and put back into the outbox. At the end both
databases must pass the check of `rebuild_scores`. The ratio is the median of the rounds' ratios.
"""

from __future__ import annotations

import json
import statistics
import time

from stand import stand
from stored import FEW, add, count_asked_for, make_databases, megabytes, observations, using

ROUNDS = 5
PENDING = 10_000


def main() -> None:
    many = count_asked_for(__doc__)
    with stand(servers=0) as one:
        few_dsn, many_dsn = make_databases(one, [FEW, many])
        print(json.dumps(measure(few_dsn, many_dsn), indent=2))


def measure(few: str, many: str) -> dict[str, object]:
    for dsn in (few, many):
        add(dsn, PENDING)
        _round(dsn)
    rounds: list[tuple[float, float]] = []
    for number in range(ROUNDS):
        if number % 2:
            rounds.append((_round(many), _round(few)))
        else:
            rounds.append((_round(few), _round(many))[::-1])
    for dsn in (few, many):
        _fold(dsn, sign=1)
    ratios = [with_many / with_few for with_many, with_few in rounds]
    return {
        "ratio": round(statistics.median(ratios), 2),
        "goal": 1.2,
        "ratios": [round(ratio, 2) for ratio in ratios],
        "seconds_with_many": [round(with_many, 2) for with_many, _few in rounds],
        "seconds_with_few": [round(with_few, 2) for _many, with_few in rounds],
        "pending": PENDING,
        "many": _state(many),
        "few": _state(few),
    }


def _round(dsn: str) -> float:
    """Seconds to fold the 10,000; afterwards they are out of the cells again."""
    seconds = _fold(dsn, sign=1)
    _fold(dsn, sign=-1)
    return seconds


def _fold(dsn: str, *, sign: int) -> float:
    from django.db import connection

    from observations.folding import fold_pending

    with using(dsn):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO observations_pendingfold"
                " (revision_id, framework_id, sign, batch, created_at)"
                " SELECT id, framework_id, %s, '', now() FROM observations_revision"
                " ORDER BY id DESC LIMIT %s",
                [sign, PENDING],
            )
        started = time.perf_counter()
        folded = fold_pending()
        seconds = time.perf_counter() - started
    if folded != PENDING:
        raise RuntimeError(f"{folded} were folded")
    return seconds


def _state(dsn: str) -> dict[str, int]:
    from observations.folding import differing_cells
    from scoring.models import Framework, StageCell

    with using(dsn):
        found = {
            "cells": StageCell.objects.count(),
            "cells_that_differ_from_a_rebuild": len(differing_cells(Framework.objects.get())),
        }
    return {"observations": observations(dsn), **found, "database_mb": megabytes(dsn)}


if __name__ == "__main__":
    main()
