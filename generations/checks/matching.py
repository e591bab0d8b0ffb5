"""Finding the rules that a prompt meets, in time that grows with its length and no faster.

Words and names are looked up word by word. Patterns are RE2's, which never backtracks: no pattern
and no prompt makes it take for ever.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from unicodedata import category

import re2

from generations.checks.folding import fold, normal, split_camel, without_digits
from generations.models import CheckRule

WORD = re.compile(r"[^\W\d_]+|\d+")
# Scripts that put no space between words: a name there is found within longer text.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)
SPELT = 4  # so many single letters in a row are one word that somebody spelt
PATTERN_MEMORY = 1 << 20
REPEATED_MOST = 50
_REPEATED = re.compile(r"\{(\d*),?(\d*)\}")


class BadPattern(ValueError):
    """A pattern that RE2 does not take; the message says why."""


@dataclass(frozen=True)
class _Entry:
    """Words in a row, the last perhaps only begun; or, in unspaced scripts, signs in a row."""

    rule: int
    words: tuple[str, ...]
    is_begun: bool = False

    def stands_at(self, words: list[str], place: int) -> bool:
        end = place + len(self.words)
        if end > len(words):
            return False
        *whole, last = self.words
        if words[place : end - 1] != whole:
            return False
        found = words[end - 1]
        return found.startswith(last) if self.is_begun else found == last


@dataclass
class Matcher:
    """A list of rules, ready to be held against prompts."""

    _by_first: dict[str, list[_Entry]] = field(default_factory=lambda: defaultdict(list))
    _begun: list[_Entry] = field(default_factory=list)
    _within: list[tuple[str, int]] = field(default_factory=list)
    _patterns: list[tuple[int, "re2._Regexp"]] = field(default_factory=list)

    def add(self, rule: int, kind: str, entries: Iterable[str]) -> None:
        """Look for a rule's entries too, under its key. Raises BadPattern."""
        for entry in entries:
            self._add(rule, kind, entry)

    def hits(self, prompt: str) -> set[int]:
        """Return the keys of the rules that a prompt meets."""
        folded = fold(prompt)
        found = set(self._hits_of_patterns(prompt, folded))
        if self._within:
            joined = _joined(folded)
            found.update(rule for signs, rule in self._within if signs in joined)
        if self._by_first or self._begun:
            for reading in _readings(prompt, folded):
                found.update(self._hits_of_words(reading))
        return found

    def _add(self, rule: int, kind: str, entry: str) -> None:
        if kind == CheckRule.Kind.PATTERN:
            self._patterns.append((rule, compile_pattern(entry)))
            return
        is_begun = kind == CheckRule.Kind.WORDS and entry.endswith("*")
        folded = fold(entry)
        if UNSPACED.search(folded) or any(category(sign).startswith("M") for sign in folded):
            self._within.append((_joined(folded), rule))
            return
        words = tuple(WORD.findall(folded))
        self._index(_Entry(rule, words, is_begun))
        if kind == CheckRule.Kind.PERSON and len(words) > 1:
            self._index(_Entry(rule, ("".join(words),)))

    def _index(self, entry: _Entry) -> None:
        if not entry.words:
            return
        if entry.is_begun and len(entry.words) == 1:
            self._begun.append(entry)
        else:
            self._by_first[entry.words[0]].append(entry)

    def _hits_of_words(self, words: list[str]) -> Iterator[int]:
        for place, word in enumerate(words):
            for entry in self._by_first.get(word, ()):
                if entry.stands_at(words, place):
                    yield entry.rule
            for entry in self._begun:
                if word.startswith(entry.words[0]):
                    yield entry.rule

    def _hits_of_patterns(self, prompt: str, folded: str) -> Iterator[int]:
        if not self._patterns:
            return
        texts = {normal("NFC", prompt), folded}
        for rule, pattern in self._patterns:
            if any(pattern.search(text) for text in texts):
                yield rule


def compile_pattern(text: str) -> "re2._Regexp":
    """Compile a pattern, in any case of letters. Raises BadPattern."""
    counted = [int(number) for pair in _REPEATED.findall(text) for number in pair if number]
    if any(number > REPEATED_MOST for number in counted):
        raise BadPattern(f"repeats more than {REPEATED_MOST} times")
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = PATTERN_MEMORY
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        reason = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise BadPattern(reason) from error


def _readings(prompt: str, folded: str) -> Iterator[list[str]]:
    """The words of a prompt as it stands, and as it may be meant, where that differs."""
    texts = dict.fromkeys((folded, fold(split_camel(prompt)), *without_digits(folded)))
    for text in texts:
        words = WORD.findall(text)
        yield words
        spelt = list(_put_together(words))
        if len(spelt) != len(words):
            yield spelt


def _put_together(words: list[str]) -> Iterator[str]:
    """Make one word of single letters in a row: a d a l o v e l a c e."""
    letters: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            letters.append(word)
            continue
        if len(letters) >= SPELT:
            yield "".join(letters)
        else:
            yield from letters
        letters = []
        if word:
            yield word


def _joined(folded: str) -> str:
    """The text without spaces and punctuation."""
    return "".join(sign for sign in folded if sign.isalnum() or category(sign).startswith("M"))
