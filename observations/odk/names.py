"""Keys and levels as XLSForm names, and back: letters, digits and "_" only, never two for one name.

Dots, slashes and dashes are taken: exports put them between a group and a field.
"""

from __future__ import annotations

import re
from typing import Final

ANSWER, NOTE, PHOTO, WANTED, STAGE, LEVELS, PLACE = "q_", "n_", "p_", "w_", "s_", "l_", "c_"
_SIGNS: Final = {"_": "__", "-": "_h", ".": "_d"}
_BACK: Final = {"_": "_", "h": "-", "d": "."}
_ESCAPED: Final = re.compile(r"_(?:x([0-9a-f]+)_|([_hd]))")


def name_of(prefix: str, key: str) -> str:
    """Each other character is escaped, so that `key_of` finds the very same key again."""
    return prefix + "".join(map(_escaped, key))


def key_of(prefix: str, name: str) -> str:
    return _ESCAPED.sub(_unescaped, name.removeprefix(prefix))


def level_name(answer: int | str) -> str:
    """m2, p0, p3; “NA” and “NO” stay."""
    if isinstance(answer, str):
        return answer
    return f"m{-answer}" if answer < 0 else f"p{answer}"


def answer_of(name: str) -> int | str:
    """What is no level's name stays as it is: the door will say so."""
    found = re.fullmatch(r"([mp])(\d)", name)
    if found is None:
        return name
    return -int(found[2]) if found[1] == "m" else int(found[2])


def _escaped(sign: str) -> str:
    if sign.isascii() and sign.isalnum():
        return sign
    return _SIGNS.get(sign) or f"_x{ord(sign):x}_"


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _BACK[found[2]]
