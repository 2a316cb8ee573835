"""The codes of `framework_checks` as sentences, the same in the form and at publication."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoring.framework_checks import ItemError, ItemWarning

ERRORS: Mapping[str, Promise] = {
    "duplicate_key": _("Another interaction of the framework has this key."),
    "too_few_levels": _("An interaction needs at least two response levels."),
    "level_not_integer": _("The points of a level are a whole number."),
    "level_out_of_range": _("%(points)s points are off the scale, which runs from -3 to +3."),
    "duplicate_level": _("Two levels have the same points (%(points)s)."),
    "zero_missing": _("The level 0 is missing: what happens when all is as expected?"),
    "basic_shape": _("A basic has a level below 0, and none above: a met basic is neutral."),
    "performance_shape": _("A performance has at least one level below 0 and one above."),
    "delight_shape": _("A delight has a level above 0, and none below: nobody misses it."),
    "weight_out_of_range": _("The weight is 1, 2 or 3, not %(weight)s."),
    "target_not_a_level": _("The target (%(target)s) is not one of the levels."),
    "target_negative": _("The target (%(target)s) is below 0: nobody aims at a disappointment."),
    "basic_target_not_zero": _("The target of a basic is 0."),
    # Beyond the arithmetic: what the rows of a framework may also get wrong.
    "empty_framework": _("The framework has no interaction yet."),
    "label_missing": _("The level %(points)s has no words: what is seen then?"),
    "statement_missing": _("The interaction has no words."),
    "touchpoint_elsewhere": _("The touchpoint belongs to another stage."),
    "stage_elsewhere": _("The stage belongs to another journey."),
}

WARNINGS: Mapping[str, Promise] = {
    "stage_without_basic": _(
        "No basic: this stage can enchant without anybody checking that its basic needs are met."
    ),
    "stage_without_exceeding": _("No level of +2 or more: this stage can never be an enchantment."),
    "stage_unbalanced": _(
        "Out of balance: at best +%(P)s, at worst -%(Q)s. A single lone answer can read as an extreme."
    ),
    "many_levels": _("%(levels)s levels are many to tell apart at a glance."),
}


def error_sentence(error: ItemError) -> str:
    return str(ERRORS[error.code]) % dict(error.params)


def warning_sentence(warning: ItemWarning) -> str:
    return str(WARNINGS[warning.code]) % dict(warning.params)
