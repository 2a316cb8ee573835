"""The demo programme says the same in both languages and tells, through the scoring, its story."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

import cxplan.demo
from cxplan.demo.story import DEMO_PEOPLE, DEMO_PLAN, demo_observations
from cxplan.demo.story_tables import SIGNAGE_LOCATIONS
from scoring.classify import score_journey
from scoring.figures import CellRow, JourneyReading, LocationShare, StageFacts, StageScore
from scoring.framework_checks import check_items, warn_items
from scoring.intervals import pool_variance
from scoring.items import Item, Kind
from scoring.scale import Thresholds, score_observation
from scoring.vector import Vector

AMATEUR, PROFESSIONAL = "amateur-bathroom", "pro-site"
JOURNEYS = (AMATEUR, PROFESSIONAL)
ROLES = {
    "lead",
    "consultant",
    "facilitator",
    "location_manager",
    "observer",
    "executive",
    "contributor",
}
WORDS = {
    "name",
    "brand",
    "language",
    "ambition",
    "region",
    "expectations",
    "customer_action",
    "text",
    "question",
    "criteria",
    "statement",
    "label",
}


@cache
def bundle(language: str = "en") -> dict[str, Any]:
    path = Path(cxplan.demo.__file__).with_name(f"maison_nord.{language}.json")
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@cache
def observations(language: str = "en") -> list[dict[str, Any]]:
    return demo_observations(bundle(language))


def journey_of(key: str) -> dict[str, Any]:
    return next(journey for journey in bundle()["journeys"] if journey["key"] == key)


def wave_of(observation: dict[str, Any]) -> str:
    month: str = observation["observed_at"][:7]
    return next(str(one["key"]) for one in bundle()["waves"] if one["from"] <= month <= one["to"])


@cache
def items(journey: str) -> tuple[Item, ...]:
    channels = {
        touchpoint["key"]: touchpoint["channel"]
        for stage in journey_of(journey)["stages"]
        for touchpoint in stage["touchpoints"]
    }
    return tuple(
        Item(
            key=one["key"],
            stage=one["stage"],
            kind=Kind(one["kind"]),
            weight=one["weight"],
            points=tuple(level["points"] for level in one["levels"]),
            target=one["target"],
            channel=channels.get(one["touchpoint"]),
        )
        for one in journey_of(journey)["frameworks"][0]["interactions"]
    )


def read(
    journey: str,
    chosen: Iterable[dict[str, Any]],
    locations: Iterable[str] | None = None,
) -> JourneyReading:
    """Score the observations chosen, as a page with that filter would; the pool takes them all."""
    programme, everything = bundle(), observations()
    thresholds = Thresholds(**journey_of(journey)["frameworks"][0]["thresholds"])
    cells: dict[tuple[str | None, str, str | None], Vector] = defaultdict(Vector)
    pools: dict[str, dict[tuple[str, str | None, str], Vector]] = defaultdict(
        lambda: defaultdict(Vector)
    )
    kept = {one["id"] for one in chosen}
    for one in everything:
        if one["journey"] != journey:
            continue
        method, location = one["method"], one["location"]
        for sums in score_observation(
            items(journey), one["answers"], method=method, thresholds=thresholds
        ):
            vector = Vector.from_sums(sums)
            if sums.stage is not None and sums.channel is None:
                pools[method][sums.stage, location, wave_of(one)] += vector
            if sums.channel is None and one["id"] in kept:
                cells[sums.stage, method, location] += vector
    return score_journey(
        stages=[
            StageFacts.from_items(
                stage["key"],
                items(journey),
                criticality=stage["criticality"],
                has_touchpoint=bool(stage["touchpoints"]),
                reach_bp=stage["reach_bp"],
            )
            for stage in journey_of(journey)["stages"]
        ],
        cells=[CellRow(*key, vector) for key, vector in cells.items()],
        pools={method: pool_variance(pools[method].values()) for method in pools},
        shares=[
            LocationShare(one["code"], one["share_bp"])
            for one in programme["locations"]
            if locations is None or one["code"] in locations
        ],
        method_weights=programme["programme"]["method_weights"],
        thresholds=thresholds,
    )


def stage_in(
    journey: str,
    stage: str,
    *,
    wave: str | None = None,
    locations: tuple[str, ...] | None = None,
) -> StageScore:
    chosen = [
        one
        for one in observations()
        if (wave is None or wave_of(one) == wave)
        and (locations is None or one["location"] in locations)
    ]
    reading = read(journey, chosen, locations)
    return next(one for one in reading.stages if one.stage == stage)


def shape(value: Any, key: str = "") -> Any:
    """The document without its wording."""
    if isinstance(value, dict):
        return {name: shape(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(one, key) for one in value]
    return "words" if key in WORDS else value


def test_both_languages_differ_in_words_alone() -> None:
    assert shape(bundle("en")) == shape(bundle("fr"))
    assert bundle("en")["programme"]["ambition"] != bundle("fr")["programme"]["ambition"]


@pytest.mark.parametrize("journey", JOURNEYS)
def test_frameworks_obey_the_rules_and_raise_no_warning(journey: str) -> None:
    stages = journey_of(journey)["stages"]
    assert check_items(items(journey)) == []
    assert warn_items(items(journey), [stage["key"] for stage in stages]) == []
    assert 8 <= len(stages) <= 9
    assert 32 <= len(items(journey)) <= 40
    assert any(not stage["touchpoints"] for stage in stages)
    assert all(stage["moment_of_truth"] == (stage["criticality"] == 3) for stage in stages)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_words_fit_on_the_map(language: str) -> None:
    stages = [stage for journey in bundle(language)["journeys"] for stage in journey["stages"]]
    assert max(len(stage["name"]) for stage in stages) <= 24
    assert max(len(one["name"]) for stage in stages for one in stage["touchpoints"]) <= 22
    assert max(len(need["text"]) for stage in stages for need in stage["needs"]) <= 40


def test_shares_cover_all_traffic_and_one_channel_is_outside() -> None:
    assert sum(one["share_bp"] for one in bundle()["locations"]) == 10_000
    assert [one["key"] for one in bundle()["channels"] if not one["in_perimeter"]] == [
        "marketplace"
    ]


def test_generator_repeats_itself_whatever_the_language() -> None:
    again = demo_observations(bundle())
    assert again == observations()
    assert demo_observations(bundle(), seed=1) != again

    def wordless(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{k: v for k, v in one.items() if k not in ("notes", "comment")} for one in found]

    assert wordless(observations("fr")) == wordless(again)
    assert observations("fr") != again


def test_observations_are_about_600_with_unique_ids_of_version_7() -> None:
    ids = [UUID(one["id"]) for one in observations()]
    assert 580 <= len(ids) <= 640
    assert len(set(ids)) == len(ids)
    assert {one.version for one in ids} == {7}


def test_answers_are_levels_or_na_or_no() -> None:
    seen = set()
    for one in observations():
        levels = {item.key: item.points for item in items(one["journey"])}
        for key, answer in one["answers"].items():
            assert answer in (*levels[key], "NA", "NO")
            seen.add(answer)
        assert set(one.get("notes", {})) <= set(one["answers"])
        assert any(isinstance(answer, int) for answer in one["answers"].values())
    assert {"NA", "NO", -3, 3} <= seen


def test_visits_happen_in_opening_hours_of_paris() -> None:
    for one in observations():
        at = datetime.fromisoformat(one["observed_at"])
        assert at.utcoffset() == at.astimezone(ZoneInfo("Europe/Paris")).utcoffset()
        assert at.isoweekday() != 7
        assert 9 <= at.hour <= 18
        assert wave_of(one)


def test_checkout_disappoints_amateurs_more_each_wave() -> None:
    scores = [stage_in(AMATEUR, "checkout", wave=wave) for wave in ("W1", "W2", "W3")]
    assert scores[2].label == "disappointing"
    assert scores[2].certainty == "confirmed"
    assert score(scores[0]) > score(scores[1]) > score(scores[2])
    assert all(one.label != "disappointing" or one.stage == "checkout" for one in latest(AMATEUR))


@pytest.mark.parametrize("wave", ["W3", None])
def test_advice_is_an_enchantment_held_back_by_a_basic(wave: str | None) -> None:
    advice = stage_in(AMATEUR, "advice", wave=wave)
    assert score(advice) >= 50
    assert advice.label == "neutral"
    assert {"basics_not_covered", "enchantment_withheld"} <= set(advice.flags)


def test_new_signs_help_where_they_were_put_up() -> None:
    control = tuple(
        one["code"] for one in bundle()["locations"] if one["code"] not in SIGNAGE_LOCATIONS
    )

    def change(locations: tuple[str, ...]) -> Fraction:
        before, after = (
            stage_in(AMATEUR, "arrive", wave=wave, locations=locations) for wave in ("W2", "W3")
        )
        return score(after) - score(before)

    assert change(SIGNAGE_LOCATIONS) > 30
    assert abs(change(control)) < 10


def test_delivery_is_a_true_enchantment() -> None:
    for wave in ("W3", None):
        home = stage_in(AMATEUR, "home", wave=wave)
        assert (home.label, home.certainty) == ("enchantment", "confirmed")


def test_returns_of_professionals_lack_observations() -> None:
    returns = stage_in(PROFESSIONAL, "help", wave="W3")
    assert returns.label == "insufficient"
    assert 0 < returns.n < 5


def test_store_teams_are_kind_to_themselves() -> None:
    methods = {one.method: one.score for one in stage_in(AMATEUR, "arrive").methods}
    assert methods["store_team"] > methods["mystery_visit"] + 8


def test_members_observe_in_their_own_stores() -> None:
    for person in DEMO_PEOPLE:
        mine = {one["location"] for one in observations() if one["observer"] == person["observer"]}
        if person["observer"] and person["locations"]:
            assert mine == set(person["locations"])


def test_people_and_plan_name_what_exists() -> None:
    codes = {one["code"] for one in bundle()["locations"]}
    emails = {person["email"] for person in DEMO_PEOPLE}
    assert len(emails) == 7
    assert {role for person in DEMO_PEOPLE for role in person["roles"]} == ROLES
    assert all(set(person["locations"]) <= codes for person in DEMO_PEOPLE)
    for one in DEMO_PLAN:
        assert one["stage"] in {stage["key"] for stage in journey_of(one["journey"])["stages"]}
        for action in one["actions"]:
            assert action["owner"] in emails
            assert set(action["locations"]) <= codes
            assert set(action["text"]) == {"en", "fr"}
    statuses = {action["status"] for one in DEMO_PLAN for action in one["actions"]}
    assert statuses == {"todo", "doing", "done"}


def test_a_wide_gap_of_a_moment_of_truth_has_no_action_yet() -> None:
    assert (AMATEUR, "help") not in {(one["journey"], one["stage"]) for one in DEMO_PLAN}
    gap = stage_in(AMATEUR, "help", wave="W3").gap
    assert gap is not None
    assert gap > 30


def score(stage: StageScore) -> Fraction:
    assert stage.score is not None
    return stage.score


def latest(journey: str) -> tuple[StageScore, ...]:
    return read(journey, [one for one in observations() if wave_of(one) == "W3"]).stages
