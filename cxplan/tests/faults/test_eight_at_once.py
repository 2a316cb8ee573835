"""Eight tablets, or eight tries of one, at the same moment: one row, and an answer for each.

A few rounds each time; the hundred of the promise by

    pytest -m slow cxplan/tests/faults/test_eight_at_once.py
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from cxplan.tests.faults.conftest import MakeTablets
from cxplan.tests.faults.tablet import Document, Tablet, at_once
from cxplan.tests.faults.truth import assert_each_counts_once
from journeys.models import Programme
from observations.documents import canonical_sha256
from observations.folding import fold_pending
from observations.models import HeldCopy, Observation, PendingFold, Revision, StageResult
from observations.tests.factories import ANSWERS, make_document
from scoring.models import Framework

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

ROUNDS = [10, pytest.param(100, marks=pytest.mark.slow)]


def random_document(chance: random.Random) -> Document:
    answers = ANSWERS | {"S1-p": chance.choice((-1, 0, 1, 2)), "S2-b": chance.choice((-2, 0))}
    return make_document(
        answers=answers, observed_at=f"2026-{chance.randint(1, 12):02d}-03T09:00:00Z"
    )


def acknowledged_by(tablets: list[Tablet]) -> set[str]:
    return set().union(*(one.acknowledged for one in tablets))


@pytest.mark.parametrize("rounds", ROUNDS)
def test_the_same_document_eight_times_is_one_observation(
    rounds: int, tablets: MakeTablets, programme: Programme, framework: Framework
) -> None:
    chance, eight = random.Random(rounds), tablets(8)
    answers: Counter[int] = Counter()
    for _ in range(rounds):
        document = random_document(chance)
        now = at_once(eight, [document] * 8)
        assert sorted(now) == [*[200] * 7, 201]
        answers.update(now)
    assert answers == {201: rounds, 200: 7 * rounds}
    assert Revision.objects.count() == PendingFold.objects.count() == rounds
    assert not HeldCopy.objects.exists()
    fold_pending()
    assert_each_counts_once(acknowledged_by(eight), framework)
    assert Observation.objects.count() == rounds


@pytest.mark.parametrize("rounds", ROUNDS)
def test_the_same_revision_eight_times_is_one_revision(
    rounds: int, tablets: MakeTablets, programme: Programme, framework: Framework
) -> None:
    chance, eight = random.Random(rounds), tablets(8)
    for _ in range(rounds):
        document = random_document(chance)
        assert eight[0].put(document) == 201
        edit = document | {"base_revision": 1, "answers": ANSWERS | {"S3-b": -2}}
        now = at_once(eight, [edit] * 8)
        assert now == [200] * 8
    numbers = Counter(Revision.objects.values_list("number", "is_current"))
    assert numbers == {(1, False): rounds, (2, True): rounds}
    assert Counter(PendingFold.objects.values_list("sign", flat=True)) == {
        1: 2 * rounds,
        -1: rounds,
    }
    fold_pending()
    assert_each_counts_once(acknowledged_by(eight), framework)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_eight_contents_under_one_id_one_is_accepted_and_seven_are_kept(
    rounds: int, tablets: MakeTablets, programme: Programme, framework: Framework
) -> None:
    chance, eight = random.Random(rounds), tablets(8)
    for _ in range(rounds):
        first = random_document(chance)
        documents = [first | {"customer": f"C-{number}"} for number in range(8)]
        now = at_once(eight, documents)
        assert sorted(now) == [201, *[409] * 7]
        kept = HeldCopy.objects.filter(uuid=first["id"], reason="conflict")
        current = Revision.objects.get(observation__uuid=first["id"])
        assert {current.sha256, *kept.values_list("sha256", flat=True)} == set(
            map(canonical_sha256, documents)
        )
    assert StageResult.objects.filter(stage=None).count() == rounds
    fold_pending()
    assert_each_counts_once(acknowledged_by(eight), framework)
