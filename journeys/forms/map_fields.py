"""One field of one row of the map, edited where it stands: on the map and in the table view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from journeys.forms.journeys import CriteriaForm
from journeys.guards import blocking_reasons
from journeys.models import Channel, Choice, Need, Stage, Touchpoint
from journeys.versions import VersionedForm


class CustomerActionForm(VersionedForm[Touchpoint]):
    class Meta:
        model = Touchpoint
        fields = ("customer_action",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer_action"].widget.attrs["placeholder"] = _("what do they do?")


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


def _plain(model: type[models.Model], field: str) -> type[VersionedForm[Any]]:
    """A form of nothing but this field, by the model's own rules."""
    made = forms.modelform_factory(model, form=VersionedForm, fields=(field,))
    return cast("type[VersionedForm[Any]]", made)


# By part and field, as they stand in the address.
FIELD_FORMS: Final[Mapping[tuple[str, str], type[VersionedForm[Any]]]] = {
    ("stages", "name"): _plain(Stage, "name"),
    ("stages", "phase"): _plain(Stage, "phase"),
    ("touchpoints", "name"): _plain(Touchpoint, "name"),
    ("touchpoints", "customer_action"): CustomerActionForm,
    ("touchpoints", "channel"): TouchpointChannelForm,
    ("touchpoints", "initiative"): _plain(Touchpoint, "initiative"),
    ("touchpoints", "nature"): _plain(Touchpoint, "nature"),
    ("touchpoints", "criticality"): _plain(Touchpoint, "criticality"),
    ("needs", "text"): _plain(Need, "text"),
    ("needs", "level"): _plain(Need, "level"),
    ("choices", "question"): _plain(Choice, "question"),
    ("choices", "criteria"): CriteriaForm,
}
