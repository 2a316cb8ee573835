"""The filters of the dashboard: the parameters of `observations.selection`, as a form in the URL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet, prefetch_related_objects
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.access import Access
from journeys.forms.fields import MonthInput
from journeys.models import Journey, Location, Method, Wave
from journeys.months import month_text, period_text
from observations.selection import INDICATOR_PARAMETERS, PARAMETERS, values_among
from scoring.models import Framework

SELECTED = mark_safe(" selected")  # our own text
Choices = Iterable[tuple[str, Any]]


class PlainSelect(forms.Select):
    """Drawn without a template an option: six of them were a tenth of drawing the dashboard."""

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, SELECTED if str(key) == chosen else "", label) for key, label in self.choices),
        )
        drawn = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, drawn, options)


class AddressForm(forms.Form):
    """Draws what the URL says; whoever reads it says what can't be read."""

    def refuse(self, errors: Mapping[str, str]) -> None:
        for name, why in errors.items():
            self.add_error(name if name in self.fields else None, why)


class SelectionForm(AddressForm):
    """The parameters of a selection, each offered where there is something to choose between.

    Several values at once, separated by commas, are for URLs: they show as one more choice.
    """

    parameters: ClassVar[tuple[str, ...]]

    wave = forms.CharField(label=gettext_lazy("Wave"), required=False)
    location = forms.CharField(label=gettext_lazy("Location"), required=False)
    region = forms.CharField(label=gettext_lazy("Region"), required=False)
    channel = forms.CharField(label=gettext_lazy("Channel"), required=False)
    to = forms.CharField(label=gettext_lazy("To month"), required=False, widget=MonthInput)

    def __init__(
        self, query: Mapping[str, Any], *, choices: Mapping[str, Choices], **kwargs: Any
    ) -> None:
        data = {name: str(query.get(name, "")).strip() for name in self.parameters}
        super().__init__(data, **kwargs)
        # Named as in the API: `from` can't be the name of an attribute.
        self.fields["from"] = forms.CharField(
            label=_("From month"), required=False, widget=MonthInput
        )
        self.order_fields(self.parameters)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
        self.asked = {name: value for name, value in data.items() if value}
        for name, offered in choices.items():
            self._offer(name, list(offered))

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """A choice among what there is; no field where there is nothing to choose between."""
        value = self.asked.get(name, "")
        if len(choices) < 2 and not value:
            del self.fields[name]
            return
        known = dict(choices)
        if value and value not in known:
            parts = [str(known.get(part, part)) for part in values_among(value, known)]
            choices.append((value, ", ".join(parts)))
        self.fields[name].widget = PlainSelect(choices=[("", _("All")), *choices])
        self.fields[name].widget.attrs["class"] = "form-select"

    @property
    def words(self) -> list[str]:
        """What is chosen, as people say it."""
        found = []
        for name, value in self.asked.items():
            field = self.fields.get(name)
            choices = dict(getattr(field.widget, "choices", ())) if field else {}
            found.append(str(choices.get(value, typed_words(name, value))))
        return found


class FilterForm(SelectionForm):
    """Draws what the URL says; `read_selection` decides whether it can be read."""

    parameters = PARAMETERS

    method = forms.CharField(label=gettext_lazy("Method"), required=False)
    framework = forms.CharField(label=gettext_lazy("Framework version"), required=False)

    def __init__(
        self,
        query: Mapping[str, Any],
        *,
        access: Access,
        journey: Journey,
        versions: Iterable[int],
        **kwargs: Any,
    ) -> None:
        choices = _choices(access) | {
            "method": Method.choices,
            "framework": [
                (str(one), _("Version %(version)d") % {"version": one}) for one in versions
            ],
        }
        super().__init__(query, choices=choices, **kwargs)


class IndicatorFilterForm(SelectionForm):
    """As `FilterForm`, for `read_indicator_selection`."""

    parameters = INDICATOR_PARAMETERS

    segment = forms.CharField(label=gettext_lazy("Segment"), required=False)

    def __init__(self, query: Mapping[str, Any], *, access: Access, **kwargs: Any) -> None:
        segments = access.programme.segments.values_list("key", "name")
        super().__init__(query, choices=_choices(access) | {"segment": segments}, **kwargs)


def filter_form(query: Mapping[str, Any], access: Access, journey: Journey) -> FilterForm:
    """The waves are read here once for the page: its filters, cells and indicators all ask for them."""
    prefetch_related_objects([access.programme], "waves")
    versions = Framework.objects.published().filter(journey=journey).order_by("-version")
    numbers = list(versions.values_list("version", flat=True))
    return FilterForm(query, access=access, journey=journey, versions=numbers)


def readable_locations(access: Access) -> QuerySet[Location]:
    """Those whose scores this person may read."""
    rows = access.programme.locations.all()
    if access.reading_location_ids is None:
        return rows
    return rows.filter(pk__in=access.reading_location_ids)


def typed_words(name: str, value: str) -> str:
    """A value that is typed, not chosen: a month alone says "from" or "to" as well."""
    if name == "from":
        return _("from %(month)s") % {"month": month_text(value)}
    if name == "to":
        return _("until %(month)s") % {"month": month_text(value)}
    return value


def _wave_words(wave: Wave) -> str:
    """Its name with its months in brackets."""
    period = period_text(wave.first_month, wave.last_month)
    return _("%(wave)s (%(period)s)") % {"wave": wave.name, "period": period}


def _choices(access: Access) -> dict[str, Choices]:
    programme = access.programme
    rows = list(readable_locations(access).values_list("code", "name", "region"))
    regions = sorted({region for _code, _name, region in rows if region})
    return {
        "wave": [(wave.key, _wave_words(wave)) for wave in programme.waves.all()],
        "location": [(code, name) for code, name, _region in rows],
        "region": [(region, region) for region in regions],
        "channel": programme.channels.filter(in_perimeter=True).values_list("key", "name"),
    }
