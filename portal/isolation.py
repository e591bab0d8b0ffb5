"""One row at a time: what goes wrong with one leaves the others of its pass alone."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

logger = logging.getLogger(__name__)


@contextmanager
def alone(subject: object) -> Iterator[None]:
    """Do one row's part in a transaction of its own, or a savepoint of the pass's.

    What goes wrong is undone and logged: of an error of the database too, which without a
    savepoint would end all that the pass has begun.
    """
    try:
        with transaction.atomic():
            yield
    except Exception:
        logger.exception("a pass could not deal with %s", subject)
