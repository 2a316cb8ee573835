"""The sheets of what is declared: rules, weights of methods, locations, interactions, aggregated counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards.documents.workbook.tables import Book, Column, Formula, Span, Table
from journeys.models import Channel, Location, Method
from observations.cells import reading_counts, shares_in, within
from observations.models import Reading
from observations.scores import ScoreSheet
from scoring.models import Interaction
from scoring.scale import Item

POINTS = range(-3, 4)
Spans = dict[str, Span]


@dataclass(frozen=True, slots=True)
class Facts:
    """Where the declared values stand; the spans are rows by stage key, or by stage and method."""

    rules: Table
    rule_rows: Mapping[str, int]
    weights: Table
    weight_rows: Mapping[str, int]
    locations: Table
    location_rows: Mapping[str, int]
    framework: Table
    stage_items: Mapping[str, Span]
    readings: Table | None
    reading_spans: Mapping[tuple[str, str], Span]
    interactions: Mapping[str, Interaction]

    def rule(self, name: str) -> str:
        return self.rules.there("value", self.rule_rows[name])


def write_facts(book: Book, sheet: ScoreSheet) -> Facts:
    locations, location_rows = _locations(book, sheet)
    rules, rule_rows = _rules(book, sheet, locations)
    weights, weight_rows = _weights(book, sheet)
    interactions = _interactions(sheet)
    framework, stage_items = _framework(book, sheet, interactions)
    readings, reading_spans = _readings(book, sheet)
    return Facts(
        rules,
        rule_rows,
        weights,
        weight_rows,
        locations,
        location_rows,
        framework,
        stage_items,
        readings,
        reading_spans,
        interactions,
    )


def _locations(book: Book, sheet: ScoreSheet) -> tuple[Table, dict[str, int]]:
    """Those whose shares count: the programme's, or those that a filter names."""
    table = Table(
        book,
        _("Locations"),
        [
            Column("code", _("Code")),
            Column("name", _("Location"), width=28),
            Column("region", _("Region"), width=20),
            Column("share", _("Reference share, in basis points"), form="whole"),
        ],
    )
    named = {one.code: one for one in Location.objects.filter(programme=sheet.journey.programme)}
    rows = {}
    for share in shares_in(sheet.journey, sheet.selection):
        one = named[share.code]
        rows[share.code] = table.add(
            {"code": one.code, "name": one.name, "region": one.region, "share": share.share_bp}
        )
    return table, rows


def _rules(book: Book, sheet: ScoreSheet, locations: Table) -> tuple[Table, dict[str, int]]:
    assert sheet.framework is not None
    table = Table(
        book,
        _("Rules"),
        [Column("rule", _("Rule"), width=60), Column("value", _("Value"), width=14)],
    )
    limits = sheet.framework.thresholds
    values = {
        "low": (_("Disappointing at or below"), limits.low),
        "high": (_("Enchantment from"), limits.high),
        "broken_below": (_("A basic is missed below"), limits.broken_below),
        "min_coverage_bp": (
            _("Coverage needed to class a customer, in basis points"),
            limits.min_coverage_bp,
        ),
        "basics_covered_bp": (_("Basics covered from, in basis points"), limits.basics_covered_bp),
        "least": (_("Observations needed"), limits.min_observations),
        "least_truth": (
            _("Observations needed at a moment of truth"),
            limits.observations_needed(3),
        ),
    }
    rows = {
        name: table.add({"rule": rule, "value": value}) for name, (rule, value) in values.items()
    }
    rows["shares_known"] = table.add(
        {
            "rule": _("1 if every location has a share and some share is above 0"),
            "value": _known(sheet, locations),
        }
    )
    return table, rows


def _known(sheet: ScoreSheet, locations: Table) -> Formula | int:
    if not locations.rows:
        return 0
    shares = locations.span("share", locations.rows)
    found = [share.share_bp for share in shares_in(sheet.journey, sheet.selection)]
    known = all(one is not None for one in found) and any(found)
    return Formula(f"IF(OR(COUNT({shares})<ROWS({shares}),SUM({shares})=0),0,1)", int(known))


def _weights(book: Book, sheet: ScoreSheet) -> tuple[Table, dict[str, int]]:
    """Those of the methods that were used; the same weight counts in every stage."""
    table = Table(
        book,
        _("Method weights"),
        [
            Column("method", _("Method"), width=28),
            Column("weight", _("Weight"), form="whole"),
            Column("number", _("Number of the method in this workbook"), form="whole"),
        ],
    )
    found = {m.method: m.weight for stage in sheet.reading.stages for m in stage.methods}
    rows = {}
    for number, (method, weight) in enumerate(sorted(found.items()), start=1):
        name = str(Method(method).label)
        rows[method] = table.add({"method": name, "weight": weight, "number": number})
    return table, rows


def _interactions(sheet: ScoreSheet) -> dict[str, Interaction]:
    rows = Interaction.objects.filter(framework=sheet.framework).prefetch_related("levels")
    return {row.key: row for row in rows}


def _framework(
    book: Book, sheet: ScoreSheet, interactions: Mapping[str, Interaction]
) -> tuple[Table, Spans]:
    table = Table(
        book,
        _("Framework"),
        [
            Column("stage", _("Stage"), width=24),
            Column("key", _("Interaction")),
            Column("statement", _("Statement"), width=60),
            Column("kind", _("Kind")),
            Column("channel", _("Channel"), width=18),
            Column("weight", _("Weight"), form="whole"),
            Column("target", _("Target level"), form="whole"),
            Column("lowest", _("Lowest level"), form="whole"),
            Column("highest", _("Highest level"), form="whole"),
            Column("levels", _("Levels"), width=80),
            Column("at_target", _("Points at target"), "formula", "whole"),
            Column("gain", _("Points to win"), "formula", "whole"),
            Column("loss", _("Points to lose"), "formula", "whole"),
        ],
    )
    channels = dict(
        Channel.objects.filter(programme=sheet.journey.programme).values_list("key", "name")
    )
    spans: Spans = {}
    for stage in sheet.stages:
        first = table.next_row
        for item in sheet.items:
            if item.stage == stage.key:
                row = interactions[item.key]
                values = {"stage": stage.name, "channel": channels.get(item.channel or "", "")}
                table.add({**values, **_item_values(table, item, row)})
        spans[stage.key] = Span(first, table.next_row - 1)
    return table, spans


def _item_values(
    table: Table, item: Item, row: Interaction
) -> dict[str, str | int | Formula | None]:
    number = table.next_row
    weight, target = table.here("weight", number), table.here("target", number)
    lowest, highest = table.here("lowest", number), table.here("highest", number)
    levels = (
        f"{points:+d}: {label}" if points else f"0: {label}"
        for points, label in row.wording.items()
    )
    return {
        "key": item.key,
        "statement": row.statement,
        "kind": str(row.get_kind_display()),
        "weight": item.weight,
        "target": item.target,
        "lowest": min(item.points),
        "highest": max(item.points),
        "levels": " | ".join(levels),
        "at_target": Formula(f"{weight}*N({target})", item.weight * (item.target or 0)),
        "gain": Formula(f"{weight}*MAX(0,{highest})", item.gain),
        "loss": Formula(f"-{weight}*MIN(0,{lowest})", item.loss),
    }


def _readings(book: Book, sheet: ScoreSheet) -> tuple[Table | None, dict[tuple[str, str], Span]]:
    """Aggregated counts, one row an interaction and method; no sheet where there are none."""
    rows = Reading.objects.filter(within(sheet.selection), framework=sheet.framework)
    counts = reading_counts(rows, "method")
    if not any(method.aggregated for stage in sheet.reading.stages for method in stage.methods):
        return None, {}
    levels = [
        Column(f"p{points}", f"{points:+d}" if points else "0", form="whole") for points in POINTS
    ]
    table = Table(
        book,
        _("Aggregated counts"),
        [
            Column("method", _("Method"), width=24),
            Column("stage", _("Stage"), width=24),
            Column("key", _("Interaction")),
            Column("weight", _("Weight"), form="whole"),
            *levels,
            Column("n", _("Visits"), "formula", "whole"),
            Column("S", "S", "formula", "whole"),
            Column("P", "P", "formula", "whole"),
            Column("Q", "Q", "formula", "whole"),
            Column("gain", _("Points to win"), form="whole"),
            Column("loss", _("Points to lose"), form="whole"),
        ],
    )
    spans = {}
    for (method,), given in sorted(counts.items()):
        for stage in sheet.stages:
            first = table.next_row
            for item in sheet.items:
                if item.stage == stage.key and item.key in given:
                    names = {"method": str(Method(method).label), "stage": stage.name}
                    table.add({**names, **_reading_values(table, item, given[item.key])})
            spans[stage.key, method] = Span(first, table.next_row - 1)
    return table, spans


def _reading_values(
    table: Table, item: Item, given: Mapping[int, int]
) -> dict[str, str | int | Formula | None]:
    row = table.next_row
    levels = [table.here(f"p{points}", row) for points in POINTS]
    visits, weight = sum(given.values()), table.here("weight", row)
    n, gain, loss = (table.here(name, row) for name in ("n", "gain", "loss"))
    earned = "+".join(
        f"{points}*{cell}" for points, cell in zip(POINTS, levels, strict=True) if points
    )
    return {
        "key": item.key,
        "weight": item.weight,
        **{f"p{points}": given.get(points, 0) for points in POINTS},
        "n": Formula(f"SUM({levels[0]}:{levels[-1]})", visits),
        "S": Formula(
            f"{weight}*({earned})", item.weight * sum(one * count for one, count in given.items())
        ),
        "P": Formula(f"{gain}*{n}", item.gain * visits),
        "Q": Formula(f"{loss}*{n}", item.loss * visits),
        "gain": item.gain,
        "loss": item.loss,
    }
