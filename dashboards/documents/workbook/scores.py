"""Stages and the whole journey: weighted scores, targets, gaps, shares of customers, counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from actionplans.gaps import Gap
from dashboards.boards import counted
from dashboards.documents.workbook.cells import Rows, score_form
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
    text,
)
from observations.scores import ScoreSheet
from scoring.classify import Evidence, StageScore
from scoring.journey_score import FIRST_AND_LAST
from scoring.scale import MOMENT_OF_TRUTH

CLASSES = ("nD", "nN", "nE")


def stages_table(book: Book) -> Table:
    return Table(book, _("Stages"), _stage_columns())


def cells_of_needed(table: Table, sheet: ScoreSheet) -> dict[str, str]:
    """The cell of each stage that will say how many observations it takes: methods ask for it."""
    return {
        stage.key: table.there("needed", table.next_row + place)
        for place, stage in enumerate(sheet.stages)
    }


def write_stages(
    table: Table, sheet: ScoreSheet, stages: Sequence[Gap], facts: Facts, methods: Rows
) -> None:
    for gap in stages:
        row = _StageRow(table, sheet, gap, facts, methods)
        form: Form = "score" if gap.score.evidence is Evidence.A else "rough"
        table.add(
            {
                **row.words(),
                **row.declared(),
                **row.sums(),
                **row.score(),
                **row.shares(),
                **row.parts(),
            },
            {"X": form, "raw_X": form, "gap": form},
        )


def _number(value: Fraction | None, otherwise: str = "") -> float | str:
    return otherwise if value is None else float(value)


def unknown() -> str:
    return _("not enough data")


@dataclass(frozen=True)
class _StageRow:
    table: Table
    sheet: ScoreSheet
    gap: Gap
    facts: Facts
    methods: Rows

    def here(self, name: str) -> str:
        return self.table.here(name, self.table.next_row)

    @property
    def score_of(self) -> StageScore:
        return self.gap.score

    @property
    def rows(self) -> Span:
        return self.methods.stages[self.gap.stage.key]

    def words(self) -> dict[str, Cell]:
        """Said by the product; intervals and classes are values, nothing here computes them again."""
        stage, score = self.gap.stage, self.score_of
        shown = self.gap.is_shown
        low, high = score.interval if shown and score.interval else (None, None)
        ends = score.gap_interval if shown else None
        return {
            "stage": stage.name,
            "key": stage.key,
            "phase": str(stage.get_phase_display()),
            "class": f"{self.gap.class_sign} {self.gap.class_word}".strip(),
            "evidence": self.gap.evidence_word,
            "certainty": ""
            if not shown
            else _("confirmed")
            if self.gap.confirmed
            else _("to confirm"),
            "why": " ".join(self.gap.reasons),
            "low": low,
            "high": high,
            "gap_low": ends[0] if ends else None,
            "gap_high": ends[1] if ends else None,
            "rank": self.gap.priority.rank,
            "tier": self.gap.tier_word,
            "held": int(self.gap.held_back),
        }

    def declared(self) -> dict[str, Cell]:
        stage, limits = self.gap.stage, self.sheet.framework
        assert limits is not None
        least, truth = self.facts.rule("least"), self.facts.rule("least_truth")
        own, raised = self.here("declared"), int(self.score_of.criticality > stage.criticality)
        return {
            "declared": stage.criticality,
            "first_or_last": raised,
            "weight": Formula(
                f"MAX({own},{FIRST_AND_LAST}*{self.here('first_or_last')})",
                self.score_of.criticality,
            ),
            "needed": Formula(
                f"IF({own}={MOMENT_OF_TRUTH},{truth},{least})",
                limits.thresholds.observations_needed(stage.criticality),
            ),
        }

    def sums(self) -> dict[str, Cell]:
        """Over the methods used; over all with data where none is."""
        if not self.rows:
            return dict.fromkeys(SUMS, 0)
        classed = self.sheet.selection.channel is None
        found: dict[str, Cell] = {}
        for name in SUMS:
            if classed or name not in {*CLASSES, "nU"}:
                spans = [
                    self.methods.table.span(one, self.rows) for one in ("basis", "observed", name)
                ]
                value = getattr(self.score_of.sums, name)
                found[name] = Formula(f"SUMPRODUCT({','.join(spans)})", value)
        return found

    def score(self) -> dict[str, Cell]:
        shown = self.gap.is_shown
        target, score, enough = self.here("target"), self.here("X"), self.here("enough")
        stage = self.score_of
        used = [self.methods.table.span(one, self.rows) for one in ("used", "observed")]
        enough_text = f"IF(SUMPRODUCT({','.join(used)})>0,1,0)" if self.rows else "0"
        return {
            "enough": Formula(enough_text, int(shown)),
            "X": Formula(self._weighted("X"), _number(stage.score if shown else None, unknown())),
            "raw_X": Formula(
                self._weighted("raw_X"), _number(stage.raw_score if shown else None, unknown())
            ),
            "target": Formula(
                self._target(), _number(stage.target.score if stage.target else None)
            ),
            "gap": Formula(
                f'IF(OR({enough}=0,{target}=""),"",{target}-{score})',
                _number(stage.gap if shown else None),
            ),
        }

    def _weighted(self, name: str) -> str:
        if not self.rows:
            return text(unknown())
        parts, scores = (self.methods.table.span(one, self.rows) for one in ("part", name))
        mean = f"SUMPRODUCT({parts},{scores})/SUM({parts})"
        return f"IF({self.here('enough')}=1,{mean},{text(unknown())})"

    def _target(self) -> str:
        rows, table = self.facts.stage_items[self.gap.stage.key], self.facts.framework
        if not rows:
            return '""'
        levels, points, gain, loss = (
            table.span(one, rows) for one in ("target", "at_target", "gain", "loss")
        )
        mapped = score_map(f"SUM({points})", f"SUM({gain})", f"SUM({loss})")
        return f'IF(COUNT({levels})=0,"",{mapped})'

    def shares(self) -> dict[str, Cell]:
        """Of the customers that have a class; of the observations in which a basic was seen."""
        sums = self.score_of.sums
        nb, covered = self.here("nb"), self.here("nb_ok")
        found: dict[str, Cell] = {
            "covered": Formula(
                f'IF({nb}=0,"",{covered}/{nb})', sums.nb_ok / sums.nb if sums.nb else ""
            )
        }
        if self.sheet.selection.channel is not None:
            return found
        classified = "+".join(self.here(name) for name in CLASSES)
        whole = sum(getattr(sums, name) for name in CLASSES)
        for name in CLASSES:
            share = getattr(sums, name) / whole if whole else ""
            formula = f'IF({classified}=0,"",{self.here(name)}/({classified}))'
            found[f"share_{name}"] = Formula(formula, share)
        return found

    def parts(self) -> dict[str, Cell]:
        """What the stage brings to the journey: nothing without enough data."""
        enough, weight, target = self.here("enough"), self.here("weight"), self.here("target")
        shown, stage = self.gap.is_shown, self.score_of
        c = stage.criticality if shown else 0
        tau = stage.target.score if stage.target else None
        aimed = float(c * tau) if shown and tau is not None else 0
        return {
            "c": Formula(f"{enough}*{weight}", c),
            "cX": Formula(
                f"IF({enough}=1,{weight}*{self.here('X')},0)",
                float(c * stage.score) if shown and stage.score is not None else 0,
            ),
            "ct": Formula(f'IF(OR({enough}=0,{target}=""),0,{weight}*{target})', aimed),
            "untargeted": Formula(
                f'IF(AND({enough}=1,{target}=""),1,0)', int(shown and tau is None)
            ),
        }


def _stage_columns() -> list[Column]:
    return [
        Column("stage", _("Stage"), width=30),
        Column("phase", _("Phase"), width=10),
        Column("n", "n", "formula", "whole", 8),
        Column("X", _("Score X"), "formula", "score"),
        Column("low", _("95 %% interval, low end (value)") % {}, form="exact"),
        Column("high", _("95 %% interval, high end (value)") % {}, form="exact"),
        Column("target", _("Target"), "formula", "score"),
        Column("gap", _("Gap: target minus typical"), "formula", "score"),
        Column("gap_low", _("Gap, low end (value)"), form="exact"),
        Column("gap_high", _("Gap, high end (value)"), form="exact"),
        Column("class", _("Class (value)"), width=18),
        Column("certainty", _("Certainty (value)")),
        Column("evidence", _("Evidence (value)")),
        Column("why", _("What to know (value)"), width=60),
        Column("share_nD", _("Share disappointed"), "formula", "percent"),
        Column("share_nN", _("Share neutral"), "formula", "percent"),
        Column("share_nE", _("Share enchanted"), "formula", "percent"),
        Column("covered", _("Share with basics covered"), "formula", "percent"),
        Column("raw_X", _("Raw score, before the gate"), "formula", "score"),
        *[one for one in sum_columns() if one.key != "n"],
        Column("declared", _("Criticality declared"), form="whole"),
        Column("first_or_last", _("1 for a first or last contact that weighs 2"), form="whole"),
        Column("weight", _("Weight c"), "formula", "whole"),
        Column("needed", _("Observations needed"), "formula", "whole"),
        Column("enough", _("Enough data"), "formula", "whole"),
        Column("c", _("c where it counts"), "formula", "whole"),
        Column("cX", "c X", "formula"),
        Column("ct", "c τ", "formula"),
        Column("untargeted", _("Counts without a target"), "formula", "whole"),
        Column("rank", _("Rank (value)"), form="whole"),
        Column("tier", _("What to do (value)"), width=24),
        Column("held", _("1 where an enchantment is held back (value)"), form="whole"),
        Column("key", _("Key"), width=10),
    ]


def journey_table(book: Book) -> Table:
    return Table(
        book,
        _("Journey"),
        [
            Column("name", _("Figure"), width=48),
            Column("value", _("Value"), width=18),
            Column("how", _("How"), width=80),
        ],
    )


def write_journey(
    table: Table,
    sheet: ScoreSheet,
    stages: Table,
    methods: Rows,
    sources: Sources,
    *,
    more: Sequence[Row],
) -> None:
    """`more` are the key figures beside the score."""
    journey = sheet.reading.journey
    form = score_form(journey.interval)
    for name, value, shown, how in (
        *_journey_rows(sheet, stages, sources),
        *more,
        *_cumulative(sheet, methods),
    ):
        table.add({"name": name, "value": value, "how": how}, {"value": shown or form})


Row = tuple[str, Cell, Form | None, str]


def _journey_rows(sheet: ScoreSheet, stages: Table, sources: Sources) -> list[Row]:
    journey, rows = sheet.reading.journey, stages.rows
    known = f"SUM({stages.span('c', rows)})"
    score, target = (
        f"SUM({stages.span('cX', rows)})/{known}",
        f"SUM({stages.span('ct', rows)})/{known}",
    )
    missing = f"SUM({stages.span('untargeted', rows)})"
    no_target, no_data = text(_("no target")), text(unknown())
    gap = (
        None if journey.target is None or journey.score is None else journey.target - journey.score
    )
    used, whole = journey.coverage
    low, high = journey.interval or (None, None)
    n: Cell = counted(sheet)
    if sources.counted_once and sources.table.rows:
        n = Formula(f"SUM({sources.table.span('once', sources.table.rows)})", counted(sheet))
    formula = _("formula")
    value = _("value: computed by the product")
    return [
        (
            _("Journey score J"),
            Formula(f"IF({known}=0,{no_data},{score})", _number(journey.score, unknown())),
            None,
            _("formula: Σ c X / Σ c"),
        ),
        (_("95 %% interval, low end") % {}, low, "exact", value),
        (_("95 %% interval, high end") % {}, high, "exact", value),
        (
            _("Target"),
            Formula(
                f"IF(OR({known}=0,{missing}>0),{no_target},{target})",
                _number(journey.target, _("no target")),
            ),
            None,
            _("formula: Σ c τ / Σ c"),
        ),
        (
            _("Gap: target minus typical"),
            Formula(f'IF(OR({known}=0,{missing}>0),"",{target}-{score})', _number(gap)),
            None,
            formula,
        ),
        (_("Observations counted (n)"), n, "whole", formula if isinstance(n, Formula) else value),
        (_("Weight of the stages measured"), Formula(known, used), "whole", formula),
        (
            _("Weight of all stages"),
            Formula(f"SUM({stages.span('weight', rows)})", whole),
            "whole",
            formula,
        ),
        (
            _("Coverage"),
            Formula(f"{known}/SUM({stages.span('weight', rows)})", used / whole if whole else 0),
            "percent",
            formula,
        ),
    ]


def _cumulative(sheet: ScoreSheet, methods: Rows) -> list[Row]:
    """Points of all stages over what could be won or lost in them (R65)."""
    journey, rows = sheet.reading.journey, methods.table.rows
    if not rows or journey.cumulative is None:
        return []
    taken = methods.table.span("cumulated", rows)
    sums = [f"SUMPRODUCT({taken},{methods.table.span(name, rows)})" for name in ("S", "P", "Q")]
    score = Formula(score_map(*sums), float(journey.cumulative))
    how = _("formula: the sums of all stages through the score map")
    return [
        (_("Cumulative score, for comparison"), score, score_form(journey.cumulative_interval), how)
    ]
