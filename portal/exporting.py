"""Rows to take away as CSV, which a spreadsheet opens without running anything, and as JSON.

They are written while they are read, so their number costs no memory.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import StreamingHttpResponse

BOM = "\ufeff"  # by which spreadsheets know that it is UTF-8
# A spreadsheet takes such a cell for a formula; the wide signs too, in some languages.
SIGNS = r"[=+\-@＝＋－＠]"  # noqa: RUF001
FORMULA = re.compile(rf"[\t\r\n]|\s*{SIGNS}")
# Where lists are written with semicolons, a spreadsheet cuts our cells at theirs, quoted or not.
CUT = re.compile(rf'([;\t\r\n][;\s"]*+)({SIGNS}?)')


class _Echo:
    """Hands each line that a csv.writer writes back to who asked for it."""

    def write(self, line: str) -> str:
        return line


def harmless(cell: object) -> str:
    """The cell, with an apostrophe before a text that a spreadsheet would take for a formula."""
    if isinstance(cell, int | float):
        return str(cell)
    text = CUT.sub(_marked, "" if cell is None else str(cell))
    return f"'{text}" if FORMULA.match(text) else text


def _marked(found: re.Match[str]) -> str:
    return f"{found[1]}'{found[2]}" if found[2] else found[0]


def csv_lines(rows: Iterable[Iterable[object]], *, headings: Iterable[str]) -> Iterator[str]:
    """Yield the headings and then each row, a line each."""
    write = csv.writer(_Echo()).writerow
    yield write(headings)
    for row in rows:
        yield write([harmless(cell) for cell in row])


def json_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the parts of one list of objects, an object a line."""
    separator = "[\n"
    for row in rows:
        yield separator + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def csv_response(
    rows: Iterable[Iterable[object]], *, headings: list[str], filename: str
) -> StreamingHttpResponse:
    """Stream the rows as UTF-8 with the mark by which spreadsheets know it."""

    def lines() -> Iterator[str]:
        yield BOM
        yield from csv_lines(rows, headings=headings)

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
