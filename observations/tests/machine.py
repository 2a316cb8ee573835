"""Everything that may happen to observations, in any order: the cells must follow exactly.

Each step goes through the use case that pages, the API and imports call. After each of them cells
and outbox equal a rebuild, and both equal the arithmetic of what should count (`oracle.py`).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts.models import User
from journeys.models import Journey, Programme
from observations import folding
from observations.excluding import AlreadyExcluded, exclude_observer, readmit_observer
from observations.folding import differing_cells, fold_pending, rebuild_cells
from observations.intake import submit_observation
from observations.models import Observation, ObserverExclusion
from observations.moving import NotMovable, move_observation
from observations.tests.factories import make_document
from observations.tests.oracle import Guide, Kept, Oracle, new_id
from observations.withdrawing import Moved, restore_observation, withdraw_observation
from scoring.drafting import change_thresholds, start_draft
from scoring.models import Framework, Interaction
from scoring.publishing import publish_framework

months = st.sampled_from(["2026-09", "2026-10", "2026-11"])
windows = st.sampled_from([("", ""), ("2026-10", ""), ("", "2026-10"), ("2026-10", "2026-10")])
observers = st.sampled_from(["OBS-1", "OBS-2"])
journeys = st.sampled_from(["family-store", "pro-store"])
which = st.integers(0, 5)
answers = st.fixed_dictionaries(
    {},
    optional={
        f"{stage}-{kind}": st.sampled_from([*points, "NA", "NO"])
        for stage in ("S1", "S2")
        for kind, points in (("b", (-2, 0)), ("p", (-1, 0, 1, 2)), ("d", (0, 3)))
    },
)
contents = st.fixed_dictionaries(
    {
        "answers": answers,
        "location": st.sampled_from(["PAR1", "LYO1", None]),
        "month": months,
        "observer": observers,
        "method": st.sampled_from(["mystery_visit", "verbatim"]),
        "newest": st.booleans(),
    }
)


class ObservationMachine(RuleBasedStateMachine):
    """One programme, two journeys; every example is undone at its end."""

    def __init__(self, programme: Programme, actor: User) -> None:
        super().__init__()
        self.programme, self.actor = programme, actor
        self.oracle = Oracle()
        self.sent = 0
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize()
    def know_the_guides(self) -> None:
        for framework in Framework.objects.select_related("journey"):
            self.oracle.guides[framework.journey.key, framework.version] = Guide.of(framework)

    def versions(self, journey: str) -> list[int]:
        return [version for key, version in self.oracle.guides if key == journey]

    def document(self, journey: str, content: dict[str, Any], one: str) -> dict[str, Any]:
        """In the newest version of the guide or in the first, which takes what is finished late."""
        self.sent += 1
        versions = self.versions(journey)
        known = {item.key for item in self.oracle.guides[journey, versions[0]].items}
        return make_document(
            id=one,
            journey=journey,
            framework_version=max(versions) if content["newest"] else min(versions),
            answers={k: v for k, v in content["answers"].items() if k in known},
            location=content["location"],
            observed_at=f"{content['month']}-30T23:30:00-05:00",  # another month in UTC
            observer=content["observer"],
            method=content["method"],
            comment=f"No. {self.sent}",
        )

    def one(self, which: int) -> tuple[Observation, Kept]:
        ids = list(self.oracle.kept)
        one = ids[which % len(ids)]
        return Observation.objects.get(programme=self.programme, uuid=one), self.oracle.kept[one]

    def send(self, document: dict[str, Any]) -> str:
        outcome = submit_observation(
            programme=self.programme, document=document, user=self.actor, hold=False
        )
        return outcome.status

    has_some = precondition(lambda self: self.oracle.kept)

    # --- what may happen ---------------------------------------------------------------------
    @rule(journey=journeys, content=contents)
    def submit(self, journey: str, content: dict[str, Any]) -> None:
        document = self.document(journey, content, new_id())
        assert self.send(document) == "created", "also of an observer who is excluded"
        self.oracle.accept(document)

    @has_some
    @rule(which=which)
    def send_again(self, which: int) -> None:
        _row, kept = self.one(which)
        if "forked_from" not in kept.document:  # those were never sent
            assert self.send(kept.document) == ("withdrawn" if kept.withdrawn else "unchanged")

    @has_some
    @rule(which=which, content=contents)
    def edit(self, which: int, content: dict[str, Any]) -> None:
        row, kept = self.one(which)
        document = self.document(kept.document["journey"], content, str(row.uuid))
        status = self.send(document | {"base_revision": kept.number})
        assert status == ("withdrawn" if kept.withdrawn else "revised")
        if status == "revised":
            self.oracle.accept(document)

    @has_some
    @rule(which=which)
    def withdraw(self, which: int) -> None:
        row, kept = self.one(which)
        withdraw_observation(observation=row)
        kept.withdrawn = True

    @has_some
    @rule(which=which)
    def restore(self, which: int) -> None:
        row, kept = self.one(which)
        if kept.moved:
            with pytest.raises(Moved):
                restore_observation(observation=row)
        else:
            restore_observation(observation=row)
            kept.withdrawn = False

    @rule(observer=observers, window=windows)
    def exclude(self, observer: str, window: tuple[str, str]) -> None:
        first, last = window
        how: dict[str, Any] = {"programme": self.programme, "observer": observer}
        how |= {"reason": "Made up", "first_month": first, "last_month": last, "user": self.actor}
        if observer in self.oracle.excluded:
            with pytest.raises(AlreadyExcluded):
                exclude_observer(**how)
        else:
            exclude_observer(**how)
            self.oracle.exclude(observer, first, last)

    @precondition(lambda self: self.oracle.excluded)
    @rule(which=which)
    def readmit(self, which: int) -> None:
        observer = list(self.oracle.excluded)[which % len(self.oracle.excluded)]
        standing = ObserverExclusion.objects.get(observer=observer, readmitted_at=None)
        readmit_observer(exclusion=standing, user=self.actor)
        self.oracle.readmit(observer)

    @precondition(lambda self: len(self.oracle.guides) < 4)
    @rule(journey=journeys, weight=st.sampled_from([2, 3]), low=st.sampled_from([-40, -1]))
    def republish(self, journey: str, weight: int, low: int) -> None:
        """The next version: another weight, another threshold."""
        newest = self.framework(journey, max(self.versions(journey)))
        draft = start_draft(journey=newest.journey, copy_of=newest, actor=self.actor)
        change_thresholds(framework=draft, values={"low": low}, actor=self.actor)
        Interaction.objects.filter(framework=draft, key="S1-p").update(weight=weight)
        publish_framework(framework=draft, actor=self.actor)
        self.oracle.guides[journey, draft.version] = Guide.of(
            self.framework(journey, draft.version)
        )

    def framework(self, journey: str, version: int) -> Framework:
        rows = Framework.objects.select_related("journey__programme")
        return rows.get(journey__key=journey, version=version)

    @has_some
    @rule(which=which)
    def move(self, which: int) -> None:
        row, kept = self.one(which)
        there = {"family-store": "pro-store", "pro-store": "family-store"}[kept.document["journey"]]
        version = max(self.versions(there))
        fits = kept.counted and self.oracle.guides[there, version].takes(kept.document["answers"])
        how: dict[str, Any] = {"observation": row, "user": self.actor}
        how["journey"] = Journey.objects.get(key=there)
        if not fits:
            with pytest.raises(NotMovable):
                move_observation(**how)
            return
        moved = move_observation(**how)
        changed = {"id": str(moved.uuid), "journey": there, "framework_version": version}
        kept.withdrawn = kept.moved = True
        self.oracle.accept(kept.document | changed | {"forked_from": str(row.uuid)})

    @rule(batch=st.integers(1, 4))
    def fold_a_few(self, batch: int) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(folding, "BATCH", batch)
            folding._fold_batch()

    @rule()
    def fold_all(self) -> None:
        fold_pending()

    @rule(which=which)
    def rebuild(self, which: int) -> None:
        keys = list(self.oracle.guides)
        rebuild_cells(self.framework(*keys[which % len(keys)]))

    # --- what must hold after every step -----------------------------------------------------
    @invariant()
    def cells_and_outbox_are_a_rebuild(self) -> None:
        for framework in Framework.objects.all():
            wrong = differing_cells(framework)
            assert wrong == [], wrong

    @invariant()
    def cells_and_outbox_are_the_arithmetic(self) -> None:
        stored, meant = self.oracle.stored(), self.oracle.sums()
        wrong = [key for key in stored.keys() | meant.keys() if stored.get(key) != meant.get(key)]
        assert not wrong, [(key, stored.get(key), meant.get(key)) for key in wrong]

    @invariant()
    def what_counts_is_said_by_each_observation(self) -> None:
        counted = Observation.objects.counted().values_list("uuid", flat=True)
        meant = {one for one, kept in self.oracle.kept.items() if kept.counted}
        assert {str(one) for one in counted} == meant
