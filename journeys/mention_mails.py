"""The letter to somebody whom a comment names, in their language, once."""

from __future__ import annotations

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

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
    with translation.override(mention.person.language or programme.language):
        subject = _("%(author)s mentions you on %(row)s") % {
            "author": comment.author or _("Somebody"),
            "row": comment.row_name,
        }
        text = render_to_string("journeys/mention_mail.txt", {"mention": mention, "link": link})
    send_mail(" ".join(subject.split()), text, None, [mention.person.email])
    return True
