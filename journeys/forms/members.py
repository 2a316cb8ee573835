"""Roles of members, and invitations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from journeys.forms.rows import grid
from journeys.members import HELD_TO_LOCATIONS
from journeys.models import Location, Membership, Programme, Role

# The lead is handed over, never given by a form.
GIVEN_ROLES = [(value, label) for value, label in Role.choices if value != Role.LEAD]


class RoleForm(forms.Form):
    """A role with its locations and observer code; the role itself is fixed once given."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=GIVEN_ROLES)
    locations = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Locations"),
        queryset=Location.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Observers and location managers see these locations only, and none without one."
        ),
    )
    observer_code = forms.CharField(
        label=gettext_lazy("Observer code"),
        max_length=40,
        required=False,
        help_text=gettext_lazy(
            "Observers only: their observations carry this code, not their name."
        ),
    )

    def __init__(
        self,
        *args: Any,
        programme: Programme,
        membership: Membership | None = None,
        user: User | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.programme, self.membership, self.user = programme, membership, user
        locations = self.fields["locations"]
        assert isinstance(locations, forms.ModelMultipleChoiceField)
        locations.queryset = programme.locations.all()
        if membership is not None:
            del self.fields["role"]
            self.initial.setdefault("locations", list(membership.locations.all()))
            self.initial.setdefault("observer_code", membership.observer_code)
        role = (("role", 6),) if membership is None else ()
        self.helper = grid((*role, ("observer_code", 6)), (("locations", 12),))

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        if (
            self.user is not None
            and self.programme.memberships.filter(user=self.user, role=role).exists()
        ):
            raise forms.ValidationError(_("This person has this role already."))
        return role

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        role = self.membership.role if self.membership else data.get("role")
        code = data.get("observer_code")
        if code and role and role != Role.OBSERVER:
            self.add_error("observer_code", _("Only an observer has an observer code."))
        elif code and self._is_taken(code):
            self.add_error("observer_code", _("Another member has this observer code."))
        if data.get("locations") and role and role not in HELD_TO_LOCATIONS:
            self.add_error(
                "locations", _("Only observers and location managers are held to locations.")
            )
        return data

    def _is_taken(self, code: str) -> bool:
        members = self.programme.memberships.filter(observer_code=code)
        if self.membership is not None:
            members = members.exclude(pk=self.membership.pk)
        waiting = self.programme.invitations.filter(
            observer_code=code, accepted_at=None, expires_at__gt=timezone.now()
        )
        return members.exists() or waiting.exists()


class InvitationForm(RoleForm):
    email = forms.EmailField(label=gettext_lazy("E-mail address"))

    field_order = ("email", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = grid(
            (("email", 12),), (("role", 6), ("observer_code", 6)), (("locations", 12),)
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        email, role = data.get("email"), data.get("role")
        if not email or not role:
            return data
        if self.programme.memberships.filter(user__email__iexact=email, role=role).exists():
            self.add_error("email", _("This person has this role already."))
        waiting = self.programme.invitations.filter(
            email__iexact=email, role=role, accepted_at=None, expires_at__gt=timezone.now()
        )
        if waiting.exists():
            self.add_error("email", _("This person is invited in this role already."))
        return data
