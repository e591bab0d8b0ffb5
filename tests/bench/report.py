"""Tables on a terminal."""

import sys
from collections.abc import Sequence


def print_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their head, numbers with what digits matter."""
    texts = [list(head)] + [[_text(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in texts) for place in range(len(head))]
    for row in texts:
        first, *rest = (
            text.ljust(width) if place == 0 else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        sys.stdout.write("  ".join([first, *rest]).rstrip() + "\n")
    sys.stdout.flush()


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.2f}" if abs(cell) < 100 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
