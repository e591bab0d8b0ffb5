"""The public API: /v1/models, what a video can be made with."""

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from artists.models.token import ANY_SCOPE
from artists.requests import ArtistApiRequest
from generations.models import VideoModel
from generations.models.video_model import VideoModelQuerySet
from generations.prompts.api_errors import ModelNotFound
from portal.api import ApiView
from portal.api_fields import ConstantField, ListAnswer, UnixTimeField
from portal.openapi.describing import describe

CREDITS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}}


class ModelSerializer(serializers.Serializer[VideoModel]):
    """A video model: the keys that clients know, then what one must know to choose it."""

    id = serializers.CharField(source="name")
    object = ConstantField("model")
    created = UnixTimeField(source="created_at")
    owned_by = serializers.SerializerMethodField()
    shutdown_date = serializers.DateField(
        source="sunset_on", allow_null=True, help_text="The last day on which it takes prompts."
    )
    title = serializers.CharField()
    description = serializers.CharField()
    seconds = serializers.ListField(source="durations", child=serializers.CharField())
    credits_per_second = serializers.SerializerMethodField(
        help_text="By size: a size that is not named is not offered."
    )
    styles = serializers.ListField(child=serializers.CharField())
    takes_seed = serializers.BooleanField()
    takes_first_image = serializers.BooleanField()
    successor = serializers.SerializerMethodField(
        help_text="What to choose in its place after that day."
    )

    def get_owned_by(self, video_model: VideoModel) -> str:
        """The programme that offers it."""
        return settings.PROGRAMME_NAME

    @extend_schema_field(CREDITS)
    def get_credits_per_second(self, video_model: VideoModel) -> dict[str, int]:
        return {rate.size: rate.credits_per_second for rate in video_model.rates.all()}

    @extend_schema_field({"type": ["string", "null"]})
    def get_successor(self, video_model: VideoModel) -> str | None:
        return video_model.successor.name if video_model.successor else None


class ModelListSerializer(ListAnswer):
    """Every video model that can be chosen now; the first is the one where none is named."""

    data = ModelSerializer(many=True)


class ModelsView(ApiView):
    scopes = {"get": ANY_SCOPE}

    @describe("listModels", "What a video can be made with now.", ModelListSerializer, tag="models")
    def get(self, request: ArtistApiRequest) -> Response:
        return Response(ModelListSerializer({"data": _offered_to(request)}).data)


class ModelView(ApiView):
    scopes = {"get": ANY_SCOPE}

    @describe("retrieveModel", "One video model.", ModelSerializer, 404, tag="models")
    def get(self, request: ArtistApiRequest, name: str) -> Response:
        video_model = _offered_to(request).filter(name=name).first()
        if video_model is None:
            raise ModelNotFound
        return Response(ModelSerializer(video_model).data)


def _offered_to(request: ArtistApiRequest) -> VideoModelQuerySet:
    offered = VideoModel.objects.offered_to(request.user)
    return offered.select_related("successor").prefetch_related("rates")
