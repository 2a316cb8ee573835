"""Colours and signs of the classes, the same in slides, reports and pictures as on the pages (light)."""

from __future__ import annotations

from typing import Final

from scoring.classify import Label

INK: Final = "1B2030"
QUIET: Final = "5D6475"
LINE: Final = "D8D5CC"
STRONG: Final = "85826F"
ACCENT: Final = "3F4FB5"
BAND: Final = "E6E7EA"
STRIP: Final = "F3F4F1"
WHITE: Final = "FFFFFF"
CLASSES: Final = {
    Label.DISAPPOINTING: "B6440C",
    Label.NEUTRAL: "596170",
    Label.ENCHANTMENT: "0A716A",
    Label.INSUFFICIENT: QUIET,
}
# Of a change that is real, by its tone on the page.
TONES: Final = {
    "disappointing": CLASSES[Label.DISAPPOINTING],
    "enchantment": CLASSES[Label.ENCHANTMENT],
}
PALE: Final = {
    Label.DISAPPOINTING: "FBE3D6",
    Label.NEUTRAL: "ECEDF0",
    Label.ENCHANTMENT: "D5ECE8",
    Label.INSUFFICIENT: WHITE,
}


def _tint(colour: str, percent: int) -> str:
    """So much of a colour on white."""
    parts = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    return "".join(f"{round(255 + (part - 255) * percent / 100):02X}" for part in parts)


# Of a cell of the heat map, by its tone on the page.
HEAT: Final = {
    **{
        f"below-{step}": _tint(CLASSES[Label.DISAPPOINTING], percent)
        for step, percent in ((1, 14), (2, 32), (3, 44))
    },
    "at": "ECEEF0",
    **{
        f"above-{step}": _tint(CLASSES[Label.ENCHANTMENT], percent)
        for step, percent in ((1, 12), (2, 26), (3, 42))
    },
}
PHASES: Final = {"before": "E3E5F8", "during": "DDEFEB", "after": "FBEBD8"}
