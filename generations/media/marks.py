"""What a visible mark is. Free of Django, for the finishing child loads it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """How a copy is marked: `corner` or `moving`, and what it says, part by part."""

    style: str
    words: Sequence[str]
