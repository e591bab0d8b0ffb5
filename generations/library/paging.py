"""Endless paging: a page is a slice of the time-ordered key, as fast at the end as at the start."""

from dataclasses import dataclass
from uuid import UUID

from generations.models import Generation
from generations.models.generation import GenerationQuerySet
from portal.paging import cut

PAGE_SIZE = 24


@dataclass(frozen=True)
class Page:
    """Works, newest first, and the cursor of the page after; an empty cursor ends it."""

    items: list[Generation]
    next_cursor: str


def page_after(works: GenerationQuerySet, cursor: str) -> Page:
    """One page of works after a cursor; one that is no cursor counts as none."""
    try:
        works = works.filter(pk__lt=UUID(cursor)) if cursor else works
    except ValueError:
        cursor = ""
    items, has_more = cut(works.order_by("-pk"), size=PAGE_SIZE)
    return Page(items, str(items[-1].pk) if has_more else "")
