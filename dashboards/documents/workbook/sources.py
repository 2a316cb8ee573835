"""The sheets that everything else is added up from: answers and visits, else sums by month."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from dashboards.documents.raw_rows import AnswerLine, Visit
from dashboards.documents.workbook.facts import Facts
from dashboards.documents.workbook.tables import (
    Book,
    Cell,
    Column,
    Formula,
    Span,
    Table,
    score_map,
    text,
)
from journeys.models import Method
from observations.cells import summed, within
from observations.scores import ScoreSheet
from scoring.items import EXCEEDS, Kind
from scoring.models import Interaction, StageCell
from scoring.numbers import BASIS_POINTS, x
from scoring.scale import FAILED_BASIC
from scoring.vector import Vector

SUMS = ("n", "S", "raw", "P", "Q", "nD", "nN", "nE", "nU", "nb", "nb_ok")
Place = tuple[str, str, str]  # stage, method, location ("" without one)


@dataclass
class Sources:
    """The rows of each stage, method and location in the table that is summed, and what they come to.

    `observations` is how many observations there are, as a cell for formulas; None where the rows
    don't tell.
    """

    table: Table
    spans: dict[Place, Span] = field(default_factory=dict)
    totals: dict[Place, Vector] = field(default_factory=dict)
    counted_once: bool = False


def sum_columns() -> list[Column]:
    titles = {
        "n": "n",
        "S": "S",
        "raw": _("raw S"),
        "P": "P",
        "Q": "Q",
        "nD": _("Disappointed"),
        "nN": _("Neutral"),
        "nE": _("Enchanted"),
        "nU": _("Unclassified"),
        "nb": _("Basics seen"),
        "nb_ok": _("Basics covered"),
    }
    return [Column(name, titles[name], "formula", "whole") for name in SUMS]


def as_values(columns: Iterable[Column]) -> list[Column]:
    return [Column(one.key, one.title, "value", one.form, one.width) for one in columns]


def write_months(book: Book, sheet: ScoreSheet, cells: Mapping[tuple[str, ...], Vector]) -> Sources:
    """Where answers are too many, or not for this reader: the exact sums by month."""
    table = Table(
        book,
        _("Sums by month"),
        [
            Column("stage", _("Stage"), width=24),
            Column("method", _("Method"), width=24),
            Column("location", _("Location")),
            Column("month", _("Month")),
            *as_values(sum_columns()),
        ],
    )
    names = {stage.key: stage.name for stage in sheet.stages}
    sources = Sources(table)
    classed = sheet.selection.channel is None
    for (stage, method, location, month), vector in cells.items():
        values: dict[str, Cell] = {name: getattr(vector, name) for name in SUMS}
        row = table.add(
            {
                "stage": names[stage],
                "method": str(Method(method).label),
                "location": location,
                "month": month,
                **(
                    values
                    if classed
                    else {**values, "nD": None, "nN": None, "nE": None, "nU": None}
                ),
            }
        )
        _note(sources, (stage, method, location), row, vector)
    return sources


def read_months(sheet: ScoreSheet) -> dict[tuple[str, ...], Vector]:
    """{(stage, method, location, month): sums}, in that order."""
    channel = sheet.selection.channel
    cells = StageCell.objects.filter(
        within(sheet.selection),
        framework=sheet.framework,
        stage__in=[stage.pk for stage in sheet.stages],
        **({"channel__key": channel} if channel else {"channel": None}),
    )
    order = {stage.key: place for place, stage in enumerate(sheet.stages)}
    rows = {
        (stage, method, code or "", month): vector
        for (stage, method, code, month), vector in summed(
            cells, "stage__key", "method", "location__code", "month"
        )
    }
    return dict(sorted(rows.items(), key=lambda row: (order[row[0][0]], *row[0][1:])))


def _note(sources: Sources, place: Place, row: int, vector: Vector) -> None:
    """The rows of a place follow one another."""
    known = sources.spans.get(place)
    sources.spans[place] = Span(known.first if known else row, row)
    sources.totals[place] = sources.totals.get(place, Vector()) + vector


def write_answers(
    book: Book,
    sheet: ScoreSheet,
    facts: Facts,
    visits: Iterable[Visit],
    report: Callable[[int], None],
) -> Sources:
    """Each visit with the answers it is made of, side by side on two sheets; `report` counts visits."""
    writer = _Writer(book, sheet, facts)
    for number, visit in enumerate(visits, start=1):
        writer.write(visit)
        if number % 200 == 0:
            report(number)
    return writer.sources


class _Writer:
    """Writes answers and visits at once, because each refers to the rows of the other."""

    def __init__(self, book: Book, sheet: ScoreSheet, facts: Facts) -> None:
        self.facts = facts
        self.by_channel = sheet.selection.channel is not None
        self.limits = sheet.framework.thresholds if sheet.framework else None
        self.visits = Table(book, _("Visits"), _visit_columns(by_channel=self.by_channel))
        self.answers = Table(book, _("Answers"), _answer_columns())
        self.sources = Sources(self.visits, counted_once=not self.by_channel)
        self._seen: set[int] = set()
        self._kinds = {kind: str(Interaction.Kind(kind.value).label) for kind in Kind}
        self._methods = {method.value: str(method.label) for method in Method}

    def write(self, visit: Visit) -> None:
        row = self.visits.next_row
        first = self.answers.next_row
        for line in visit.lines:
            self.answers.add(self._answer(visit, line, row))
        values = self._visit(visit, row, Span(first, self.answers.next_row - 1))
        self.visits.add(values)
        vector = Vector(**{name: _value(values.get(name)) for name in SUMS})
        _note(self.sources, (visit.stage.key, visit.method, visit.location), row, vector)

    def _answer(self, visit: Visit, line: AnswerLine, visit_row: int) -> dict[str, Cell]:
        item, row = line.item, self.answers.next_row
        weight, points, kind, raw, gain, loss = (
            self.answers.here(name, row)
            for name in ("weight", "points", "kind", "raw", "gain", "loss")
        )
        gate = self.visits.there("gate", visit_row)
        delight = text(self._kinds[Kind.DELIGHT])
        counts = f'{points}<>"NA"' if visit.is_full else f"ISNUMBER({points})"
        return {
            "observation": visit.observation,
            "stage": visit.stage.key,
            "interaction": item.key,
            "kind": self._kinds[item.kind],
            "weight": item.weight,
            "gain": item.gain,
            "loss": item.loss,
            "points": line.answer,
            "raw": Formula(f"IF(ISNUMBER({points}),{weight}*{points},0)", line.raw),
            "counted": Formula(f"IF(AND({gate}=1,{kind}={delight},{raw}>0),0,{raw})", line.counted),
            "P": Formula(f"IF({counts},{gain},0)", line.P),
            "Q": Formula(f"IF({counts},{loss},0)", line.Q),
        }

    def _visit(self, visit: Visit, row: int, rows: Span) -> dict[str, Cell]:
        is_first = visit.revision_id not in self._seen
        self._seen.add(visit.revision_id)
        return {
            "observation": visit.observation,
            "day": visit.observed_on,
            "month": visit.month,
            "method": self._methods[visit.method],
            "location": visit.location,
            "stage": visit.stage.name,
            "once": int(is_first),
            **self._sums(visit, rows),
            **self._basics(visit, row, rows),
            **({} if self.by_channel else self._classes(visit, row, rows)),
        }

    def _sums(self, visit: Visit, rows: Span) -> dict[str, Cell]:
        result = visit.result
        spans = {name: self.answers.span(name, rows) for name in ("counted", "raw", "P", "Q")}
        seen = f"COUNT({self.answers.span('points', rows)})>0"
        if self.by_channel:
            seen = f"SUM({spans['P']})+SUM({spans['Q']})>0"
        return {
            "n": Formula(f"IF({seen},1,0)", 1),
            "S": Formula(f"SUM({spans['counted']})", result.S),
            "raw": Formula(f"SUM({spans['raw']})", result.raw),
            "P": Formula(f"SUM({spans['P']})", result.P),
            "Q": Formula(f"SUM({spans['Q']})", result.Q),
        }

    def _basics(self, visit: Visit, row: int, rows: Span) -> dict[str, Cell]:
        """Whether a basic was seen, and whether one was missed; the gate of a channel is the stage's."""
        kinds, points = (self.answers.span(name, rows) for name in ("kind", "points"))
        basics = f"COUNTIFS({kinds},{text(self._kinds[Kind.BASIC])},{points},"
        below = self.facts.rule("broken_below")
        result = visit.result
        is_broken = result.basic_seen and not result.basics_ok
        seen, broken = self.visits.here("nb", row), self.visits.here("broken", row)
        gate: Cell = int(visit.is_gated)
        if not self.by_channel:
            gate = Formula(broken, int(is_broken))
        return {
            "nb": Formula(f'IF({basics}">=-3")>0,1,0)', int(result.basic_seen)),
            "broken": Formula(f'IF({basics}"<"&{below})>0,1,0)', int(is_broken)),
            "gate": gate,
            "nb_ok": Formula(f"IF(AND({seen}=1,{broken}=0),1,0)", int(result.basics_ok)),
        }

    def _classes(self, visit: Visit, row: int, rows: Span) -> dict[str, Cell]:
        kinds, points, weights = (
            self.answers.span(name, rows) for name in ("kind", "points", "weight")
        )
        here = {column.key: self.visits.here(column.key, row) for column in self.visits.columns}
        rule = {name: self.facts.rule(name) for name in ("low", "high", "min_coverage_bp")}
        failed = f'COUNTIFS({kinds},{text(self._kinds[Kind.BASIC])},{points},"<={FAILED_BASIC}")'
        covered = (
            f"{here['answered']}*{BASIS_POINTS}>={rule['min_coverage_bp']}*{here['applicable']}"
        )
        result = visit.result
        of = {name: int(result.customer_class == name) for name in "DNEU"}
        answered = [line for line in visit.lines if isinstance(line.answer, int)]
        applicable = sum(line.item.weight for line in visit.lines if line.answer != "NA")
        unclassed: Cell = 0 if visit.is_full else Formula(f"IF({covered},0,1)", of["U"])
        return {
            "answered": Formula(
                f"SUMPRODUCT(ISNUMBER({points})*{weights})",
                sum(line.item.weight for line in answered),
            ),
            "applicable": Formula(f'SUMPRODUCT(({points}<>"NA")*{weights})', applicable),
            "failed": Formula(failed, _failed(answered)),
            "exceeded": Formula(
                f'COUNTIF({points},">={EXCEEDS}")',
                sum(int(line.answer or 0) >= EXCEEDS for line in answered),
            ),
            "x": Formula(
                score_map(here["S"], here["P"], here["Q"]), float(x(result.S, result.P, result.Q))
            ),
            "nU": unclassed if isinstance(unclassed, Formula) else Formula("0", 0),
            "nD": Formula(
                f"IF({here['nU']}=1,0,IF(OR({here['x']}<={rule['low']},{here['failed']}>0),1,0))",
                of["D"],
            ),
            "nE": Formula(
                f"IF({here['nU']}+{here['nD']}>0,0,IF(AND({here['x']}>={rule['high']},"
                f"{here['broken']}=0,{here['exceeded']}>0),1,0))",
                of["E"],
            ),
            "nN": Formula(f"1-{here['nU']}-{here['nD']}-{here['nE']}", of["N"]),
        }


def _value(cell: Cell) -> int:
    """What the formula of a sum comes to; 0 for a sum that is not written."""
    return int(cell.value) if isinstance(cell, Formula) else 0


def _failed(lines: Iterable[AnswerLine]) -> int:
    return sum(
        line.item.kind is Kind.BASIC and int(line.answer or 0) <= FAILED_BASIC for line in lines
    )


def _answer_columns() -> list[Column]:
    return [
        Column("observation", _("Observation"), width=38),
        Column("stage", _("Stage")),
        Column("interaction", _("Interaction"), width=18),
        Column("kind", _("Kind")),
        Column("weight", _("Weight"), form="whole"),
        Column("gain", _("Points to win"), form="whole"),
        Column("loss", _("Points to lose"), form="whole"),
        Column("points", _("Points of the level, NA or NO"), form="whole"),
        Column("raw", _("Raw points"), "formula", "whole"),
        Column("counted", _("Points after the gate"), "formula", "whole"),
        Column("P", "P", "formula", "whole"),
        Column("Q", "Q", "formula", "whole"),
    ]


def _visit_columns(*, by_channel: bool) -> list[Column]:
    classes = [
        Column("answered", _("Weight answered"), "formula", "whole"),
        Column("applicable", _("Weight that applied"), "formula", "whole"),
        Column("failed", _("Basics at -2 or worse"), "formula", "whole"),
        Column("exceeded", _("Levels of +2 or more"), "formula", "whole"),
        Column("x", _("Score of this customer"), "formula", "plain"),
    ]
    sums = sum_columns()
    if by_channel:
        classes, sums = [], [one for one in sums if one.key not in {"nD", "nN", "nE", "nU"}]
    return [
        Column("observation", _("Observation"), width=38),
        Column("day", _("Date")),
        Column("month", _("Month")),
        Column("method", _("Method"), width=24),
        Column("location", _("Location")),
        Column("stage", _("Stage"), width=24),
        Column("once", _("1 where the observation is listed first"), form="whole"),
        *sums,
        Column("broken", _("Basic missed"), "formula", "whole"),
        Column("gate", _("Gate closed"), "value" if by_channel else "formula", "whole"),
        *classes,
    ]
