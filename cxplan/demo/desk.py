"""What waits for a person in the demo programme: copies to decide on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from accounts.models import User
from journeys.models import Programme
from observations.intake import submit_observations
from observations.models import HeldCopy

OBSERVER = "observer@maison-nord.example"
COMMENTS = {
    "en": "Written again from my notes in the evening.",
    "fr": "Repris de mes notes dans la soirée.",
}


def leave_on_the_desk(
    *, programme: Programme, documents: Sequence[Mapping[str, Any]], people: Mapping[str, User]
) -> None:
    """Two tablets told one visit of Lille in two ways; a third sent a level that no guide has."""
    visits = [
        one for one in documents if one["location"] == "LIL" and one["method"] == "mystery_visit"
    ]
    first, second = visits[-1], visits[-2]
    seen = [key for key, answer in first["answers"].items() if isinstance(answer, int)]
    told_again = {
        **first,
        "answers": {**first["answers"], **dict.fromkeys(seen[:2], "NO")},
        "comment": COMMENTS[programme.language],
    }
    not_acceptable = {
        **second,
        "id": str(uuid5(UUID(second["id"]), "another")),
        "location": "LILLE",
        "answers": {**second["answers"], next(iter(second["answers"])): 7},
    }
    user = people[OBSERVER]
    submit_observations(programme=programme, documents=[told_again, not_acceptable], user=user)
    for days, reason in ((2, HeldCopy.Reason.CONFLICT), (9, HeldCopy.Reason.QUARANTINE)):
        since = timezone.now() - timedelta(days=days)
        HeldCopy.objects.filter(programme=programme, reason=reason).update(received_at=since)
