"""Values of an address are separated by commas, which the name of a region may hold itself."""

from __future__ import annotations

import pytest

from accounts.models import User
from journeys.access import access_of
from journeys.models import Programme
from observations.selection import (
    BadSelection,
    read_indicator_selection,
    read_selection,
    values_among,
)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", ()),
        (" , ", ()),
        ("IDF", ("IDF",)),
        ("IDF , ARA", ("IDF", "ARA")),
        ("Paris, Nord", ("Paris, Nord",)),
        (" Paris, Nord ,ARA,", ("Paris, Nord", "ARA")),
        ("ARA,Paris, Nord", ("ARA", "Paris, Nord")),
        ("Paris,Nord", ("Paris", "Nord")),
        ("Paris, Nord, Est", ("Paris, Nord, Est",)),
        ("Paris, Nord, Ouest", ("Paris, Nord", "Ouest")),
        ("Mars, Nord", ("Mars", "Nord")),
    ],
)
def test_the_longest_known_name_is_meant(value: str, found: tuple[str, ...]) -> None:
    known = {"IDF", "ARA", "Paris", "Paris, Nord", "Paris, Nord, Est", ""}
    assert values_among(value, known) == found


def test_without_known_names_every_comma_separates() -> None:
    assert values_among("a,b , c", ()) == ("a", "b", "c")


def test_a_region_with_a_comma_selects_its_locations(
    programme: Programme, executive: User, location_manager: User
) -> None:
    programme.locations.filter(code="LYO1").update(region="Rhône, Alpes")
    journey, access = programme.journeys.get(), access_of(executive, programme)
    asked = {"region": "Rhône, Alpes"}
    assert read_selection(asked, journey=journey, access=access).locations == ("LYO1",)
    assert read_indicator_selection(asked, access=access).locations == ("LYO1",)
    both = read_selection({"region": "IDF,Rhône, Alpes"}, journey=journey, access=access)
    assert both.locations == ("LYO1", "PAR1")
    assert read_selection({"region": ","}, journey=journey, access=access).locations is None
    held = access_of(location_manager, programme)
    with pytest.raises(BadSelection) as bad:
        read_selection(asked, journey=journey, access=held)
    assert bad.value.errors == {"region": "No location of yours is in this region."}
