"""Keyset paging of the queue: a page begins after the last item of the one before."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from django.db.models import Q

from generations.models import Review
from generations.models.review import ReviewQuerySet
from portal.paging import cut

PAGE_SIZE = 25


class BadCursor(ValueError):
    """A cursor that no page has given out."""


@dataclass(frozen=True)
class Cursor:
    """The place of one review in the queue: when it is due, or when it was closed."""

    at: datetime
    id: UUID

    @classmethod
    def read(cls, text: str) -> Self:
        at, _, review_id = text.partition("_")
        try:
            moment, key = datetime.fromisoformat(at), UUID(review_id)
            if moment.tzinfo is None:
                raise BadCursor(text)
            return cls(moment.astimezone(UTC), key)
        except (ValueError, OverflowError) as error:  # a year before the first, after the last
            raise BadCursor(text) from error

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"

    def after(self, *, is_of_closed: bool = False) -> Q:
        """The reviews that come later, in terms that use the index of the order."""
        if is_of_closed:
            earlier = Q(closed_at__lt=self.at) | Q(pk__lt=self.id)
            return Q(closed_at__lte=self.at) & earlier
        later = Q(due_at__gt=self.at) | Q(pk__gt=self.id)
        return Q(due_at__gte=self.at) & later


def page_of(
    queue: ReviewQuerySet, *, after: str, is_of_closed: bool = False
) -> tuple[list[Review], Cursor | None]:
    """Return one page of a queue and the cursor of the next; without one it is the last.

    What is open is paged by its due date, and what is closed by when it was, the newest first.
    Raises BadCursor.
    """
    if after:
        queue = queue.filter(Cursor.read(after).after(is_of_closed=is_of_closed))
    page, has_more = cut(queue, size=PAGE_SIZE)
    if not has_more:
        return page, None
    last = page[-1]
    at = last.closed_at if is_of_closed else last.due_at
    return page, Cursor(at or last.due_at, last.pk)
