"""Forms for what belongs to an action, and for moving it about in the plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from actionplans.action_files import MOST_BYTES, TYPES
from actionplans.action_models import ActionPerson, SubTask
from actionplans.fields import MoneyField
from actionplans.forms import DateInput, members_of
from actionplans.models import Action
from actionplans.planning import NOTE_OF_A_BLOCK
from journeys.models import Programme, Stage


def _choices(form: forms.BaseForm, name: str, rows: Any, empty: str = "") -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    if empty:
        field.empty_label = empty


class PersonForm(forms.Form):
    person = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Person"))
    part = forms.ChoiceField(label=gettext_lazy("Part"), choices=ActionPerson.Part.choices)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "person-%s"} | kwargs)
        _choices(self, "person", members_of(programme), _("Choose somebody"))


class DependencyForm(forms.Form):
    """The actions of the plan that may still be waited for."""

    needs = forms.ModelChoiceField(Action.objects.none(), label=gettext_lazy("Waits for"))

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "wait-%s"} | kwargs)
        others = Action.objects.filter(programme=action.programme_id)
        _choices(self, "needs", others.exclude(pk=action.pk), _("Choose an action"))


class TaskForm(forms.ModelForm[SubTask]):
    class Meta:
        model = SubTask
        fields = ("text", "owner")

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "task-%s"} | kwargs)
        _choices(self, "owner", members_of(programme), _("nobody in particular"))


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{one}" for one in sorted(TYPES))}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "attach-%s"} | kwargs)
        said = _("A document, a sheet, slides or a picture, of at most %(most)d MB.")
        self.fields["file"].help_text = said % {"most": MOST_BYTES // 1024 // 1024}


class MoveForm(forms.Form):
    """Another status, from a version that was seen; a note where something blocks it."""

    is_stale = False

    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=Action.Status.choices)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DatesForm(forms.Form):
    """New dates, or all dates by so many days; from a version that was seen."""

    is_stale = False

    start_on = forms.DateField(label=gettext_lazy("Start date"), required=False, widget=DateInput())
    due_on = forms.DateField(label=gettext_lazy("Due date"), required=False, widget=DateInput())
    days = forms.IntegerField(
        label=gettext_lazy("Move dates, days"), min_value=-3660, max_value=3660, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("due_on") and not data.get("days"):
            self.add_error("due_on", _("Say when it is due."))
        return data


class BulkForm(forms.Form):
    """One change to the lines that were ticked; "pk:version" says which, and as seen when."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    note = forms.CharField(
        label=gettext_lazy("What blocks them"), max_length=NOTE_OF_A_BLOCK, required=False
    )
    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Owner"), required=False)
    days = forms.IntegerField(
        label=gettext_lazy("Move dates, days"), min_value=-3660, max_value=3660, required=False
    )
    department = forms.CharField(label=gettext_lazy("Department"), max_length=80, required=False)

    is_stale = False

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "bulk-%s"} | kwargs)
        same = _("as they are")
        _choices(self, "owner", members_of(programme), same)
        choices = [("", same), *Action.Status.choices]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            look = "form-select" if name in ("status", "owner") else "form-control"
            field.widget.attrs["class"] = look
        self.fields["department"].widget.attrs["list"] = "departments"

    @property
    def ticked(self) -> set[int]:
        """The actions that were ticked, whether or not they can be changed."""
        pairs = self.data.getlist("chosen") if self.is_bound else []  # type: ignore[attr-defined]
        return set(seen_of(pairs))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["seen"] = seen_of(self.data.getlist("chosen"))  # type: ignore[attr-defined]
        if not data["seen"]:
            self.add_error(None, _("Tick the actions to change."))
        return data


def seen_of(pairs: list[str]) -> dict[int, int]:
    """{"7:2"} as {7: 2}; what is no such pair is left out."""
    found = {}
    for pair in pairs:
        pk, _colon, version = pair.partition(":")
        if pk.isascii() and pk.isdigit() and version.isascii() and version.isdigit():
            found[int(pk)] = int(version)
    return found


class StageField(forms.ModelChoiceField[Stage]):
    """With the journey: two of them may have a stage of one name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.journey.name}: {obj.name}"


class ProjectForm(forms.ModelForm[Action]):
    """A project that the client had before the programme."""

    stage = StageField(Stage.objects.none(), label=gettext_lazy("Stage"))
    cost_cents = MoneyField(label=gettext_lazy("Cost"), required=False)

    class Meta:
        model = Action
        fields = (
            "title",
            "stage",
            "owner",
            "department",
            "channel",
            "start_on",
            "due_on",
            "dimension",
            "kind",
            "cost_cents",
        )
        widgets = {"start_on": DateInput(), "due_on": DateInput()}

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = Stage.objects.filter(journey__programme=programme).select_related("journey")
        _choices(self, "stage", stages, _("Choose a stage"))
        _choices(self, "owner", members_of(programme), _("Choose somebody"))
        _choices(self, "channel", programme.channels.all(), _("All channels"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start_on, due_on = data.get("start_on"), data.get("due_on")
        if start_on and due_on and start_on > due_on:
            self.add_error("start_on", _("It can't start after it is due."))
        return data


class ProjectSheetForm(forms.Form):
    """Rows pasted from a sheet, or its file."""

    text = forms.CharField(
        label=gettext_lazy("Rows, with their headings"),
        required=False,
        max_length=500_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "wrap": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=gettext_lazy("or a file, XLSX or CSV"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.txt"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("file") and not data.get("text", "").strip():
            self.add_error("text", _("Paste the rows, or choose a file."))
        return data
