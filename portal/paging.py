"""Keyset paging: what all lists that page by their key have in common."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows, and the key of the last one where more follow; an empty key ends the list."""

    items: list[Row]
    next_cursor: str


def newest_first(rows: QuerySet[Row], *, after: str, size: int) -> Page[Row]:
    """One page of rows by their key, as fast at the end as at the start.

    `after` is the key of the row that it begins after; what is no key is the first page.
    """
    key = read_key(rows.model, after)
    if key is not None:
        rows = rows.filter(pk__lt=key)
    items, has_more = cut(rows.order_by("-pk"), size=size)
    return Page(items, str(items[-1].pk) if has_more else "")


def read_key(model: type[Model], text: str) -> Any:
    """Return the key that an address names; None for a text that is no key of such a row."""
    try:
        return model._meta.pk.to_python(text) if text else None
    except ValidationError:
        return None


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
