"""One fact of a row, as the cells of the table view edit it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from journeys.forms.fields import LinesField
from journeys.forms.journeys import CRITERION_LENGTH
from journeys.guards import blocking_reasons
from journeys.models import Channel, Choice, Need, Stage, Touchpoint
from journeys.stages import save_choice
from journeys.versions import VersionedForm


class StagePhaseForm(VersionedForm[Stage]):
    class Meta:
        model = Stage
        fields = ("phase",)


class TouchpointChannelForm(VersionedForm[Touchpoint]):
    """Of the programme's channels; refused where observations were summed with another one."""

    class Meta:
        model = Touchpoint
        fields = ("channel",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channel = self.fields["channel"]
        assert isinstance(channel, forms.ModelChoiceField)
        channel.queryset = self.instance.stage.journey.programme.channels.all()
        channel.empty_label = None

    def clean_channel(self) -> Channel:
        channel: Channel = self.cleaned_data["channel"]
        if "channel" in self.changed_data and (
            reasons := blocking_reasons(self.instance, ["channel"])
        ):
            raise forms.ValidationError(reasons)
        return channel


class TouchpointInitiativeForm(VersionedForm[Touchpoint]):
    class Meta:
        model = Touchpoint
        fields = ("initiative",)


class TouchpointNatureForm(VersionedForm[Touchpoint]):
    class Meta:
        model = Touchpoint
        fields = ("nature",)


class TouchpointCriticalityForm(VersionedForm[Touchpoint]):
    class Meta:
        model = Touchpoint
        fields = ("criticality",)


class NeedLevelForm(VersionedForm[Need]):
    class Meta:
        model = Need
        fields = ("level",)


class ChoiceCriteriaForm(VersionedForm[Choice]):
    criteria = LinesField(
        label=gettext_lazy("Criteria, one a line"), line_length=CRITERION_LENGTH, required=False
    )

    class Meta:
        model = Choice
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["criteria"] = [each.text for each in self.instance.criteria.all()]

    def save(self, commit: bool = True) -> Choice:
        choice = super().save(commit)
        return save_choice(choice=choice, criteria=self.cleaned_data["criteria"])
