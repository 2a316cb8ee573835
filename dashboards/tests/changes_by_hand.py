"""Changes between two windows, like for like, added up from the raw rows of a workbook.

No line of the product's arithmetic is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from fractions import Fraction

from dashboards.tests.by_hand import Added, Wanted, score_of
from dashboards.tests.raw_rows import RawRows, Visit

PAIRED_FROM = 6  # locations
Windows = tuple[Wanted, Wanted]


@dataclass(frozen=True)
class Change:
    """`n` in each window; no figure where nothing is compared. `crude` pools all that was seen.

    `witness` is the change between the windows of the guard. A stage that is not judged has no part in
    the change of the journey.
    """

    n: tuple[int, int]
    before: Fraction | None = None
    after: Fraction | None = None
    change: Fraction | None = None
    crude: Fraction | None = None
    methods: Mapping[str, Change] = field(default_factory=dict)
    witness: Change | None = None
    is_judged: bool = False


@dataclass(frozen=True)
class LikeForLike:
    """`guard` are the windows of a control, or those from a second baseline on."""

    added: Added
    windows: Windows
    guard: Windows | None = None

    def stage(self, key: str) -> Change:
        compared = self._methods(key, self.windows)
        if not compared:
            seen = [self._seen(key, wanted) for wanted in self.windows]
            return Change((len(seen[0]), len(seen[1])))
        if self.guard is None:
            return replace(self._combined(compared), is_judged=True)
        witnesses = self._methods(key, self.guard)
        shared = {name: one for name, one in compared.items() if name in witnesses}
        if not shared:
            return self._combined(compared)
        witness = self._combined({name: witnesses[name] for name in shared})
        return replace(self._combined(shared), witness=witness, is_judged=True)

    def journey(self) -> Change:
        """The stages that are judged, by their weights; observations are counted of every stage."""
        stages = {key: self.stage(key) for key in self.added.rows.stages}
        judged = {key: one for key, one in stages.items() if one.is_judged}
        weights = [self.added.rows.stages[key] for key in judged]
        before, after = (self.added.observations(wanted) for wanted in self.windows)
        return replace(_weighted(weights, list(judged.values())), n=(before, after))

    def _seen(self, key: str, wanted: Wanted) -> list[Visit]:
        return [
            visit
            for visit in self.added.rows.visits
            if visit.stage == key and wanted(visit) and self.added.sums(visit, "") is not None
        ]

    def _methods(self, key: str, windows: Windows) -> dict[str, Change]:
        """Those of which enough was seen in both, at the same locations."""
        seen = [self._seen(key, wanted) for wanted in windows]
        found = {}
        for name in {visit.method for visit in seen[0] if self.added.rows.weights[visit.method]}:
            own = [[visit for visit in visits if visit.method == name] for visits in seen]
            one = self._method(own)
            if one is not None and min(one.n) >= self.added.needed(key):
                found[name] = one
        return found

    def _method(self, seen: Sequence[Sequence[Visit]]) -> Change | None:
        codes = [{visit.location for visit in visits} for visits in seen]
        both = codes[0] & codes[1]
        if codes[0] | codes[1] != {""}:
            both -= {""}
        places = {code for code, weight in self.added.weights(both, both).items() if weight}
        if not places:
            return None
        kept = [[visit for visit in visits if visit.location in places] for visits in seen]
        before, after = (self.added.method(visits, both) for visits in kept)
        change = after - before
        if len(places) >= PAIRED_FROM:
            change = self._mean_change(kept, places)
        pooled = [self._pooled(visits) for visits in seen]
        n = (len(kept[0]), len(kept[1]))
        return Change(n, before, after, change, pooled[1] - pooled[0])

    def _mean_change(self, seen: Sequence[Sequence[Visit]], places: set[str]) -> Fraction:
        """Of the changes of the locations themselves, by their shares."""
        weights = self.added.weights(places, places)
        total = Fraction(0)
        for code, weight in weights.items():
            before, after = (self._pooled([v for v in one if v.location == code]) for one in seen)
            total += weight * (after - before)
        return total / sum(weights.values())

    def _pooled(self, visits: Sequence[Visit]) -> Fraction:
        sums = [self.added.sums(visit, "") or (0, 0, 0) for visit in visits]
        return score_of(*(Fraction(sum(place)) for place in zip(*sums, strict=True)))

    def _combined(self, methods: Mapping[str, Change]) -> Change:
        weights = [self.added.rows.weights[name] for name in methods]
        n = [sum(one.n[place] for one in methods.values()) for place in range(2)]
        whole = _weighted(weights, list(methods.values()))
        return replace(whole, n=(n[0], n[1]), methods=methods)


def _weighted(weights: Sequence[int], changes: Sequence[Change]) -> Change:
    """The figures of the changes by their weights, without a count."""

    def mean(values: Iterable[Fraction | None]) -> Fraction:
        pairs = zip(weights, values, strict=True)
        return sum((Fraction(weight) * (value or 0) for weight, value in pairs), Fraction(0)) / sum(
            weights
        )

    if not changes:
        return Change((0, 0))
    return Change(
        (0, 0),
        before=mean(one.before for one in changes),
        after=mean(one.after for one in changes),
        change=mean(one.change for one in changes),
        crude=mean(one.crude for one in changes),
    )


def on_common_ground(older: RawRows, newer: RawRows) -> RawRows:
    """The visits of both versions, with the answers to what both ask in the same words and weight."""
    same = {
        key: asked
        for key, asked in newer.questions.items()
        if key in older.questions and asked.meaning == older.questions[key].meaning
    }
    visits = [
        replace(visit, answers={key: said for key, said in visit.answers.items() if key in same})
        for visit in [*older.visits, *newer.visits]
    ]
    merged = copy(newer)
    merged.questions, merged.visits = same, visits
    merged.weights = older.weights | newer.weights
    return merged
