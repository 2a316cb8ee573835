"""What people type into a framework: an interaction with its worded levels, thresholds, targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from journeys.models import Stage, Touchpoint
from journeys.versions import VersionedForm
from scoring.drafting import next_key
from scoring.framework_checks import ItemError, check_items
from scoring.items import Item, Kind
from scoring.models import Framework, Interaction
from scoring.publishing import THRESHOLDS
from scoring.reasons import error_sentence
from scoring.targets import target_errors

# The seven places of the scale, each with the name of its field and its anchor (method, 1.1).
SCALE = (
    (3, "plus_3", _("Memorable: would be told to others")),
    (2, "plus_2", _("Exceeds expectations")),
    (1, "plus_1", _("Appreciated, better than the minimum")),
    (0, "zero", _("As expected, neutral")),
    (-1, "minus_1", _("Irritant")),
    (-2, "minus_2", _("Clear disappointment")),
    (-3, "minus_3", _("Rupture: would leave, or complain in public")),
)
LEVEL_FIELDS = {points: name for points, name, _anchor in SCALE}
KIND_HINTS = {
    "basic": _(
        "Expected as a matter of course: nobody notices it, until it is missing. 0 and below."
    ),
    "performance": _("The better it is, the happier the customer. Levels below and above 0."),
    "delight": _("A surprise nobody misses when it does not happen. 0 and above."),
}


class InteractionForm(VersionedForm[Interaction]):
    """The levels are seven lines, one a place of the scale: an empty line is a level not offered."""

    target = forms.TypedChoiceField(
        label=_("Target level"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("none yet")), ("0", "0"), ("1", "+1"), ("2", "+2"), ("3", "+3")],
    )

    class Meta:
        model = Interaction
        fields = (
            "stage",
            "touchpoint",
            "statement",
            "kind",
            "weight",
            "target",
            "benefit",
            "key",
        )
        widgets: ClassVar = {
            "kind": forms.RadioSelect,
            "weight": forms.Select(choices=[(1, "1"), (2, "2"), (3, "3")]),
            "statement": forms.TextInput(attrs={"autofocus": True}),
        }
        help_texts: ClassVar = {
            "statement": _("What the customer meets, in their words: “Somebody greets me”."),
            "key": _("Its name in files and across versions. Generated if left empty."),
            "weight": _("1 for nearly all; 3 counts three times."),
            "benefit": _("What it is worth to the customer."),
            "touchpoint": _("Gives the interaction its channel."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for points, name, anchor in SCALE:
            self.fields[name] = forms.CharField(
                label=_("%(points)s: %(anchor)s") % {"points": f"{points:+d}", "anchor": anchor},
                required=False,
                max_length=200,
            )
        if self.instance._state.adding:
            self.fields["key"].required = False
        else:
            del self.fields["key"]
            for points, label in self.instance.wording.items():
                self.fields[LEVEL_FIELDS[points]].initial = label
        self._offer_places()

    def _offer_places(self) -> None:
        """Stages of this journey, perimeter first; touchpoints under their stage."""
        journey = self.instance.framework.journey
        stages = list(journey.stages.prefetch_related("touchpoints__channel"))
        inside = [(stage.pk, stage.name) for stage in stages if stage.in_perimeter]
        outside = [(stage.pk, stage.name) for stage in stages if not stage.in_perimeter]
        groups: list[Any] = [("", "---------"), (_("In the perimeter"), inside)]
        if outside:
            groups.append((_("Outside the perimeter: not scored"), outside))
        _offer(self.fields["stage"], Stage.objects.filter(journey=journey), groups)
        touchpoints = [
            (stage.name, [(row.pk, f"{row.name} · {row.channel}") for row in rows])
            for stage in stages
            if (rows := list(stage.touchpoints.all()))
        ]
        queryset = Touchpoint.objects.filter(journey=journey)
        _offer(self.fields["touchpoint"], queryset, [("", _("none")), *touchpoints])

    @property
    def levels(self) -> dict[int, str]:
        """{points: words} as typed, for a form that was cleaned."""
        return {
            points: text
            for points, name in LEVEL_FIELDS.items()
            if (text := self.cleaned_data.get(name, ""))
        }

    def level_rows(self) -> Iterator[dict[str, Any]]:
        for points, name, anchor in SCALE:
            side = "plus" if points > 0 else "minus" if points < 0 else "zero"
            yield {"points": f"{points:+d}" if points else "0", "anchor": anchor, "side": side} | {
                "field": self[name]
            }

    def kind_rows(self) -> Iterator[dict[str, Any]]:
        for radio in self["kind"]:
            yield {"radio": radio, "hint": KIND_HINTS[str(radio.data["value"])]}

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        framework = self.instance.framework
        if key and framework.interactions.filter(key=key).exists():
            raise forms.ValidationError(_("Another interaction of the framework has this key."))
        return key or next_key(framework)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        stage, touchpoint = data.get("stage"), data.get("touchpoint")
        if stage and touchpoint and touchpoint.stage_id != stage.pk:
            self.add_error("touchpoint", _("The touchpoint belongs to another stage."))
        if "kind" in data and "weight" in data:
            for error in check_items([self._as_item(data)]):
                self.add_error(self._place_of(error), error_sentence(error))
        return data

    def _as_item(self, data: dict[str, Any]) -> Item:
        """The target only where its own field is sound; the key and stage don't matter here."""
        kind, points = Kind(data["kind"]), tuple(sorted(self.levels))
        return Item("new", "stage", kind, data["weight"], points, data.get("target"))

    def _place_of(self, error: ItemError) -> str:
        if "target" in error.code:
            return "target"
        if error.code == "zero_missing":
            return "zero"
        forbidden = {"basic_shape": (1, 2, 3), "delight_shape": (-1, -2, -3)}.get(error.code, ())
        typed = [LEVEL_FIELDS[points] for points in forbidden if points in self.levels]
        return typed[0] if typed else "kind"

    def _show_difference(self, now: models.Model, data: dict[str, Any]) -> None:
        super()._show_difference(now, data)
        assert isinstance(now, Interaction)
        there = now.wording
        for points, name in LEVEL_FIELDS.items():
            if there.get(points, "") != data.get(name, ""):
                text = there.get(points) or _("empty")
                self.add_error(name, _("It is now: %(value)s") % {"value": text})


def _offer(field: forms.Field, queryset: models.QuerySet[Any], choices: list[Any]) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = queryset
    field.widget.choices = choices


class PercentField(forms.DecimalField):
    """Typed in per cent, kept in basis points."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=2, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{(Decimal(value) / 100).normalize():f}" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        return None if percent is None else int(percent * 100)


class ThresholdsForm(forms.ModelForm[Framework]):
    """`seen` is what stood there when the page was drawn: an overtaken form is stale."""

    basics_covered_bp = PercentField(
        label=_("Basics covered from, %"),
        help_text=_("Part of the observations in which no basic is broken."),
    )
    min_coverage_bp = PercentField(
        label=_("Coverage needed, %"),
        help_text=_("Part of a customer's stage that must be observed to class it."),
    )
    broken_below = forms.TypedChoiceField(
        label=_("A basic is broken"),
        coerce=int,
        choices=[
            (0, _("at any level below 0")),
            (-1, _("only at -2 or worse")),
            (-2, _("only at -3")),
        ],
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Framework
        fields = THRESHOLDS
        labels: ClassVar = {
            "min_observations_moment_of_truth": _("Needed at a moment of truth"),
        }
        help_texts: ClassVar = {
            "low": _("A stage disappoints at this score or below; -100 to -1."),
            "high": _("A stage may enchant from this score; 1 to 100."),
            "min_observations": _("Below it no label is given."),
            "min_observations_moment_of_truth": _(
                "A moment of truth may ask for more. Empty: as many as any other stage."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_stale = False
        self.now = _stamp(self.instance)
        self.fields["seen"].initial = self.now

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("seen", self.now) != self.now:
            self.is_stale = True
            self.add_error(None, _("Somebody else changed this while you were editing."))
            for name, value in zip(THRESHOLDS, self.now.split(","), strict=True):
                if str(data.get(name)) != value:
                    self.add_error(name, _("It is now: %(value)s") % {"value": self._shown(name)})
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["seen"] = self.now  # type: ignore[index]
        least, stricter = (
            data.get(name) for name in ("min_observations", "min_observations_moment_of_truth")
        )
        if least is not None and stricter is not None and stricter < least:
            why = _("A moment of truth needs at least as many observations as any other stage.")
            self.add_error("min_observations_moment_of_truth", why)
        return data

    def _shown(self, name: str) -> Any:
        value = getattr(self.instance, name)
        return _("empty") if value is None else self.fields[name].prepare_value(value)

    def values(self) -> dict[str, int | None]:
        return {name: self.cleaned_data[name] for name in THRESHOLDS}


def _stamp(framework: Framework) -> str:
    return ",".join(str(getattr(framework, name)) for name in THRESHOLDS)


class TargetsForm(forms.Form):
    """One select an interaction, offering its own levels from 0 up."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, interactions: Iterable[Interaction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.interactions = list(interactions)
        self.is_stale = False
        versions = sum(row.version for row in self.interactions)
        self.now = f"{len(self.interactions)}-{versions}"
        self.fields["seen"].initial = self.now
        for row in self.interactions:
            self.fields[f"target-{row.key}"] = _target_field(row)

    def rows(self) -> Iterator[tuple[Interaction, forms.BoundField]]:
        for row in self.interactions:
            yield row, self[f"target-{row.key}"]

    def targets(self) -> dict[str, int | None]:
        """What is wished for, of the fields that were readable."""
        data, rows = self.cleaned_data, self.interactions
        return {row.key: data[name] for row in rows if (name := f"target-{row.key}") in data}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for key, reasons in target_errors(self.interactions, self.targets()).items():
            for reason in reasons:
                self.add_error(f"target-{key}", reason)
        if data.get("seen", self.now) != self.now:
            self._tell_stale()
        return data

    def _tell_stale(self) -> None:
        self.is_stale = True
        self.add_error(None, _("Somebody else changed this while you were editing."))
        wished = self.targets()
        for row in self.interactions:
            if row.key in wished and wished[row.key] != row.target:
                shown = _("none") if row.target is None else f"{row.target:+d}"
                self.add_error(f"target-{row.key}", _("It is now: %(value)s") % {"value": shown})
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["seen"] = self.now  # type: ignore[index]


def _target_field(row: Interaction) -> forms.Field:
    """Any whole number is read, so that a wrong one is refused with its own reason."""
    best = 0 if row.kind == Interaction.Kind.BASIC else 3
    offered = [(p, f"{p:+d}  {text}" if p else f"0  {text}") for p, text in row.wording.items()]
    choices = [("", _("none")), *((p, text) for p, text in offered if 0 <= p <= best)]
    return forms.IntegerField(
        label=row.statement,
        required=False,
        initial=row.target,
        widget=forms.Select(choices=choices, attrs={"class": "form-select form-select-sm"}),
    )
