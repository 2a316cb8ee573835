"""Submit under random cuts and kills, against the real server: afterwards both sides hold the same set.

The gate runs a sample. The long run, some hundred submissions for each of three seeds:

    pytest -m slow e2e/field/test_random_faults.py
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest
from pytest_django.live_server_helper import LiveServer

from e2e.field.proxy import TOO_LARGE, fault_proxy
from e2e.field.storm import STALLS, STORM, Storm, held, on_the_server
from e2e.field.tablet import Tablet
from observations.folding import differing_cells, fold_pending
from scoring.models import Framework

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NewTablet = Callable[..., Tablet]


@pytest.mark.parametrize(
    ("seed", "runs"),
    [
        (20261128, 20),
        *(pytest.param(seed, 120, marks=pytest.mark.slow) for seed in (1, 2, 3)),
    ],
)
def test_both_sides_hold_the_same_set(
    seed: int,
    runs: int,
    new_tablet: NewTablet,
    live_server: LiveServer,
    code: str,
) -> None:
    with fault_proxy(live_server.url) as proxy:
        tablet = new_tablet(url=proxy.url)
        tablet.ready(code)
        storm = Storm(tablet, proxy, random.Random(seed))
        storm.rage(runs)
        storm.calm()
        struck = Counter(proxy.happened)
    assert len(storm.kept) == runs
    assert on_the_server() == storm.kept
    assert held() == 0
    fold_pending()
    assert differing_cells(Framework.objects.get()) == []
    # The storm was one: many kinds of failure, and pages that died.
    assert len(struck) >= min(runs // 2, len(STORM) - 4), struck
    assert storm.blows["kill"] >= 1
    print(f"seed {seed}: {runs} submissions, {len(proxy.happened)} faults of {len(struck)} kinds,")  # noqa: T201
    rare = {one.name: struck[one.name] for one in (TOO_LARGE, *STALLS)}
    print(f"  {rare},")  # noqa: T201
    print(f"  {dict(storm.blows)}; equal on both sides")  # noqa: T201
