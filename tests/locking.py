"""Two who meet in the database: one holds what the other waits for."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction


def while_another(act: Callable[[], object], *steps: Callable[[], object]) -> None:
    """Do the first step, let another begin to act and wait for it, and then do the others."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            steps[0]()
            acting = threads.submit(run)
            _let_it_wait()
            for step in steps[1:]:
                step()
        acting.result(timeout=30)


def _let_it_wait() -> None:
    if connection.vendor != "postgresql":
        time.sleep(0.3)
        return
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nothing of theirs met what is locked here")
