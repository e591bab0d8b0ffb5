"""What /v1 says about itself, in OpenAPI 3.1."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import ApiView


class ErrorDetailSerializer(serializers.Serializer[Any]):
    """`message` is for a person; `code` is stable, for a program; `param` names the input."""

    message = serializers.CharField()
    type = serializers.CharField()
    param = serializers.CharField(allow_null=True)
    code = serializers.CharField()


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


@cache
def describe_api() -> dict[str, Any]:
    """Return the description of every endpoint under /v1; it changes with the code alone."""
    return SchemaGenerator().get_schema(request=None, public=True)


class ApiDescriptionView(ApiView):
    """The description is for everybody: it says what the source of the product says."""

    authentication_classes = []
    permission_classes = []

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(describe_api())
