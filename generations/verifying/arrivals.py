"""Files on their way in from anybody: few from one sender, few of all, and none for ever.

Whoever sends slowly, or stops sending, holds a thread of web and their own place here. The place is
counted against others for a time alone, so that it keeps nobody else out for longer.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest

from generations.verifying.errors import TooManyAtOnce, TooSlow

SECONDS = 300  # for a file to arrive in
OF_ONE_SENDER = 2
OF_ALL = 16

_lock = threading.Lock()
_arriving: dict[object, tuple[str, float]] = {}


class TimelyUpload(TemporaryFileUploadHandler):
    """A file that is written to disk as it comes. Raises TooSlow where that takes too long."""

    def __init__(self, request: HttpRequest, *, until: float) -> None:
        super().__init__(request)
        self._until = until

    def receive_data_chunk(self, raw_data: Any, start: int) -> None:
        if time.monotonic() > self._until:
            self.file.close()  # and so deletes it
            raise TooSlow
        super().receive_data_chunk(raw_data, start)


@contextmanager
def arriving(sender: str) -> Iterator[float]:
    """Keep a place for what a sender begins to send, and yield the time until which it may come.

    Raises TooManyAtOnce.
    """
    place, now = object(), time.monotonic()
    with _lock:
        of_sender = [one for one, _ in _arriving.values() if one == sender]
        in_time = [began for _, began in _arriving.values() if began > now - SECONDS]
        if len(of_sender) >= OF_ONE_SENDER or len(in_time) >= OF_ALL:
            raise TooManyAtOnce
        _arriving[place] = sender, now
    try:
        yield now + SECONDS
    finally:
        with _lock:
            del _arriving[place]
