"""Forms of step 5, and the filters of the list of actions."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from actionplans.fields import DaysField, MoneyField
from actionplans.models import Action, ActionUpdate, DayRate, Recommendation
from actionplans.querysets import ActionQuerySet
from journeys.access import Access
from journeys.forms.fields import PercentField
from journeys.models import Channel, Journey, Programme, Stage
from journeys.versions import VersionedForm
from scoring.models import Interaction


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def members_of(programme: Programme) -> Any:
    """Who may own an action: everybody with a role in the programme, once."""
    members = programme.memberships.values("user")
    return User.objects.filter(pk__in=members, is_active=True).order_by("name", "email")


def departments_of(programme: Programme) -> list[str]:
    """Those that the plan names already, to be offered again."""
    named = Action.objects.filter(programme=programme).exclude(department="")
    return list(named.order_by("department").values_list("department", flat=True).distinct())


class ActionCreateForm(forms.ModelForm[Action]):
    """What is recommended, and the first action for it; `plan_action` has the last word."""

    recommendation = forms.ModelChoiceField(
        Recommendation.objects.none(), label=gettext_lazy("Recommendation"), required=False
    )
    recommendation_text = forms.CharField(
        label=gettext_lazy("New recommendation"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What should change in this stage for the customer."),
    )

    class Meta:
        model = Action
        fields = (
            "recommendation",
            "recommendation_text",
            "title",
            "owner",
            "due_on",
            "dimension",
            "kind",
        )
        widgets = {"due_on": DateInput()}

    def __init__(self, *args: Any, stage: Stage, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        advised = Recommendation.objects.visible_to(access).filter(stage=stage)
        if advised.exists():
            field = self.fields["recommendation"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = advised
            field.empty_label = _("A new one")
        else:
            del self.fields["recommendation"]
        _limit_owner(self, stage.journey.programme)


class ActionForm(VersionedForm[Action]):
    """What an action is, and what it takes; its status changes by updates, its effect by itself."""

    reach_bp = PercentField(
        label=gettext_lazy("Cases it can reach, %"),
        required=False,
        help_text=gettext_lazy("Of all the customers of the stage, those that it can touch."),
    )
    effort_tenths = DaysField(
        label=gettext_lazy("Effort, person-days"),
        required=False,
        help_text=gettext_lazy("Half a day is 0.5."),
    )
    cost_cents = MoneyField(
        label=gettext_lazy("Cost"),
        required=False,
        help_text=gettext_lazy("What is bought besides; the day rate turns it into days."),
    )

    class Meta:
        model = Action
        fields = (
            "title",
            "owner",
            "department",
            "channel",
            "start_on",
            "due_on",
            "dimension",
            "kind",
            "is_existing",
            "reach_bp",
            "effort_tenths",
            "cost_cents",
        )
        widgets = {"start_on": DateInput(), "due_on": DateInput()}

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limit_owner(self, programme)
        channel = self.fields["channel"]
        assert isinstance(channel, forms.ModelChoiceField)
        channel.queryset = programme.channels.all()
        channel.empty_label = _("All channels")
        departments = departments_of(programme)
        self.fields["department"].widget.attrs["list"] = "departments"
        self.departments = departments

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start_on, due_on = data.get("start_on"), data.get("due_on")
        if start_on and due_on and start_on > due_on:
            self.add_error("start_on", _("It can't start after it is due."))
        return data


def _limit_owner(form: forms.ModelForm[Action], programme: Programme) -> None:
    owner = form.fields["owner"]
    assert isinstance(owner, forms.ModelChoiceField)
    owner.queryset = members_of(programme)
    owner.error_messages["invalid_choice"] = _("The owner must be a member of the programme.")


class EffectForm(forms.Form):
    """One effect: of an interaction of the stage, from a level to a better one.

    The levels are offered once the interaction is chosen: in what was posted, else in the address.
    """

    interaction = forms.ChoiceField(label=gettext_lazy("Interaction"))

    def __init__(
        self, data: Any = None, *, interactions: Iterable[Interaction], chosen: str = ""
    ) -> None:
        super().__init__(data)
        self.interactions = {one.key: one for one in interactions}
        self.chosen = self.interactions.get(data.get("interaction", "") if data else chosen)
        field = self.fields["interaction"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.key, one.statement) for one in self.interactions.values()]
        if self.chosen is not None:
            field.initial = self.chosen.key
            levels = [
                (points, _level(points, text)) for points, text in self.chosen.wording.items()
            ]
            self.fields["from_points"] = forms.TypedChoiceField(
                label=_("What happens today"),
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", _("anything worse")), *levels[:-1]],
            )
            self.fields["to_points"] = forms.TypedChoiceField(
                label=_("What would happen instead"),
                coerce=int,
                choices=levels[1:],
                initial=levels[-1][0],
            )


def _level(points: int, label: str) -> str:
    return f"{points:+d}  {label}" if points else f"0  {label}"


class DayRateForm(VersionedForm[DayRate]):
    cents = MoneyField(label=gettext_lazy("What a person-day costs"), min_value=Decimal("0.01"))

    class Meta:
        model = DayRate
        fields = ("cents",)


class UpdateForm(forms.ModelForm[ActionUpdate]):
    # Where the page says which state it shows, a change in between is told (409).
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ActionUpdate
        fields = ("status", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"note": gettext_lazy("Where something blocks it, say what.")}

    is_stale = False

    def tell_stale(self, now: Action) -> None:
        """What stands there now, beside what was chosen; sent again it counts."""
        self.is_stale = True
        self.add_error(None, stale_words(now))
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = str(now.version)  # type: ignore[index]


def stale_words(now: Action) -> str:
    """Who was faster, and what an action is by now."""
    last = now.updates.select_related("author").first()
    words = {
        "status": now.get_status_display(),
        "due_on": date_format(now.due_on, "DATE_FORMAT"),
        "owner": now.owner,
        "person": (last.author if last else None) or _("somebody else"),
    }
    return (
        _(
            "This action was changed meanwhile. It is now: %(status)s, due on %(due_on)s, "
            "owner %(owner)s; last word by %(person)s."
        )
        % words
    )


class ActionFilter(forms.Form):
    """The filters of every view of the plan, in the URL."""

    OPEN = "open"
    WORTH = "worth"

    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Owner"), required=False)
    journey = forms.ModelChoiceField(
        Journey.objects.none(), label=gettext_lazy("Journey"), required=False, to_field_name="key"
    )
    stage = forms.ModelChoiceField(
        Stage.objects.none(), label=gettext_lazy("Stage"), required=False
    )
    channel = forms.ModelChoiceField(
        Channel.objects.none(), label=gettext_lazy("Channel"), required=False, to_field_name="key"
    )
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    origin = forms.ChoiceField(
        label=gettext_lazy("Origin"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("existing", gettext_lazy("Existing projects")),
            ("plan", gettext_lazy("Decided in the programme")),
        ],
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[("", gettext_lazy("Due date")), (WORTH, gettext_lazy("Impact / effort"))],
    )
    late = forms.BooleanField(label=gettext_lazy("Late only"), required=False)

    def __init__(
        self,
        *args: Any,
        programme: Programme,
        rows: ActionQuerySet,
        with_owner: bool,
        with_order: bool = True,
        **kwargs: Any,
    ) -> None:
        """`rows` are those that whoever asks may see: no others are named by the filters."""
        super().__init__(*args, **kwargs)
        all_of_them = ("", _("All"))
        self._choose("status", [all_of_them, (self.OPEN, _("Open")), *Action.Status.choices])
        named = rows.exclude(department="").order_by("department")
        departments = named.values_list("department", flat=True).distinct()
        self._choose("department", [all_of_them, *((one, one) for one in departments)])
        self._offer_rows(programme, rows)
        if not with_owner:
            # Whoever sees own actions only sees no scores either.
            del self.fields["owner"], self.fields["order"]
        elif not with_order:
            del self.fields["order"]

    def _offer_rows(self, programme: Programme, rows: ActionQuerySet) -> None:
        owners = members_of(programme) | User.objects.filter(actions__programme=programme)
        for name, choices in (
            ("owner", owners.distinct()),
            ("journey", programme.journeys.all()),
            ("stage", Stage.objects.filter(pk__in=rows.order_by().values("stage"))),
            ("channel", programme.channels.all()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = choices
            field.empty_label = _("All")

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def filtered(self) -> list[str]:
        """The names of the filters that leave something out."""
        return [name for name in self.fields if name != "order" and self.data.get(name)]

    @property
    def by_worth(self) -> bool:
        return self.is_valid() and self.cleaned_data.get("order") == self.WORTH

    def narrow(self, rows: Any, today: Any) -> Any:
        """The rows that the filters leave; all of them for filters that can't be read."""
        if not self.is_valid():
            return rows
        asked = self.cleaned_data
        if asked["status"] == self.OPEN or asked["late"]:
            rows = rows.open()
        if asked["status"] and asked["status"] != self.OPEN:
            rows = rows.filter(status=asked["status"])
        for name, field in (
            ("owner", "owner"),
            ("journey", "stage__journey"),
            ("stage", "stage"),
            ("channel", "channel"),
            ("department", "department"),
        ):
            if asked.get(name):
                rows = rows.filter(**{field: asked[name]})
        if asked["origin"]:
            rows = rows.filter(is_existing=asked["origin"] == "existing")
        return rows.filter(due_on__lt=today) if asked["late"] else rows
