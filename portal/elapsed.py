"""How long things took: worked out by the database, said as half of all and nine of ten."""

from itertools import accumulate
from typing import Any

from django.db.models import Func, IntegerField


class SecondsBetween(Func):
    """The whole seconds from one moment to another."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "CAST(ROUND((julianday(%(expressions)s)) * 86400) AS INTEGER)"
        return self._between(compiler, connection, template, ") - julianday(", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) AS INTEGER)"
        return self._between(compiler, connection, template, " - ", **extra)

    def _between(
        self, compiler: Any, connection: Any, template: str, joined_by: str, **extra: Any
    ) -> Any:
        later_first = self.copy()
        later_first.set_source_expressions(self.get_source_expressions()[::-1])
        return Func.as_sql(
            later_first, compiler, connection, template=template, arg_joiner=joined_by, **extra
        )


def nearest_rank(counts: list[tuple[int, int]], per_cent: int) -> int:
    """The least value at or below which are so many per cent; of values with their counts.

    They come in ascending order, and there is one at least.
    """
    wanted = per_cent * sum(count for _, count in counts)
    reached = accumulate(100 * count for _, count in counts)
    return next(
        value for (value, _), so_far in zip(counts, reached, strict=True) if so_far >= wanted
    )
