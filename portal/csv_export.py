"""Tables to take away as CSV, which a spreadsheet opens without running anything."""

import csv
import re
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

# A spreadsheet takes such a cell for a formula; the wide signs too, in some languages.
SIGNS = r"[=+\-@＝＋－＠]"  # noqa: RUF001
FORMULA = re.compile(rf"[\t\r\n]|\s*{SIGNS}")
# Where lists are written with semicolons, a spreadsheet cuts our cells at theirs, quoted or not.
CUT = re.compile(rf'([;\t\r\n][;\s"]*+)({SIGNS}?)')


class _Echo:
    def write(self, line: str) -> str:
        return line


def harmless(cell: object) -> str:
    """The cell, with an apostrophe before what a spreadsheet would take for a formula."""
    text = CUT.sub(_marked, "" if cell is None else str(cell))
    return f"'{text}" if FORMULA.match(text) else text


def _marked(found: re.Match[str]) -> str:
    return f"{found[1]}'{found[2]}" if found[2] else found[0]


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
