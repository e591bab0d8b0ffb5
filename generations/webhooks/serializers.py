"""The bodies of /v1/webhook_endpoints."""

import re
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generations.models import WebhookEndpoint
from generations.models.webhook import EVENT_TYPES
from generations.webhooks.addresses import URL_MAX_CHARS
from generations.webhooks.signing import hint_of
from portal.api_fields import (
    BodyRequest,
    ConstantField,
    ListAnswer,
    TextField,
    UnixTimeField,
    YesOrNoField,
)

LIST_MAX = 100
_ENDPOINT_ID = re.compile(r"we_([0-9a-f]{32})", re.ASCII)


def read_endpoint_id(text: str) -> UUID | None:
    match = _ENDPOINT_ID.fullmatch(text)
    return UUID(match[1]) if match else None


@extend_schema_field({"type": "string", "pattern": "^we_[0-9a-f]{32}$"})
class EndpointIdField(serializers.Field[UUID, str, str, Any]):
    default_error_messages = {"invalid": "This is not the id of a webhook endpoint."}

    def to_internal_value(self, data: str) -> UUID:
        endpoint_id = read_endpoint_id(data)
        if endpoint_id is None:
            self.fail("invalid")
        return endpoint_id

    def to_representation(self, value: UUID) -> str:
        return f"we_{value.hex}"


class EventTypesField(serializers.ListField):
    """Some of the events there are, each once."""

    child = serializers.ChoiceField(choices=EVENT_TYPES)

    def to_internal_value(self, data: Any) -> list[str]:
        return list(dict.fromkeys(super().to_internal_value(data)))


class EndpointRequest(BodyRequest):
    """What `POST /v1/webhook_endpoints` takes, and for a change any part of it."""

    name = TextField(max_length=80)
    url = TextField(
        max_length=URL_MAX_CHARS, help_text="An https:// address on the public internet."
    )
    event_types = EventTypesField(allow_empty=False)


class EndpointListRequest(serializers.Serializer[Any]):
    """What `GET /v1/webhook_endpoints` takes."""

    limit = serializers.IntegerField(default=20, min_value=1, max_value=LIST_MAX)
    after = EndpointIdField(default=None)


class RotateRequest(BodyRequest):
    """What `…/rotate_secret` takes."""

    keep_old_secret_active_for_24_hours = YesOrNoField(default=False)


class TestRequest(BodyRequest):
    """What `…/test` takes."""

    event_type = serializers.ChoiceField(choices=EVENT_TYPES)


class EndpointSerializer(serializers.Serializer[WebhookEndpoint]):
    """An address that hears how your videos end."""

    id = EndpointIdField(source="pk")
    object = ConstantField("webhook_endpoint")
    name = serializers.CharField()
    url = serializers.CharField()
    event_types = serializers.ListField(child=serializers.CharField())
    signing_secret_hint = serializers.SerializerMethodField()
    enabled = serializers.BooleanField(
        source="is_on", help_text="False once it failed for days, or its token is over."
    )
    created_at = UnixTimeField()
    updated_at = UnixTimeField()

    def get_signing_secret_hint(self, endpoint: WebhookEndpoint) -> str:
        return hint_of(endpoint)


class EndpointWithSecretSerializer(EndpointSerializer):
    """The same with its secret, in the answer that made it alone."""

    signing_secret = serializers.CharField()


class EndpointListSerializer(ListAnswer):
    """A page of endpoints; the next one begins `after` this one's `last_id`."""

    data = EndpointSerializer(many=True)
    first_id = EndpointIdField(allow_null=True)
    last_id = EndpointIdField(allow_null=True)
    has_more = serializers.BooleanField()


class DeletedEndpointSerializer(serializers.Serializer[Any]):
    """What is left of a removed endpoint."""

    id = EndpointIdField(source="pk")
    object = ConstantField("webhook_endpoint.deleted")
    deleted = ConstantField(True)


class TestResultSerializer(serializers.Serializer[Any]):
    """What the address answered to a sample."""

    object = ConstantField("webhook_endpoint.test")
    webhook_endpoint_id = EndpointIdField()
    event_type = serializers.CharField()
    status_code = serializers.IntegerField()
    success = ConstantField(True)


class EventTypesSerializer(ListAnswer):
    """Every event that there is."""

    data = serializers.ListField(child=serializers.CharField())
