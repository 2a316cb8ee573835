"""Two waves of a journey, or two segments, side by side: `compare` in the address of the dashboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from dashboards.change_rows import ARROWS
from dashboards.links import stage_url
from dashboards.segment_heat import other_sheet, segment_names
from dashboards.step_words import whole_line
from dashboards.wave_trend import why_no_change
from journeys.access import Access
from journeys.models import Journey, Stage, Wave
from observations.changes import ChangeSheet, read_changes
from observations.scores import ScoreSheet, read_scores
from observations.selection import BadSelection, Comparison, Selection
from scoring import wording
from scoring.change import StageChange
from scoring.change_wording import change_evidence, range_text, row_verdict_text
from scoring.classify import JourneyScore, StageScore
from scoring.contrast import Contrast, Contrasted, contrast_journeys, contrast_stages
from scoring.labels import grade
from scoring.numbers import Interval
from scoring.wording import score_text


@dataclass(frozen=True, slots=True)
class Other:
    """What the page is compared with: one of the two."""

    wave: Wave | None = None
    journey: Journey | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """A score as its own page prints it, and where it lies between -100 and +100, in %."""

    score: str
    n: str
    url: str
    mark: str = ""
    low: str = ""
    width: str = ""


@dataclass(frozen=True, slots=True)
class CompareRow:
    name: str
    is_moment: bool
    first: Side
    second: Side
    difference: str
    range: str
    verdict: str
    tone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """`first` and `second` name the columns; `alone` are stages without a counterpart, by column."""

    first: str
    second: str
    rows: tuple[CompareRow, ...]
    whole: CompareRow
    alone: tuple[tuple[str, str], ...] = ()


def read_other(value: str, journeys: Sequence[Journey], journey: Journey) -> Other | None:
    """ "wave:W2" or "journey:pro"; None where nothing is asked. Raises BadSelection."""
    if not value:
        return None
    kind, _colon, key = value.partition(":")
    if kind == "wave":
        wave = next((one for one in journey.programme.waves.all() if one.key == key), None)
        if wave is None:
            raise BadSelection({"compare": _("No wave of the programme has this key.")})
        return Other(wave=wave)
    other = next((one for one in journeys if one.key == key), None) if kind == "journey" else None
    if other is None:
        raise BadSelection({"compare": _("A wave or a journey of the programme.")})
    if other.pk == journey.pk:
        raise BadSelection({"compare": _("A journey is not compared with itself.")})
    return Other(journey=other)


def compare_choices(
    journeys: Sequence[Journey], journey: Journey, selected: str | None
) -> list[tuple[str, str, str]]:
    """(value, words, group) of what the page can be compared with."""
    names = segment_names(list(journeys))
    waves = [
        (f"wave:{wave.key}", wave.name, _("Waves"))
        for wave in journey.programme.waves.all()
        if wave.key != selected
    ]
    others = [
        (f"journey:{one.key}", names[one.pk], _("Segments"))
        for one in journeys
        if one.pk != journey.pk
    ]
    return [*waves, *others]


def compare_waves(
    sheet: ScoreSheet,
    waves: tuple[Wave, Wave],
    baseline: Wave | None,
    access: Access,
    asked: Mapping[str, str],
) -> Compared:
    """`waves` in the order of time; each column as the page filtered on its wave, the difference like for
    like, with `baseline` for witness.

    Like for like needs a fixed number of queries, and reads observations only where two framework
    versions have to be compared.
    """
    before, after = (_window(sheet, wave) for wave in waves)
    sheets = [read_scores(sheet.journey, window) for window in (before, after)]
    kept = {name: value for name, value in asked.items() if name not in ("wave", "from", "to")}
    sides = [
        _sides(one, access, kept | {"wave": wave.key})
        for one, wave in zip(sheets, waves, strict=True)
    ]
    why = why_no_change(sheet.selection)
    changes = None if why else _changes(sheet, before, after, baseline)
    found = {one.stage: one for one in changes.stages} if changes else {}
    rows = [
        _wave_row(
            stage,
            (sides[0].get(stage.key, _NO_SIDE), sides[1].get(stage.key, _NO_SIDE)),
            found.get(stage.key),
            _verdict(stage, found.get(stage.key), changes) or why,
        )
        for stage in sheet.stages
    ]
    first, second = (_journey_side(one.reading.journey) for one in sheets)
    return Compared(
        waves[0].name, waves[1].name, tuple(rows), _whole_row(changes, first, second, why)
    )


def _changes(
    sheet: ScoreSheet, before: Selection, after: Selection, baseline: Wave | None
) -> ChangeSheet:
    witness = _window(sheet, baseline) if baseline else None
    return read_changes(sheet.journey, Comparison(before, after, baseline=witness))


def _window(sheet: ScoreSheet, wave: Wave) -> Selection:
    return replace(
        sheet.selection,
        first_month=wave.first_month,
        last_month=wave.last_month,
        wave=wave.key,
    )


def _verdict(stage: Stage, one: StageChange | None, changes: ChangeSheet | None) -> str:
    if one is None or changes is None or changes.framework is None:
        return ""
    least = changes.framework.thresholds.observations_needed(stage.criticality)
    return row_verdict_text(one, least=least)


def _wave_row(
    stage: Stage, sides: tuple[Side, Side], one: StageChange | None, verdict: str
) -> CompareRow:
    if one is None:
        return CompareRow(
            stage.name, stage.is_moment_of_truth, *sides, wording.UNKNOWN, "", verdict
        )
    return CompareRow(
        stage.name,
        stage.is_moment_of_truth,
        *sides,
        score_text(one.change, change_evidence(one.interval)),
        range_text(one.interval) if one.interval else "",
        verdict,
        "real" if one.verdict in ARROWS else "",
        _like_for_like(one, sides),
    )


def _like_for_like(one: StageChange, sides: tuple[Side, Side]) -> str:
    """The two scores that are compared, where they are not those of the columns."""
    if one.before is None or one.after is None:
        return ""
    before = score_text(one.before, change_evidence(one.before_interval))
    after = score_text(one.after, change_evidence(one.after_interval))
    if (before, after) == (sides[0].score, sides[1].score):
        return ""
    return _("like for like: %(before)s, then %(after)s") % {"before": before, "after": after}


def _whole_row(changes: ChangeSheet | None, first: Side, second: Side, why: str) -> CompareRow:
    line = whole_line(changes) if changes else None
    name = _("The whole journey")
    if line is None:
        return CompareRow(name, False, first, second, wording.UNKNOWN, "", why)
    return CompareRow(
        name, False, first, second, line.change, line.range, line.verdict, note=line.stages
    )


def compare_segments(
    sheet: ScoreSheet,
    other: Journey,
    names: Mapping[int, str],
    access: Access,
    asked: Mapping[str, str],
) -> Compared:
    """Stages of one key side by side, each as its own page has it; the others are named."""
    theirs = other_sheet(other, sheet)
    first, second = names[sheet.journey.pk], names[other.pk]
    kept = {name: value for name, value in asked.items() if name != "framework"}
    ours, others = _sides(sheet, access, dict(asked)), _sides(theirs, access, kept)
    scores = {one.stage: one for one in theirs.reading.stages}
    rows = [
        _segment_row(
            stage,
            (ours[stage.key], others[stage.key]),
            contrast_stages(one, scores[stage.key]),
            first,
        )
        for stage, one in zip(sheet.stages, sheet.reading.stages, strict=True)
        if stage.key in scores
    ]
    whole = contrast_journeys(sheet.reading.journey, theirs.reading.journey)
    sides = _journey_side(sheet.reading.journey), _journey_side(theirs.reading.journey)
    difference, words, verdict = _contrast_words(whole, first)
    return Compared(
        first,
        second,
        tuple(rows),
        CompareRow(
            _("The whole journey"),
            False,
            *sides,
            difference,
            words,
            verdict,
            note=_("each on its own stages"),
        ),
        alone=tuple(
            (name, ", ".join(stage.name for stage in one.stages if stage.key not in there))
            for name, one, there in ((first, sheet, others), (second, theirs, ours))
            if any(stage.key not in there for stage in one.stages)
        ),
    )


def _segment_row(
    stage: Stage, sides: tuple[Side, Side], one: Contrast | None, segment: str
) -> CompareRow:
    difference, words, verdict = _contrast_words(one, segment)
    tone = "real" if one and one.verdict in (Contrasted.HIGHER, Contrasted.LOWER) else ""
    return CompareRow(
        stage.name, stage.is_moment_of_truth, *sides, difference, words, verdict, tone
    )


def _contrast_words(one: Contrast | None, segment: str) -> tuple[str, str, str]:
    """The difference, its interval and what may be said, in words."""
    if one is None:
        return wording.UNKNOWN, "", _("Too few observations on one side.")
    said = {
        Contrasted.HIGHER: _("Really higher for %(segment)s.") % {"segment": segment},
        Contrasted.LOWER: _("Really lower for %(segment)s.") % {"segment": segment},
        Contrasted.NO_MATERIAL_DIFFERENCE: _("No difference that matters."),
        Contrasted.INCONCLUSIVE: _("Cannot conclude."),
    }[one.verdict]
    return score_text(one.difference, grade(one.interval)), range_text(one.interval), said


_NO_SIDE = Side(wording.UNKNOWN, "", "")


def _sides(sheet: ScoreSheet, access: Access, asked: Mapping[str, str]) -> dict[str, Side]:
    return {
        score.stage: _side(score, stage_url(access, sheet.journey, score.stage, asked))
        for score in sheet.reading.stages
    }


def _side(score: StageScore, url: str) -> Side:
    n = wording.n_text(score)
    if not wording.is_shown(score) or score.score is None or score.interval is None:
        return Side(wording.UNKNOWN, n, url)
    places = _places(float(score.score), score.interval)
    return Side(wording.stage_score_text(score), n, url, *places)


def _journey_side(journey: JourneyScore) -> Side:
    if journey.score is None or journey.interval is None:
        return _NO_SIDE
    text = score_text(journey.score, grade(journey.interval))
    return Side(text, "", "", *_places(float(journey.score), journey.interval))


def _places(score: float, interval: Interval) -> tuple[str, str, str]:
    low, high = interval
    return (
        f"{(score + 100) / 2:.2f}%",
        f"{(low + 100) / 2:.2f}%",
        f"{max(high - low, 0.6) / 2:.2f}%",
    )
