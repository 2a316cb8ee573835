"""Forms of workshops: for whoever prepares and runs them, and for the phones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.fields import DaysField
from actionplans.forms import DateInput, EffectForm, members_of
from actionplans.gaps import Gap
from actionplans.models import Action
from actionplans.workshop_flow import MOST_MINUTES, TIME_BOXES, TIMED, Phase
from actionplans.workshop_models import MOST_DOTS, MOST_IMPACT, Idea, IdeaGroup, Workshop
from actionplans.workshop_room import tidy_code
from journeys.forms.fields import PercentField
from journeys.models import Programme


def default_question(gap: Gap) -> str:
    """A question that opens ideas, by what is wrong with the gap."""
    if gap.is_removing:
        return _("What would end the disappointment in “%(stage)s”?") % {"stage": gap.stage.name}
    return _("What would make “%(stage)s” a delight?") % {"stage": gap.stage.name}


class PrepareForm(forms.ModelForm[Workshop]):
    """The gaps are offered in the order of priority, and worked on in that order."""

    gaps = forms.MultipleChoiceField(
        label=gettext_lazy("Gaps to work on"),
        error_messages={"required": gettext_lazy("Choose at least one gap.")},
    )

    class Meta:
        model = Workshop
        fields = ("title", "goal", "votes_per_person")
        widgets = {
            "goal": forms.Textarea(attrs={"rows": 2}),
            "votes_per_person": forms.NumberInput(attrs={"min": 1, "max": MOST_DOTS}),
        }

    def __init__(self, *args: Any, offered: Sequence[Gap], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(gap.stage.pk): gap for gap in offered}
        kept = {str(row.stage_id): row.question for row in self._kept()}
        field = self.fields["gaps"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, gap.stage.name) for key, gap in self.offered.items()]
        field.initial = list(kept)
        for key, gap in self.offered.items():
            self.fields[f"question_{key}"] = forms.CharField(
                label=_("Question to the room"),
                max_length=200,
                required=False,
                initial=kept.get(key) or default_question(gap),
            )
        for phase in TIMED:
            self.fields[f"minutes_{phase}"] = forms.IntegerField(
                label=Workshop.Phase(phase).label,
                min_value=0,
                max_value=MOST_MINUTES,
                initial=self.instance.minutes.get(phase, TIME_BOXES[Phase(phase)]),
            )

    def _kept(self) -> Iterable[Any]:
        return self.instance.gaps.all() if self.instance.pk else ()

    @property
    def time_boxes(self) -> list[Any]:
        return [self[f"minutes_{phase}"] for phase in TIMED]

    @property
    def chosen_keys(self) -> set[str]:
        return set(self["gaps"].value() or ())

    def question_field(self, gap: Gap) -> Any:
        return self[f"question_{gap.stage.pk}"]

    @property
    def minutes(self) -> dict[str, int]:
        return {phase.value: self.cleaned_data[f"minutes_{phase}"] for phase in TIMED}

    @property
    def chosen(self) -> list[tuple[Gap, str]]:
        """Each chosen gap with its question, in the order of priority."""
        wanted = set(self.cleaned_data["gaps"])
        return [
            (gap, self.cleaned_data[f"question_{key}"].strip() or default_question(gap))
            for key, gap in self.offered.items()
            if key in wanted
        ]


class MoveForm(forms.Form):
    direction = forms.ChoiceField(choices=[(one, one) for one in ("next", "back", "vote", "close")])
    version = forms.IntegerField(min_value=0)


class ClockForm(forms.Form):
    verb = forms.ChoiceField(choices=[(one, one) for one in ("pause", "resume", "extend")])
    minutes = forms.IntegerField(min_value=1, max_value=MOST_MINUTES, required=False)


class PersonForm(forms.Form):
    verb = forms.ChoiceField(choices=[(one, one) for one in ("remove", "let_back")])


class AddIdeaForm(forms.Form):
    text = forms.CharField(max_length=100_000)


class GroupIdeasForm(forms.Form):
    """`group` empty is a new one, `rest` is a group of its own for each idea left."""

    ideas = forms.ModelMultipleChoiceField(Idea.objects.none(), required=False)
    group = forms.ModelChoiceField(IdeaGroup.objects.none(), required=False)
    title = forms.CharField(max_length=120, required=False)
    rest = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, gap: Any) -> None:
        super().__init__(data)
        for name, rows in (("ideas", gap.ideas.all()), ("group", gap.groups.all())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows


class GroupForm(forms.Form):
    title = forms.CharField(max_length=100_000)
    in_vote = forms.BooleanField(required=False)


class PlaceForm(forms.Form):
    """Empty takes it out of the matrix; a nudge moves it from what is typed."""

    NUDGES: ClassVar = {"up": (5, 0), "down": (-5, 0), "left": (0, -10), "right": (0, 10)}

    impact = forms.IntegerField(min_value=0, max_value=MOST_IMPACT, required=False)
    effort = DaysField(required=False)
    nudge = forms.ChoiceField(choices=[(one, one) for one in NUDGES], required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        more = self.NUDGES.get(typed.get("nudge", ""))
        if more is not None and not self.errors:
            impact, tenths = (typed["impact"] or 0) + more[0], (typed["effort"] or 0) + more[1]
            typed["impact"] = min(max(impact, 0), MOST_IMPACT)
            typed["effort"] = max(tenths, 0)
        return typed


class GroupEffectForm(EffectForm):
    """As an action's effect, with the part of the cases that it reaches."""

    def __init__(
        self, data: Any = None, *, interactions: Iterable[Any], chosen: str = "", reach: Any = None
    ) -> None:
        super().__init__(data, interactions=interactions, chosen=chosen)
        if self.chosen is not None:
            self.fields["reach_bp"] = PercentField(
                label=_("Cases it can reach, %"),
                help_text=_("Of all the customers of the stage, those that it can touch."),
                initial=reach,
            )


class CommitForm(forms.ModelForm[Action]):
    class Meta:
        model = Action
        fields = ("title", "owner", "due_on", "dimension", "kind")
        widgets = {"due_on": DateInput()}

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = members_of(programme)
        owner.error_messages["invalid_choice"] = _("The owner must be a member of the programme.")


class JoinForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "placeholder": "K7M 2QX",
            }
        ),
    )
    name = forms.CharField(
        label=gettext_lazy("Your first name"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )

    def clean_code(self) -> str:
        return tidy_code(self.cleaned_data["code"])


class IdeaForm(forms.Form):
    """Without a length: what is too long is refused in words, and nothing of it is lost."""

    gap = forms.IntegerField()
    client_id = forms.UUIDField()
    text = forms.CharField(max_length=100_000, required=False)


class WithdrawForm(forms.Form):
    client_id = forms.UUIDField()


class DotForm(forms.Form):
    group = forms.IntegerField()
    on = forms.BooleanField(required=False)


class DoneForm(forms.Form):
    place = forms.CharField(max_length=20)
    done = forms.BooleanField(required=False)
