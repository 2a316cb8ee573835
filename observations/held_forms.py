"""What a person types about a held copy: its content made acceptable, or why it is dismissed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext_lazy

from journeys.access import Access
from observations.documents import DEVICE, FIELDS, FieldError
from observations.forms import ObservationForm
from observations.models import HeldCopy
from scoring.models import Framework
from scoring.scale import NA, NO


class HeldForm(ObservationForm):
    """The guide filled in with what the copy says; what the page does not show stays, if it is valid."""

    observer = forms.CharField(label=gettext_lazy("Observer"), required=False, max_length=40)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        framework: Framework,
        access: Access,
        document: Mapping[str, Any],
        base_revision: int | None,
    ) -> None:
        self.held = document
        filled = data if data is not None else posted_from(document, base_revision)
        super().__init__(filled, framework=framework, access=access, initial={})

    def show_refusals(self, errors: list[FieldError]) -> None:
        """As if the copy had been typed here: each refusal at its field."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        self.take_errors(errors)

    def document(self) -> dict[str, Any]:
        return {**self._kept(), **super().document()}

    def _kept(self) -> dict[str, Any]:
        """Device facts and photos, where they are as they must be."""
        kept = {key: self.held[key] for key in DEVICE if key in self.held}
        kept = {key: value for key, value in kept.items() if FIELDS[key][0](value)}
        media = self.held.get("media")
        return kept | {"media": media} if isinstance(media, list) and media else kept

    def _stored_answers(self) -> dict[str, Any]:
        points = {
            one.key: {level.points for level in one.levels.all()}
            for one in self.framework.interactions.all()
        }
        said = _object(self.held.get("answers"))
        return {
            key: answer
            for key, answer in said.items()
            if key in points and is_answer(answer, points[key])
        }

    def _stored_notes(self) -> dict[str, Any]:
        keys = {one.key for one in self.framework.interactions.all()}
        notes = _object(self.held.get("notes"))
        return {k: note for k, note in notes.items() if k in keys and isinstance(note, str)}

    def _observed_at(self) -> str:
        """With the offset that the copy had, where it had one."""
        moment: datetime = self.cleaned_data["observed_at"]
        written = moment_of(self.held)
        if written is None or written.tzinfo is None:
            return timezone.localtime(moment).isoformat()
        typed = timezone.make_naive(moment)
        if typed == written.replace(tzinfo=None, second=0, microsecond=0):
            return written.isoformat()
        return typed.replace(tzinfo=written.tzinfo).isoformat()

    def _observer(self) -> str | None:
        return self.cleaned_data["observer"] or None


class DismissForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=HeldCopy.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The copy is kept, with this reason; it can be reopened."),
    )


def posted_from(document: Mapping[str, Any], base_revision: int | None) -> dict[str, str]:
    """The copy as a browser would post it; what no field can hold is left out."""
    moment = moment_of(document)
    data = {
        "id": str(document.get("id", "")),
        "base_revision": str(base_revision or ""),
        "observed_at": f"{moment:%Y-%m-%dT%H:%M}" if moment else "",
    }
    for name in ("location", "method", "channel", "customer", "comment", "observer"):
        value = document.get(name)
        data[name] = value if isinstance(value, str) else ""
    for key, answer in _object(document.get("answers")).items():
        data[f"a-{key}"] = str(answer)
    for key, note in _object(document.get("notes")).items():
        data[f"n-{key}"] = note if isinstance(note, str) else ""
    return data


def moment_of(document: Mapping[str, Any]) -> datetime | None:
    value = document.get("observed_at")
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def is_answer(answer: object, points: set[int]) -> bool:
    if isinstance(answer, bool):
        return False
    return answer in points if isinstance(answer, int) else answer in (NA, NO)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
