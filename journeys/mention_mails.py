"""The letter to somebody whom a comment names, in their language, once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.letters import in_language_of, send_letter
from journeys.models import Mention


@transaction.atomic
def send_mention(pk: int, link: str) -> bool:
    """False where there is nothing to send: mailed before, or the comment is gone by now.

    The claim is undone where the mail server refuses, so that the task may try again.
    """
    claimed = Mention.objects.filter(pk=pk, mailed_at=None).update(mailed_at=timezone.now())
    if not claimed:
        return False
    mention = Mention.objects.select_related(
        "person", "comment__author", "comment__journey__programme"
    ).get(pk=pk)
    comment, programme = mention.comment, mention.comment.journey.programme
    with in_language_of(mention.person, programme.language):
        subject = _("%(author)s mentions you on %(row)s") % {
            "author": comment.author or _("Somebody"),
            "row": comment.row_name,
        }
        context = {"mention": mention, "link": link}
        send_letter(
            mention.person, subject=subject, template="journeys/mention_mail", context=context
        )
    return True
