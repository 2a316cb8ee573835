"""A comment: its words, and somebody to mention chosen from a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from journeys.commenting import named_in
from journeys.models import Comment


class CommentForm(forms.Form):
    """Whoever is chosen and not named in the text is named at its start."""

    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=Comment.LONGEST,
        widget=forms.Textarea(
            attrs={"rows": 3, "class": "form-control", "data-comment-text": ""},
        ),
    )
    mention = forms.TypedChoiceField(
        label=gettext_lazy("Mention"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs={"class": "form-select form-select-sm", "data-mention": ""}),
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        choices = [("", _("nobody yet")), *((each.pk, str(each)) for each in people)]
        self.fields["mention"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = next((each for each in self.people if each.pk == data.get("mention")), None)
        text = data.get("text", "")
        if text and chosen and chosen not in named_in(text, self.people):
            data["text"] = f"@{chosen} {text}"
            if len(data["text"]) > Comment.LONGEST:
                self.add_error("text", _("With the name it is too long: shorten it a little."))
        return data
