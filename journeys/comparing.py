"""Two maps side by side: what the right one has more, less, otherwise or elsewhere.

Values in, values out: two documents of `map_bundle.py`, no query. Stages and touchpoints are the
same by their key, needs by their text, choices by their question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from django.utils.translation import gettext as _

from journeys.models.journey import Criticality, Need, Stage, Touchpoint

Part = Mapping[str, Any]
Mark = Literal["added", "removed", "changed", "moved"]
SIGNS: dict[Mark, str] = {"added": "✚", "removed": "\N{MINUS SIGN}", "changed": "≠", "moved": "⇄"}
KINDS = (("touchpoints", "key"), ("needs", "text"), ("choices", "question"))


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs, in words: what it was on the left, what it is on the right."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing of both maps; a title is empty on the side where it isn't, or isn't here.

    `elsewhere` is the stage in which a moved part stands on the side that has no title.
    """

    kind: Literal["stage", "touchpoints", "needs", "choices"]
    left: str
    right: str
    marks: tuple[Mark, ...] = ()
    differences: tuple[Difference, ...] = ()
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class StagePair:
    """A stage of both maps with what is in it."""

    key: str
    stage: Pair
    parts: tuple[Pair, ...]

    @property
    def differs(self) -> bool:
        return bool(self.stage.marks) or any(part.marks for part in self.parts)


@dataclass(frozen=True, slots=True)
class Comparison:
    stages: tuple[StagePair, ...]
    # How many stages, touchpoints, needs and choices bear each mark.
    counts: Mapping[Mark, int]

    @property
    def is_equal(self) -> bool:
        return not any(self.counts.values())


@dataclass(frozen=True, slots=True)
class _Placed:
    """A part with the key and the name of its stage."""

    part: Part
    stage: str
    stage_name: str


def compare(left: Part, right: Part) -> Comparison:
    """What `right` says otherwise than `left`."""
    olds = {stage["key"]: stage for stage in left["journey"]["stages"]}
    news = {stage["key"]: stage for stage in right["journey"]["stages"]}
    channels = {
        **{one["key"]: one["name"] for one in left["channels"]},
        **{one["key"]: one["name"] for one in right["channels"]},
    }
    parts: dict[str, list[Pair]] = defaultdict(list)
    counts: dict[Mark, int] = dict.fromkeys(SIGNS, 0)
    for kind, name in KINDS:
        for stage, pair in _pair_parts(kind, name, (olds, news), channels):
            parts[stage].append(pair)
            # What moved stands in both stages, and counts once.
            if not pair.elsewhere or pair.right:
                _count(pair, counts)
    moved = _moved(list(olds), list(news))
    stages = []
    for key in _merged(list(olds), list(news)):
        pair = _pair_stage(olds.get(key), news.get(key), is_moved=key in moved)
        _count(pair, counts)
        stages.append(StagePair(key, pair, tuple(parts[key])))
    return Comparison(tuple(stages), counts)


def _count(pair: Pair, counts: dict[Mark, int]) -> None:
    for mark in pair.marks:
        counts[mark] += 1


# --- stages ----------------------------------------------------------------------------------
def _pair_stage(old: Part | None, new: Part | None, *, is_moved: bool) -> Pair:
    differences = _differences(old, new, _stage_fields()) if old and new else ()
    marks = _marks(old, new, is_moved=is_moved, is_changed=bool(differences))
    return Pair("stage", old["name"] if old else "", new["name"] if new else "", marks, differences)


def _marks(
    old: Part | None, new: Part | None, *, is_moved: bool, is_changed: bool
) -> tuple[Mark, ...]:
    if old is None:
        return ("added",)
    if new is None:
        return ("removed",)
    found: list[Mark] = ["moved"] if is_moved else []
    if is_changed:
        found.append("changed")
    return tuple(found)


def _moved(left: Sequence[Any], right: Sequence[Any]) -> set[Any]:
    """Of what is on both sides, the fewest that explain the other order."""
    both = set(left) & set(right)
    olds = [each for each in left if each in both]
    news = [each for each in right if each in both]
    blocks = SequenceMatcher(None, olds, news, autojunk=False).get_matching_blocks()
    kept = {each for block in blocks for each in olds[block.a : block.a + block.size]}
    return both - kept


def _merged(left: Sequence[str], right: Sequence[str]) -> list[str]:
    """The right order, with what is only on the left behind what it stood behind."""
    order = list(right)
    for place, key in enumerate(left):
        if key not in order:
            before = [each for each in left[:place] if each in order]
            order.insert(order.index(before[-1]) + 1 if before else 0, key)
    return order


# --- touchpoints, needs, choices -------------------------------------------------------------
def _pair_parts(
    kind: Any, name: str, sides: tuple[dict[str, Part], dict[str, Part]], channels: Part
) -> Iterator[tuple[str, Pair]]:
    """The key of the stage that each pair is shown in: those of the right in their order, then
    what the left alone has there. What went to another stage is shown in both."""
    olds, news = (_placed(side, kind) for side in sides)
    partner = _partners(olds, news, name)
    back = {new: old for old, new in partner.items()}
    moved = _shifted(olds, news, partner)
    fields = _part_fields(kind, channels)
    title = "name" if kind == "touchpoints" else name
    for place, new in enumerate(news):
        words = str(new.part[title])
        if place not in back:
            yield new.stage, Pair(kind, "", words, ("added",))
            continue
        old = olds[back[place]]
        differences = _differences(old.part, new.part, fields)
        marks = _marks(old.part, new.part, is_moved=place in moved, is_changed=bool(differences))
        if old.stage == new.stage:
            yield new.stage, Pair(kind, str(old.part[title]), words, marks, differences)
        else:
            yield new.stage, Pair(kind, "", words, marks, differences, old.stage_name)
    for place, old in enumerate(olds):
        words = str(old.part[title])
        if place not in partner:
            yield old.stage, Pair(kind, words, "", ("removed",))
        elif news[partner[place]].stage != old.stage:
            goal = news[partner[place]].stage_name
            yield old.stage, Pair(kind, words, "", ("moved",), (), goal)


def _shifted(
    olds: Sequence[_Placed], news: Sequence[_Placed], partner: Mapping[int, int]
) -> set[int]:
    """Places on the right of what came from another stage, or from another place in its own."""
    found = set()
    before: dict[str, list[int]] = defaultdict(list)
    for old, new in partner.items():
        if olds[old].stage == news[new].stage:
            before[olds[old].stage].append(new)
        else:
            found.add(new)
    for places in before.values():
        found |= _moved(places, sorted(places))
    return found


def _placed(stages: Mapping[str, Part], kind: str) -> list[_Placed]:
    return [
        _Placed(part, key, stage["name"]) for key, stage in stages.items() for part in stage[kind]
    ]


def _partners(olds: Sequence[_Placed], news: Sequence[_Placed], name: str) -> dict[int, int]:
    """Which of the left is which of the right: in the same stage first, then anywhere."""
    partner: dict[int, int] = {}
    taken: set[int] = set()

    def same(one: _Placed) -> tuple[Any, ...]:
        return one.stage, one.part[name]

    def anywhere(one: _Placed) -> tuple[Any, ...]:
        return (one.part[name],)

    for identity in (same, anywhere):
        free = defaultdict(list)
        for place, new in enumerate(news):
            if place not in taken:
                free[identity(new)].append(place)
        for place, old in enumerate(olds):
            if place not in partner and free[identity(old)]:
                partner[place] = free[identity(old)].pop(0)
                taken.add(partner[place])
    return partner


# --- fields ----------------------------------------------------------------------------------
Field = tuple[str, str, Callable[[Any], Any]]


def _differences(old: Part, new: Part, fields: Sequence[Field]) -> tuple[Difference, ...]:
    nothing = _("none")
    return tuple(
        Difference(words, str(shown(old[name])) or nothing, str(shown(new[name])) or nothing)
        for name, words, shown in fields
        if old[name] != new[name]
    )


def _stage_fields() -> list[Field]:
    return [
        ("name", _("Name"), str),
        ("phase", _("Phase"), lambda value: Stage.Phase(value).label),
        ("criticality", _("Criticality"), lambda value: Criticality(value).label),
        ("in_perimeter", _("In the perimeter"), lambda value: _("yes") if value else _("no")),
        ("reach_bp", _("Reach"), lambda value: f"{value / 100:g}\N{NO-BREAK SPACE}%"),
    ]


def _part_fields(kind: str, channels: Part) -> list[Field]:
    if kind == "needs":
        return [("level", _("Level"), lambda value: Need.Level(value).label)]
    if kind == "choices":
        return [("criteria", _("Criteria"), ", ".join)]
    return [
        ("name", _("Name"), str),
        ("channel", _("Channel"), lambda value: channels.get(value, value)),
        ("customer_action", _("Customer action"), str),
        ("initiative", _("Initiative"), lambda value: Touchpoint.Initiative(value).label),
        ("nature", _("Nature"), lambda value: Touchpoint.Nature(value).label),
        ("criticality", _("Criticality"), lambda value: Criticality(value).label),
    ]
