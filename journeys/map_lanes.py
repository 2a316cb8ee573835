"""The lanes of steps 1 and 2: what the customer does, meets, needs and decides in each stage.

They read a journey loaded by `Journey.objects.for_map()` and make no query of their own.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.access import Access
from journeys.lanes import Entry, Lane, RowRef, register
from journeys.models import Choice, Journey, Need, Touchpoint
from journeys.models.journey import Criticality
from journeys.rights import Right

Entries = dict[str, tuple[Entry, ...]]


def customer_actions(journey: Journey, access: Access) -> Entries:
    """Editors also see where the customer's part is still missing."""
    asks = access.may(Right.EDIT_METHOD)
    return {
        stage.key: tuple(
            Entry(
                text=touchpoint.customer_action or _("what do they do?"),
                icon=touchpoint.channel.family,
                icon_label=touchpoint.channel.name,
                tone="" if touchpoint.customer_action else "muted",
                blank=not touchpoint.customer_action,
                ref=RowRef("touchpoints", touchpoint.pk, "customer_action"),
            )
            for touchpoint in stage.touchpoints.all()
            if touchpoint.customer_action or asks
        )
        for stage in journey.stages.all()
    }


def touchpoints(journey: Journey, access: Access) -> Entries:
    return {
        stage.key: tuple(_touchpoint(touchpoint) for touchpoint in stage.touchpoints.all())
        for stage in journey.stages.all()
    }


def needs(journey: Journey, access: Access) -> Entries:
    return {
        stage.key: tuple(
            Entry(
                text=need.text,
                mark="●" if need.level == Need.Level.EXPLICIT else "○",
                mark_label=need.get_level_display(),
                ref=RowRef("needs", need.pk, "text"),
            )
            for need in stage.needs.all()
        )
        for stage in journey.stages.all()
    }


def choices(journey: Journey, access: Access) -> Entries:
    return {
        stage.key: tuple(_choice(choice) for choice in stage.choices.all())
        for stage in journey.stages.all()
    }


def _touchpoint(touchpoint: Touchpoint) -> Entry:
    is_push = touchpoint.initiative == Touchpoint.Initiative.PUSH
    outside = not touchpoint.channel.in_perimeter
    arrow = "→" if is_push else "←"
    facts = [touchpoint.get_nature_display()]
    if touchpoint.criticality == Criticality.MOMENT_OF_TRUTH:
        facts.append(_("moment of truth"))
        arrow = f"◆ {arrow}"
    elif touchpoint.criticality == Criticality.IMPORTANT:
        facts.append(_("important"))
        arrow = f"◇ {arrow}"
    if outside:
        facts.append(_("outside the perimeter"))
    return Entry(
        text=touchpoint.name,
        icon=touchpoint.channel.family,
        icon_label=touchpoint.channel.name,
        mark=arrow,
        mark_label=touchpoint.get_initiative_display(),
        tone="muted" if outside else "",
        detail=" · ".join(facts),
        ref=RowRef("touchpoints", touchpoint.pk, "name"),
    )


def _choice(choice: Choice) -> Entry:
    return Entry(
        text=choice.question,
        detail=", ".join(criterion.text for criterion in choice.criteria.all()),
        ref=RowRef("choices", choice.pk, "question"),
    )


def register_lanes() -> None:
    """Called once, by `JourneysConfig.ready()`."""
    for lane in (
        Lane(
            key="customer-actions",
            name=gettext_lazy("Customer"),  # type: ignore[arg-type]  # a lazy string
            hint=gettext_lazy("what they do, where"),  # type: ignore[arg-type]
            order=10,
            kind="entries",
            cells=customer_actions,
            is_own=True,
        ),
        Lane(
            key="touchpoints",
            name=gettext_lazy("Touchpoints"),  # type: ignore[arg-type]
            hint=gettext_lazy("channel, push → or pull ←"),  # type: ignore[arg-type]
            order=20,
            kind="entries",
            cells=touchpoints,
            is_own=True,
            part="touchpoints",
        ),
        Lane(
            key="needs",
            name=gettext_lazy("Needs"),  # type: ignore[arg-type]
            hint=gettext_lazy("explicit ●, implicit ○"),  # type: ignore[arg-type]
            order=30,
            kind="entries",
            cells=needs,
            is_own=True,
            part="needs",
        ),
        Lane(
            key="choices",
            name=gettext_lazy("Choices"),  # type: ignore[arg-type]
            hint=gettext_lazy("and the criteria for them"),  # type: ignore[arg-type]
            order=40,
            kind="entries",
            cells=choices,
            is_own=True,
            part="choices",
        ),
    ):
        register(lane)
