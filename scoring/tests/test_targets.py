"""Targets: dated once in force, refused where they break a rule, shown as tau by stage."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from django.test import Client

from accounts.models import User
from journeys.models import AuditEntry, Journey
from scoring.models import Framework, TargetChange
from scoring.targets import TargetRefused, set_targets, stage_targets
from scoring.tests.factories import make_framework

Of = Callable[[User], Client]
URL = "/programmes/casa-nord/journeys/family-store/framework/1/targets/"


def test_a_changed_target_is_dated(framework: Framework, lead: User) -> None:
    changed = set_targets(
        framework=framework, targets={"S1-p": 2, "S1-b": 0, "S1-d": None}, actor=lead
    )
    assert [row.key for row in changed] == ["S1-p", "S1-d"]
    assert framework.interactions.get(key="S1-p").target == 2
    dated = TargetChange.objects.order_by("pk").values_list("before", "after", "changed_by")
    assert list(dated) == [(1, 2, lead.pk), (0, None, lead.pk)]
    entry = AuditEntry.objects.get()
    assert entry.changes == {"S1-p": [1, 2], "S1-d": [0, None]}


def test_in_a_draft_nothing_is_dated(journey: Journey, consultant: User) -> None:
    draft = make_framework(journey, status="draft")
    set_targets(framework=draft, targets={"S1-p": 2}, actor=consultant)
    assert draft.interactions.get(key="S1-p").target == 2
    assert not TargetChange.objects.exists()


def test_nothing_changed_writes_nothing(framework: Framework, lead: User) -> None:
    assert set_targets(framework=framework, targets={"S1-p": 1}, actor=lead) == []
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"S1-p": 3}, {"S1-p": -1}, {"S1-b": -2}, {"S1-b": 1}, {"S1-x": 0}]
)
def test_a_wrong_target_is_refused_with_all_the_others(
    framework: Framework, lead: User, wrong: dict[str, int]
) -> None:
    with pytest.raises(TargetRefused) as refusal:
        set_targets(framework=framework, targets={"S2-p": 2} | wrong, actor=lead)
    assert list(refusal.value.errors) == list(wrong)
    assert framework.interactions.get(key="S2-p").target == 1
    assert not TargetChange.objects.exists()


def test_tau_before_and_after(framework: Framework) -> None:
    """S1 at its targets: 1 of P = 2 + 3; with the delight at 3 and the performance at 2: all of it."""
    rows = list(framework.interactions.prefetch_related("levels").select_related("stage"))
    first = stage_targets(rows, {"S1-p": 2, "S1-d": 3})[0]
    assert (first.before, first.after) == (Fraction(20), Fraction(100))
    untouched = stage_targets(rows)[0]
    assert not untouched.is_changed
    none = stage_targets(rows, {"S1-b": None, "S1-p": None, "S1-d": None})[0]
    assert none.after is None


def typed(framework: Framework, **targets: object) -> dict[str, object]:
    data: dict[str, object] = {
        f"target-{row.key}": "" if row.target is None else row.target
        for row in framework.interactions.all()
    }
    versions = sum(framework.interactions.values_list("version", flat=True))
    data["seen"] = f"{framework.interactions.count()}-{versions}"
    return data | {f"target-{key}": value for key, value in targets.items()}


def test_the_effect_is_shown_before_it_is_saved(
    framework: Framework, lead: User, client_of: Of
) -> None:
    data = typed(framework) | {"target-S1-d": 3, "preview": "1"}
    answer = client_of(lead).post(URL, data)
    assert answer.status_code == 200
    stage = answer.context["stages"][0]["target"]
    assert (stage.before, stage.after) == (Fraction(20), Fraction(80))
    assert framework.interactions.get(key="S1-d").target == 0
    data.pop("preview")
    assert client_of(lead).post(URL, data).status_code == 302
    assert framework.interactions.get(key="S1-d").target == 3


def test_a_wrong_target_names_its_interaction(
    framework: Framework, lead: User, client_of: Of
) -> None:
    answer = client_of(lead).post(URL, typed(framework) | {"target-S1-d": 2})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["target-S1-d"]


def test_an_overtaken_page_says_what_stands_there_now(
    framework: Framework, lead: User, client_of: Of
) -> None:
    data = typed(framework) | {"target-S1-p": 0}
    set_targets(framework=framework, targets={"S1-p": 2}, actor=lead)
    client = client_of(lead)
    answer = client.post(URL, data)
    assert answer.status_code == 409
    assert "It is now: +2" in answer.content.decode()
    assert framework.interactions.get(key="S1-p").target == 2
    data["seen"] = answer.context["form"].data["seen"]
    assert client.post(URL, data).status_code == 302
    assert framework.interactions.get(key="S1-p").target == 0


def test_after_publication_targets_are_the_leads(
    framework: Framework, consultant: User, client_of: Of
) -> None:
    assert client_of(consultant).post(URL, typed(framework)).status_code == 403
    Framework.objects.filter(pk=framework.pk).update(status="draft")
    assert client_of(consultant).post(URL, typed(framework)).status_code == 302
