"""Documents by typst, with the fonts that come with the libraries: every machine prints the same."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

import fontpkg_fira_sans_condensed
import typst


@cache
def fonts() -> typst.Fonts:
    """Ours first; the machine's for scripts that these lack."""
    return typst.Fonts(font_paths=[fontpkg_fira_sans_condensed.ROOT / "files"])


def compiled(
    template: Path, data: dict[str, Any], kind: Literal["pdf", "svg", "png"]
) -> bytes | list[bytes] | None:
    """One file, or one a page.

    `data` reaches the template as JSON: strings are shown as they are, never read as markup.
    """
    compiler = typst.Compiler(template, root=template.parent, font_paths=fonts())
    return compiler.compile(format=kind, sys_inputs={"data": json.dumps(data)})
