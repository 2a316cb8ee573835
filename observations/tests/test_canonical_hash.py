"""The hash of a document is that of its RFC 8785 form, by whichever way it is computed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from observations.documents import canonical_sha256

texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.integers(10**14, 10**16).filter(lambda value: value < 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda parts: st.one_of(st.lists(parts), st.dictionaries(texts, parts)),
    max_leaves=20,
)


@given(st.dictionaries(texts, values))
@example({"comment": "Été à 10 €\t\x01\x7f \\u0000", "a": {"\ue000": 1, "\U0001f600": 2}})
@example({"\ud7ff": 1, "\ue000": 2, "\U00010000": 3, "": 4})
@example({"a": [9007199254740991, -9007199254740991]})
@example({"a": 1.0})
@example({"a": [-0.0, 0]})
@example({"a": {"b": [1e21]}})
@example({"a": [1, 1e-7]})
def test_it_is_the_hash_of_the_canonical_form(document: dict[str, Any]) -> None:
    content = {key: value for key, value in document.items() if key != "base_revision"}
    expected = hashlib.sha256(rfc8785.dumps(content)).hexdigest()
    assert canonical_sha256(document) == expected
    assert canonical_sha256(document | {"base_revision": 3}) == expected


@pytest.mark.parametrize("value", [2**53, -(2**60), float("nan"), float("-inf"), "\ud800"])
def test_what_has_no_canonical_form_is_hashed_as_plain_sorted_json(value: object) -> None:
    document = {"b": [value], "a": 1}
    plain = json.dumps(document, sort_keys=True).encode()
    assert canonical_sha256(document) == hashlib.sha256(plain).hexdigest()
