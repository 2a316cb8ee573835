"""The XLSForm of a framework version converts without a warning, whatever its words are."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from conftest import ClientOf
from journeys.models import Programme
from observations.odk.names import ANSWER, PLACE, answer_of, key_of, level_name, name_of
from observations.tests.odk_answers import converted, form_of, leaves_of
from scoring.models import Framework
from scoring.tests.factories import make_interaction

KEYS = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,39}\Z")


@given(st.lists(KEYS | st.text(max_size=40), unique=True, max_size=20))
def test_names_are_found_back_and_never_meet(keys: list[str]) -> None:
    names = [name_of(PLACE, key) for key in keys]
    assert [key_of(PLACE, name) for name in names] == keys
    assert len(set(names)) == len(keys)
    assert all(name.isascii() and name.replace("_", "").isalnum() for name in names)


@pytest.mark.parametrize("answer", [-3, -1, 0, 2, 3, "NA", "NO"])
def test_levels_are_found_back(answer: int | str) -> None:
    assert answer_of(level_name(answer)) == answer


def test_it_asks_what_an_observation_needs(programme: Programme, framework: Framework) -> None:
    survey = {row["name"]: row for row in form_of(framework).survey if "name" in row}
    assert {"start", "end", "today", "deviceid"} <= set(survey)
    assert survey["observed_at"]["type"] == "dateTime" and survey["observed_at"]["constraint"]
    assert survey["s_S1"]["appearance"] == "field-list"
    photo = survey["p_S1_hb"]
    assert (photo["type"], photo["parameters"]) == ("image", "max-pixels=1600")
    assert photo["relevant"] == "selected(${w_S1}, 'q_S1_hb')"
    places = [row for row in form_of(framework).choices if row["list_name"] == "locations"]
    assert {row["name"] for row in places} == {"c_PAR1", "c_LYO1"}
    assert form_of(framework).settings["version"] == "1"


def test_three_hundred_interactions_with_strange_words(framework: Framework) -> None:
    stage = framework.journey.stages.get(key="S1")
    words = ['"quoted" & <tag>', "=1+1", "😀 émoji", "${S1-b} is no reference", "It's “so”"]
    for number in range(300):
        statement = f"{words[number % 5]} {'long ' * 50}"[:300]
        make_interaction(framework, stage, f"i.{number}_-x", (-1, 0, 1), statement=statement)
    framework.interactions.filter(key="i.0_-x").get().levels.update(label="The same")
    leaves = {path.split("/")[-1] for path in leaves_of(converted(form_of(framework)))}
    assert {name_of(ANSWER, f"i.{number}_-x") for number in range(300)} <= leaves


def test_a_programme_without_locations_has_a_form(
    programme: Programme, framework: Framework
) -> None:
    programme.locations.all().delete()
    assert "visit/location" not in leaves_of(converted(form_of(framework)))


def test_the_workbook_holds_text_and_no_formula(
    framework: Framework, consultant: User, client_of: ClientOf
) -> None:
    framework.interactions.filter(key="S1-b").update(statement="=HYPERLINK(1)")
    url = "/programmes/casa-nord/observations/import-odk/family-store/1.xlsx"
    answer = client_of(consultant).get(url)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["survey", "choices", "settings"]
    cells = [cell for row in book["survey"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=HYPERLINK(1)"] == ["s"]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    Framework.objects.update(status="closed")
    assert client_of(consultant).get(url).status_code == 404
