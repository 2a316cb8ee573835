"""Forms around maps that are used again: snapshots, templates, the library of stages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.forms.journeys import JourneyForm
from journeys.forms.rows import grid
from journeys.journey_templates import JourneyTemplate, family_name
from journeys.library import library_of
from journeys.models import Channel, Journey, Stage


class SnapshotForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the snapshot"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["placeholder"] = _("after workshop 1")
        self.helper = grid((("name", 12),))


class TemplateForm(JourneyForm):
    """A journey with its segment, and the channel that each family of the template goes by."""

    def __init__(self, *args: Any, template: JourneyTemplate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.families = template.families
        programme = self.instance.programme
        self._channels = {channel.pk: channel for channel in programme.channels.all()}
        for family in self.families:
            self.fields[f"channel_{family}"] = self._channel_field(family, programme.language)
        names = [f"channel_{family}" for family in self.families]
        self.helper = grid(
            (("segment", 12),),
            (("name", 8), ("key", 4)),
            tuple((name, 6) for name in names),
        )

    def _channel_field(self, family: str, language: str) -> forms.ChoiceField:
        fitting = [channel for channel in self._channels.values() if channel.family == family]
        fitting.sort(key=lambda channel: not channel.in_perimeter)
        name = family_name(family, language)
        added = (("", _("Add the channel “%(name)s”") % {"name": name}),)
        return forms.ChoiceField(
            label=_("Channel for: %(family)s") % {"family": Channel.Family(family).label},
            choices=[*((str(channel.pk), channel.name) for channel in fitting), *added],
            initial=str(fitting[0].pk) if fitting else "",
            required=False,
        )

    def channels(self) -> dict[str, Channel | None]:
        """Of a valid form: the channel chosen for each family, None where one is to be added."""
        chosen = {family: self.cleaned_data[f"channel_{family}"] for family in self.families}
        return {family: self._channels[int(pk)] if pk else None for family, pk in chosen.items()}


class LibraryForm(forms.Form):
    stages = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Stages"),
        queryset=Stage.objects.none(),
        error_messages={"required": gettext_lazy("Nothing is selected.")},
    )

    def __init__(self, *args: Any, journey: Journey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = self.fields["stages"]
        assert isinstance(stages, forms.ModelMultipleChoiceField)
        stages.queryset = library_of(journey)

    def clean_stages(self) -> list[Stage]:
        chosen: dict[str, Stage] = {}
        for stage in self.cleaned_data["stages"]:
            if stage.key in chosen:
                raise forms.ValidationError(
                    _("“%(stage)s” is chosen from two journeys: it is the same stage, take one."),
                    params={"stage": stage},
                )
            chosen[stage.key] = stage
        return list(chosen.values())
