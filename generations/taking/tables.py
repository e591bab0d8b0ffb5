"""Rows as JSON and as CSV, a page of them at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import QuerySet

from artists.models import Artist
from portal.exporting import BOM, csv_lines, json_lines

AT_ONCE = 500
Row = dict[str, Any]


class Table(NamedTuple):
    """One table of an artist's data.

    `columns` gives each column's path from the row, as values_list() takes it. `more` adds
    columns that no query gives, named in `more_columns`, or returns None for a row to leave out.
    """

    name: str
    title: str
    rows: Callable[[Artist], QuerySet[Any]]
    columns: Mapping[str, str]
    more_columns: tuple[str, ...] = ()
    more: Callable[[Row], Row | None] | None = None


def read(table: Table, artist: Artist) -> Iterator[Row]:
    """Yield the rows of a table, in the order of their making."""
    found, last = table.rows(artist).order_by("pk"), None
    while True:
        after = found if last is None else found.filter(pk__gt=last)
        page = list(after.values_list("pk", *table.columns.values())[:AT_ONCE])
        for _, *values in page:
            row = dict(zip(table.columns, values, strict=True))
            if table.more is None:
                yield row
            elif (whole := table.more(row)) is not None:
                yield whole
        if len(page) < AT_ONCE:
            return
        last = page[-1][0]


def as_json(rows: Iterable[Row]) -> Iterator[bytes]:
    """One list of objects, an object a line."""
    return (line.encode() for line in json_lines(rows))


def as_csv(table: Table, rows: Iterable[Row]) -> Iterator[bytes]:
    """A line of column names, then a line a row; what a spreadsheet would run gets a ' before."""
    names = [*table.columns, *table.more_columns]
    yield BOM.encode()
    for line in csv_lines(([_cell(row[name]) for name in names] for row in rows), headings=names):
        yield line.encode()


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return value.isoformat() if hasattr(value, "isoformat") else value
