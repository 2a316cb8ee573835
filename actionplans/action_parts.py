"""Who takes part in an action, what it waits for, and its checklist."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from actionplans.action_models import ActionDependency, ActionPerson, SubTask
from actionplans.circles import circle_through
from actionplans.models import Action
from actionplans.planning import PlanRefused
from journeys.audit import record
from journeys.models import Programme

MOST_TASKS = 50


@transaction.atomic
def add_person(*, action: Action, person: User, part: str, actor: User) -> ActionPerson:
    """Raises PlanRefused for a stranger, for the owner as responsible, and for what stands already."""
    if not action.programme.memberships.filter(user=person).exists():
        raise PlanRefused({"person": _("They must be a member of the programme.")})
    if part == ActionPerson.Part.RESPONSIBLE and person.pk == action.owner_id:
        raise PlanRefused({"person": _("The owner is responsible already.")})
    try:
        with transaction.atomic():
            row = ActionPerson.objects.create(action=action, person=person, part=part)
    except IntegrityError as error:
        raise PlanRefused({"person": _("They have this part already.")}) from error
    _note(action, actor, "people", "", f"{part} {person}")
    return row


@transaction.atomic
def drop_person(*, row: ActionPerson, actor: User) -> None:
    _note(row.action, actor, "people", f"{row.part} {row.person}", "")
    row.delete()


@transaction.atomic
def add_dependency(*, action: Action, needs: Action, actor: User) -> ActionDependency:
    """One at a time in a programme, so that two don't close a circle between them.

    Raises PlanRefused with the circle in words.
    """
    Programme.objects.select_for_update().get(pk=action.programme_id)
    if needs.programme_id != action.programme_id:
        raise ValueError("an action waits for actions of its own programme")
    known = ActionDependency.objects.filter(action__programme=action.programme_id)
    circle = circle_through(known.values_list("action", "needs"), action.pk, needs.pk)
    if circle is not None:
        raise PlanRefused({"needs": _circle_in_words(circle)})
    row, is_new = ActionDependency.objects.get_or_create(action=action, needs=needs)
    if not is_new:
        raise PlanRefused({"needs": _("It waits for this action already.")})
    _note(action, actor, "waits for", "", str(needs))
    return row


def _circle_in_words(circle: tuple[int, ...]) -> str:
    if len(circle) == 1:
        return _("An action can't wait for itself.")
    titles = Action.objects.in_bulk(circle)
    way = " \N{RIGHTWARDS ARROW} ".join(f"“{titles[pk].title}”" for pk in circle)
    return _("That would be a circle, each waiting for the next: %(way)s.") % {"way": way}


@transaction.atomic
def drop_dependency(*, row: ActionDependency, actor: User) -> None:
    _note(row.action, actor, "waits for", str(row.needs), "")
    row.delete()


@transaction.atomic
def add_task(*, action: Action, text: str, owner: User | None, actor: User) -> SubTask:
    """At the end of the checklist."""
    Action.objects.select_for_update().get(pk=action.pk)
    if action.tasks.count() >= MOST_TASKS:
        said = _("An action has at most %(most)d sub-tasks.") % {"most": MOST_TASKS}
        raise PlanRefused({"text": said})
    last = action.tasks.aggregate(last=Max("position"))["last"] or 0
    task = SubTask.objects.create(action=action, position=last + 1, text=text, owner=owner)
    _note(action, actor, "sub-task", "", text)
    return task


@transaction.atomic
def move_task(*, task: SubTask, up: bool) -> None:
    """Changes places with its neighbour; at the end of the list nothing changes."""
    tasks = list(task.action.tasks.select_for_update())
    place = [each.pk for each in tasks].index(task.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(tasks):
        return
    tasks[place], tasks[other] = tasks[other], tasks[place]
    for position, each in enumerate(tasks, start=1):
        each.position = position
    SubTask.objects.bulk_update(tasks, ["position"])


@transaction.atomic
def tick_task(*, task: SubTask, is_done: bool, actor: User) -> None:
    """Ticking what is ticked changes nothing: a tap that came twice is one."""
    now = timezone.now() if is_done else None
    changed = SubTask.objects.filter(pk=task.pk, done_at__isnull=is_done).update(done_at=now)
    if changed:
        words = ("open", "done") if is_done else ("done", "open")
        _note(task.action, actor, task.text, *words)


@transaction.atomic
def drop_task(*, task: SubTask, actor: User) -> None:
    _note(task.action, actor, "sub-task", task.text, "")
    task.delete()


def _note(action: Action, actor: User, what: str, before: str, after: str) -> None:
    record(
        programme=action.programme,
        actor=actor,
        verb="edited",
        subject=action,
        changes={what: [before, after]},
    )
