"""What people say about an action; "@Name" mentions somebody who can read it, and mails them once."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.letters import in_language_of, send_letter
from accounts.models import User
from actionplans.action_models import ActionComment, ActionMention, ActionPerson
from actionplans.models import Action
from journeys.commenting import named_in
from journeys.models import Membership
from journeys.rights import RIGHTS, Right, roles_with


def readers_of(action: Action) -> list[User]:
    """Members who may see this action: others could not read what they are called to."""
    mine = Membership.objects.filter(programme=action.programme_id, user=OuterRef("pk"))
    whole = [role for role, rights in RIGHTS.items() if Right.SEE_PLAN | Right.SEE_SCORES in rights]
    sees_all = Exists(mine.filter(role__in=whole))
    sees_own = Exists(mine.filter(role__in=roles_with(Right.SEE_PLAN)))
    has_part = Exists(ActionPerson.objects.filter(action=action.pk, person=OuterRef("pk")))
    rows = User.objects.filter(is_active=True)
    rows = rows.filter(Q(sees_all) | Q(sees_own) & (Q(has_part) | Q(pk=action.owner_id)))
    return list(rows.order_by("name", "email"))


@transaction.atomic
def write_comment(*, action: Action, text: str, author: User, link: str) -> ActionComment:
    """`link` is for the letters to whom it names."""
    from actionplans.tasks import mail_action_mention

    comment = ActionComment.objects.create(action=action, author=author, text=text)
    named = named_in(text, readers_of(action)) - {author}
    for person in sorted(named, key=lambda each: each.pk):
        mention = ActionMention.objects.create(comment=comment, person=person)
        mail_action_mention.delay_on_commit(mention.pk, link)  # type: ignore[attr-defined]
    return comment


@transaction.atomic
def send_action_mention(pk: int, link: str) -> bool:
    """False where there is nothing to send: mailed before, or the comment is gone by now.

    The claim is undone where the mail server refuses, so that the task may try again.
    """
    claimed = ActionMention.objects.filter(pk=pk, mailed_at=None).update(mailed_at=timezone.now())
    if not claimed:
        return False
    related = ("person", "comment__author", "comment__action__programme")
    mention = ActionMention.objects.select_related(*related).get(pk=pk)
    comment, action = mention.comment, mention.comment.action
    with in_language_of(mention.person, action.programme.language):
        subject = _("%(author)s mentions you on %(row)s") % {
            "author": comment.author or _("Somebody"),
            "row": action.title,
        }
        context = {"comment": comment, "action": action, "link": link}
        send_letter(
            mention.person, subject=subject, template="actionplans/mention_mail", context=context
        )
    return True
