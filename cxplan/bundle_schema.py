"""The shape of a programme bundle, by the JSON Schema that is part of the product."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from journeys.bundle import BundleError

SCHEMA_PATH = Path(__file__).with_name("schema") / "programme.schema.json"
MAX_QUOTED = 200


@cache
def bundle_schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
    return schema


def find_shape_errors(document: object) -> Iterator[BundleError]:
    """Everything the schema refuses, and text that no database can keep, each with its path."""
    yield from _find_unstorable(document, "")
    for error in _validator().iter_errors(document):
        yield from _worded(error)


def find_observation_errors(index: int, observation: object) -> Iterator[BundleError]:
    """`find_shape_errors` for one observation of a bundle, by its place in the list."""
    place = f"/observations/{index}"
    unstorable = _find_unstorable(observation, "") if _may_be_unstorable(observation) else ()
    for error in (*unstorable, *_find_misshapes(observation)):
        yield BundleError(f"{place}{error.path}".rstrip("/"), error.detail)


def _may_be_unstorable(value: object) -> bool:
    """A quick look for what `_find_unstorable` finds: JSON writes both as escapes, pairs as well."""
    text = json.dumps(value)
    return "\\u0000" in text or "\\ud" in text


def _find_misshapes(observation: object) -> Iterator[BundleError]:
    for error in _observation_validator().iter_errors(observation):
        yield from _worded(error)


@cache
def _observation_validator() -> Any:
    schema = bundle_schema()
    return _validator().evolve(
        schema={**schema["properties"]["observations"]["items"], "$defs": schema["$defs"]}
    )


@cache
def _validator() -> Any:
    """Stricter than JSON Schema in two points: 1.0 is no integer, and `$` is the very end.

    Points, weights and basis points are exact integers everywhere, and Python's own `$` would let
    a newline pass after a key.
    """
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
    strict = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"pattern": _check_pattern}, type_checker=types
    )
    return strict(bundle_schema())


def _is_integer(_checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_pattern(
    _validator: object, pattern: str, value: object, _schema: object
) -> Iterator[ValidationError]:
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield ValidationError(f"{_quoted(value)} has not the form {pattern}")


def _worded(error: ValidationError) -> Iterator[BundleError]:
    """One error a key, at that key, where the schema speaks of several at once."""
    path = _pointer(*error.absolute_path)
    if error.validator == "additionalProperties" and error.validator_value is False:
        known = error.schema["properties"]  # type: ignore[index]  # an object schema
        for key in error.instance:  # type: ignore[union-attr]
            if key not in known:
                yield BundleError(path + _pointer(key), "This key is not known.")
    elif error.validator == "required":
        # jsonschema reports each missing key on its own; the message begins with its name.
        missing = [key for key in error.validator_value if error.message.startswith(f"{key!r} ")]  # type: ignore[union-attr]
        yield BundleError(path + _pointer(*missing), "This key is needed.")
    elif error.validator == "type":
        yield BundleError(path or "/", f"{_quoted(error.instance)} is not {_type_words(error)}.")
    elif error.validator == "enum":
        allowed = ", ".join(str(one) for one in error.validator_value)  # type: ignore[union-attr]
        yield BundleError(path or "/", f"{_quoted(error.instance)} is not one of: {allowed}.")
    else:
        yield BundleError(path or "/", _short(error.message) + ".")


def _type_words(error: ValidationError) -> str:
    types: Any = error.validator_value
    return " or ".join([types] if isinstance(types, str) else types)


def _pointer(*keys: object) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


def _quoted(value: object) -> str:
    return _short(json.dumps(value, ensure_ascii=False, default=str))


def _short(text: str) -> str:
    return text if len(text) <= MAX_QUOTED else text[:MAX_QUOTED] + "…"


def _find_unstorable(value: object, path: str) -> Iterator[BundleError]:
    """A NUL, which PostgreSQL refuses, or half a surrogate pair, which is no text at all."""
    if isinstance(value, str):
        if re.search("[\x00\ud800-\udfff]", value):
            yield BundleError(path or "/", "This text holds a character that can't be stored.")
    elif isinstance(value, dict):
        for key, part in value.items():
            here = path + _pointer(key.encode("ascii", "backslashreplace").decode())
            if re.search("[\x00\ud800-\udfff]", key):
                yield BundleError(here, "This key holds a character that can't be stored.")
            yield from _find_unstorable(part, path + _pointer(key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _find_unstorable(part, f"{path}/{index}")
