"""Messages on their way: tried, tried again for a day, given up with word to the lead.

A worker claims a message by moving its next try into the future, sends it outside any transaction,
and writes down the answer: one that dies meanwhile leaves a message that is tried again, under the
same id. An answer that comes when another worker has tried it since is not written down.
"""

from __future__ import annotations

import http.client
import random
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.letters import in_language_of, send_letter
from alerts.models import Delivery, Webhook
from alerts.posting import MOST_READ, Answer, NotAllowed, post
from alerts.signing import signed_headers
from alerts.webhooks import lead_access

FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(hours=4)
# Longer than the longest try: a claim that is older belongs to a worker that died.
CLAIM: Final = timedelta(minutes=2)
GONE: Final = 410
_KEPT: Final = 500


def due_deliveries() -> list[int]:
    rows = _due(timezone.now()).order_by("next_try_at")
    return list(rows.values_list("pk", flat=True)[:500])


def _due(now: datetime) -> QuerySet[Delivery]:
    """Of webhooks that are on, in programmes that live.

    Not by a join: an UPDATE would put all of this into a subquery, and of two workers that claim at
    once the second would not look again at what the first has written.
    """
    webhooks = Webhook.objects.filter(is_on=True, programme__archived_at=None)
    return Delivery.objects.filter(
        state=Delivery.State.WAITING, next_try_at__lte=now, webhook__in=webhooks
    )


def deliver(pk: int) -> bool:
    """One try; False where another worker has it, it must wait, or there was no good answer."""
    now = timezone.now()
    claimed = (
        _due(now)
        .filter(pk=pk)
        .update(next_try_at=now + CLAIM, tries=F("tries") + 1, last_tried_at=now)
    )
    if not claimed:
        return False
    delivery = Delivery.objects.select_related("webhook__programme").filter(pk=pk).first()
    if delivery is None:  # removed with its webhook
        return False
    answer = _try(delivery, now)
    delivery.last_code = answer.code or None
    delivery.last_answer = answer.text[:_KEPT]
    if 200 <= answer.code < 300:
        _settle(delivery, Delivery.State.DELIVERED)
        return True
    _fail(delivery, now)
    return False


def _try(delivery: Delivery, now: datetime) -> Answer:
    """Code 0 where there was no answer."""
    body = (delivery.body or "").encode()
    headers = signed_headers(delivery, now) | {
        "Content-Type": "application/json",
        "User-Agent": "cxplan-webhooks/1",
    }
    try:
        return post(delivery.webhook.url, body, headers)
    except (NotAllowed, OSError, http.client.HTTPException) as error:
        return Answer(0, str(error)[:MOST_READ] or type(error).__name__)


def _settle(delivery: Delivery, state: Delivery.State, next_try_at: datetime | None = None) -> bool:
    """False where this try is not the last one, or the message is gone with its webhook.

    A failure is also nothing where somebody asked meanwhile to send it again: that is yet to come.
    """
    rows = Delivery.objects.filter(
        pk=delivery.pk, tries=delivery.tries, state=Delivery.State.WAITING
    )
    if state is not Delivery.State.DELIVERED:
        rows = rows.filter(next_try_at=delivery.next_try_at)
    settled = rows.update(
        state=state,
        next_try_at=next_try_at,
        last_code=delivery.last_code,
        last_answer=delivery.last_answer,
    )
    return bool(settled)


def _fail(delivery: Delivery, now: datetime) -> None:
    is_over = now >= delivery.give_up_at or delivery.last_code == GONE
    if is_over:
        _give_up(delivery)
    else:
        _settle(delivery, Delivery.State.WAITING, now + pause_after(delivery.tries))


def pause_after(tries: int) -> timedelta:
    """Twice as long each time, up to four hours; up to a half more or less, so that not all come at once."""
    whole: timedelta = min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
    return whole * random.uniform(0.5, 1.5)  # noqa: S311 - no secret


@transaction.atomic
def _give_up(delivery: Delivery) -> None:
    """Switches the webhook off, with word to the lead; what still waits is sent when it is on again.

    A mail server that refuses undoes it all, and the next try gives up again.
    """
    if not _settle(delivery, Delivery.State.FAILED):
        return
    webhook = delivery.webhook
    disabled = Webhook.objects.filter(pk=webhook.pk, is_on=True).update(
        is_on=False, disabled_at=timezone.now()
    )
    access = lead_access(webhook.programme)
    if not disabled or access is None:
        return
    with in_language_of(access.user, webhook.programme.language):
        subject = _("%(programme)s: a webhook was switched off") % {
            "programme": webhook.programme.name
        }
        link = settings.SITE_URL + webhook.get_absolute_url()
        context = {"delivery": delivery, "link": link}
        send_letter(
            access.user, subject=subject, template="alerts/webhook_disabled_mail", context=context
        )
