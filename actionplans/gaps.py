"""A stage as steps 5 and the dashboard show it: its score, its place in the order, its actions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from actionplans.models import Action, Recommendation
from actionplans.priority import TIERS, Priority, Row, prioritise, tier_row
from journeys.access import Access
from journeys.models import Journey, Stage
from journeys.rights import Right
from observations.scores import ScoreSheet, read_scores
from observations.selection import Selection, read_selection
from scoring import wording
from scoring.basics import MissedBasic
from scoring.classify import Certainty, Flag, Label, StageScore
from scoring.models import Interaction
from scoring.numbers import decimal6, exact, index4, interval3

# Tiers 1 to 3: a gap that asks for an action.
TO_ACT_ON = frozenset(
    {
        Row.REMOVE_DISAPPOINTMENT,
        Row.COVER_BASICS,
        Row.CREATE_ENCHANTMENT,
    }
)
TO_MEASURE = frozenset({Row.INSUFFICIENT, Row.VERIFY_BASICS})
BASICS_FIRST = frozenset({Row.REMOVE_DISAPPOINTMENT, Row.COVER_BASICS})


@dataclass(frozen=True, slots=True)
class Gap:
    """One perimeter stage of a sheet with its figures; `actions` are those that this person may see."""

    stage: Stage
    score: StageScore
    priority: Priority
    sheet: ScoreSheet = field(compare=False, repr=False)
    actions: tuple[Action, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()

    @property
    def row(self) -> Row:
        return self.priority.row

    @property
    def asks_for_action(self) -> bool:
        return self.row in TO_ACT_ON

    @property
    def is_removing(self) -> bool:
        """Of the list of disappointments to remove, not of enchantments to create."""
        return self.row in BASICS_FIRST

    @property
    def asks_for_measure(self) -> bool:
        return self.row in TO_MEASURE

    @property
    def lacks_action(self) -> bool:
        return self.asks_for_action and not any(
            action.status != Action.Status.DROPPED for action in self.actions
        )

    @property
    def is_shown(self) -> bool:
        return wording.is_shown(self.score)

    @property
    def held_back(self) -> bool:
        return wording.is_held_back(self.score)

    @property
    def confirmed(self) -> bool:
        return self.score.certainty is Certainty.CONFIRMED

    @property
    def score_text(self) -> str:
        return wording.stage_score_text(self.score)

    @property
    def gap_text(self) -> str:
        return wording.stage_gap_text(self.score)

    @property
    def interval_text(self) -> str:
        return wording.interval_text(self.score.interval, self.score.evidence)

    @property
    def target_text(self) -> str:
        target = self.score.target
        return wording.UNKNOWN if target is None else wording.target_text(target.score)

    @property
    def n_text(self) -> str:
        return wording.n_text(self.score)

    @property
    def class_word(self) -> str:
        return str(wording.WORDS[self.score.label])

    @property
    def class_sign(self) -> str:
        return wording.SIGNS[self.score.label]

    @property
    def evidence_word(self) -> str:
        return wording.evidence_word(self.score.evidence)

    @property
    def missed(self) -> tuple[MissedBasic, ...]:
        """Read with those of the whole sheet, once somebody asks for the words of a stage that has some."""
        if Flag.BASICS_NOT_COVERED not in self.score.flags:
            return ()
        return self.sheet.missed_basics.get(self.stage.key, ())

    @property
    def reason(self) -> str:
        return wording.reason(self.score, self.missed)

    @property
    def reasons(self) -> list[str]:
        return wording.reasons(self.score, self.missed)

    @property
    def tier_word(self) -> str:
        return tier_word(self.row)


def tier_word(row: Row) -> str:
    """What to do with a stage of this row of the tier table (R82)."""
    return {
        Row.INSUFFICIENT: _("Measure first"),
        Row.REMOVE_DISAPPOINTMENT: _("Remove disappointment"),
        Row.COVER_BASICS: _("Cover the basics"),
        Row.VERIFY_BASICS: _("Measure the basics first"),
        Row.CREATE_ENCHANTMENT: _("Create enchantment"),
        Row.MAINTAIN: _("Maintain and extend"),
        Row.ON_TARGET: _("At the target"),
    }[row]


def perimeter_journeys(access: Access) -> list[Journey]:
    """The journeys that are scored, with what `read_scores` needs of them."""
    rows = Journey.objects.filter(programme=access.programme, segment__in_perimeter=True)
    return [_within(access, journey) for journey in _with_stages(rows)]


def journey_at(access: Access, key: str) -> Journey:
    journey: Journey | None = _with_stages(
        Journey.objects.filter(programme=access.programme, key=key)
    ).first()
    if journey is None:
        raise Http404
    return _within(access, journey)


def _with_stages(rows: Any) -> Any:
    return rows.select_related("segment").prefetch_related("stages")


def _within(access: Access, journey: Journey) -> Journey:
    """All journeys of a page share the programme of the access, with what was read of it."""
    journey.programme = access.programme
    return journey


def whole_sheet(journey: Journey, access: Access) -> ScoreSheet:
    """All that this person may see of a journey, read once for all the lanes of one map."""
    kept: dict[int, ScoreSheet] = vars(journey).setdefault("_whole_sheets", {})
    if access.user.pk not in kept:
        selection = read_selection({}, journey=journey, access=access)
        kept[access.user.pk] = read_scores(journey, selection)
    return kept[access.user.pk]


def gaps_of(
    sheet: ScoreSheet,
    *,
    actions: Iterable[Action] = (),
    recommendations: Iterable[Recommendation] = (),
) -> list[Gap]:
    """The stages of a sheet in the order to act on."""
    stages = {stage.key: stage for stage in sheet.stages}
    scores = {score.stage: score for score in sheet.reading.stages}
    done = _by_stage(actions)
    advised = _by_stage(recommendations)
    return [
        Gap(
            stage=stages[one.stage],
            score=scores[one.stage],
            priority=one,
            sheet=sheet,
            actions=tuple(done.get(stages[one.stage].pk, ())),
            recommendations=tuple(advised.get(stages[one.stage].pk, ())),
        )
        for one in prioritise(sheet.reading.stages)
    ]


def delights_of(sheets: Iterable[ScoreSheet]) -> dict[int, frozenset[str]]:
    """{journey id: keys of the delights of the version that is scored}, in one query."""
    journeys = {sheet.framework.pk: sheet.journey.pk for sheet in sheets if sheet.framework}
    found: dict[int, set[str]] = {journey: set() for journey in journeys.values()}
    rows = Interaction.objects.filter(framework__in=journeys, kind=Interaction.Kind.DELIGHT)
    for framework_id, key in rows.values_list("framework_id", "key"):
        found[journeys[framework_id]].add(key)
    return {journey: frozenset(keys) for journey, keys in found.items()}


def is_basics_first(row: Row | None, action: Action, delights: Collection[str]) -> bool:
    """An action on delight where the basics are not covered yet: allowed, and said (R74).

    About delight are an innovation, and an effect on one of the stage's delights. `row` is the
    stage's in the tier table, None where it is not scored.
    """
    if row not in BASICS_FIRST:
        return False
    if action.kind == Action.Kind.INNOVATION:
        return True
    return any(effect.interaction in delights for effect in action.effects.all())


def _by_stage(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.stage_id, []).append(row)
    return found


def actions_of(access: Access, journeys: Sequence[Journey]) -> list[Action]:
    """The actions of these journeys that this person may see, in one query."""
    rows = Action.objects.visible_to(access).filter(stage__journey__in=journeys)
    return list(rows.for_list().with_measures().select_related("programme"))


def may_plan(access: Access) -> bool:
    return access.may(Right.EDIT_PLAN) and not access.programme.is_archived


def evidence_url(access: Access, journey: Journey, stage: Stage) -> str:
    """The figures behind a stage. By name: the page belongs to an app to the right."""
    return reverse(
        "dashboards:stage-evidence", args=[access.programme.slug, journey.key, stage.key]
    )


def figures_of(sheet: ScoreSheet, stage: Stage) -> dict[str, Any]:
    """The figures of a stage as they stand, to be kept with a gap that somebody picks.

    {"measured": False} where it has no score: an action may be planned, but without a baseline.
    """
    score = next((one for one in sheet.reading.stages if one.stage == stage.key), None)
    taken: dict[str, Any] = {
        "framework_version": sheet.framework.version if sheet.framework else None,
        "selection": _selection(sheet.selection),
        "measured": score is not None and score.label is not Label.INSUFFICIENT,
    }
    if score is None:
        return taken
    row = tier_row(score)
    priority = next(one for one in prioritise(sheet.reading.stages) if one.stage == stage.key)
    return taken | {
        "n": score.n,
        "score_exact": exact(score.score) if score.score is not None else None,
        "score": decimal6(score.score) if score.score is not None else None,
        "interval": interval3(score.interval) if score.interval else None,
        "label": score.label.value,
        "certainty": score.certainty.value,
        "evidence": score.evidence.value,
        "flags": [flag.value for flag in score.flags],
        "gap_exact": exact(score.gap) if score.gap is not None else None,
        "target_exact": exact(score.target.score) if score.target else None,
        "tier": TIERS[row],
        "row": row.name.lower(),
        "index": index4(priority.index) if priority.index is not None else None,
        "shown": {"score": wording.stage_score_text(score), "gap": wording.stage_gap_text(score)},
    }


def _selection(selection: Selection) -> dict[str, Any]:
    return {
        "from": selection.first_month,
        "to": selection.last_month,
        "methods": list(selection.methods),
        "locations": None if selection.locations is None else list(selection.locations),
        "channel": selection.channel,
    }
