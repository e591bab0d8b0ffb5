"""Keyset paging of the queue: a page begins after the last item of the one before."""

from dataclasses import dataclass
from datetime import datetime
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
    """The place of one review in the queue."""

    due_at: datetime
    id: UUID

    @classmethod
    def read(cls, text: str) -> Self:
        due_at, _, review_id = text.partition("_")
        try:
            cursor = cls(datetime.fromisoformat(due_at), UUID(review_id))
        except ValueError as error:
            raise BadCursor(text) from error
        if cursor.due_at.tzinfo is None:
            raise BadCursor(text)
        return cursor

    def __str__(self) -> str:
        return f"{self.due_at.isoformat()}_{self.id}"

    def after(self) -> Q:
        """The reviews that come later, in terms that use the queue's index."""
        later = Q(due_at__gt=self.due_at) | Q(pk__gt=self.id)
        return Q(due_at__gte=self.due_at) & later


def page_of(queue: ReviewQuerySet, *, after: str) -> tuple[list[Review], Cursor | None]:
    """Return one page of a queue and the cursor of the next; without one it is the last.

    Raises BadCursor.
    """
    if after:
        queue = queue.filter(Cursor.read(after).after())
    page, has_more = cut(queue, size=PAGE_SIZE)
    return page, Cursor(page[-1].due_at, page[-1].pk) if has_more else None
