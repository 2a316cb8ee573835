"""Looking through the action library, and keeping a pattern of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.models import Action
from actionplans.pattern_models import Goal, OwnPattern, StageKind
from actionplans.patterns import Pattern, narrowed
from journeys.models import Stage


class LibraryFilter(forms.Form):
    """The filters of the library, in the URL; `target` is the stage that an action is wanted for."""

    q = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    goal = forms.ChoiceField(label=gettext_lazy("Gap"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("Kind of stage"), required=False)
    dimension = forms.ChoiceField(label=gettext_lazy("Dimension"), required=False)
    target = forms.ChoiceField(label=gettext_lazy("For the stage"), required=False)

    def __init__(self, data: Any, *, stages: Sequence[Stage]) -> None:
        super().__init__(data)
        self.stages = {f"{one.journey.key}:{one.key}": one for one in stages}
        every = ("", _("All"))
        offered: dict[str, list[tuple[str, Any]]] = {
            "goal": [every, *Goal.choices],
            "stage": [every, *StageKind.choices],
            "dimension": [every, *Action.Dimension.choices],
            "target": [
                ("", _("Choose one to use a pattern")),
                *((key, f"{one.name} · {one.journey.name}") for key, one in self.stages.items()),
            ],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if not stages:
            del self.fields["target"]

    def narrow(self, patterns: Sequence[Pattern]) -> list[Pattern]:
        """All of them for filters that can't be read."""
        if not self.is_valid():
            return list(patterns)
        asked = self.cleaned_data
        return narrowed(
            patterns,
            words=asked["q"],
            dimension=asked["dimension"],
            goal=asked["goal"],
            stage=asked["stage"],
        )

    @property
    def chosen(self) -> Stage | None:
        return self.stages.get(self.cleaned_data.get("target", "")) if self.is_valid() else None


class PatternForm(forms.ModelForm[OwnPattern]):
    """A pattern of the programme's own."""

    dimension = forms.ChoiceField(label=gettext_lazy("Dimension"), choices=Action.Dimension.choices)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Action.Kind.choices)
    stages = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of stage"),
        choices=StageKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = OwnPattern
        fields = ("title", "what", "measure", "steps", "dimension", "kind", "goal", "stages")
        widgets: ClassVar = {
            "what": forms.Textarea(attrs={"rows": 3}),
            "steps": forms.Textarea(attrs={"rows": 3}),
        }

    def clean_title(self) -> str:
        """Unique in the programme, which is no field of the form."""
        title: str = self.cleaned_data["title"]
        taken = OwnPattern.objects.filter(programme=self.instance.programme, title=title)
        if taken.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another pattern of the programme has this title."))
        return title


class StartFrom(forms.Form):
    """A pattern to fill a form from: what was typed stays."""

    pattern = forms.ChoiceField(label=gettext_lazy("Start from the library"), required=False)

    def __init__(self, data: Any, *, patterns: Sequence[Pattern]) -> None:
        super().__init__(data)
        field = self.fields["pattern"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("No pattern")),
            *(
                (str(goal), [(one.key, one.title) for one in patterns if one.goal == value])
                for value, goal in Goal.choices
            ),
        ]
