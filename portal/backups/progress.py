"""How far a long piece of work is, told every few seconds."""

import time
from collections.abc import Callable

from django.template.defaultfilters import filesizeformat

EVERY_SECONDS = 5.0


class Progress:
    def __init__(self, say: Callable[[str], None], *, total: int | None = None) -> None:
        self.say, self.total = say, total
        self._told = time.monotonic()

    def count(self, files: int, size_bytes: int) -> None:
        """Say how many files and bytes are done, if it is time to say so."""
        now = time.monotonic()
        if now - self._told >= EVERY_SECONDS:
            self._told = now
            size = filesizeformat(size_bytes).replace("\xa0", " ")
            of_all = "" if self.total is None else f" of {self.total}"
            self.say(f"{files}{of_all} files, {size}")
