"""Comments on the map: written, answered, edited, deleted, resolved; "@Name" mentions a member."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from journeys.holding import hold_journey
from journeys.models import Comment, Journey, Membership, Mention, Programme, Stage, Touchpoint
from journeys.rights import Right, roles_with
from journeys.tasks import mail_mention

ROWS: dict[str, type[Stage | Touchpoint]] = {"stages": Stage, "touchpoints": Touchpoint}


@dataclass(frozen=True, slots=True)
class Bubbles:
    """How many open comments each stage and touchpoint of a journey has: one query for a map."""

    counts: dict[str, dict[int, int]]

    def at(self, part: str, row: int) -> int:
        return self.counts.get(part, {}).get(row, 0)


def bubbles_of(journey: Journey) -> Bubbles:
    open_ones = Comment.objects.filter(journey=journey, parent=None, resolved_at=None)
    open_ones = open_ones.filter(Q(deleted_at=None) | Exists(_replies()))
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    rows = open_ones.order_by().values_list("part", "row").annotate(count=Count("pk"))
    for part, row, count in rows:
        counts[part][row] = count
    return Bubbles(dict(counts))


def threads_of(journey: Journey, part: str, row: int) -> QuerySet[Comment]:
    """Remarks with their replies, those still open first."""
    replies = ("replies__author", "replies__mentions__person")
    return (
        Comment.objects.filter(journey=journey, part=part, row=row, parent=None)
        .select_related("author", "resolved_by")
        .prefetch_related("mentions__person", *replies)
        .order_by(F("resolved_at").asc(nulls_first=True), "created_at", "pk")
    )


def mentionable(programme: Programme) -> list[User]:
    """Members who can read the map: others could not read what they are called to."""
    held = Membership.objects.filter(
        programme=programme, user=OuterRef("pk"), role__in=roles_with(Right.SEE_METHOD)
    )
    return list(User.objects.filter(Exists(held), is_active=True).order_by("name", "email"))


def named_in(text: str, people: Collection[User]) -> set[User]:
    """Whom "@Name" means: the longest name that fits, whatever the case; all of one name."""
    called: dict[str, set[User]] = defaultdict(set)
    for person in people:
        called[str(person).casefold()].add(person)
    pieces = split_at_names(text, people)
    return {
        person
        for piece, is_name in pieces
        if is_name
        for person in called[piece.removeprefix("@").casefold()]
    }


def split_at_names(text: str, people: Collection[User]) -> list[tuple[str, bool]]:
    """The text in pieces, of which those that are an "@Name" say so."""
    names = sorted({re.escape(str(person)) for person in people}, key=len, reverse=True)
    if not names:
        return [(text, False)]
    pattern = rf"(?<!\w)(@(?:{'|'.join(names)}))(?!\w)"
    pieces = re.split(pattern, text, flags=re.IGNORECASE)
    return [(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece]


@transaction.atomic
def write_comment(
    *,
    target: Stage | Touchpoint,
    text: str,
    author: User,
    link: str,
    parent: Comment | None = None,
) -> Comment:
    """A reply to a reply stands below the remark that both belong to; `link` is for the mails.

    Raises Overtaken where the journey was deleted meanwhile.
    """
    hold_journey(target.journey)
    comment = Comment.objects.create(
        journey=target.journey,
        part="stages" if isinstance(target, Stage) else "touchpoints",
        row=target.pk,
        row_name=target.name,
        parent=(parent.parent or parent) if parent else None,
        author=author,
        text=text,
    )
    _mention(comment, author, link)
    return comment


@transaction.atomic
def edit_comment(*, comment: Comment, text: str, author: User, link: str) -> None:
    """Whoever is named for the first time is told; whoever was told already is not told again."""
    comment.text = text
    comment.edited_at = timezone.now()
    comment.save(update_fields=["text", "edited_at"])
    _mention(comment, author, link)


@transaction.atomic
def delete_comment(*, comment: Comment) -> None:
    """A remark that has replies stays as an empty place above them, until the last reply goes."""
    if comment.replies.exists():
        comment.mentions.all().delete()
        comment.text, comment.deleted_at = "", timezone.now()
        comment.save(update_fields=["text", "deleted_at"])
        return
    parent = comment.parent
    comment.delete()
    if parent is not None and parent.deleted_at is not None and not parent.replies.exists():
        parent.delete()


def resolve_comment(*, comment: Comment, actor: User, is_resolved: bool) -> None:
    comment.resolved_at = timezone.now() if is_resolved else None
    comment.resolved_by = actor if is_resolved else None
    comment.save(update_fields=["resolved_at", "resolved_by"])


def see_mentions(*, person: User, comments: QuerySet[Comment]) -> None:
    """`person` has these comments, and the replies to them, before their eyes."""
    Mention.objects.filter(
        Q(comment__in=comments) | Q(comment__parent__in=comments), person=person, seen_at=None
    ).update(seen_at=timezone.now())


def mentions_in(programme: Programme, person: User) -> QuerySet[Mention]:
    found = Mention.objects.filter(person=person, comment__journey__programme=programme)
    return found.select_related("comment__journey", "comment__author")


def unseen_mentions(programme: Programme, person: User) -> int:
    return mentions_in(programme, person).filter(seen_at=None).count()


def _mention(comment: Comment, author: User, link: str) -> None:
    people = mentionable(comment.journey.programme)
    named = named_in(comment.text, people) - {author}
    comment.mentions.exclude(person__in=named).delete()
    had = set(comment.mentions.values_list("person_id", flat=True))
    for person in sorted(named, key=lambda each: each.pk):
        if person.pk not in had:
            mention = Mention.objects.create(comment=comment, person=person)
            mail_mention.delay_on_commit(mention.pk, link)  # type: ignore[attr-defined]


def _replies() -> QuerySet[Comment]:
    return Comment.objects.filter(parent=OuterRef("pk"))
