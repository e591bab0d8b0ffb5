"""The public API: /v1/webhook_endpoints, in the shape that clients of OpenAI's speak."""

from functools import partial
from typing import Any

from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from artists.models import Artist
from artists.models.token import ANY_SCOPE, Scope
from artists.requests import ArtistApiRequest
from generations.models import WebhookEndpoint
from generations.models.webhook import EVENT_TYPES
from generations.webhooks import services
from generations.webhooks.errors import EndpointNotFound
from generations.webhooks.serializers import (
    DeletedEndpointSerializer,
    EndpointListRequest,
    EndpointListSerializer,
    EndpointRequest,
    EndpointSerializer,
    EndpointWithSecretSerializer,
    EventTypesSerializer,
    RotateRequest,
    TestRequest,
    TestResultSerializer,
    read_endpoint_id,
)
from portal.api import ApiView, read_query
from portal.openapi.describing import describe
from portal.paging import page_of

ENDPOINT_ID = OpenApiParameter("endpoint_id", {"type": "string"}, OpenApiParameter.PATH)
WRITES = (400, 403, 409, 413, 415, 429)
_describe = partial(
    describe,
    tag="webhooks",
    refused={
        403: "Another token made the endpoint, or none.",
        404: "There is no such endpoint.",
        422: "No HTTP answer came from the address.",
    },
)


class EndpointsView(ApiView):
    scopes = {"get": Scope.WEBHOOKS, "post": Scope.WEBHOOKS}

    @_describe(
        "createWebhookEndpoint",
        "Let an address hear how your videos end, for as long as this token lives. The secret that "
        "its webhooks are signed with is in this answer alone.",
        EndpointWithSecretSerializer,
        *WRITES,
        request=EndpointRequest,
    )
    @sensitive_variables("secret")
    def post(self, request: ArtistApiRequest) -> Response:
        incoming = EndpointRequest(data=request.data)
        incoming.is_valid(raise_exception=True)
        endpoint, secret = services.register(
            artist=request.user, token=request.auth, **incoming.validated_data
        )
        return _with_secret(endpoint, secret)

    @_describe(
        "listWebhookEndpoints",
        "Your endpoints, the oldest first.",
        EndpointListSerializer,
        400,
        parameters=(EndpointListRequest,),
    )
    def get(self, request: ArtistApiRequest) -> Response:
        asked = read_query(request, EndpointListRequest)
        return Response(EndpointListSerializer(_page(request.user, **asked)).data)


class EndpointView(ApiView):
    scopes = {"get": Scope.WEBHOOKS, "post": Scope.WEBHOOKS, "delete": Scope.WEBHOOKS}

    @_describe(
        "retrieveWebhookEndpoint",
        "One endpoint.",
        EndpointSerializer,
        404,
        parameters=(ENDPOINT_ID,),
    )
    def get(self, request: ArtistApiRequest, endpoint_id: str) -> Response:
        return Response(EndpointSerializer(_find(request.user, endpoint_id)).data)

    @_describe(
        "updateWebhookEndpoint",
        "Change an endpoint; what is left out stays. Its address is changed by the token that made "
        "it, or on its page.",
        EndpointSerializer,
        *(403, 404, *WRITES),
        parameters=(ENDPOINT_ID,),
        request=EndpointRequest(partial=True),
    )
    def post(self, request: ArtistApiRequest, endpoint_id: str) -> Response:
        endpoint = _find(request.user, endpoint_id)
        incoming = EndpointRequest(data=request.data, partial=True)
        incoming.is_valid(raise_exception=True)
        services.change(endpoint, token=request.auth, **incoming.validated_data)
        return Response(EndpointSerializer(endpoint).data)

    @_describe(
        "deleteWebhookEndpoint",
        "Remove an endpoint, with what waits for it.",
        DeletedEndpointSerializer,
        *(404, 429),
        parameters=(ENDPOINT_ID,),
    )
    def delete(self, request: ArtistApiRequest, endpoint_id: str) -> Response:
        endpoint = _find(request.user, endpoint_id)
        answer = Response(DeletedEndpointSerializer(endpoint).data)
        services.remove(endpoint)
        return answer


class RotateView(ApiView):
    scopes = {"post": Scope.WEBHOOKS}

    @_describe(
        "rotateWebhookEndpointSecret",
        "Make a new secret. The old one signs nothing any more, or is kept for 24 hours: then each "
        "webhook carries both signatures. The token that made the endpoint may, or the artist on "
        "its page.",
        EndpointWithSecretSerializer,
        *(403, 404, *WRITES),
        parameters=(ENDPOINT_ID,),
        request=RotateRequest,
    )
    @sensitive_variables("secret")
    def post(self, request: ArtistApiRequest, endpoint_id: str) -> Response:
        endpoint = _find(request.user, endpoint_id)
        incoming = RotateRequest(data=request.data)
        incoming.is_valid(raise_exception=True)
        keep_earlier = incoming.validated_data["keep_old_secret_active_for_24_hours"]
        secret = services.rotate(endpoint, keep_earlier=keep_earlier, token=request.auth)
        return _with_secret(endpoint, secret)


class TestView(ApiView):
    scopes = {"post": Scope.WEBHOOKS}

    @_describe(
        "testWebhookEndpoint",
        "Send a sample, about no video of yours, and say what the address answered.",
        TestResultSerializer,
        *(404, 422, *WRITES),
        parameters=(ENDPOINT_ID,),
        request=TestRequest,
    )
    def post(self, request: ArtistApiRequest, endpoint_id: str) -> Response:
        endpoint = _find(request.user, endpoint_id)
        incoming = TestRequest(data=request.data)
        incoming.is_valid(raise_exception=True)
        event_type = incoming.validated_data["event_type"]
        status_code = services.send_test(endpoint, event_type=event_type)
        result = {
            "webhook_endpoint_id": endpoint.pk,
            "event_type": event_type,
            "status_code": status_code,
        }
        return Response(TestResultSerializer(result).data)


class EventTypesView(ApiView):
    scopes = {"get": ANY_SCOPE}

    @_describe("listWebhookEventTypes", "Every event that there is.", EventTypesSerializer)
    def get(self, request: Request) -> Response:
        return Response(EventTypesSerializer({"data": EVENT_TYPES}).data)


@sensitive_variables("secret")
def _with_secret(endpoint: WebhookEndpoint, secret: str) -> Response:
    endpoint.signing_secret = secret  # type: ignore[attr-defined]  # for this answer, no column
    return Response(EndpointWithSecretSerializer(endpoint).data)


def _find(artist: Artist, endpoint_id: str) -> WebhookEndpoint:
    """Return the artist's own endpoint (I7). Raises EndpointNotFound."""
    key = read_endpoint_id(endpoint_id)
    own = WebhookEndpoint.objects.filter(artist=artist).select_related("token")
    found = own.filter(pk=key).first() if key else None
    if found is None:
        raise EndpointNotFound
    return found


def _page(artist: Artist, *, limit: int, after: Any) -> dict[str, Any]:
    endpoints = WebhookEndpoint.objects.filter(artist=artist).select_related("token")
    if after is not None:
        endpoints = endpoints.filter(pk__gt=after)
    return page_of(endpoints.order_by("pk"), limit=limit)
