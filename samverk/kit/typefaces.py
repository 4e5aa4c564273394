"""Makes static TTF fonts from the variable web font, for documents.

Typst reads neither WOFF2 nor variable axes, so each weight is fixed and the
latin and latin-ext halves are joined into one file.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FAMILY = "Hanken Grotesk"
WEIGHTS = {"Regular": 400, "SemiBold": 600, "Bold": 700}
# Ids of the OpenType name table.
OLD_FAMILY, OLD_STYLE, UNIQUE, FULL, POSTSCRIPT, FAMILY_ID, STYLE_ID = 1, 2, 3, 4, 6, 16, 17


def make_fonts(halves: list[Path], folder: Path) -> list[Path]:
    """Write one TTF per weight into `folder` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_make_font(halves, style, weight, folder) for style, weight in WEIGHTS.items()]


def _make_font(halves: list[Path], style: str, weight: int, folder: Path) -> Path:
    target = folder / f"HankenGrotesk-{style}.ttf"
    with tempfile.TemporaryDirectory() as scratch:
        fixed = [_fix_weight(half, weight, Path(scratch) / f"{i}.ttf") for i, half in enumerate(halves)]
        font = Merger().merge([str(path) for path in fixed])
    _name(font, style, weight)
    font.save(target)
    return target


def _fix_weight(source: Path, weight: int, target: Path) -> Path:
    font = TTFont(source, recalcTimestamp=False)
    font = instantiateVariableFont(font, {"wght": weight}, inplace=True)
    font.flavor = None
    # Hints for the screen differ between the halves and mean nothing on paper.
    for table in ("STAT", "fpgm", "prep", "cvt ", "gasp", "DSIG"):
        if table in font:
            del font[table]
    font.save(target)
    return target


def _name(font: TTFont, style: str, weight: int) -> None:
    plain = style in {"Regular", "Bold"}
    names = {
        OLD_FAMILY: FAMILY if plain else f"{FAMILY} {style}",
        OLD_STYLE: style if plain else "Regular",
        UNIQUE: f"{FAMILY} {style}",
        FULL: f"{FAMILY} {style}",
        POSTSCRIPT: f"HankenGrotesk-{style}",
        FAMILY_ID: FAMILY,
        STYLE_ID: style,
    }
    for name_id, text in names.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["head"].modified = font["head"].created
