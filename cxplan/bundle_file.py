"""A bundle's file read piece by piece, so that its size does not matter: a window moves over it.

Each value is decoded by the standard library's own decoder, for what a streaming parser would give
up: a key that is twice in one object, half a surrogate pair, whole numbers of any length, and the
line and column of a mistake.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any, BinaryIO, NamedTuple

from journeys.bundle import BundleError, Part, UnacceptableBundle

STREAMED = "observations"
CHUNK = 1 << 16
# Longer than any literal, number sign or escape that the end of the window may cut in two.
_CUT = 16
_SPACE = re.compile(r"[ \t\n\r]*")


class Kind(Enum):
    DOCUMENT = auto()  # the whole, where it is no object
    MEMBER = auto()
    OBSERVATION = auto()


class Piece(NamedTuple):
    kind: Kind
    key: str
    value: Any


class StreamedObservations:
    """The observations of a file, decoded anew each time they are gone through."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[Part]:
        return (one.value for one in pieces_of(self._file) if one.kind is Kind.OBSERVATION)


def pieces_of(file: BinaryIO) -> Iterator[Piece]:
    """The members of the object in `file`, read from its start; a list of observations one by one.

    Raises UnacceptableBundle where the file is not UTF-8 or not JSON.
    """
    text = _Text(file)
    if text.peek() == "{":
        yield from _members(text)
    else:
        yield Piece(Kind.DOCUMENT, "", text.value())
    if text.peek():
        raise text.mistake("Extra data")


def _members(text: _Text) -> Iterator[Piece]:
    seen: set[str] = set()
    for _place in _between(text, "{", "}"):
        if text.peek() != '"':
            raise text.mistake("Expecting property name enclosed in double quotes")
        key = text.value()
        if key in seen:
            raise unreadable(f"Not JSON that can be read: {_twice(key)}.")
        seen.add(key)
        text.take(":", "Expecting ':' delimiter")
        if key == STREAMED and text.peek() == "[":
            for _element in _between(text, "[", "]"):
                yield Piece(Kind.OBSERVATION, key, text.value())
        else:
            yield Piece(Kind.MEMBER, key, text.value())


def _between(text: _Text, first: str, last: str) -> Iterator[None]:
    """Stops before each part of an object or a list, brackets and commas taken."""
    text.take(first, "Expecting value")
    if text.peek() == last:
        text.take(last, "")
        return
    while True:
        yield
        if text.take("," + last, "Expecting ',' delimiter") == last:
            return


class _Text:
    """The text of a file behind a window: what was read is dropped, what is needed is loaded."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._loaded = 0  # bytes
        self._window, self._at = "", 0
        self._line = self._column = 1  # of the window's first character
        self._load()
        self._window = self._window.removeprefix("\ufeff")

    def peek(self) -> str:
        """The next character that is no white space; nothing at the end of the file."""
        while True:
            space = _SPACE.match(self._window, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._load():
                return ""

    def take(self, allowed: str, missing: str) -> str:
        """The next character, which has to be one of these."""
        found = self.peek()
        if not found or found not in allowed:
            raise self.mistake(missing)
        self._at += 1
        return found

    def value(self) -> Any:
        """The next value, whole, however often the window has to grow for it."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._window, self._at)
            except json.JSONDecodeError as error:
                if self._may_be_cut(error) and self._load():
                    continue
                self._at = error.pos
                raise self.mistake(error.msg) from error
            except (ValueError, RecursionError) as error:
                raise unreadable(f"Not JSON that can be read: {error}.") from error
            if end + _CUT <= len(self._window) or not self._load():  # a number may go on
                self._at = end
                return value

    def mistake(self, words: str) -> UnacceptableBundle:
        line, column = self._position()
        return unreadable(f"Not JSON, line {line}, column {column}: {words}.")

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether the window's end is to blame: elsewhere a mistake stays one with more text."""
        is_open = error.msg.startswith("Unterminated string")
        return is_open or error.pos + _CUT > len(self._window)

    def _load(self) -> bool:
        """At least doubles what is ahead in the window; False at the end of the file."""
        data = self._file.read(max(CHUNK, len(self._window) - self._at))
        held = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            place = self._loaded - held + error.start
            raise unreadable(f"The file is not UTF-8: {error.reason} at byte {place}.") from error
        if not data:
            return False
        self._loaded += len(data)
        self._line, self._column = self._position()
        self._window, self._at = self._window[self._at :] + text, 0
        return True

    def _position(self) -> tuple[int, int]:
        """Line and column of the place reached, both from 1."""
        lines = self._window.count("\n", 0, self._at)
        if not lines:
            return self._line, self._column + self._at
        return self._line + lines, self._at - self._window.rfind("\n", 0, self._at)


def unreadable(detail: str) -> UnacceptableBundle:
    return UnacceptableBundle([BundleError("/", detail)])


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(_twice(key))
        found[key] = value
    return found


def _twice(key: str) -> str:
    return f"the key {key!r} is twice in one object"


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_without_repeats)
