"""What changed between two versions, word by word, for people who read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

LINE_END = "\n"
LINES_MAX = 4000  # more are shown as one change
WORDS_MAX = 2000  # in one changed passage; a longer one is shown whole, before and after
CONTEXT_LINES = 1


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """Words that stayed, came or went together, with the white space before and after them."""

    change: Change
    before: str
    text: str
    after: str
    words: int

    @classmethod
    def of(cls, change: Change, words: list[str]) -> "Piece":
        spaced = "".join(word if word == LINE_END else f"{word} " for word in words)
        spaced = spaced.replace(f" {LINE_END}", LINE_END)
        text = spaced.strip()
        before, _, after = spaced.partition(text) if text else (spaced, "", "")
        return cls(change, before, text, after, sum(word != LINE_END for word in words))


@dataclass(frozen=True)
class Passage:
    """A changed stretch with a line around it; `skipped` unchanged lines are left out before it."""

    pieces: tuple[Piece, ...]
    skipped: int


@dataclass(frozen=True)
class Difference:
    passages: tuple[Passage, ...]
    skipped_at_end: int

    @property
    def added(self) -> int:
        """How many words came."""
        return self._count(Change.ADDED)

    @property
    def removed(self) -> int:
        """How many words went."""
        return self._count(Change.REMOVED)

    def _count(self, change: Change) -> int:
        pieces = (piece for passage in self.passages for piece in passage.pieces)
        return sum(piece.words for piece in pieces if piece.change == change)


@lru_cache(maxsize=32)
def compare(before: str, after: str) -> Difference:
    """Return what became of a text. Blank lines and spaces between words do not count."""
    old, new = _lines(before), _lines(after)
    passages, shown_until = [], 0
    for group in _groups(old, new):
        pieces: list[Piece] = []
        for kind, i1, i2, j1, j2 in group:
            if kind == "equal":
                pieces.append(Piece.of(Change.SAME, _words(new[j1:j2])))
            else:
                pieces.extend(_compare_words(_words(old[i1:i2]), _words(new[j1:j2])))
        passages.append(Passage(tuple(pieces), skipped=group[0][3] - shown_until))
        shown_until = group[-1][4]
    return Difference(tuple(passages), skipped_at_end=len(new) - shown_until)


def _groups(old: list[str], new: list[str]) -> Iterator[list[tuple[str, int, int, int, int]]]:
    """Yield the changes of lines, those that are near to each other together."""
    if max(len(old), len(new)) > LINES_MAX:
        yield [("replace", 0, len(old), 0, len(new))]
        return
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT_LINES):
        yield list(group)


def _compare_words(old: list[str], new: list[str]) -> Iterator[Piece]:
    if max(len(old), len(new)) > WORDS_MAX:
        yield Piece.of(Change.REMOVED, old)
        yield Piece.of(Change.ADDED, new)
        return
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece.of(Change.SAME, new[j1:j2])
            continue
        if any(word != LINE_END for word in old[i1:i2]):
            yield Piece.of(Change.REMOVED, old[i1:i2])
        if j2 > j1:
            yield Piece.of(Change.ADDED, new[j1:j2])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _words(lines: list[str]) -> list[str]:
    return [word for line in lines for word in (*line.split(), LINE_END)]
