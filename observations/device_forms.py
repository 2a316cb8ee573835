"""A device's name and locations, and the file that a tablet exports as the last resort."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.forms.rows import grid
from journeys.models import Location, Programme
from observations.models import Device
from observations.queue_files import MAX_FILE_BYTES


class DeviceForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("As it stands on the tablet itself, such as “Tablet 2, entrance”."),
    )
    locations = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Locations"),
        queryset=Location.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("It observes there and nowhere else."),
        error_messages={"required": gettext_lazy("Choose at least one location.")},
    )

    takes_mystery_visits = forms.BooleanField(
        label=gettext_lazy("Used for mystery visits"),
        required=False,
        help_text=gettext_lazy(
            "It is told of planned mystery visits. Leave it off for a tablet that stays in the store."
        ),
    )

    def __init__(
        self, *args: Any, programme: Programme, device: Device | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.programme, self.device = programme, device
        locations = self.fields["locations"]
        assert isinstance(locations, forms.ModelMultipleChoiceField)
        locations.queryset = programme.locations.all()
        if device is not None:
            self.initial.setdefault("name", device.name)
            self.initial.setdefault("locations", list(device.locations.all()))
            self.initial.setdefault("takes_mystery_visits", device.takes_mystery_visits)
        self.helper = grid((("name", 12),), (("locations", 12),), (("takes_mystery_visits", 12),))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = self.programme.devices.filter(name=name)
        if self.device is not None:
            others = others.exclude(pk=self.device.pk)
        if others.exists():
            raise forms.ValidationError(_("Another device has this name."))
        return name


class QueueFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Queue file"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=gettext_lazy("The file that the tablet saved, 100 MB at most."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = grid((("file", 12),))

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_FILE_BYTES:
            raise forms.ValidationError(_("This file is larger than 100 MB."))
        return file
