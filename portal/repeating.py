"""Something done again and again beside work that takes long: a claim renewed, for instance."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def repeated(step: Callable[[], bool], *, every_seconds: float) -> Iterator[threading.Event]:
    """Take a step every so many seconds while the block runs, until one returns False.

    The event tells that one did. The steps have a thread, and a connection to the database, of
    their own, for the block may hold up its own for long.
    """
    is_done, is_over = threading.Event(), threading.Event()

    def go_on() -> None:
        try:
            while not is_done.wait(every_seconds):
                if not step():
                    is_over.set()
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield is_over
    finally:
        is_done.set()
        thread.join()
