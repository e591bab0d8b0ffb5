"""The kinds of value that every endpoint gives."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty


@extend_schema_field({"type": "integer", "format": "unixtime"})
class UnixTimeField(serializers.Field[datetime, Any, int, Any]):
    """A time as whole seconds since 1970."""

    def to_representation(self, value: datetime) -> int:
        return int(value.timestamp())


class ConstantField(serializers.Field[Any, Any, Any, Any]):
    """A key that always says the same, whatever is serialized."""

    def __init__(self, value: str | bool) -> None:
        super().__init__(source="*", read_only=True)
        self.value = value

    def to_representation(self, value: Any) -> str | bool:
        return self.value


class TextField(serializers.CharField):
    """A text; in JSON a number is none."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class LinesField(TextField):
    """A text of several lines that says something, without control characters."""


class YesOrNoField(serializers.BooleanField):
    """True or false, in a form as a text; nothing that only passes for one."""

    default_empty_html = empty  # in a form, too, what is left out says nothing

    def to_internal_value(self, data: Any) -> bool:
        known = {"true": True, "false": False}.get(data, data) if isinstance(data, str) else data
        if not isinstance(known, bool):
            self.fail("invalid", input=data)
        return known


class BodyRequest(serializers.Serializer[Any]):
    """What a program sends to have something made or changed.

    A misspelt wish would cost credits, or be told as kept, and not be granted: say so before that.
    `IGNORED` are labels that other servers of the same shape take and that change nothing here.
    """

    IGNORED: ClassVar[frozenset[str]] = frozenset()

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            self._refuse_unknown(data)
        return super().to_internal_value(data)

    def _refuse_unknown(self, data: Mapping[str, Any]) -> None:
        for name in data:
            label = name.partition("[")[0]  # a form sends an object as metadata[key]
            if name not in self.fields and label not in self.IGNORED:
                message = f"Unknown parameter. Known are: {', '.join(self.fields)}."
                shown = name[:80].encode(errors="replace").decode()  # half a pair cannot be sent
                raise serializers.ValidationError({shown: message}, code="unknown_parameter")


class ListAnswer(serializers.Serializer[Any]):
    """A list: who answers with one declares the field of its rows as `data`."""

    object = ConstantField("list")
    data: Any  # that field, not the property of a serializer


class PageRequest(serializers.Serializer[Any]):
    """What every list under /api takes; `after` is the `last_id` of the page before."""

    limit = serializers.IntegerField(default=20, min_value=1, max_value=100)


class NumberedPageRequest(PageRequest):
    after = serializers.IntegerField(default=None, min_value=1, max_value=2**63 - 1)


class UuidPageRequest(PageRequest):
    after = serializers.UUIDField(default=None)
