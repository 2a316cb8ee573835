"""Cells and methods: locations weighed by their shares, then each method of each stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from dashboards.documents.workbook.facts import Facts
from dashboards.documents.workbook.sources import SUMS, Sources, sum_columns
from dashboards.documents.workbook.tables import (
    Book,
    Cell,
    Column,
    Form,
    Formula,
    Span,
    Table,
    score_map,
)
from journeys.models import Location, Method
from observations.scores import ScoreSheet
from scoring.classify import Evidence, MethodScore, StageScore, StratumScore
from scoring.labels import grade
from scoring.numbers import Interval

Key = tuple[str, str]  # stage, method
MEANS = ("S", "raw", "P", "Q")


@dataclass
class Rows:
    """The rows of each key in a table."""

    table: Table
    spans: dict[Key, Span] = field(default_factory=dict)
    stages: dict[str, Span] = field(default_factory=dict)


def cells_table(book: Book) -> Table:
    return Table(book, _("Cells"), _cell_columns())


def write_cells(table: Table, sheet: ScoreSheet, facts: Facts, sources: Sources) -> Rows:
    """A row for each stage, method and location with data, in the order of the API."""
    rows = Rows(table)
    names = dict(
        Location.objects.filter(programme=sheet.journey.programme).values_list("code", "name")
    )
    stages = {stage.key: stage.name for stage in sheet.stages}
    for stage in sheet.reading.stages:
        for method in stage.methods:
            if method.aggregated:
                continue
            first = rows.table.next_row
            group = Span(first, first + len(method.strata) - 1)
            for stratum in method.strata:
                code = stratum.location or ""
                words = {
                    "stage": stages[stage.stage],
                    "method": str(Method(method.method).label),
                    "location": code,
                    "name": names.get(code, code) if code else _("without a location"),
                }
                sums = _summed(sources, (stage.stage, method.method, code))
                weights = _weight(rows.table, facts, stratum, method, group)
                rows.table.add({**words, **sums, **weights, **_means(rows.table, stratum, sums)})
            rows.spans[stage.stage, method.method] = group
    return rows


def _summed(sources: Sources, place: tuple[str, str, str]) -> dict[str, Cell]:
    rows, total = sources.spans[place], sources.totals[place]
    known = {column.key for column in sources.table.columns}
    return {
        name: Formula(f"SUM({sources.table.span(name, rows)})", getattr(total, name))
        for name in SUMS
        if name in known
    }


def _weight(
    table: Table, facts: Facts, stratum: StratumScore, method: MethodScore, group: Span
) -> dict[str, Cell]:
    """W of 2.3: declared shares if all are known, else all alike; without a location only if none has one."""
    row = table.next_row
    if stratum.location is None:
        alone = all(one.location is None for one in method.strata)
        return {"weight": int(alone)}
    source = facts.locations.there("share", facts.location_rows[stratum.location])
    known, shares = facts.rule("shares_known"), table.span("share", group)
    own = table.here("share", row)
    share: int | str = "" if stratum.share_bp is None else stratum.share_bp
    weight = _applied(stratum, method)
    return {
        "share": Formula(f'IF(ISNUMBER({source}),{source},"")', share),
        "weight": Formula(f"IF({known}=0,1,IF(SUM({shares})=0,1,{own}))", weight),
    }


def _applied(stratum: StratumScore, method: MethodScore) -> int:
    """What the formula comes to: the declared share where it is what was applied, else 1."""
    declared = sum(one.share_bp or 0 for one in method.strata)
    is_declared = declared > 0 and all(
        one.location is None or one.weight * declared == (one.share_bp or 0)
        for one in method.strata
    )
    return (stratum.share_bp or 0) if is_declared else 1


def _means(table: Table, stratum: StratumScore, sums: Mapping[str, Cell]) -> dict[str, Cell]:
    row = table.next_row
    n = table.here("n", row)
    found: dict[str, Cell] = {}
    for name in MEANS:
        total = sums[name]
        value = float(total.value) if isinstance(total, Formula) else 0.0
        found[f"mean_{name}"] = Formula(f"{table.here(name, row)}/{n}", value / stratum.n)
    return found


def _cell_columns() -> list[Column]:
    return [
        Column("stage", _("Stage"), width=24),
        Column("method", _("Method"), width=24),
        Column("location", _("Code")),
        Column("name", _("Location"), width=24),
        *sum_columns(),
        Column("share", _("Reference share, in basis points"), "formula", "whole"),
        Column("weight", _("Weight applied (W)"), "formula", "whole"),
        Column("mean_S", "S/n", "formula"),
        Column("mean_raw", _("raw S/n"), "formula"),
        Column("mean_P", "P/n", "formula"),
        Column("mean_Q", "Q/n", "formula"),
    ]


def methods_table(book: Book) -> Table:
    return Table(book, _("Methods"), _method_columns())


def write_methods(
    table: Table, sheet: ScoreSheet, facts: Facts, cells: Rows, needed: Mapping[str, str]
) -> Rows:
    """A row for each stage and method; `needed` are the cells that say how many observations it takes."""
    rows = Rows(table)
    names = {stage.key: stage.name for stage in sheet.stages}
    whole = len([method for stage in sheet.reading.stages for method in stage.methods])
    every = Span(rows.table.next_row, rows.table.next_row + whole - 1)
    for stage in sheet.reading.stages:
        group = Span(rows.table.next_row, rows.table.next_row + len(stage.methods) - 1)
        rows.stages[stage.stage] = group
        for method in stage.methods:
            writer = _MethodRow(rows.table, sheet, facts, cells, stage, method)
            score = score_form(method.interval)
            rows.table.add(
                {
                    "stage": names[stage.stage],
                    "method": str(Method(method.method).label),
                    **writer.facts_of(needed[stage.stage]),
                    **writer.sums(),
                    **writer.scores(),
                    **writer.use(group, every),
                },
                {"X": score, "raw_X": score, "crude": score},
            )
    return rows


def score_form(interval: Interval | None) -> Form:
    """Decimals for evidence A alone."""
    return "score" if interval and grade(interval) is Evidence.A else "rough"


@dataclass(frozen=True)
class _MethodRow:
    table: Table
    sheet: ScoreSheet
    facts: Facts
    cells: Rows
    stage: StageScore
    method: MethodScore

    def here(self, name: str) -> str:
        return self.table.here(name, self.table.next_row)

    def facts_of(self, needed: str) -> dict[str, Cell]:
        method, weights = self.method, self.facts.weights
        row = self.facts.weight_rows[method.method]
        low, high = method.interval or (None, None)
        limits = self.sheet.framework.thresholds if self.sheet.framework else None
        declared = next(one.criticality for one in self.sheet.stages if one.key == self.stage.stage)
        least = limits.observations_needed(declared) if limits else 0
        return {
            "observed": int(not method.aggregated),
            "number": row - 1,
            "weight": Formula(weights.there("weight", row), method.weight),
            "needed": Formula(needed, least),
            "low": low,
            "high": high,
        }

    def sums(self) -> dict[str, Cell]:
        """Of the observations; aggregated counts add nothing to the sums of a stage."""
        if self.method.aggregated:
            return {}
        table, rows = self.cells.table, self.cells.spans[self.stage.stage, self.method.method]
        classed = self.sheet.selection.channel is None
        names = [one for one in SUMS if classed or one not in {"nD", "nN", "nE", "nU"}]
        return {
            name: Formula(f"SUM({table.span(name, rows)})", getattr(self.method.sums, name))
            for name in names
        }

    def scores(self) -> dict[str, Cell]:
        return self._counted() if self.method.aggregated else self._standardised()

    def _counted(self) -> dict[str, Cell]:
        table, sums = self.facts.readings, self.method.counted
        assert table is not None and sums is not None
        rows = self.facts.reading_spans[self.stage.stage, self.method.method]
        score = Formula(self._score_map("star_S"), float(self.method.score))
        return {
            "n": Formula(f"MAX({table.span('n', rows)})", sums.n),
            "star_S": Formula(f"SUM({table.span('S', rows)})", sums.S),
            "star_P": Formula(f"SUM({table.span('P', rows)})", sums.P),
            "star_Q": Formula(f"SUM({table.span('Q', rows)})", sums.Q),
            "star_raw": Formula(f"SUM({table.span('S', rows)})", sums.S),
            "X": score,
            "raw_X": Formula(self._score_map("star_raw"), float(self.method.raw_score)),
            "crude": Formula(self.here("X"), float(self.method.crude)),
        }

    def _standardised(self) -> dict[str, Cell]:
        """S*, P*, Q* over the locations with their weights, then the score map."""
        table, rows = self.cells.table, self.cells.spans[self.stage.stage, self.method.method]
        method, means, weights = self.method, self.method.means, table.span("weight", rows)
        assert means is not None
        values = {"S": means.S, "raw": means.raw, "P": means.P, "Q": means.Q}
        found: dict[str, Cell] = {
            f"star_{name}": Formula(
                f"SUMPRODUCT({weights},{table.span(f'mean_{name}', rows)})/SUM({weights})",
                float(value),
            )
            for name, value in values.items()
        }
        crude = score_map(self.here("S"), self.here("P"), self.here("Q"))
        return {
            **found,
            "X": Formula(self._score_map("star_S"), float(method.score)),
            "raw_X": Formula(self._score_map("star_raw"), float(method.raw_score)),
            "crude": Formula(crude, float(method.crude)),
            **self._coverage(),
        }

    def _coverage(self) -> dict[str, Cell]:
        """The part of the locations' shares, or of the locations themselves, that was observed."""
        coverage = self.method.share_coverage
        if coverage is None:
            return {}
        table, rows = self.cells.table, self.cells.spans[self.stage.stage, self.method.method]
        own = table.span("share", rows)
        every = self.facts.locations.span("share", self.facts.locations.rows)
        located = sum(one.location is not None for one in self.method.strata)
        known = self.facts.rule("shares_known")
        formula = f"IF({known}=0,{located}/ROWS({every}),SUM({own})/SUM({every}))"
        return {"coverage": Formula(formula, float(coverage))}

    def _score_map(self, points: str) -> str:
        return score_map(self.here(points), self.here("star_P"), self.here("star_Q"))

    def use(self, group: Span, every: Span) -> dict[str, Cell]:
        """Whether it counts: enough observations and a weight; where no method does, all are added up."""
        n, needed, weight = (self.here(name) for name in ("n", "needed", "weight"))
        used, observed = self.here("used"), self.here("observed")
        any_used = any(one.used for one in self.stage.methods)
        anywhere = self._used_somewhere()
        within = self.table.span("used", group)
        everywhere, numbers = self.table.span("used", every), self.table.span("number", every)
        seen = self.table.span("observed", every)
        total = f"SUMPRODUCT({everywhere},{seen})"
        own = f"SUMPRODUCT(({numbers}={self.here('number')})*{everywhere}*{seen})"
        is_used = int(self.method.used)
        return {
            "used": Formula(f"IF(OR({n}<{needed},{weight}<=0),0,1)", is_used),
            "basis": Formula(f"IF(SUM({within})=0,1,{used})", is_used if any_used else 1),
            "part": Formula(f"{used}*{weight}", is_used * self.method.weight),
            "cumulated": Formula(
                f"IF({observed}=0,0,IF({total}=0,1,IF({own}>0,1,0)))", int(anywhere)
            ),
        }

    def _used_somewhere(self) -> bool:
        if self.method.aggregated:
            return False
        used = {
            one.method
            for stage in self.sheet.reading.stages
            for one in stage.methods
            if one.used and not one.aggregated
        }
        return not used or self.method.method in used


def _method_columns() -> list[Column]:
    return [
        Column("stage", _("Stage"), width=24),
        Column("method", _("Method"), width=24),
        Column("observed", _("1 for observations, 0 for aggregated counts"), form="whole"),
        Column("number", _("Number of the method in this workbook"), form="whole"),
        Column("weight", _("Weight"), "formula", "whole"),
        Column("needed", _("Observations needed"), "formula", "whole"),
        *sum_columns(),
        Column("star_S", "S*", "formula"),
        Column("star_raw", _("raw S*"), "formula"),
        Column("star_P", "P*", "formula"),
        Column("star_Q", "Q*", "formula"),
        Column("X", _("Score X of the method"), "formula", "score"),
        Column("raw_X", _("Raw score, before the gate"), "formula", "score"),
        Column("crude", _("Crude score, for comparison only"), "formula", "score"),
        Column("low", _("95 %% interval, low end (value)") % {}, form="exact"),
        Column("high", _("95 %% interval, high end (value)") % {}, form="exact"),
        Column("coverage", _("Share of the locations observed"), "formula", "percent"),
        Column("used", _("Used"), "formula", "whole"),
        Column("basis", _("Added up in the stage"), "formula", "whole"),
        Column("part", _("Weight in the stage's score"), "formula", "whole"),
        Column("cumulated", _("In the cumulative score"), "formula", "whole"),
    ]
