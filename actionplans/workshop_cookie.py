"""What a phone holds of a workshop: the cookie that says who it is, the ETag of what it shows."""

from __future__ import annotations

import time

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from actionplans.workshop import CODE_LIFE
from actionplans.workshop_models import Workshop
from actionplans.workshop_pulse import Pulse, phone_key, pulse_of
from actionplans.workshop_room import Phone

COOKIE = "workshop_phone"
SALT = "actionplans.workshop_phone"


def phone_of(request: HttpRequest) -> Phone | None:
    """What the cookie says, if we signed it; whether it still holds is the database's to say."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        return None
    return Phone(*kept)


def remember(answer: HttpResponse, phone: Phone) -> HttpResponse:
    """For the phone that is reloaded, or whose battery dies: as long as the workshop can last."""
    answer.set_cookie(
        COOKIE,
        signing.dumps([phone.workshop, phone.participant, phone.secret], salt=SALT),
        max_age=int(CODE_LIFE.total_seconds()),
        path="/w/",
        secure=bool(getattr(settings, "SESSION_COOKIE_SECURE", False)),
        httponly=True,
        samesite="Lax",
    )
    return answer


def phone_pulse(phone: Phone) -> Pulse:
    """Somebody who is removed, or comes in from another phone, has another one; so has everybody
    once the workshop is closed."""
    return pulse_of(phone.workshop, phone_key(phone.participant))


def phone_etag(pulse: Pulse, workshop: Workshop) -> str:
    """With the second in which the workshop is over by itself, which moves no stamp."""
    expires = workshop.code_expires_at
    end = int(expires.timestamp()) if expires else 0
    return pulse.etag(get_language() or "", str(end))


def has_news(etag: str, phone: Phone) -> bool:
    """Whether the phone that shows the document of this ETag has to be told anything."""
    end = etag.rstrip('"').rpartition("-")[2]
    if not end.isdecimal() or int(end) <= time.time():
        return True
    return not phone_pulse(phone).is_of(etag)
