"""The public API: /v1/quota and /api/quota, every limit before it bites."""

from typing import Any

from django.db.models import Count, Q
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.response import Response

from artists.models import Limit
from artists.models.token import ANY_SCOPE
from artists.quotas.serializers import WindowSerializer
from artists.quotas.windows import credit_windows
from artists.requests import ArtistApiRequest
from generations.models import Generation
from generations.models.generation import RUNNING, Status
from portal.api import ApiView
from portal.api_fields import ConstantField
from portal.openapi.describing import describe


class CapSerializer(serializers.Serializer[Any]):
    """How many of one's videos may be in a state at a time, and how many are."""

    now = serializers.IntegerField()
    cap = serializers.IntegerField()


class QuotaSerializer(serializers.Serializer[Any]):
    """Everything that a create must fit. Each window must have free what the video costs."""

    object = ConstantField("quota")
    windows = WindowSerializer(many=True)
    queued = CapSerializer()
    running = CapSerializer()


class QuotaView(ApiView):
    scopes = {"get": ANY_SCOPE}

    @describe(
        "retrieveQuota",
        "The limits on what this token makes, yours and its own, and what is left of each.",
        QuotaSerializer,
        tag="quota",
    )
    def get(self, request: ArtistApiRequest) -> Response:
        return Response(QuotaSerializer(_quota(request)).data)


@extend_schema_view(get=extend_schema(operation_id="retrieveAccountQuota"))
class AccountQuotaView(QuotaView):
    """The same at /api/quota, beside what else one's account says."""


def _quota(request: ArtistApiRequest) -> dict[str, Any]:
    artist = request.user
    mine = Generation.objects.active().filter(artist=artist)
    counts = mine.aggregate(
        queued=Count("pk", filter=Q(status=Status.QUEUED)),
        running=Count("pk", filter=Q(status__in=RUNNING)),
    )
    cohort = artist.cohort
    return {
        "windows": credit_windows(Limit.objects.binding(artist, token=request.auth)),
        "queued": {"now": counts["queued"], "cap": cohort.queued_cap if cohort else 0},
        "running": {"now": counts["running"], "cap": cohort.running_cap if cohort else 0},
    }
