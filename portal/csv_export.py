"""Tables to take away as CSV, which a spreadsheet opens without running anything."""

import csv
import re
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

# A spreadsheet takes such a cell for a formula; the wide signs too, in some languages.
FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")  # noqa: RUF001


class _Echo:
    def write(self, line: str) -> str:
        return line


def harmless(cell: object) -> str:
    """The cell, with an apostrophe before what a spreadsheet would take for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if FORMULA.match(text) else text


def csv_response(
    rows: Iterable[Iterable[object]], *, headings: list[str], filename: str
) -> StreamingHttpResponse:
    """Stream the rows as UTF-8 with the mark by which spreadsheets know it."""

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield "\ufeff"
        yield writer.writerow(headings)
        for row in rows:
            yield writer.writerow([harmless(cell) for cell in row])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
