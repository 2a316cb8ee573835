"""Step 2: journeys, stages, and what hangs on a stage."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from journeys.forms.fields import LinesField, PercentField
from journeys.forms.rows import RowForm, grid
from journeys.models import Choice, Criterion, Journey, Need, Segment, Stage, Touchpoint
from journeys.stages import save_choice
from journeys.versions import VersionedForm

CRITERION_LENGTH: int = Criterion._meta.get_field("text").max_length or 120


class JourneyForm(RowForm[Journey]):
    """New, with its segment; afterwards only the name changes."""

    class Meta:
        model = Journey
        fields = ("name", "key", "segment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_new:
            del self.fields["segment"]
            self.helper = grid((("name", 12),))
            return
        segment = self.fields["segment"]
        assert isinstance(segment, forms.ModelChoiceField)
        segment.queryset = self.instance.programme.segments.all()
        segment.empty_label = None
        self.helper = grid((("segment", 12),), (("name", 8), ("key", 4)))


class JourneyCopyForm(forms.Form):
    segment = forms.ModelChoiceField(
        label=gettext_lazy("For the segment"), queryset=Segment.objects.none(), empty_label=None
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    with_framework = forms.BooleanField(
        label=gettext_lazy("Copy its framework as well, as a draft"), required=False, initial=True
    )

    def __init__(self, *args: Any, source: Journey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        segment = self.fields["segment"]
        assert isinstance(segment, forms.ModelChoiceField)
        segment.queryset = source.programme.segments.exclude(pk=source.segment_id)
        self.helper = grid((("segment", 5), ("name", 7)), (("with_framework", 12),))


class StageForm(RowForm[Stage], VersionedForm[Stage]):
    guarded = ("in_perimeter",)

    reach_bp = PercentField(
        label=gettext_lazy("Reach, in %"),
        help_text=gettext_lazy("Part of the segment's customers who go through the stage."),
    )

    class Meta:
        model = Stage
        fields = ("name", "key", "phase", "criticality", "reach_bp", "in_perimeter")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = (("key", 4),) if self.is_new else ()
        self.helper = grid(
            (("name", 8 if key else 12), *key),
            (("phase", 4), ("criticality", 4), ("reach_bp", 4)),
        )


class TouchpointForm(RowForm[Touchpoint], VersionedForm[Touchpoint]):
    guarded = ("channel",)

    class Meta:
        model = Touchpoint
        fields = (
            "name",
            "channel",
            "customer_action",
            "initiative",
            "nature",
            "criticality",
            "key",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channel = self.fields["channel"]
        assert isinstance(channel, forms.ModelChoiceField)
        channel.queryset = self.instance.journey.programme.channels.all()
        channel.empty_label = None
        key = (("key", 3),) if self.is_new else ()
        self.helper = grid(
            (("name", 6), ("channel", 6)),
            (("customer_action", 9 if key else 12), *key),
            (("initiative", 5), ("nature", 3), ("criticality", 4)),
        )


class NeedForm(RowForm[Need], VersionedForm[Need]):
    class Meta:
        model = Need
        fields = ("text", "level")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = grid((("text", 8), ("level", 4)))


class CriteriaForm(VersionedForm[Choice]):
    """A choice's criteria, which are rows of their own."""

    criteria = LinesField(
        label=gettext_lazy("Criteria, one a line"), line_length=CRITERION_LENGTH, required=False
    )

    class Meta:
        model = Choice
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["criteria"] = [each.text for each in self.instance.criteria.all()]

    def values_of(self, row: Any) -> dict[str, Any]:
        return super().values_of(row) | {"criteria": [each.text for each in row.criteria.all()]}

    def save(self, commit: bool = True) -> Choice:
        choice = super().save(commit)
        return save_choice(choice=choice, criteria=self.cleaned_data["criteria"])


class ChoiceForm(RowForm[Choice], CriteriaForm):
    class Meta:
        model = Choice
        fields = ("question",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = grid((("question", 7), ("criteria", 5)))
