"""A workbook as LibreOffice computes it from its formulas, held against the exact figures of a sheet."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from observations.scores import ScoreSheet

NOT_ENOUGH = "not enough data"
Figure = Fraction | int | str | None
Row = dict[str, Any]


def as_formulas(content: bytes) -> Any:
    """The workbook with its formulas: what was computed beforehand is not read."""
    return openpyxl.load_workbook(BytesIO(content))


def recalculated(content: bytes, soffice: str, folder: Path) -> dict[str, list[Row]]:
    """{sheet: rows by heading}, every formula computed anew: the file given to LibreOffice holds no result.

    openpyxl writes formulas without their cached values, so that nothing can be read back that
    was not computed here.
    """
    bare = folder / "formulas.xlsx"
    as_formulas(content).save(bare)
    subprocess.run(
        [
            soffice,
            "--headless",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder / "computed"),
            str(bare),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    book = openpyxl.load_workbook(folder / "computed" / bare.name, data_only=True)
    return {sheet.title: list(_rows(sheet)) for sheet in book}


def _rows(sheet: Any) -> Iterator[Row]:
    headings, *rows = sheet.iter_rows(values_only=True)
    for row in rows:
        yield dict(zip(headings, row, strict=True))


def assert_same(found: object, exact: Figure, where: str) -> None:
    """To the last decimal that a double holds."""
    if exact is None or isinstance(exact, str):
        assert (found or "") == (exact or ""), where
        return
    assert isinstance(found, int | float), (where, found)
    assert math.isclose(found, exact, rel_tol=1e-12, abs_tol=1e-9), (where, found, exact)


def assert_recomputed(computed: dict[str, list[Row]], sheet: ScoreSheet) -> int:
    """Holds every score, gap, count and share against the sheet's; how many were compared."""
    figures = [*_stages(computed, sheet), *_methods(computed, sheet), *_journey(computed, sheet)]
    figures += [*_cells(computed, sheet)]
    for where, found, exact in figures:
        assert_same(found, exact, where)
    return len(figures)


Compared = Iterator[tuple[str, object, Figure]]


def _stages(computed: dict[str, list[Row]], sheet: ScoreSheet) -> Compared:
    rows = {row["Key"]: row for row in computed["Stages"]}
    assert list(rows) == [stage.key for stage in sheet.stages]
    for stage in sheet.reading.stages:
        row, sums, where = rows[stage.stage], stage.sums, f"stage {stage.stage}: "
        shown = stage.label.value != "insufficient"
        yield where + "X", row["Score X"], stage.score if shown else NOT_ENOUGH
        raw = stage.raw_score if shown else NOT_ENOUGH
        yield where + "raw X", row["Raw score, before the gate"], raw
        yield where + "target", row["Target"], stage.target.score if stage.target else None
        yield where + "gap", row["Gap: target minus typical"], stage.gap if shown else None
        yield where + "c", row["Weight c"], stage.criticality
        for heading, value in _sums(sums, by_channel=sheet.selection.channel is not None):
            yield where + heading, row[heading], value
        classified = sums.nD + sums.nN + sums.nE
        for heading, count in (
            ("disappointed", sums.nD),
            ("neutral", sums.nN),
            ("enchanted", sums.nE),
        ):
            share = Fraction(count, classified) if classified else None
            yield where + heading, row[f"Share {heading}"], share
        covered = Fraction(sums.nb_ok, sums.nb) if sums.nb else None
        yield where + "basics", row["Share with basics covered"], covered


def _sums(sums: Any, *, by_channel: bool) -> Iterator[tuple[str, int | None]]:
    names = {"n": "n", "S": "S", "raw S": "raw", "P": "P", "Q": "Q"}
    names |= {"Basics seen": "nb", "Basics covered": "nb_ok"}
    classes = {"Disappointed": "nD", "Neutral": "nN", "Enchanted": "nE", "Unclassified": "nU"}
    for heading, name in (names if by_channel else {**names, **classes}).items():
        yield heading, getattr(sums, name)


def _methods(computed: dict[str, list[Row]], sheet: ScoreSheet) -> Compared:
    expected = [method for stage in sheet.reading.stages for method in stage.methods]
    assert len(computed["Methods"]) == len(expected)
    for row, method in zip(computed["Methods"], expected, strict=True):
        where = f"{row['Stage']}, {method.method}: "
        yield where + "n", row["n"], method.n
        yield where + "X", row["Score X of the method"], method.score
        yield where + "raw X", row["Raw score, before the gate"], method.raw_score
        yield where + "crude", row["Crude score, for comparison only"], method.crude
        yield where + "coverage", row["Share of the locations observed"], method.share_coverage
        yield where + "used", row["Used"], int(method.used)
        yield where + "weight", row["Weight"], method.weight
        if method.means is not None:
            for star in ("S", "P", "Q"):
                yield where + star, row[f"{star}*"], getattr(method.means, star)


def _cells(computed: dict[str, list[Row]], sheet: ScoreSheet) -> Compared:
    expected = [
        (method, stratum)
        for stage in sheet.reading.stages
        for method in stage.methods
        for stratum in method.strata
    ]
    assert len(computed["Cells"]) == len(expected)
    for row, (method, stratum) in zip(computed["Cells"], expected, strict=True):
        where = f"{row['Stage']}, {method.method}, {stratum.location}: "
        assert (row["Code"] or None) == stratum.location
        whole = sum(
            other["Weight applied (W)"]
            for other in computed["Cells"]
            if (other["Stage"], other["Method"]) == (row["Stage"], row["Method"])
        )
        yield where + "share", row["Weight applied (W)"] / whole, stratum.weight
        for name in ("n", "S", "P", "Q"):
            yield where + name, row[name], getattr(stratum, name)


def _journey(computed: dict[str, list[Row]], sheet: ScoreSheet) -> Compared:
    rows = {row["Figure"]: row["Value"] for row in computed["Journey"]}
    journey = sheet.reading.journey
    used, whole = journey.coverage
    known = journey.score is not None
    gap = (
        journey.target - journey.score
        if journey.target is not None and journey.score is not None
        else None
    )
    yield "J", rows["Journey score J"], journey.score if known else NOT_ENOUGH
    yield "target", rows["Target"], "no target" if journey.target is None else journey.target
    yield "gap", rows["Gap: target minus typical"], gap
    yield "used", rows["Weight of the stages measured"], used
    yield "whole", rows["Weight of all stages"], whole
    yield "coverage", rows["Coverage"], Fraction(used, whole)
    n = dict(sheet.versions).get(sheet.framework.version, 0) if sheet.framework else 0
    yield "n", rows["Observations counted (n)"], n
    if journey.cumulative is not None:
        yield "cumulative", rows["Cumulative score, for comparison"], journey.cumulative
