"""A bundle's file is read piece by piece, and nothing that held for the whole document is lost."""

from __future__ import annotations

import io
import json
import os
import threading
import tracemalloc
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from cxplan import bundle_file
from cxplan.bundle import load_bundle, parse_bundle, read_bundle
from cxplan.bundle_file import Kind, pieces_of
from cxplan.tests.bundles import EX1, NASTY, read, row_counts
from journeys.bundle import UnacceptableBundle
from journeys.models import Programme
from observations.models import Observation

WINDOWS = (1, 2, 3, 7, 64, 1 << 16)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def whole(data: bytes) -> Any:
    """What the pieces make together."""
    document: dict[str, Any] = {}
    for piece in pieces_of(io.BytesIO(data)):
        if piece.kind is Kind.DOCUMENT:
            return piece.value
        if piece.kind is Kind.OBSERVATION:
            document.setdefault(piece.key, []).append(piece.value)
        else:
            document[piece.key] = piece.value
    return document


def words_of_json(data: bytes) -> str | None:
    """What the standard library says of the whole text."""
    try:
        json.loads(data)
    except json.JSONDecodeError as error:
        return f"Not JSON, line {error.lineno}, column {error.colno}: {error.msg}."
    return None


@given(
    st.dictionaries(st.text() | st.just("observations"), VALUES, max_size=5) | VALUES,
    st.sampled_from(WINDOWS),
    st.booleans(),
    st.sampled_from((None, 1)),
)
@settings(deadline=None)
def test_pieces_are_the_document(
    document: Any, window: int, ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent)
    data = text.encode("utf-8", "surrogatepass" if ascii_only else "strict")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle_file, "CHUNK", window)
        found = whole(data)
    if isinstance(document, dict) and document.get("observations") == []:
        found["observations"] = []
    assert found == document
    assert json.dumps(found, sort_keys=True) == json.dumps(document, sort_keys=True)


@pytest.mark.parametrize("window", WINDOWS)
def test_a_mistake_is_where_the_standard_library_sees_it(
    monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    monkeypatch.setattr(bundle_file, "CHUNK", window)
    text = b'{"a": [1.5, true, null, "\\u00e9"],\n "observations": [{"id": -12},\n  {}],\n"b": 1}'
    broken = [text[:end] for end in range(len(text))]
    broken += [text[:at] + b"~" + text[at:] for at in range(len(text) + 1)]
    for data in broken:
        expected = words_of_json(data)
        if expected is None:  # inside a text
            continue
        with pytest.raises(UnacceptableBundle) as caught:
            whole(data)
        assert [str(error) for error in caught.value.errors] == [f"/: {expected}"], data


def test_where_bytes_are_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    for window in WINDOWS:
        monkeypatch.setattr(bundle_file, "CHUNK", window)
        with pytest.raises(UnacceptableBundle, match=r"not UTF-8: invalid .* at byte 11"):
            whole(b'{"a": "caf\xc3\xa9\xff"}'.replace(b"caf\xc3\xa9", b"c\xc3\xa9f"))


@pytest.mark.parametrize("path", [EX1, NASTY], ids=["ex1", "nasty"])
def test_the_order_of_keys_and_a_byte_order_mark_do_not_matter(path: Path) -> None:
    bundle = read(path)
    turned = json.dumps(dict(reversed(bundle.items())), ensure_ascii=False).encode("utf-8-sig")
    assert parse_bundle(turned) == bundle


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('"id":', '"id": 1, "id":', "'id' is twice"),
        ('"S1"', '"S1", "key": NaN', "NaN is no number"),
        ('"observations": [', '"observations": [], "observations": [', "'observations' is twice"),
        ('"method": "mystery_visit"', '"method": -Infinity', "-Infinity is no number"),
    ],
)
def test_what_json_alone_would_let_pass(before: str, after: str, words: str) -> None:
    text = json.dumps(read(EX1))
    assert before in text
    with pytest.raises(UnacceptableBundle, match=words):
        parse_bundle(text.replace(before, after, 1).encode())


@pytest.mark.parametrize("text", ["a\0b", "\ud83d", "\N{SMILING FACE WITH OPEN MOUTH}\0"])
def test_text_of_an_observation_that_cannot_be_stored(text: str) -> None:
    bundle = read(EX1)
    bundle["observations"][1]["comment"] = text
    bundle["observations"][2]["comment"] = "\N{SMILING FACE WITH OPEN MOUTH} é \\u0000"
    with pytest.raises(UnacceptableBundle) as caught:
        parse_bundle(json.dumps(bundle).encode())
    assert [error.path for error in caught.value.errors] == ["/observations/1/comment"]


def test_memory_does_not_grow_with_the_observations() -> None:
    bundle = read(EX1)
    one = bundle["observations"][0]
    bundle["observations"] = [{**one, "id": str(UUID(int=n))} for n in range(4_000)]
    file = io.BytesIO(json.dumps(bundle).encode())
    del bundle
    tracemalloc.start()
    try:
        observations = read_bundle(file)["observations"]
        assert sum(1 for _one in observations) == sum(1 for _one in observations) == 4_000
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < len(file.getvalue())


def seen_twice(bundle: dict[str, Any]) -> None:
    bundle["observations"] *= 2


def no_such_level(bundle: dict[str, Any]) -> None:
    for one in bundle["observations"]:
        one["answers"]["i11"] = -1


def no_answers(bundle: dict[str, Any]) -> None:
    for one in bundle["observations"]:
        del one["answers"]


@pytest.mark.django_db
@pytest.mark.parametrize("change", [seen_twice, no_such_level, no_answers])
def test_of_very_many_errors_the_first_are_told(
    monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    for module in ("cxplan.bundle", "observations.bundle"):
        monkeypatch.setattr(f"{module}.MAX_ERRORS", 3)
    bundle = read(EX1)
    change(bundle)
    before = row_counts()
    with pytest.raises(UnacceptableBundle) as caught:
        load_bundle(bundle=parse_bundle(json.dumps(bundle).encode()))
    places = [error.path for error in caught.value.errors]
    assert [place[: len("/observations/")] for place in places] == ["/observations/"] * 3 + ["/"]
    assert "the first 3" in caught.value.errors[-1].detail
    assert row_counts() == before


@pytest.mark.django_db
def test_a_file_that_changes_while_it_is_read_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_bytes(EX1.read_bytes())
    with path.open("rb") as file:
        bundle = read_bundle(file)
        path.write_bytes(EX1.read_bytes()[:-40])
        with pytest.raises(UnacceptableBundle, match="Not JSON"):
            load_bundle(bundle=bundle)
    assert not Programme.objects.exists()


@pytest.mark.django_db
def test_a_pipe_can_be_loaded() -> None:
    reading, writing = os.pipe()

    def feed() -> None:
        with open(writing, "wb") as pipe:  # noqa: PTH123 - a descriptor, not a path
            pipe.write(EX1.read_bytes())

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        call_command("load_programme", f"/dev/fd/{reading}")
    finally:
        feeder.join()
        os.close(reading)
    assert Observation.objects.count() == 6


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be read"):
        call_command("load_programme", str(tmp_path))
