"""Fonts for the visible mark: the first that has every letter of a word."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

# Noto for most scripts is a requirement of ours. For Chinese, Japanese and Korean its package, or
# Debian's fonts-noto-cjk, is used where it is installed: it weighs 20 MB.
PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
FOLDERS = (Path("/usr/share/fonts/opentype/noto"),)
FIRST = "NotoSans[wght].ttf"
FILES = ("NotoSans*.ttf", "NotoSans*.otf", "NotoSansCJK-Regular.ttc", "NotoEmoji*.ttf")
WEIGHT = 500
NO_LETTER = "\U0010ffff"  # no font has it: it looks like whatever else a font does not have
STEERING = ("Cf", "Mn", "Mc", "Me")  # categories of signs that are drawn with others or not at all


@dataclass(frozen=True)
class Font:
    face: ImageFont.FreeTypeFont

    def has(self, letter: str) -> bool:
        if letter.isspace() or unicodedata.category(letter) in STEERING:
            return True
        return _picture(self.face, letter) != _picture(self.face, NO_LETTER)

    def width(self, text: str) -> int:
        return round(self.face.getlength(text))


def find_font(text: str, *, pixels: int) -> tuple[str, Font]:
    """Return a text with a font that has all its letters.

    Where no font has them all, it is the text without those that the best one lacks, perhaps none.
    """
    best: tuple[int, str, Font] | None = None
    for font in _fonts(pixels):
        known = [letter for letter in text if font.has(letter)]
        if len(known) == len(text):
            return text, font
        drawn = sum(letter.isalnum() for letter in known)
        if best is None or drawn > best[0]:
            best = drawn, "".join(known).strip() if drawn else "", font
    if best is None:
        raise ImportError("the fonts of requirements.txt are not installed")
    return best[1:]


def _fonts(pixels: int) -> Iterator[Font]:
    for path in _paths():
        face = ImageFont.truetype(str(path), pixels)
        if "[wght]" in path.name:
            face.set_variation_by_axes([WEIGHT])
        yield Font(face)


@cache
def _paths() -> tuple[Path, ...]:
    """Return the font files there are, the one for Latin, Greek and Cyrillic first."""
    specs = [find_spec(name) for name in PACKAGES]
    packages = [Path(spec.origin).parent for spec in specs if spec and spec.origin]
    found = [
        path
        for folder in (*packages, *FOLDERS)
        for pattern in FILES
        for path in sorted(folder.glob(pattern))
        if "Italic" not in path.name
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda path: path.name != FIRST))


def _picture(face: ImageFont.FreeTypeFont, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = face.getmask(letter, mode="1")
    return mask.size, bytes(mask)
