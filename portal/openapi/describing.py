"""What the API says about itself, in OpenAPI 3.1."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar

from drf_spectacular.extensions import (
    OpenApiSerializerExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import ApiView
from portal.api_fields import BodyRequest, ConstantField, LinesField

CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
SIGN = f"[^{CONTROL}]"
Handler = TypeVar("Handler", bound=Callable[..., Any])


class ErrorDetailSerializer(serializers.Serializer[Any]):
    """`message` is for a person; `code` is stable, for a program; `param` names the input."""

    message = serializers.CharField()
    type = serializers.CharField()
    param = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    ground = serializers.CharField(
        required=False, help_text="Of `prompt_refused`: the ground that it rests on."
    )
    refused_prompt = serializers.CharField(
        required=False,
        help_text="Of `prompt_refused`: its id under `/api/refused_prompts`, where you may appeal.",
    )


class ErrorSerializer(serializers.Serializer[Any]):
    """The body of every refusal."""

    error = ErrorDetailSerializer()


REQUEST_ID = OpenApiParameter(
    "x-request-id",
    str,
    OpenApiParameter.HEADER,
    description="The number of this answer, for a question about it.",
    response=True,
)


REFUSED = {
    400: "Something in the request does not fit: `param` names it.",
    401: "No token, or not a live one.",
    403: "Your account or this token may not do this, or it is paused: `message` says which.",
    404: "There is nothing with this id, or nothing of it to download yet.",
    409: "It cannot be done as things stand.",
    413: "The body is too large.",
    415: "The body is neither JSON nor a form with files.",
    422: "The Idempotency-Key was sent before with another body.",
    429: "A quota, a queue or your haste: `message` says which, and what helps.",
}


RATE_LIMITS = {
    "limit": "How many requests that change something you may send until the reset.",
    "remaining": "How many of them are left until the reset.",
    "reset": "When the count begins anew, as in `42s`.",
}


def describe(
    operation_id: str,
    description: str,
    answer: Any,
    *refusals: int,
    tag: str,
    parameters: tuple[Any, ...] = (),
    request: Any = None,
    refused: dict[int, str] = REFUSED,
) -> Callable[[Handler], Handler]:
    """Describe one endpoint that needs a token.

    401, 403 (a scope, a network, a pause) and 429 (the token's own rate) are among its `refusals`
    anyway.
    """
    responses: dict[Any, Any] = answer if isinstance(answer, dict) else {200: answer}
    responses |= {
        status: OpenApiResponse(ErrorSerializer, (REFUSED | refused)[status])
        for status in (401, 403, 429, *refusals)
    }
    if 429 in refusals:
        parameters = (*parameters, *_rate_limits([200, *refusals]))
    return extend_schema(
        operation_id=operation_id,
        description=description,
        tags=[tag],
        request=request,
        parameters=[*parameters, REQUEST_ID],
        responses=responses,
    )


def _rate_limits(statuses: list[int]) -> Iterator[OpenApiParameter]:
    """The headers of every answer to a request that changes something and has a live token."""
    for figure, description in RATE_LIMITS.items():
        yield OpenApiParameter(
            f"x-ratelimit-{figure}-requests",
            str,
            OpenApiParameter.HEADER,
            description=description,
            response=statuses,
        )


class BodyRequestSchema(OpenApiSerializerExtension):
    """What is sent has no other names than those described, unless some are passed over."""

    target_class = BodyRequest
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_basic_serializer(self.target, direction)
        return schema if self.target.IGNORED else schema | {"additionalProperties": False}


class ConstantFieldSchema(OpenApiSerializerFieldExtension):
    """A key that always says the same is described by what it says."""

    target_class = ConstantField

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        value = self.target.value
        return {"type": "boolean" if isinstance(value, bool) else "string", "const": value}


class LinesFieldSchema(OpenApiSerializerFieldExtension):
    """A text of several lines is described by the signs that it may have."""

    target_class = LinesField

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        said = {"type": "string", "maxLength": self.target.max_length}
        return said | {"pattern": rf"^{SIGN}*[^\s{CONTROL}]{SIGN}*$"}


@cache
def describe_api() -> dict[str, Any]:
    """Return the description of every endpoint; it changes with the code alone."""
    return SchemaGenerator().get_schema(request=None, public=True)


class ApiDescriptionView(ApiView):
    """The description is for everybody: it says what the source of the product says."""

    authentication_classes = []
    permission_classes = []

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(describe_api())
