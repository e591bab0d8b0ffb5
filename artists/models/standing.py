"""How a person stands to the terms, read along with whatever row names them."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, Expression, F, Func, IntegerField, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone


class Standing(models.IntegerChoices):
    """The gravest thing that waits for somebody's answer."""

    SETTLED = 0
    AHEAD = 1, "something will take effect"
    DECLINED = 2, "what is in force was declined"
    UNANSWERED = 3, "what is in force has no answer"


class TermsStanding(Func):
    """The Standing of the artist whose key is in a column, as one subquery.

    Every request asks for it, and the query builder would take some milliseconds of each to say
    the same: what stands here is `in_force` and `upcoming` of Terms, without one's own acceptances.
    """

    output_field = IntegerField()
    sql = """COALESCE((
        SELECT MAX(CASE WHEN version_.takes_effect_at > {now} THEN 1
                        WHEN decline_.id IS NOT NULL THEN 2 ELSE 3 END)
        FROM artists_terms version_
        LEFT JOIN artists_acceptance acceptance_
            ON acceptance_.terms_id = version_.id AND acceptance_.artist_id = {artist}
        LEFT JOIN artists_decline decline_
            ON decline_.terms_id = version_.id AND decline_.artist_id = {artist}
        WHERE version_.published_at IS NOT NULL AND acceptance_.id IS NULL AND NOT EXISTS (
            SELECT 1 FROM artists_terms newer_
            WHERE newer_.kind = version_.kind AND newer_.version > version_.version
            AND (newer_.takes_effect_at <= {now}
                 OR newer_.takes_effect_at <= version_.takes_effect_at))
    ), 0)"""

    def __init__(self, artist: str, at: Expression | None = None) -> None:
        """`at` is the moment that is meant, as an expression; now, where none is given."""
        super().__init__(F(artist), at or Value(timezone.now(), output_field=DateTimeField()))

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *ways: Any, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        column, moment = self.get_source_expressions()
        artist, _ = compiler.compile(column)  # a column has no parameters
        now, params = compiler.compile(moment)
        return self.sql.format(artist=artist, now=now), (*params, *params)
