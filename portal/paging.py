"""Keyset paging: what all lists that page by their key have in common."""

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def cut(rows: QuerySet[Row], *, size: int) -> tuple[list[Row], bool]:
    """Return the first rows of a query, `size` at most, and whether more follow."""
    found = list(rows[: size + 1])
    return found[:size], len(found) > size
