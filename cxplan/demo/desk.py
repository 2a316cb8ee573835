"""What lies on people's desks in the demo programme: copies to decide on, reports to read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from accounts.models import User
from journeys.models import Programme
from observations.acknowledging import acknowledge_report, comment_on_report
from observations.intake import submit_observation, submit_observations
from observations.models import HeldCopy, Observation

MANAGER = "manager.lille@maison-nord.example"
CONSULTANT = "consultant@maison-nord.example"
OBSERVER = "observer@maison-nord.example"
WORDS: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("maison_nord.desk.json").read_text(encoding="utf-8")
)


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
        "comment": WORDS[programme.language]["told_again"],
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
    _answer(programme, visits[-3], people)
    _correct(programme, visits[-3], people[OBSERVER])


def _answer(programme: Programme, document: Mapping[str, Any], people: Mapping[str, User]) -> None:
    """The manager of Lille has read a report and says something about it."""
    report = Observation.objects.get(programme=programme, uuid=document["id"])
    manager, consultant = people[MANAGER], people[CONSULTANT]
    acknowledge_report(observation=report, number=1, person=manager)
    words = WORDS[programme.language]
    comment = comment_on_report(observation=report, text=words["remark"], author=manager)
    comment_on_report(observation=report, text=words["reply"], author=consultant, parent=comment)


def _correct(programme: Programme, document: Mapping[str, Any], user: User) -> None:
    """The report has been corrected since."""
    key = next(key for key, answer in document["answers"].items() if isinstance(answer, int))
    corrected = {
        **document,
        "base_revision": 1,
        "answers": {**document["answers"], key: "NO"},
        "notes": {**document.get("notes", {}), key: WORDS[programme.language]["correction"]},
    }
    submit_observation(programme=programme, document=corrected, user=user)
