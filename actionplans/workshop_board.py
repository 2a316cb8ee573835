"""What becomes of the ideas: groups, their places in the matrix, decisions that are actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from actionplans.declaring import declare_effect, level_errors, offered_interactions
from actionplans.models import Action
from actionplans.planning import PlanRefused, plan_action
from actionplans.workshop import locked
from actionplans.workshop_flow import Phase, is_open, is_revealed, takes_ideas
from actionplans.workshop_models import (
    LONGEST_IDEA,
    MOST_IMPACT,
    Decision,
    Idea,
    IdeaGroup,
    Vote,
    Workshop,
    WorkshopGap,
)
from actionplans.workshop_pulse import desk_key, moved_on, room_key
from scoring.models import Interaction

TITLE = 120


@transaction.atomic
def add_idea(*, workshop: Workshop, gap: WorkshopGap, text: str) -> Idea:
    """Said aloud and typed by the facilitator. Raises PlanRefused."""
    workshop = _open(workshop)
    text = text.strip()
    if not text or len(text) > LONGEST_IDEA:
        raise PlanRefused({"text": _("One idea, in a sentence or two.")})
    if not takes_ideas(workshop.place, gap.position):
        raise PlanRefused({"text": _("Ideas on this gap are not asked for yet.")})
    idea = Idea.objects.create(gap=gap, client_id=uuid4(), text=text)
    _tell(workshop)
    return idea


@transaction.atomic
def group_ideas(
    *, workshop: Workshop, ideas: Iterable[Idea], group: IdeaGroup | None, title: str = ""
) -> IdeaGroup:
    """Into a group, or into a new one named `title`, else as its first idea. Raises PlanRefused.

    A group that is left without ideas goes, and so do the dots on it.
    """
    workshop = _open(workshop)
    rows = list(ideas)
    gaps = {idea.gap_id for idea in rows} | ({group.gap_id} if group else set())
    if not rows:
        raise PlanRefused({"ideas": _("Choose the ideas that say the same.")})
    if len(gaps) != 1:
        raise PlanRefused({"ideas": _("These ideas are on different gaps.")})
    _check_revealed(workshop, rows[0].gap)
    if group is None:
        name = (title.strip() or rows[0].text)[:TITLE].strip()
        group = IdeaGroup.objects.create(gap=rows[0].gap, title=name)
    Idea.objects.filter(pk__in=[idea.pk for idea in rows]).update(group=group)
    _drop_empty(workshop)
    _tell(workshop)
    return group


@transaction.atomic
def group_the_rest(*, workshop: Workshop, gap: WorkshopGap) -> None:
    """A group of its own for each idea that is in none."""
    workshop = _open(workshop)
    _check_revealed(workshop, gap)
    for idea in gap.ideas.filter(group=None):
        idea.group = IdeaGroup.objects.create(gap=gap, title=idea.text[:TITLE].strip())
        idea.save(update_fields=["group"])
    _tell(workshop)


@transaction.atomic
def ungroup_idea(*, workshop: Workshop, idea: Idea) -> None:
    workshop = _open(workshop)
    Idea.objects.filter(pk=idea.pk).update(group=None)
    _drop_empty(workshop)
    _tell(workshop)


@transaction.atomic
def edit_group(*, group: IdeaGroup, title: str, in_vote: bool) -> None:
    """Out of the vote, its dots go back to their people. Raises PlanRefused."""
    workshop = _open(group.gap.workshop)
    title = title.strip()
    if not title or len(title) > TITLE:
        raise PlanRefused({"title": _("A name of at most %(n)d characters.") % {"n": TITLE}})
    IdeaGroup.objects.filter(pk=group.pk).update(title=title, in_vote=in_vote)
    if not in_vote and workshop.phase not in (Phase.MATRIX, Phase.COMMIT):
        Vote.objects.filter(group=group).delete()
    _tell(workshop)


@transaction.atomic
def choose_gap_for_vote(*, gap: WorkshopGap, in_vote: bool) -> None:
    """Before the totals are known; out of the vote, the dots go back to their people."""
    workshop = _open(gap.workshop)
    if workshop.phase in (Phase.MATRIX, Phase.COMMIT):
        raise PlanRefused({"gap": _("The vote is closed.")})
    WorkshopGap.objects.filter(pk=gap.pk).update(in_vote=in_vote)
    if not in_vote:
        Vote.objects.filter(group__gap=gap).delete()
    _tell(workshop)


@transaction.atomic
def place_group(*, group: IdeaGroup, impact: int | None, effort_tenths: int | None) -> None:
    """Where the room puts it: impact in the points of an action's impact, effort in tenths of a day.

    Raises PlanRefused.
    """
    workshop = _open(group.gap.workshop)
    if impact is not None and not 0 <= impact <= MOST_IMPACT:
        raise PlanRefused({"impact": _("From 0 to %(n)d.") % {"n": MOST_IMPACT}})
    IdeaGroup.objects.filter(pk=group.pk).update(impact=impact, effort_tenths=effort_tenths)
    _tell(workshop)


@transaction.atomic
def give_effect(
    *,
    group: IdeaGroup,
    interaction: Interaction | None,
    from_points: int | None = None,
    to_points: int | None = None,
    reach_bp: int | None = None,
    replay: Mapping[str, Any] | None = None,
) -> None:
    """What it would change for customers, and what the replay of that gave; None takes it back.

    Raises PlanRefused.
    """
    workshop = _open(group.gap.workshop)
    values: dict[str, Any] = {"interaction": "", "from_points": None, "to_points": None}
    if interaction is not None:
        if interaction.stage_id != group.gap.stage_id:
            raise ValueError("the interaction belongs to another stage")
        assert to_points is not None
        errors = level_errors(interaction, from_points, to_points)
        if errors:
            raise PlanRefused(errors)
        values = {
            "interaction": interaction.key,
            "from_points": from_points,
            "to_points": to_points,
        }
    IdeaGroup.objects.filter(pk=group.pk).update(
        **values, reach_bp=reach_bp, replay=dict(replay or {})
    )
    _tell(workshop)


@transaction.atomic
def commit_action(
    *,
    group: IdeaGroup,
    actor: User,
    title: str,
    owner: User,
    due_on: date,
    dimension: str,
    kind: str,
    basics_first: bool = False,
) -> Action:
    """A real action of the plan, under the recommendation that the group is. Raises PlanRefused.

    It takes along what the matrix knows: effort, reach, effect.
    """
    workshop = _open(group.gap.workshop)
    if workshop.phase not in (Phase.MATRIX, Phase.COMMIT):
        raise PlanRefused({"title": _("First the vote and the matrix.")})
    group = IdeaGroup.objects.select_related("gap__stage__journey").get(pk=group.pk)
    first = group.decisions.filter(action__isnull=False).select_related("action").first()
    recommendation = first.action.recommendation if first and first.action else None
    action = plan_action(
        programme=workshop.programme,
        stage=group.gap.stage,
        actor=actor,
        figures=group.gap.figures,
        recommendation=recommendation,
        recommendation_text="" if recommendation else group.title,
        title=title,
        owner=owner,
        due_on=due_on,
        dimension=dimension,
        kind=kind,
    )
    Action.objects.filter(pk=action.pk).update(
        effort_tenths=group.effort_tenths, reach_bp=group.reach_bp
    )
    _declare(action, group, actor)
    group.decisions.filter(kind=Decision.Kind.PARKED).delete()
    words = {
        "title": title,
        "owner": str(owner),
        "due_on": due_on.isoformat(),
        "basics_first": basics_first,
    }
    Decision.objects.create(
        group=group, kind=Decision.Kind.ACTION, action=action, words=words, decided_by=actor
    )
    _tell(workshop)
    return action


def _declare(action: Action, group: IdeaGroup, actor: User) -> None:
    if not group.interaction or group.to_points is None:
        return
    offered = {one.key: one for one in offered_interactions(group.gap.stage)}
    interaction = offered.get(group.interaction)
    if interaction is not None and not level_errors(
        interaction, group.from_points, group.to_points
    ):
        declare_effect(
            action=action,
            actor=actor,
            interaction=interaction,
            from_points=group.from_points,
            to_points=group.to_points,
        )


@transaction.atomic
def park_group(*, group: IdeaGroup, actor: User, parked: bool = True) -> None:
    """For another day, or taken up again. One with actions can't be parked. Raises PlanRefused."""
    workshop = _open(group.gap.workshop)
    if parked and group.decisions.filter(kind=Decision.Kind.ACTION).exists():
        raise PlanRefused({"group": _("It has an action already.")})
    if parked:
        Decision.objects.get_or_create(
            group=group, kind=Decision.Kind.PARKED, defaults={"decided_by": actor}
        )
    else:
        group.decisions.filter(kind=Decision.Kind.PARKED).delete()
    _tell(workshop)


def _open(workshop: Workshop) -> Workshop:
    workshop = locked(workshop)
    if not is_open(workshop.place.phase):
        raise PlanRefused({"workshop": _("The workshop is closed.")})
    return workshop


def _check_revealed(workshop: Workshop, gap: WorkshopGap) -> None:
    if not is_revealed(workshop.place, gap.position):
        raise PlanRefused({"ideas": _("These ideas are still private.")})


def _drop_empty(workshop: Workshop) -> None:
    IdeaGroup.objects.filter(gap__workshop=workshop, ideas=None, decisions=None).delete()


def _tell(workshop: Workshop) -> None:
    moved_on(room_key(workshop.pk), desk_key(workshop.pk))
