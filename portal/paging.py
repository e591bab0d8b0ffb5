"""Keyset paging: what all lists that page by their key have in common."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def cut(rows: QuerySet[Row], *, size: int) -> tuple[list[Row], bool]:
    """Return the first rows of a query, `size` at most, and whether more follow."""
    found = list(rows[: size + 1])
    return found[:size], len(found) > size


def page_of(rows: QuerySet[Row], *, limit: int, after: Any = None) -> dict[str, Any]:
    """Return the first rows as the lists of the API have them: the next page is after `last_id`.

    What comes after a key are older rows: who asks so has the newest first.
    """
    if after is not None:
        rows = rows.filter(pk__lt=after)
    data, has_more = cut(rows, size=limit)
    return {
        "data": data,
        "first_id": data[0].pk if data else None,
        "last_id": data[-1].pk if data else None,
        "has_more": has_more,
    }
