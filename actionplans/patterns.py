"""The action library (R93): patterns to start from, in both languages, and a programme's own ones.

Each file of `pattern_library/` is a list of actions in our own words, after the method's examples;
every text is an object {"en": ..., "fr": ...}. They speak the programme's language, as its plan does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from actionplans.models import Action
from actionplans.pattern_models import Goal, OwnPattern, StageKind
from journeys.models import Programme

FOLDER: Final = Path(__file__).parent / "pattern_library"


@dataclass(frozen=True, slots=True)
class Pattern:
    """In one language; `effort` are person-days from and to, where that is typical.

    `own` is the row of a programme's own pattern.
    """

    key: str
    title: str
    what: str
    measure: str
    steps: tuple[str, ...]
    dimension: str
    kind: str
    goal: str
    stages: tuple[str, ...]
    effort: tuple[int, int] | None = None
    own: OwnPattern | None = None

    @property
    def facts(self) -> list[str]:
        """Its dimension and kind, in words."""
        return [
            str(Action.Dimension(self.dimension).label),
            str(Action.Kind(self.kind).label),
            str(Goal(self.goal).label),
        ]

    @property
    def stage_words(self) -> list[str]:
        return [str(StageKind(one).label) for one in self.stages]

    @property
    def effort_words(self) -> str:
        if self.effort is None:
            return ""
        return _("%(low)d to %(high)d person-days") % {
            "low": self.effort[0],
            "high": self.effort[1],
        }

    def holds(self, words: Iterable[str]) -> bool:
        """Whether each of the words stands somewhere in it."""
        text = " ".join((self.title, self.what, self.measure, *self.steps)).casefold()
        return all(word in text for word in words)


@cache
def library(language: str) -> tuple[Pattern, ...]:
    """In the order of the files; English for a language that it does not speak."""
    spoken = language if language in Programme.Language.values else Programme.Language.ENGLISH.value
    rows = [
        row for file in sorted(FOLDER.glob("*.json")) for row in json.loads(file.read_text("utf-8"))
    ]
    return tuple(_read(row, spoken) for row in rows)


def _read(row: Mapping[str, Any], language: str) -> Pattern:
    low, high = row["effort_days"]
    return Pattern(
        key=row["key"],
        title=row["title"][language],
        what=row["what"][language],
        measure=row["measure"][language],
        steps=tuple(row["steps"][language]),
        dimension=row["dimension"],
        kind=row["kind"],
        goal=row["goal"],
        stages=tuple(row["stages"]),
        effort=(low, high),
    )


def patterns_of(programme: Programme) -> list[Pattern]:
    """The programme's own first."""
    own = [_own(row) for row in OwnPattern.objects.filter(programme=programme)]
    return [*own, *library(programme.language)]


def _own(row: OwnPattern) -> Pattern:
    return Pattern(
        key=f"own-{row.pk}",
        title=row.title,
        what=row.what,
        measure=row.measure,
        steps=tuple(line.strip() for line in row.steps.splitlines() if line.strip()),
        dimension=row.dimension,
        kind=row.kind,
        goal=row.goal,
        stages=tuple(row.stages),
        own=row,
    )


def find_pattern(programme: Programme, key: str) -> Pattern | None:
    return next((one for one in patterns_of(programme) if one.key == key), None)


def narrowed(
    patterns: Sequence[Pattern],
    *,
    words: str = "",
    dimension: str = "",
    goal: str = "",
    stage: str = "",
) -> list[Pattern]:
    """Those that hold every word, and are of what is asked for."""
    asked = words.casefold().split()
    return [
        one
        for one in patterns
        if one.holds(asked)
        and dimension in ("", one.dimension)
        and goal in ("", one.goal)
        and (not stage or stage in one.stages)
    ]


def recommended(pattern: Pattern, language: str) -> str:
    """What it is, how to begin and what to measure, as the text of a recommendation."""
    with override(language):
        parts = [pattern.what]
        if pattern.steps:
            parts.append("\n".join([_("First steps:"), *(f"- {step}" for step in pattern.steps)]))
        if pattern.measure:
            parts.append(_("What to measure: %(what)s") % {"what": pattern.measure})
    return "\n\n".join(part for part in parts if part)


def fill_in(
    typed: Mapping[str, Any], pattern: Pattern, *, language: str, untouched: str = ""
) -> dict[str, Any]:
    """A form's values with the pattern's where nothing was typed.

    A title that is empty, or `untouched`, makes room for the pattern's, and so does its kind, which
    no form leaves empty.
    """
    values = {name: value for name, value in typed.items() if value}
    is_new = values.get("title", "") in ("", untouched)
    if is_new:
        values |= {"title": pattern.title, "kind": pattern.kind}
    if not values.get("recommendation"):
        values.setdefault("recommendation_text", recommended(pattern, language))
    values.setdefault("dimension", pattern.dimension)
    return values
