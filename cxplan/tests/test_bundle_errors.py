"""What is wrong with a bundle is said, all of it, with its path; and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cxplan.bundle import load_bundle
from cxplan.tests.broken_bundles import DOOR, RULES, SHAPES, Change
from cxplan.tests.bundles import EX1, NASTY, read, row_counts
from journeys.bundle import UnacceptableBundle
from journeys.models import Programme
from journeys.tests.factories import make_programme

pytestmark = pytest.mark.django_db


def refused(path: Path) -> list[str]:
    """The paths of the errors; fails if a table has changed."""
    make_programme()
    before = row_counts()
    with pytest.raises(CommandError) as caught:
        call_command("load_programme", str(path))
    assert row_counts() == before
    return [line.split(": ")[0] for line in str(caught.value).splitlines()[1:]]


def as_file(folder: Path, bundle: dict[str, Any]) -> Path:
    path = folder / "bundle.json"
    path.write_text(json.dumps(bundle), encoding="utf-8")
    return path


@pytest.mark.parametrize(("change", "path"), SHAPES.values(), ids=SHAPES)
def test_the_shape_is_checked(tmp_path: Path, change: Change, path: str) -> None:
    bundle = read(EX1)
    change(bundle)
    assert refused(as_file(tmp_path, bundle)) == [path]


@pytest.mark.parametrize(("change", "path"), RULES.values(), ids=RULES)
def test_references_and_rules_are_checked(tmp_path: Path, change: Change, path: str) -> None:
    bundle = read(EX1)
    change(bundle)
    assert path in refused(as_file(tmp_path, bundle))


@pytest.mark.parametrize(("change", "path"), DOOR.values(), ids=DOOR)
def test_observations_go_through_the_door(tmp_path: Path, change: Change, path: str) -> None:
    bundle = read(EX1)
    change(bundle)
    assert path in refused(as_file(tmp_path, bundle))


def test_all_errors_are_listed(tmp_path: Path) -> None:
    bundle = read(NASTY)
    chosen = ("channel twice", "waves overlap", "touchpoint", "reading's interaction")
    for name in chosen:
        RULES[name][0](bundle)
    assert len(set(refused(as_file(tmp_path, bundle)))) >= len(chosen)
    bundle = read(EX1)
    for index in (0, 3, 5):
        bundle["observations"][index]["answers"]["i11"] = -1
    found = refused(as_file(tmp_path, bundle))
    assert found == [f"/observations/{index}/answers/i11" for index in (0, 3, 5)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"format": "cxplan.programme",\n "version": }', "line 2, column 13"),
        (b"", "line 1, column 1"),
        (b'{"name": "caf\xe9"}', "not UTF-8"),
        (b'{"version": NaN}', "NaN is no number"),
        (b'{"version": 1, "version": 1}', "'version' is twice"),
        (b"[" * 100_000, "Not JSON that can be read"),
        (b"[]", "is not object"),
    ],
    ids=["syntax", "empty", "latin-1", "nan", "repeated key", "too deep", "a list"],
)
def test_a_file_that_is_no_bundle(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bundle.json"
    path.write_bytes(content)
    before = row_counts()
    with pytest.raises(CommandError, match=words) as caught:
        call_command("load_programme", str(path))
    assert str(caught.value).splitlines()[1].startswith("/: ")
    assert row_counts() == before


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be read"):
        call_command("load_programme", str(tmp_path / "none.json"))


def test_an_address_taken_since_it_was_looked_up_is_told_like_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two loads at once: both saw a free address, one was first."""
    bundle = read(EX1)
    load_bundle(bundle=bundle)
    monkeypatch.setattr("cxplan.bundle._find_errors", lambda bundle, slug: iter(()))
    with pytest.raises(UnacceptableBundle) as caught:
        load_bundle(bundle=bundle)
    assert [error.path for error in caught.value.errors] == ["/programme/slug"]
    assert Programme.objects.count() == 1
