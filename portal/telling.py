"""Letters about rows that carry `told_at` and `telling_until`: each is written at least once.

A letter counts as told when the mail server has taken it. A worker that is killed between the two
leaves a letter that is written again: rather two about one thing than none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

UNTOLD_AFTER = timedelta(minutes=2)  # the task that follows the act has had its time
LETTER_TAKES = timedelta(minutes=5)  # at most: settings.EMAIL_TIMEOUT bounds each word of the mail


def untold(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the rows that no mail server has a letter about, and that nobody is telling now."""
    return rows.filter(told_at=None).exclude(telling_until__gt=timezone.now())


def overdue(rows: QuerySet[Any], *, since: str) -> QuerySet[Any]:
    """Those untold for so long after the moment in `since` that their task must be lost."""
    return untold(rows).filter(**{f"{since}__lt": timezone.now() - UNTOLD_AFTER})


@contextmanager
def telling(rows: QuerySet[Any], **once_told: Any) -> Iterator[QuerySet[Any]]:
    """Claim those of the rows that are untold, and hand them to whoever writes the letter.

    The claim of a worker that dies runs out, and a letter that cannot be sent is given back.
    `once_told` is set in the moment in which the rows become told.
    """
    until = timezone.now() + LETTER_TAKES
    if not untold(rows).update(telling_until=until):
        yield rows.none()
        return
    claimed = rows.filter(told_at=None, telling_until=until)
    try:
        yield claimed
    except Exception:
        claimed.update(telling_until=None)
        raise
    claimed.update(told_at=timezone.now(), telling_until=None, **once_told)
