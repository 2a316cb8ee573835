"""The web form of one observation: made from a guide, read back as the document every door takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid6 import uuid7

from journeys.access import Access
from journeys.models import Channel, Journey, Location, Method, Stage
from journeys.models.perimeter import month_validator
from observations.models import Observation, Revision
from observations.report_models import ReportComment
from scoring.models import Framework, Interaction
from scoring.scale import NA, NO


@dataclass(frozen=True, slots=True)
class Question:
    """One interaction of a stage, with the bound fields of its answer and note."""

    interaction: Interaction
    answer: forms.BoundField
    note: forms.BoundField


@dataclass(frozen=True, slots=True)
class Section:
    stage: Stage
    questions: list[Question]

    @property
    def has_errors(self) -> bool:
        return any(one.answer.errors or one.note.errors for one in self.questions)


class ObservationForm(forms.Form):
    """`a-<key>` answers an interaction (empty: unanswered), `n-<key>` is its note.

    The id is made when the page is first shown: the same form sent twice is one observation.
    """

    id = forms.UUIDField(widget=forms.HiddenInput)
    base_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    location = forms.ModelChoiceField(
        Location.objects.none(),
        label=gettext_lazy("Location"),
        required=False,
        to_field_name="code",
    )
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=Method.choices)
    channel = forms.ModelChoiceField(
        Channel.objects.none(), label=gettext_lazy("Channel"), required=False, to_field_name="key"
    )
    observed_at = forms.DateTimeField(
        label=gettext_lazy("Date and time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    customer = forms.CharField(
        label=gettext_lazy("Customer reference"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("A pseudonym, never a name."),
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        framework: Framework,
        access: Access,
        stored: Revision | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", initial_of(stored) if stored else fresh_initial(access))
        super().__init__(*args, **kwargs)
        self.stored = stored
        self.is_stale = False
        self.framework = framework
        self.access = access
        self.interactions = [one for one in framework.interactions.all() if one.stage.in_perimeter]
        self._choices_of_place()
        for interaction in self.interactions:
            self._add_question(interaction)

    def _choices_of_place(self) -> None:
        location = self.fields["location"]
        channel = self.fields["channel"]
        assert isinstance(location, forms.ModelChoiceField)
        assert isinstance(channel, forms.ModelChoiceField)
        rows = Location.objects.filter(programme=self.access.programme)
        if self.access.observing_location_ids is not None:
            rows = rows.filter(pk__in=self.access.observing_location_ids)
            location.required = True
        location.queryset = rows
        location.empty_label = _("No location")
        channel.queryset = Channel.objects.filter(
            programme=self.access.programme, in_perimeter=True
        )
        channel.empty_label = _("Several, or none")

    def _add_question(self, interaction: Interaction) -> None:
        levels = [(str(level.points), level.label) for level in interaction.levels.all()]
        self.fields[f"a-{interaction.key}"] = forms.ChoiceField(
            label=interaction.statement,
            choices=[*levels, (NA, _("Not applicable")), (NO, _("Not seen"))],
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": _("This level is not in the guide.")},
        )
        self.fields[f"n-{interaction.key}"] = forms.CharField(
            label=_("Note"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def sections(self) -> Iterator[Section]:
        """The guide stage by stage, in journey order."""
        section: Section | None = None
        for one in self.interactions:
            if section is None or section.stage.pk != one.stage_id:
                if section is not None:
                    yield section
                section = Section(one.stage, [])
            section.questions.append(Question(one, self[f"a-{one.key}"], self[f"n-{one.key}"]))
        if section is not None:
            yield section

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not any(data.get(f"a-{one.key}") for one in self.interactions):
            self.add_error(None, _("Nothing is answered yet."))
        return data

    def document(self) -> dict[str, Any]:
        """The observation as every other door takes it.

        A correction starts from what is stored: what the form does not show (photos, device
        times, answers outside the perimeter) stays as it is.
        """
        data = self.cleaned_data
        shown = {one.key for one in self.interactions}
        answers: dict[str, Any] = {
            k: v for k, v in self._stored_answers().items() if k not in shown
        }
        notes: dict[str, Any] = {k: v for k, v in self._stored_notes().items() if k not in shown}
        for one in self.interactions:
            if chosen := data[f"a-{one.key}"]:
                answers[one.key] = chosen if chosen in (NA, NO) else int(chosen)
            if note := data[f"n-{one.key}"]:
                notes[one.key] = note
        document: dict[str, Any] = dict(self.stored.details) if self.stored else {}
        document |= {
            "id": str(data["id"]),
            "journey": self.framework.journey.key,
            "framework_version": self.framework.version,
            "method": data["method"],
            "location": data["location"].code if data["location"] else None,
            "channel": data["channel"].key if data["channel"] else None,
            "observed_at": self._observed_at(),
            "observer": self._observer(),
            "customer": data["customer"] or None,
            "answers": answers,
            "notes": notes,
            "comment": data["comment"],
        }
        if data["base_revision"]:
            document["base_revision"] = data["base_revision"]
        return document

    def _stored_answers(self) -> dict[str, Any]:
        return self.stored.answers if self.stored else {}

    def _stored_notes(self) -> dict[str, Any]:
        return (self.stored.details.get("notes") or {}) if self.stored else {}

    def _observed_at(self) -> str:
        """With the offset of this time zone; a stored one keeps its own, and its seconds if untouched."""
        moment: datetime = self.cleaned_data["observed_at"]
        if self.stored is None:
            return timezone.localtime(moment).isoformat()
        written = self.stored.observed_at_as_written
        typed = timezone.make_naive(moment)
        if typed == written.replace(tzinfo=None, second=0, microsecond=0):
            return written.isoformat()
        return typed.replace(tzinfo=written.tzinfo).isoformat()

    def _observer(self) -> str | None:
        """The code first stored stays: who corrects an observation did not make it."""
        if self.stored is not None:
            return self.stored.observer or None
        return self.access.observer_code or None

    def take_errors(self, errors: list[dict[str, str]]) -> None:
        """Puts the door's refusals at their fields: `/answers/i11` belongs to `a-i11`."""
        for error in errors:
            parts = error["path"].strip("/").split("/")
            name = {"answers": "a-", "notes": "n-"}.get(parts[0], "")
            field = f"{name}{parts[1]}" if name and len(parts) > 1 else parts[0]
            self.add_error(field if field in self.fields else None, error["detail"])

    def show_overtaken(self, stored: dict[str, Any]) -> None:
        """Somebody corrected it meanwhile: says what stands there now; sending again overrules it."""
        self.is_stale = True
        for name in self.fields:
            typed, now = self.data.get(name) or "", stored.get(name) or ""
            if name.startswith(("a-", "n-")) and typed != now:
                choices = dict(getattr(self.fields[name], "choices", ()))
                shown = choices.get(now, now) or _("unanswered")
                self.add_error(name, _("It is now: %(value)s") % {"value": shown})
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["base_revision"] = str(stored["base_revision"])  # type: ignore[index]


def fresh_initial(access: Access) -> dict[str, Any]:
    """A new observation: its id, now, and the place where this person is if there is only one."""
    initial: dict[str, Any] = {"id": uuid7(), "observed_at": timezone.localtime()}
    initial["method"] = Method.STORE_TEAM if "observer" in access.roles else Method.MYSTERY_VISIT
    if access.observing_location_ids is not None and len(access.observing_location_ids) == 1:
        initial["location"] = Location.objects.get(pk__in=access.observing_location_ids).code
    return initial


def initial_of(revision: Revision) -> dict[str, Any]:
    """What stands in a stored revision, for correcting it."""
    initial: dict[str, Any] = {
        "id": revision.observation.uuid,
        "base_revision": revision.number,
        "location": revision.location.code if revision.location else None,
        "channel": revision.channel.key if revision.channel else None,
        "method": revision.method,
        # Without its zone, so that the page shows the hour that was written.
        "observed_at": revision.observed_at_as_written.replace(tzinfo=None),
        "customer": revision.customer,
        "comment": revision.details.get("comment") or "",
    }
    initial |= {f"a-{key}": str(answer) for key, answer in revision.answers.items()}
    initial |= {f"n-{key}": note for key, note in (revision.details.get("notes") or {}).items()}
    return initial


class ExclusionForm(forms.Form):
    """Whom to exclude and why; empty months are no bound."""

    observer = forms.CharField(
        label=gettext_lazy("Observer"),
        max_length=40,
        strip=False,
        help_text=gettext_lazy("The code under which the observations were made."),
    )
    first_month = forms.CharField(
        label=gettext_lazy("From month"),
        required=False,
        validators=[month_validator],
        widget=forms.TextInput(attrs={"type": "month"}),
    )
    last_month = forms.CharField(
        label=gettext_lazy("To month"),
        required=False,
        validators=[month_validator],
        widget=forms.TextInput(attrs={"type": "month"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept in the history of the programme."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_month"), data.get("last_month")
        if first and last and first > last:
            self.add_error("last_month", _("The last month is before the first."))
        return data


class MoveForm(forms.Form):
    """The journey along which the observation was really made."""

    journey = forms.ModelChoiceField(
        Journey.objects.none(), label=gettext_lazy("Journey"), to_field_name="key"
    )

    def __init__(self, *args: Any, guides: Iterable[Framework], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        journey = self.fields["journey"]
        assert isinstance(journey, forms.ModelChoiceField)
        journey.queryset = Journey.objects.filter(pk__in=[one.journey_id for one in guides])


class ReportCommentForm(forms.Form):
    """A remark on a report; `parent` where it answers another."""

    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=ReportComment.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    parent = forms.ModelChoiceField(
        ReportComment.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, observation: Observation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)
        parent.queryset = ReportComment.objects.filter(observation=observation)
