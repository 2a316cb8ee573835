"""Scores added up from the raw rows of a workbook in plain fractions: no line of the product's arithmetic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from dashboards.tests.raw_rows import RawRows, Visit

SILENCE_COUNTS = {"Verbatim", "Social listening"}


@dataclass(frozen=True)
class Stage:
    """`n` as the page counts; `score` is None where no method has enough observations."""

    n: int
    score: Fraction | None
    target: Fraction | None


@dataclass(frozen=True)
class Whole:
    """A journey: its score and target by the weights of the stages, and the weight measured of how much."""

    score: Fraction | None
    target: Fraction | None
    measured: str


Wanted = Callable[[Visit], bool]


def score_of(points: Fraction, to_win: Fraction, to_lose: Fraction) -> Fraction:
    if points == 0:
        return Fraction(0)
    return 100 * points / (to_win if points > 0 else to_lose)


@dataclass(frozen=True)
class Added:
    """What the rows come to; `places` are the locations whose shares count, all without it."""

    rows: RawRows

    def stage(
        self, key: str, wanted: Wanted, places: Collection[str] | None = None, channel: str = ""
    ) -> Stage:
        """Of the visits wanted."""
        methods: dict[str, list[Visit]] = defaultdict(list)
        for visit in self.rows.visits:
            if visit.stage == key and wanted(visit) and self.sums(visit, channel) is not None:
                methods[visit.method].append(visit)
        needed = self.needed(key)
        used = {
            method: visits
            for method, visits in methods.items()
            if len(visits) >= needed and self.rows.weights[method] > 0
        }
        n = sum(len(visits) for visits in (used or methods).values())
        target = self._target(key, channel)
        if not used:
            return Stage(n, None, target)
        scores = {method: self.method(visits, places, channel) for method, visits in used.items()}
        whole = sum(self.rows.weights[method] for method in used)
        score = sum((self.rows.weights[one] * scores[one] for one in used), Fraction(0)) / whole
        return Stage(n, score, target)

    def journey(self, wanted: Wanted, places: Collection[str] | None = None) -> Whole:
        found = {key: self.stage(key, wanted, places) for key in self.rows.stages}
        known = {key: one for key, one in found.items() if one.score is not None}
        used = sum(self.rows.stages[key] for key in known)
        measured = f"{used}/{sum(self.rows.stages.values())}"
        if not known:
            return Whole(None, None, measured)
        score = sum(self.rows.stages[key] * (one.score or 0) for key, one in known.items())
        targets = [one.target for one in known.values()]
        target = sum(self.rows.stages[key] * (one.target or 0) for key, one in known.items())
        return Whole(
            Fraction(score) / used, None if None in targets else Fraction(target) / used, measured
        )

    def observations(self, wanted: Wanted) -> int:
        return len({visit.observation for visit in self.rows.visits if wanted(visit)})

    def sums(self, visit: Visit, channel: str) -> tuple[int, int, int] | None:
        """S, P and Q; None where it adds nothing. The gate is the stage's, whatever channel is read."""
        answers = visit.answers
        if not any(isinstance(points, int) for points in answers.values()):
            return None
        is_gated = any(
            self.rows.questions[key].kind == "Basic"
            and isinstance(points, int)
            and points < self.rows.rules["A basic is missed below"]
            for key, points in answers.items()
        )
        earned = to_win = to_lose = 0
        for key, points in answers.items():
            asked = self.rows.questions[key]
            is_known = isinstance(points, int)
            is_silent = visit.method in SILENCE_COUNTS and points != "NA"
            if channel not in ("", asked.channel) or not (is_known or is_silent):
                continue
            to_win, to_lose = to_win + asked.gain, to_lose + asked.loss
            if is_known and not (is_gated and asked.kind == "Delight" and points > 0):
                earned += asked.weight * points
        return (earned, to_win, to_lose) if to_win or to_lose else None

    def method(
        self, visits: Iterable[Visit], places: Collection[str] | None, channel: str = ""
    ) -> Fraction:
        """Means a location, weighed by the reference shares; alike if a share is missing."""
        strata: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for visit in visits:
            sums = self.sums(visit, channel)
            assert sums is not None
            strata[visit.location].append(sums)
        with_place = {code: rows for code, rows in strata.items() if code}
        strata = with_place or strata
        weights = self.weights(strata, places)
        means = [
            sum(
                Fraction(weights[code] * sum(one[place] for one in rows), len(rows))
                for code, rows in strata.items()
            )
            for place in range(3)
        ]
        return score_of(*(Fraction(one) for one in means))

    def weights(
        self, strata: Collection[str], places: Collection[str] | None = None
    ) -> dict[str, int]:
        """Of the locations with visits, among those whose shares count."""
        shares = {
            code: row["Reference share, in basis points"]
            for code, row in self.rows.places.items()
            if places is None or code in places
        }
        known = None not in shares.values() and sum(shares.get(code, 0) for code in strata)
        return {code: shares.get(code, 0) if known else 1 for code in strata}

    def needed(self, key: str) -> int:
        truth = " at a moment of truth" if self.rows.stages[key] == 3 else ""
        least: int = self.rows.rules[f"Observations needed{truth}"]
        return least

    def _target(self, key: str, channel: str) -> Fraction | None:
        own = [
            one
            for one in self.rows.questions.values()
            if one.stage == key and channel in ("", one.channel)
        ]
        if all(one.target is None for one in own):
            return None
        reached = sum(one.weight * (one.target or 0) for one in own)
        gain, loss = sum(one.gain for one in own), sum(one.loss for one in own)
        return score_of(Fraction(reached), Fraction(gain), Fraction(loss))


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Half to even, once."""
    return Fraction(round(value * 10**decimals), 10**decimals)
