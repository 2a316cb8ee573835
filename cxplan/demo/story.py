"""The observations, the people and the action plan of the fictional retailer Maison Nord.

Pure and seeded: the same bundle and seed give the same observations, in both languages (notes and
comments aside). The story itself is data, in `story_tables.py` and `maison_nord.voices.json`.
"""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cxplan.demo.story_tables import (
    CAMPAIGNS,
    LAST_DAY,
    LEVEL_WEIGHTS,
    MOODS,
    NOT_APPLICABLE,
    PUBLIC_HOLIDAYS,
    VISIT_MOOD,
    Campaign,
)

PARIS = ZoneInfo("Europe/Paris")
OPENING_HOUR, LAST_VISIT_HOUR = 9, 18
NOTE_SHARE = 0.25
METHODS_IN_CUSTOMERS_WORDS = ("verbatim", "survey")


def _read(name: str) -> Any:
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


VOICES: dict[str, list[dict[str, Any]]] = _read("maison_nord.voices.json")
DEMO_PLAN: list[dict[str, Any]] = _read("maison_nord.plan.json")
"""Recommendations with their actions: `journey`, `stage`, `wave`, `text` by language, `actions` of
`text`, `owner` (e-mail), `dimension`, `kind`, `due_on`, `status`, `locations` (empty: all).
Returns for amateurs is in no recommendation on purpose: a gap that nobody has taken up."""

DEMO_DEVICES: list[dict[str, Any]] = [
    {
        "name": {"en": "Tablet 1, entrance", "fr": "Tablette 1, entrée"},
        "locations": ["LIL"],
        "takes_mystery_visits": True,
    },
    {
        "name": {"en": "Tablet 2, tills", "fr": "Tablette 2, caisses"},
        "locations": ["LIL", "VDA"],
        "takes_mystery_visits": False,
    },
]

DEMO_PEOPLE: list[dict[str, Any]] = [
    {
        "email": f"{login}@maison-nord.example",
        "name": name,
        "roles": roles,
        "locations": locations,
        "observer": observer,
    }
    for login, name, roles, locations, observer in (
        ("lead", "Claire Lemaire", ["lead"], [], None),
        ("consultant", "Julien Marchand", ["consultant"], [], "OBS-8"),
        ("facilitator", "Aïcha Renard", ["facilitator"], [], None),
        (
            "manager.lille",
            "Thomas Dubrulle",
            ["location_manager", "contributor"],
            ["LIL"],
            "TEAM-LIL",
        ),
        ("observer", "Nina Vasseur", ["observer"], ["LIL", "VDA", "RBX"], "OBS-1"),
        ("executive", "Hélène Castel", ["executive"], [], None),
        ("contributor", "Marc Delattre", ["contributor"], [], None),
    )
]


def demo_observations(bundle: dict[str, Any], *, seed: int = 2026) -> list[dict[str, Any]]:
    """About 600 observations in bundle format, oldest first, for a `maison_nord.*.json`."""
    rng = random.Random(seed)  # noqa: S311 - a demo has to be repeatable, not secret
    found = [
        _observe(rng, bundle, campaign, wave, number=number, stages=stages)
        for campaign in CAMPAIGNS
        for wave in bundle["waves"]
        for number, stages in enumerate(_stages_seen(rng, campaign, wave["key"]))
    ]
    return sorted(found, key=lambda one: str(one["id"]))


def _open_days(wave: dict[str, Any]) -> list[date]:
    """Days of the wave on which the stores are open and which have already come."""
    first = date.fromisoformat(wave["from"] + "-01")
    last = date.fromisoformat(LAST_DAY)
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return [
        day
        for day in days
        if f"{day:%Y-%m}" <= wave["to"]
        and day.isoweekday() != 7
        and day.isoformat() not in PUBLIC_HOLIDAYS
    ]


def _observe(
    rng: random.Random,
    bundle: dict[str, Any],
    campaign: Campaign,
    wave: dict[str, Any],
    *,
    number: int,
    stages: set[str],
) -> dict[str, Any]:
    """The observation of that number in its campaign and wave; numbers go round the locations."""
    journey = next(one for one in bundle["journeys"] if one["key"] == campaign.journey)
    locations = [one["code"] for one in bundle["locations"]]
    location = locations[number % len(locations)] if campaign.has_location else None
    moment = _moment(rng, _open_days(wave))
    observation: dict[str, Any] = {
        "id": _uuid7(rng, moment),
        "journey": journey["key"],
        "framework_version": journey["frameworks"][0]["version"],
        "method": campaign.method,
        "location": location,
        "channel": campaign.channel,
        "observed_at": moment.isoformat(),
        "observer": _observer(campaign, location, locations),
        "customer": f"C-{rng.randrange(1000, 9999)}" if campaign.has_customer else None,
        "answers": _answers(rng, campaign, journey, stages, wave=wave["key"], location=location),
    }
    _add_words(rng, observation, campaign, bundle["programme"]["language"])
    return observation


def _moment(rng: random.Random, days: list[date]) -> datetime:
    """A moment of opening hours, with the offset Paris has on that day."""
    day = days[int(rng.random() * len(days))]
    hour = OPENING_HOUR + int(rng.random() * (LAST_VISIT_HOUR - OPENING_HOUR + 1))
    return datetime(day.year, day.month, day.day, hour, 5 * int(rng.random() * 12), tzinfo=PARIS)


def _uuid7(rng: random.Random, moment: datetime) -> str:
    """Version 7, as a tablet mints it when the observation begins: milliseconds, then chance."""
    milliseconds = int(moment.timestamp() * 1000)
    bits = (
        (milliseconds << 80)
        | (7 << 76)
        | (rng.getrandbits(12) << 64)
        | (2 << 62)
        | rng.getrandbits(62)
    )
    return str(UUID(int=bits))


def _observer(campaign: Campaign, location: str | None, locations: Sequence[str]) -> str | None:
    """Each observer has a round of neighbouring stores; a store team observes its own."""
    if not campaign.observers:
        return None
    place = locations.index(location) if location else 0
    code = campaign.observers[place * len(campaign.observers) // len(locations)]
    return f"{code}-{location}" if code == "TEAM" else code


def _stages_seen(rng: random.Random, campaign: Campaign, wave: str) -> list[set[str]]:
    """The stages each observation of the wave sees: shares are kept exactly, who sees is chance."""
    seen: list[set[str]] = [set() for _ in range(campaign.per_wave)]
    for stage, share in (campaign.stages | campaign.wave_stages.get(wave, {})).items():
        by_chance = sorted(seen, key=lambda _: rng.random())
        for stages in by_chance[: round(share * campaign.per_wave)]:
            stages.add(stage)
    return [stages or {next(iter(campaign.stages))} for stages in seen]


def _answers(
    rng: random.Random,
    campaign: Campaign,
    journey: dict[str, Any],
    stages: set[str],
    *,
    wave: str,
    location: str | None,
) -> dict[str, int | str]:
    """An answer an interaction of the stages seen, some left blank; at least one is a level."""
    visit_mood = VISIT_MOOD * (2 * rng.random() - 1)
    answers: dict[str, int | str] = {}
    while not any(isinstance(answer, int) for answer in answers.values()):
        answers = {}
        for interaction, visible in _interactions(campaign, journey, stages):
            mood = visit_mood + sum(_moods(campaign, interaction, wave, location))
            answer = _answer(rng, campaign, interaction, mood) if visible else "NO"
            if answer is not None:
                answers[interaction["key"]] = answer
    return answers


def _interactions(
    campaign: Campaign, journey: dict[str, Any], seen: set[str]
) -> Iterator[tuple[dict[str, Any], bool]]:
    """The interactions of the stages seen, and whether the method can see their channel."""
    channels = {
        touchpoint["key"]: touchpoint["channel"]
        for stage in journey["stages"]
        for touchpoint in stage["touchpoints"]
    }
    for interaction in journey["frameworks"][0]["interactions"]:
        if interaction["stage"] in seen:
            channel = channels.get(interaction["touchpoint"])
            yield interaction, not campaign.sees_channels or channel in campaign.sees_channels


def _moods(
    campaign: Campaign, interaction: dict[str, Any], wave: str, location: str | None
) -> Iterator[float]:
    for mood in MOODS:
        if (
            mood.journey in ("", campaign.journey)
            and mood.target in ("", interaction["stage"], interaction["key"])
            and mood.wave in ("", wave)
            and mood.method in ("", campaign.method)
            and (not mood.locations or location in mood.locations)
        ):
            yield mood.shift


def _answer(
    rng: random.Random, campaign: Campaign, interaction: dict[str, Any], mood: float
) -> int | str | None:
    """Points of a level, "NA", "NO", or None where the observer left it blank."""
    key = interaction["key"]
    if rng.random() < campaign.unanswered:
        return None
    if rng.random() < campaign.not_observed:
        return "NO"
    if rng.random() < NOT_APPLICABLE.get(key, 0.0):
        return "NA"
    points = [level["points"] for level in interaction["levels"]]
    weights = [
        weight * 2 ** (mood * point)
        for weight, point in zip(LEVEL_WEIGHTS[campaign.journey][key], points, strict=True)
    ]
    return _draw(rng, points, weights)


def _draw(rng: random.Random, points: Sequence[int], weights: Sequence[float]) -> int:
    left = rng.random() * sum(weights)
    for point, weight in zip(points, weights, strict=True):
        left -= weight
        if left < 0:
            return point
    return points[-1]


def _add_words(
    rng: random.Random, observation: dict[str, Any], campaign: Campaign, language: str
) -> None:
    """Add what the customer wrote, or the observer's comment and notes, if the answers bear it."""
    if campaign.method in METHODS_IN_CUSTOMERS_WORDS:
        said = [voice for voice in VOICES["customers"] if _fits(voice, observation)]
    else:
        said = [voice for voice in VOICES["observers"] if _fits(voice, observation)]
        notes = {
            voice["interaction"]: voice[language]
            for voice in VOICES["notes"]
            if _fits(voice, observation) and rng.random() < NOTE_SHARE
        }
        if notes:
            observation["notes"] = notes
    if said and rng.random() < campaign.commented:
        observation["comment"] = said[int(rng.random() * len(said))][language]


def _fits(voice: dict[str, Any], observation: dict[str, Any]) -> bool:
    """Whether the observation has the answer that the sentence speaks of."""
    answer = observation["answers"].get(voice["interaction"])
    return (
        observation["journey"] in voice.get("journeys", [observation["journey"]])
        and answer in voice["points"]
    )
