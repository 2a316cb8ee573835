"""One letter a person and day: what of theirs is due soon or late, and to leads what stays blocked.

What a letter tells is noted by `ActionLetter`, which holds each thing once (see accounts/letters.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.letters import in_language_of, send_letter
from accounts.models import User
from actionplans.action_models import ActionLetter, ActionPerson, LetterChoice
from actionplans.letters_before import way_out_link
from actionplans.models import Action
from journeys.models import Membership, Programme, Role
from journeys.rights import Right, roles_with

# What was late before that is no news, as for a plan that is brought in.
NEWS_DAYS: Final = 14
Kind = ActionLetter.Kind


@dataclass(frozen=True, slots=True)
class News:
    action: Action
    kind: str
    about_on: date

    @property
    def key(self) -> tuple[int, str, date]:
        return self.action.pk, self.kind, self.about_on


def people_to_write_to(today: date) -> list[int]:
    """Who has something to be told, by the key of the person."""
    return sorted(_news_by_person(today))


def _news_by_person(today: date) -> dict[int, list[News]]:
    """Over all programmes, in a fixed number of queries; nothing to who can't see the plan."""
    actions = _actions(today)
    programmes = {action.programme_id for action in actions}
    readers = set(
        Membership.objects.filter(
            programme__in=programmes, role__in=roles_with(Right.SEE_PLAN), user__is_active=True
        ).values_list("programme", "user")
    )
    leads = dict(
        Membership.objects.filter(programme__in=programmes, role=Role.LEAD).values_list(
            "programme", "user"
        )
    )
    declined = set(LetterChoice.objects.filter(before_due=False).values_list("person", flat=True))
    letters = ActionLetter.objects.filter(action__in=[action.pk for action in actions])
    told = set(letters.values_list("person", "action", "kind", "about_on"))
    found: dict[int, list[News]] = defaultdict(list)
    for action in actions:
        for person, news in _news_of(action, leads.get(action.programme_id), today):
            is_declined = news.kind == Kind.DUE and person in declined
            may_read = (action.programme_id, person) in readers
            if may_read and not is_declined and (person, *news.key) not in told:
                found[person].append(news)
    return found


def _actions(today: date) -> list[Action]:
    """Those that may be news to somebody."""
    doing = ActionPerson.objects.filter(part=ActionPerson.Part.RESPONSIBLE)
    rows = Action.objects.open().filter(_in_time(today), programme__archived_at=None)
    rows = rows.select_related("programme", "stage", "owner")
    return list(
        rows.order_by("due_on", "pk").prefetch_related(
            Prefetch("people", queryset=doing, to_attr="responsible")
        )
    )


def _in_time(today: date) -> Q:
    """As each programme has set its days; most have the same."""
    told_late = today - timedelta(days=NEWS_DAYS)
    found = Q(pk__in=[])
    settings_of = Programme.objects.order_by().values_list(
        "remind_before_days", "escalate_after_days"
    )
    for remind, escalate in settings_of.distinct():
        soon = today + timedelta(days=remind)
        is_dated = Q(due_on__range=(told_late, soon), blocked_on=None)
        is_stuck = Q(blocked_on__lte=today - timedelta(days=escalate))
        of_these = Q(programme__remind_before_days=remind, programme__escalate_after_days=escalate)
        found |= of_these & (is_dated | is_stuck)
    return found


def _news_of(action: Action, lead: int | None, today: date) -> Iterator[tuple[int, News]]:
    if action.blocked_on is not None:
        if lead is not None:
            yield lead, News(action, Kind.ESCALATED, action.blocked_on)
        return
    kind = Kind.LATE if action.due_on < today else Kind.DUE
    doers: list[ActionPerson] = vars(action)["responsible"]
    for person in {action.owner_id, *(row.person_id for row in doers)}:
        yield person, News(action, kind, action.due_on)


@transaction.atomic
def write_letter(person_id: int, today: date) -> bool:
    """Sends this person's letter; False where there is nothing to tell, or another run tells it."""
    person = User.objects.select_for_update().get(pk=person_id)
    news = _news_by_person(today).get(person_id, [])
    if not news:
        return False
    ActionLetter.objects.bulk_create(
        ActionLetter(action=one.action, person=person, kind=one.kind, about_on=one.about_on)
        for one in news
    )
    with in_language_of(person, news[0].action.programme.language):
        send_letter(
            person,
            subject=_subject(news),
            template="actionplans/action_mail",
            context={
                "parts": _parts(news),
                "choices": settings.SITE_URL + reverse("actionplans:my-actions"),
            },
            way_out=way_out_link(person) if any(one.kind == Kind.DUE for one in news) else "",
            told=[f"{action}:{kind}:{day}" for action, kind, day in (one.key for one in news)],
        )
    return True


def _subject(news: list[News]) -> str:
    counts = {kind: sum(one.kind == kind for one in news) for kind in Kind.values}
    late, due, stuck = counts[Kind.LATE], counts[Kind.DUE], counts[Kind.ESCALATED]
    parts = (
        (late, ngettext("%(n)d action is late", "%(n)d actions are late", late)),
        (due, ngettext("%(n)d action is due soon", "%(n)d actions are due soon", due)),
        (stuck, ngettext("%(n)d action is blocked", "%(n)d actions are blocked", stuck)),
    )
    return ", ".join(words % {"n": n} for n, words in parts if n)


@dataclass(frozen=True, slots=True)
class Part:
    """What a letter says of one programme."""

    programme: Programme
    late: list[Action] = field(default_factory=list)
    due: list[Action] = field(default_factory=list)
    escalated: list[Action] = field(default_factory=list)

    @property
    def link(self) -> str:
        address = reverse("actionplans:action-list", args=[self.programme.slug])
        return f"{settings.SITE_URL}{address}"


def _parts(news: list[News]) -> list[Part]:
    parts: dict[int, Part] = {}
    for one in news:
        programme = one.action.programme
        part = parts.setdefault(programme.pk, Part(programme))
        actions: list[Action] = getattr(part, one.kind)
        actions.append(one.action)
    return list(parts.values())
