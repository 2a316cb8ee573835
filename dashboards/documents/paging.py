"""Long lists over several slides or rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import TypeVar

Row = TypeVar("Row")


def in_pages(rows: Sequence[Row], most: int) -> list[Sequence[Row]]:
    """In even pages of at most `most`; at least one page."""
    pages = max(1, ceil(len(rows) / most))
    bounds = [len(rows) * page // pages for page in range(pages + 1)]
    return [rows[start:end] for start, end in pairwise(bounds)]
