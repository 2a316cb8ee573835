"""A programme: begun, set up, copied, deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.forms.rows import grid
from journeys.keys import free_key
from journeys.method_weights import DEFAULT_METHOD_WEIGHTS
from journeys.models import Channel, Method, Programme

SLUG_LENGTH = 60


def _taken_slug(slug: str) -> bool:
    return Programme.objects.filter(slug=slug).exists()


class ProgrammeForm(forms.ModelForm[Programme]):
    families = forms.MultipleChoiceField(
        label=gettext_lazy("Channels to begin with"),
        choices=Channel.Family.choices,
        initial=list(Channel.Family),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("One channel of each family; rename, add or remove them later."),
    )

    class Meta:
        model = Programme
        fields = ("name", "slug", "brand", "language", "ambition")
        widgets = {"ambition": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Part of every link. Made from the name if left empty.")
        self.helper = grid(
            (("name", 8), ("slug", 4)),
            (("brand", 8), ("language", 4)),
            (("ambition", 12),),
            (("families", 12),),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("slug") and data.get("name") and "slug" not in self.errors:
            stem = free_key(data["name"], (), max_length=SLUG_LENGTH - 4)
            taken = set(
                Programme.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
            )
            data["slug"] = free_key(data["name"], taken, max_length=SLUG_LENGTH)
        return data


class ProgrammeSettingsForm(forms.ModelForm[Programme]):
    """Name to ambition, when letters go out, and how far each method is trusted (a whole number)."""

    class Meta:
        model = Programme
        fields = (
            "name",
            "brand",
            "language",
            "ambition",
            "remind_before_days",
            "escalate_after_days",
        )
        widgets = {"ambition": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "remind_before_days": gettext_lazy(
                "From 0, the day itself, to 30. Written to who does it."
            ),
            "escalate_after_days": gettext_lazy("From 1 to 90. Written to the lead."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for method in Method:
            default = DEFAULT_METHOD_WEIGHTS[method.value]
            self.fields[f"weight_{method.value}"] = forms.IntegerField(
                label=method.label,
                required=False,
                min_value=0,
                max_value=100,
                initial=self.instance.method_weights.get(method.value),
                help_text=_("Default: %(weight)d") % {"weight": default},
                widget=forms.NumberInput(attrs={"placeholder": default}),
            )
        names = [f"weight_{method.value}" for method in Method]
        self.helper = grid((("name", 12),), (("brand", 8), ("language", 4)), (("ambition", 12),))
        self.helper.render_unmentioned_fields = False
        self.letters_helper = grid((("remind_before_days", 6), ("escalate_after_days", 6)))
        self.letters_helper.render_unmentioned_fields = False
        self.weights_helper = grid(tuple((name, 3) for name in names))
        self.weights_helper.render_unmentioned_fields = False

    @property
    def settings(self) -> dict[str, Any]:
        """As `change_settings` takes them; a weight left empty is not stored, so its default holds."""
        data = self.cleaned_data
        weights = {method.value: data[f"weight_{method.value}"] for method in Method}
        return {name: data[name] for name in self.Meta.fields} | {
            "method_weights": {key: weight for key, weight in weights.items() if weight is not None}
        }


class ProgrammeCopyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    slug = forms.SlugField(label=gettext_lazy("Address"), max_length=SLUG_LENGTH)
    with_waves = forms.BooleanField(label=gettext_lazy("Copy the waves as well"), required=False)
    with_framework = forms.BooleanField(
        label=gettext_lazy("Copy the frameworks as well, as drafts"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = grid(
            (("name", 8), ("slug", 4)), (("with_waves", 12),), (("with_framework", 12),)
        )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if _taken_slug(slug):
            raise forms.ValidationError(_("Another programme has this address."))
        return slug


class TypedConfirmationForm(forms.Form):
    """Deletes only what somebody can name."""

    typed = forms.CharField(label=gettext_lazy("Confirmation"))

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        self.fields["typed"].label = _("Type “%(word)s” to confirm") % {"word": expected}
        self.fields["typed"].widget.attrs["autocomplete"] = "off"
        self.helper = grid((("typed", 8),))

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.strip() != self.expected:
            raise forms.ValidationError(_("This is not “%(word)s”.") % {"word": self.expected})
        return typed
