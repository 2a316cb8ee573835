"""The first sheet: what the workbook says, where each figure comes from, and the rules it follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from dashboards.boards import counted
from dashboards.documents.workbook.tables import Book, Column, Table
from dashboards.steps import freshness
from observations.scores import ScoreSheet


@dataclass(frozen=True, slots=True)
class Guided:
    """Which sheets the workbook has. A CSV of answers comes with it where they are too many."""

    has_answers: bool
    has_csv: bool
    has_indicators: bool
    has_readings: bool
    has_plan: bool


def write_guide(book: Book, sheet: ScoreSheet, filters: Sequence[str], guided: Guided) -> None:
    table = Table(
        book,
        _("How to read"),
        [Column("what", _("What"), width=28), Column("words", _("How to read it"), width=120)],
    )
    for what, words in (*_facts(sheet, filters), *_sheets(guided), *_beside(guided), *_rules()):
        table.add({"what": what, "words": words})


def _facts(sheet: ScoreSheet, filters: Sequence[str]) -> list[tuple[str, str]]:
    journey, programme = sheet.journey, sheet.journey.programme
    now = timezone.localtime()
    made = f"{formats.date_format(now, 'DATE_FORMAT')} {formats.time_format(now, 'TIME_FORMAT')}"
    facts = [
        (_("Programme"), f"{programme.brand} · {programme.name}"),
        (_("Journey"), f"{journey.name} · {journey.segment.name}"),
        (_("Selected"), " · ".join(filters) or _("all observations")),
        (_("Made on"), made),
        (_("Observations counted (n)"), str(counted(sheet))),
        (_("Freshness"), freshness(sheet.pending)),
    ]
    if sheet.framework is None:
        nothing = _("Nothing can be scored yet: this journey has no published framework.")
        return [*facts, (_("Framework version"), nothing)]
    if not sheet.stages:
        nothing = _("Nothing can be scored yet: no stage is in the perimeter.")
        return [*facts, (_("Framework version"), nothing)]
    return [*facts, (_("Framework version"), str(sheet.framework.version))]


def _sheets(guided: Guided) -> list[tuple[str, str]]:
    source = (
        _("Answers"),
        _(
            "One row for each observation and interaction of a stage in which something was answered. NA: it"
            " could not happen; NO or empty: not seen. “Points after the gate” are what counts."
        ),
    )
    visits = (
        _("Visits"),
        _(
            "One row for each observation and stage: the sums S, raw, P and Q of its answers, the gate,"
            " and the class of the customer."
        ),
    )
    months = (
        _("Sums by month"),
        _("The exact sums of the observations, by stage, method, location and month."),
    )
    answers = [
        (
            _("Answers"),
            _("More than 100,000 rows: they are in the CSV file that came with this workbook.")
            if guided.has_csv
            else _("Not in this workbook: your role reads scores, not single observations."),
        ),
        months,
    ]
    return [
        (_("Headings"), _("Blue columns are formulas, grey columns values.")),
        (
            _("Order of the rows"),
            _("Formulas refer to rows that follow one another: copy a sheet before you sort it."),
        ),
        (_("Journey"), _("The figures of the whole journey.")),
        (_("Stages"), _("Each stage with its score, target, gap, shares of customers and counts.")),
        (
            _("Methods"),
            _("Each method of each stage: S*, P*, Q* over the locations, and the score X."),
        ),
        (
            _("Cells"),
            _(
                "The sums of each stage, method and location, with the share that the location counts for."
            ),
        ),
        *([source, visits] if guided.has_answers else answers),
    ]


def _beside(guided: Guided) -> list[tuple[str, str]]:
    """The sheets beside the scores."""
    found = []
    if guided.has_indicators:
        words = _(
            "Each indicator of the executives' page under the same filters: its value, n and gap are"
            " formulas, shares in percent and amounts in money."
        )
        found.append((_("Indicators"), words))
        found.append(_readings(guided))
    if guided.has_plan:
        words = _(
            "The actions of the journey with their dates: late is what is open past its date."
        )
        found.append((_("Actions"), words))
    return found


def _readings(guided: Guided) -> tuple[str, str]:
    if guided.has_readings:
        words = _("What was counted in each month and place, and the sums that it comes to.")
        return _("Indicator readings"), words
    return _("Indicators by month"), _(
        "More than 100,000 readings: their sums by month; the readings are in the CSV file that came"
        " with this workbook."
    )


def _rules() -> list[tuple[str, str]]:
    return [
        (
            _("Score"),
            _(
                "X = 100 S / P where the sum S of the points is positive, 100 S / Q where it is negative,"
                " 0 where it is 0. P is what could be won, Q what could be lost, from -100 to +100."
            ),
        ),
        (
            _("Gate"),
            _(
                "Where a basic was missed, the delights of that customer in that stage count nothing: raw"
                " points stay visible beside them."
            ),
        ),
        (
            _("Locations"),
            _(
                "S*, P* and Q* are means per observation weighed by the reference shares; if a share is"
                " missing, all locations count alike."
            ),
        ),
        (
            _("Methods and their weights"),
            _(
                "The score of a stage is the mean of its methods by their weights; a method with too few"
                " observations, or of weight 0, is not used."
            ),
        ),
        (
            _("Not enough data"),
            _("A stage without a method that has enough observations has no score and no gap."),
        ),
        (
            _("Intervals"),
            _(
                "The ends of 95 %% intervals are values: the product computes them, no formula here does."
            )
            % {},
        ),
        (
            _("People"),
            _("Observers and customers are left out: no row names an employee or a customer."),
        ),
    ]
