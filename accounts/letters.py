"""A letter to one person: in their language, its subject on one line, as text and where it was made as HTML.

Whoever sends one notes what it tells in the transaction that sends it: a second worker finds nothing left
to tell, and a mail server that refuses undoes the note, so that the next run tells it. Between the
server's yes and the commit a crash can make a letter come again; where `told` names what it tells, it
then has the same Message-ID. What a mail server raises, smtplib's errors included, is an OSError: the tasks
that send letters try again on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User


def in_language_of(person: User, otherwise: str) -> translation.override:
    """Theirs; `otherwise`, the programme's, where they chose none."""
    return translation.override(person.language or otherwise)


def send_letter(
    person: User,
    *,
    subject: str,
    template: str,
    context: dict[str, Any],
    has_html: bool = False,
    way_out: str = "",
    told: Collection[str] = (),
) -> None:
    """`template` without its ending: `.txt`, and `.html` beside it with `has_html`.

    `way_out` is a link that needs no login, which a mail program offers as one click (RFC 8058).
    Raises what the mail server raises.
    """
    context = context | {
        "person": person,
        "language": translation.get_language(),
        "unsubscribe": way_out,
    }
    text = render_to_string(f"{template}.txt", context)
    headers = _headers(person, way_out, told)
    one_line = " ".join(subject.split())
    letter = EmailMultiAlternatives(one_line, text, None, [person.email], headers=headers)
    if has_html:
        letter.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    letter.send()


def _headers(person: User, way_out: str, told: Collection[str]) -> dict[str, str]:
    headers = {}
    if told:
        headers["Message-ID"] = _message_id(person, told)
    if way_out:
        headers["List-Unsubscribe"] = f"<{way_out}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _message_id(person: User, told: Collection[str]) -> str:
    """The same for the same news to the same person."""
    words = "|".join([str(person.pk), *sorted(told)])
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    return f"<{hashlib.sha256(words.encode()).hexdigest()[:32]}@{host}>"
