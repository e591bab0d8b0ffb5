# ruff: noqa: RUF001  (letters that pass for others are what this file is about)
"""One plain form of a text, in which what looks or reads the same is the same.

Case, accents, full-width and ornamental letters, signs without a width, and letters of one script
that pass for those of another are folded away; so are the marks that Arabic and Hebrew may leave
out. A rule and a prompt are folded alike, so that a name in any script finds itself.
"""

import re
import unicodedata
from typing import Literal

# Marks of other scripts (vowels of Devanagari, the voicing of kana) make another word: they stay.
ACCENTS = (
    "\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # Latin etc.
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points
    "\u0610-\u061a\u064b-\u065f\u0670\u0640\u06d6-\u06dc"  # Arabic signs, and the tatweel
)
# Shown as nothing: Cf are format characters, and these are of other categories.
UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\u180b-\u180f"
MARKS_MAX = 30  # in a row
_ACCENTS = re.compile(f"[{ACCENTS}]+")
_UNSEEN = re.compile(f"[{UNSEEN}]+|[\U000e0100-\U000e01ef]+")
_CAMEL = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")

_TWINS = {
    "a": "аαɑᴀ", "b": "вβʙ", "c": "сϲᴄ", "d": "ԁđðᴅ", "e": "еεєᴇ", "f": "ƒꜰ", "g": "ɡɢ",
    "h": "нһħʜ", "i": "іιıɪ", "j": "јᴊ", "k": "кκᴋ", "l": "łʟ", "m": "мᴍ", "n": "ηɴп",
    "o": "оοօøᴏ", "p": "рρᴘ", "q": "ԛ", "r": "гʀ", "s": "ѕꜱ", "t": "тτŧᴛ", "u": "υսᴜ",
    "v": "νѵᴠ", "w": "ԝωᴡ", "x": "хχ", "y": "уʏγ", "z": "ᴢ", "ae": "æ", "oe": "œ", "th": "þ",
    "ي": "یى", "ك": "ک",
}  # fmt: skip
_FOLD: dict[int, str] = {ord(twin): plain for plain, twins in _TWINS.items() for twin in twins}
for _first in (0x1F150, 0x1F170, 0x1F1E6):  # letters in circles, in squares, of flags
    _FOLD |= {_first + place: chr(ord("a") + place) for place in range(26)}

# A one stands for an i or an l.
_DIGITS = tuple(str.maketrans("01345789@$!|", f"o{one}eastbgasil") for one in "il")
_RUN = re.compile(r"[\w@$!|]+")
_MIXED = re.compile(r"[^\W\d_][0-9@$!|]|[0-9@$!|][^\W\d_]")


def normal(form: Literal["NFC", "NFKD"], text: str) -> str:
    """Return a normal form of a text with no more marks in a row than any writing has.

    To put marks in order takes their number squared, so that a prompt of nothing else would take
    seconds. Unicode's own bound is as high (UAX 15, “Stream-Safe Text Format”).
    """
    kept, marks = [], 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MARKS_MAX:
            kept.append(sign)
    return unicodedata.normalize(form, "".join(kept))


def fold(text: str) -> str:
    """Return the plain form of a text; white space and punctuation stay."""
    if text.isascii():
        return text.lower()
    text = _UNSEEN.sub("", normal("NFKD", text))
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = _ACCENTS.sub("", text).casefold().translate(_FOLD)
    return normal("NFC", text)


def split_camel(text: str) -> str:
    """Put a space where small letters meet a capital: AdaLovelace is two words."""
    return _CAMEL.sub(" ", text)


def without_digits(folded: str) -> list[str]:
    """Read digits and signs inside of words as the letters that they may stand for: l0v3lace."""
    return [
        _RUN.sub(lambda run, table=table: _spelt(run[0], table), folded)  # type: ignore[misc]
        for table in _DIGITS
    ]


def _spelt(run: str, table: dict[int, str]) -> str:
    """A run of letters and signs, all in letters if a letter stands beside a sign in it."""
    return run.translate(table) if _MIXED.search(run) else run
