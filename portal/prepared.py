"""Queries that are compiled once, for those that every request to the API makes.

To build and compile a query takes the ORM ten times as long as the database takes to answer it.
Here the ORM does it once, for each kind of database, with an Arg in the place of every value that
changes; a call then binds its values, sends the statement, and makes of the rows what the ORM
makes of them. What is kept is the shape of a query, never a row: each call asks the database.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Expression, Field, Model, QuerySet, TextField
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError, mark_for_rollback_on_error

M = TypeVar("M", bound=Model)


class Arg(Expression):
    """The place of a value that each call gives by its name, sent as a column of `field` is."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name
        self._is_nullable = field.null
        column: Any = field
        while column.is_relation:  # a key is sent as what it refers to
            column = column.target_field
        self._is_text = type(column) in (CharField, TextField)  # which send a text as it is
        self._prepare = column.get_db_prep_save

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)

    def bind(self, value: Any, database: BaseDatabaseWrapper) -> Any:
        """The value as the database takes it. Raises ValueError for None where the field is not
        nullable: a comparison with NULL would find nothing, without a word."""
        if value is None and not self._is_nullable:
            raise ValueError(f"{self.name} is None")
        if value is None or (self._is_text and isinstance(value, str)):
            return value
        return self._prepare(value, database)


def _cursor(database: Any) -> Any:
    """Django's own; on PostgreSQL one by which the server plans a statement once, too.

    It sends the values beside the statement, where Django's writes them into it, so that to the
    server each is another one.
    """
    if database.vendor != "postgresql":
        return database.cursor()
    from psycopg import Cursor  # of PostgreSQL alone

    database.close_if_health_check_failed()
    database.ensure_connection()
    with database.wrap_database_errors:
        return database._prepare_cursor(Cursor(database.connection))


class _Statement:
    """SQL, and its parameters: Args among values that are the same in every call."""

    def __init__(self, sql: str, params: Iterable[Any]) -> None:
        self._sql = sql
        self.params = tuple(params)
        self._names = {one.name for one in self.params if isinstance(one, Arg)}

    def execute(self, cursor: Any, values: Mapping[str, Any]) -> None:
        if values.keys() != self._names:
            raise TypeError(f"the values to give are: {', '.join(sorted(self._names))}")
        params = [
            one.bind(values[one.name], cursor.db) if isinstance(one, Arg) else one
            for one in self.params
        ]
        cursor.execute(self._sql, params)


class _Reading(_Statement):
    """A SELECT of objects, and how they are made of its rows: as Django's ModelIterable does."""

    def __init__(self, compiler: Any, model: type[Model]) -> None:
        super().__init__(*compiler.as_sql())
        select, info = compiler.select, compiler.klass_info
        own = info["select_fields"]
        related: Any = get_related_populators  # the stubs are of another version
        self.is_locking = compiler.query.select_for_update
        self._model = model
        self._own = slice(own[0], own[-1] + 1)
        self._attributes = [column.target.attname for column, *_ in select[self._own]]
        self._related = related(info, select, compiler.connection.alias)
        self._annotations = tuple(compiler.annotation_col_map.items())
        columns = [column for column, *_ in select[: compiler.col_count]]
        self._converters = tuple(compiler.get_converters(columns).items())

    def read(self, row: list[Any], database: BaseDatabaseWrapper) -> Any:
        for place, (converters, expression) in self._converters:
            for convert in converters:
                row[place] = convert(row[place], expression, database)
        found = self._model.from_db(database.alias, self._attributes, row[self._own])
        for one in self._related:
            one.populate(row, found)
        for name, place in self._annotations:
            setattr(found, name, row[place])
        return found


class _Prepared:
    """A query that is compiled when it is first needed, once for each kind of database.

    Threads that meet there compile side by side, and the same comes of it.
    """

    def __init__(self, build: "Callable[[], QuerySet[Any]]") -> None:
        self._build = build
        self._plans: dict[str, Any] = {}

    def _compile(self, database: BaseDatabaseWrapper) -> _Statement:
        raise NotImplementedError

    def _plan(self, database: BaseDatabaseWrapper) -> Any:
        if database.vendor not in self._plans:
            plan, again = self._compile(database), self._compile(database)
            if plan.params != again.params:
                raise ValueError("a value of this query changes by itself: it must be an Arg")
            self._plans[database.vendor] = plan
        return self._plans[database.vendor]


class Select(_Prepared, Generic[M]):
    """A queryset of whole objects, with its select_related, its annotations and its locks."""

    def __init__(self, build: "Callable[[], QuerySet[M]]") -> None:
        super().__init__(build)

    def rows(self, **values: Any) -> list[M]:
        database = connections[DEFAULT_DB_ALIAS]
        plan = self._plan(database)
        if plan.is_locking and database.get_autocommit():
            raise TransactionManagementError("to lock rows takes a transaction")
        with _cursor(database) as cursor:
            plan.execute(cursor, values)
            return [plan.read(list(row), database) for row in cursor.fetchall()]

    def first(self, **values: Any) -> M | None:
        """The first of what the queryset finds; it says itself how many that are at most."""
        return next(iter(self.rows(**values)), None)

    def _compile(self, database: BaseDatabaseWrapper) -> _Reading:
        queryset = self._build()
        return _Reading(queryset.query.get_compiler(connection=database), queryset.model)


class Count(_Prepared):
    """How many rows a queryset finds."""

    def __call__(self, **values: Any) -> int:
        database = connections[DEFAULT_DB_ALIAS]
        with _cursor(database) as cursor:
            self._plan(database).execute(cursor, values)
            return int(cursor.fetchone()[0])

    def _compile(self, database: BaseDatabaseWrapper) -> _Statement:
        sql, params = self._build().query.get_compiler(connection=database).as_sql()
        return _Statement(f"SELECT COUNT(*) FROM ({sql}) AS found", params)  # noqa: S608  (the ORM's)


class Update(_Prepared):
    """An UPDATE of what a queryset finds; a call tells how many rows it changed."""

    def __init__(self, build: "Callable[[], QuerySet[Any]]", **changes: Any) -> None:
        super().__init__(build)
        self._changes = changes

    def __call__(self, **values: Any) -> int:
        database = connections[DEFAULT_DB_ALIAS]
        with mark_for_rollback_on_error(database.alias), _cursor(database) as cursor:
            self._plan(database).execute(cursor, values)
            return int(cursor.rowcount)

    def _compile(self, database: BaseDatabaseWrapper) -> _Statement:
        query: Any = self._build().query.chain(UpdateQuery)
        query.add_update_values(self._changes)
        return _Statement(*query.get_compiler(connection=database).as_sql())


def insert(*objects: Model) -> None:
    """Insert new objects of one model by one statement. As in `bulk_create`, no signal is sent."""
    if objects:
        _insert(type(objects[0]), len(objects))(objects)


class _Insert(_Prepared):
    def __init__(self, model: type[Model], count: int) -> None:
        super().__init__(model._default_manager.all)
        self._key = model._meta.auto_field
        self._fields = [one for one in model._meta.concrete_fields if one is not self._key]
        self._rows = [[(f"{row}.{one.name}", one) for one in self._fields] for row in range(count)]

    def __call__(self, objects: Sequence[Model]) -> None:
        database = connections[DEFAULT_DB_ALIAS]
        values = {
            name: field.pre_save(one, add=True)
            for one, row in zip(objects, self._rows, strict=True)
            for name, field in row
        }
        with mark_for_rollback_on_error(database.alias), _cursor(database) as cursor:
            self._plan(database).execute(cursor, values)
            keys = cursor.fetchall() if self._key else []
        for one, (key,) in zip(objects, keys, strict=bool(keys)):
            one.pk = key
        for one in objects:
            one._state.adding, one._state.db = False, database.alias

    def _compile(self, database: BaseDatabaseWrapper) -> _Statement:
        query: Any = InsertQuery(self._build().model)
        places = [
            SimpleNamespace(**{field.attname: Arg(name, field) for name, field in row})
            for row in self._rows
        ]
        query.insert_values(self._fields, places, raw=True)
        compiler = query.get_compiler(connection=database)
        compiler.returning_fields = [self._key] if self._key else None
        [(sql, params)] = compiler.as_sql()
        return _Statement(sql, params)


_insert = cache(_Insert)
