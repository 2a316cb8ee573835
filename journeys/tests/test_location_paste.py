"""Locations pasted from a spreadsheet: all or none, each bad line named, nothing typed lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from journeys.models import Programme
from journeys.tests.pages import url


@pytest.fixture
def page(client_of: Callable[[User], Client], consultant: User) -> Client:
    return client_of(consultant)


def test_good_lines_become_locations(page: Client, programme: Programme) -> None:
    lines = "LIL1;Lille 1;HDF;12,5\n\nROU1 ; Roubaix\nLEN1\tLens\tHDF\t3"
    answer = page.post(url("location-paste"), {"lines": lines})
    assert answer.status_code == 302
    added = programme.locations.exclude(code__in=["PAR1", "LYO1"]).order_by("code")
    assert [(each.code, each.name, each.region, each.share_bp) for each in added] == [
        ("LEN1", "Lens", "HDF", 300),
        ("LIL1", "Lille 1", "HDF", 1250),
        ("ROU1", "Roubaix", "", None),
    ]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("PAR1;Again", "the code “PAR1” is taken"),
        ("NEW1;Again", "the code “NEW1” is taken"),
        ("alone", "write code;name;region;share"),
        ("a;b;c;1;e", "write code;name;region;share"),
        (";Nameless code", "the code is missing"),
        ("X1;", "Name: This field is required"),
        ("bad code;X", "Letters, digits"),
        ("X1;X;;200", "less than or equal to 100"),
    ],
)
def test_one_bad_line_keeps_all_out_and_all_typed(
    page: Client, programme: Programme, line: str, error: str
) -> None:
    lines = f"NEW1;New\n{line}"
    answer = page.post(url("location-paste"), {"lines": lines})
    assert answer.status_code == 422
    errors = answer.context["form"].errors["lines"]
    assert len(errors) == 1
    assert errors[0].startswith("Line 2: ")
    assert error in errors[0]
    assert answer.context["form"]["lines"].value() == lines
    assert programme.locations.count() == 2
