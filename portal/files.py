"""The files that rows name: every file field of every model, so that none is forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.apps import apps
from django.db import models


class NamedFile(NamedTuple):
    """One file as a row names it; what no row knows of it is None, or an empty hash."""

    name: str
    size_bytes: int | None
    sha256: str


class StoredFile(NamedTuple):
    """One file as the storage has it; `modified` is when it was last written."""

    name: str
    modified: datetime
    size_bytes: int


@dataclass(frozen=True)
class FileColumn:
    """One column of names. Models that measure their files have `size_bytes` and `sha256` too."""

    model: type[models.Model]
    column: str

    @property
    def is_measured(self) -> bool:
        fields = {field.name for field in self.model._meta.get_fields()}
        return {"size_bytes", "sha256"} <= fields

    @property
    def sql(self) -> str:
        """A query for name, size and hash, on any database of ours."""
        measures = '"size_bytes", "sha256"' if self.is_measured else "NULL, ''"
        return (
            f'SELECT "{self.column}", {measures} FROM "{self.model._meta.db_table}" '  # noqa: S608
            f"WHERE \"{self.column}\" <> ''"
        )

    def named(self, names: list[str]) -> set[str]:
        """Return those of the names that a row names now."""
        rows = self.model._default_manager.filter(**{f"{self.column}__in": names})
        return set(rows.values_list(self.column, flat=True))


def file_columns() -> list[FileColumn]:
    return [
        FileColumn(model, str(field.column))
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
    ]


def names_among(names: list[str]) -> set[str]:
    """Return those of the names that some row names now."""
    return set().union(*(one.named(names) for one in file_columns()))


def named_files() -> Iterator[NamedFile]:
    """Yield every file that a row names, a few rows in memory at a time."""
    for one in file_columns():
        measures = ("size_bytes", "sha256") if one.is_measured else ()
        rows = one.model._default_manager.exclude(**{one.column: ""})
        rows = rows.exclude(**{f"{one.column}__isnull": True})
        for name, *measured in rows.values_list(one.column, *measures).iterator():
            size_bytes, sha256 = measured or (None, "")
            yield NamedFile(name, size_bytes, sha256)
