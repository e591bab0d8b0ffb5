"""The bodies of /v1/videos: what comes in, and the Video object that goes out."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generations.ids import write_video_id
from generations.models import Generation
from generations.models.generation import Status
from generations.prompts.api_fields import (
    FirstImageField,
    PromptField,
    VideoIdField,
    WholeNumberField,
)
from generations.prompts.services import SEED_BELOW
from generations.providers.base import FailureKind
from portal.api_fields import BodyRequest, ConstantField, ListAnswer, TextField, UnixTimeField

LIST_MAX = 100
DEFAULT_SIZE = "1280x720"
STYLE_HELP = "One of the model's styles; its first where it is left out."
SEED_HELP = f"0 to {SEED_BELOW - 1}; drawn where it is left out."
EXPIRES_HELP = "When its files are removed, unless it is kept or submitted; null: they stay."
STATUSES: dict[str, str] = {
    Status.QUEUED: "queued",
    Status.SUBMITTING: "in_progress",
    Status.UNKNOWN: "in_progress",
    Status.RENDERING: "in_progress",
    Status.FETCHING: "in_progress",
    Status.FINISHING: "in_progress",
    Status.READY: "completed",
    Status.FAILED: "failed",
    Status.REFUSED: "failed",
    Status.CANCELLED: "failed",
}


# Why a video failed, for a program: all the codes there are, and what each means.
ERROR_CODES = {
    "moderation_blocked": "The video model refused the prompt, or did not say what of it.",
    "output_moderation_blocked": "The video model made a video and held it back.",
    "provider_error": "The video model failed, or what it sent is no good video.",
    "expired": "It took longer than it may, in the queue or at the video model.",
    "cancelled": "Its artist called it back or stopped it, or a pause did, or its account or token "
    "was stopped.",
}
EXPIRED = (FailureKind.TIMEOUT, FailureKind.UNKNOWN)  # what never answered is past its deadline


class RemixRequest(BodyRequest):
    """What `POST /v1/videos/{id}/remix` takes."""

    IGNORED: ClassVar[frozenset[str]] = frozenset({"metadata", "safety_identifier", "user"})

    default_error_messages = {"null": "Say what the video should show: nothing was sent."}

    prompt = PromptField(trim_whitespace=False)


class VideoRequest(RemixRequest):
    """What `POST /v1/videos` takes. What a video model offers is checked where it is chosen."""

    model = TextField(
        required=False,
        allow_null=True,
        max_length=80,
        help_text="A video model by its name; the first that is offered where it is left out.",
    )
    seconds = WholeNumberField(
        required=False,
        allow_null=True,
        min_value=1,
        help_text="One of the model's durations; its first where it is left out.",
    )
    size = TextField(
        required=False,
        allow_null=True,
        max_length=11,
        help_text=f"One of the model's sizes; {DEFAULT_SIZE}, or its widest, where it is left out.",
    )
    input_reference = FirstImageField(
        required=False,
        allow_null=True,
        help_text="The first image: a file, or its bytes in a data URL. Addresses aren't fetched.",
    )
    style = TextField(  # type: ignore[assignment]  # a field of ours, not of DRF's
        required=False, allow_blank=True, allow_null=True, max_length=40, help_text=STYLE_HELP
    )
    seed = WholeNumberField(
        required=False, allow_null=True, min_value=0, max_value=SEED_BELOW - 1, help_text=SEED_HELP
    )


class ListRequest(serializers.Serializer[Any]):
    """What `GET /v1/videos` takes."""

    limit = serializers.IntegerField(default=20, min_value=0, max_value=LIST_MAX)
    after = VideoIdField(default=None)
    order = serializers.ChoiceField(choices=["asc", "desc"], default="desc")


class ContentRequest(serializers.Serializer[Any]):
    """What `GET /v1/videos/{id}/content` takes."""

    variant = serializers.ChoiceField(
        choices=["video", "thumbnail", "spritesheet"], default="video"
    )


class VideoErrorSerializer(serializers.Serializer[Any]):
    """Why a video failed, for a program and for a person."""

    code = serializers.ChoiceField(
        choices=list(ERROR_CODES),
        help_text=" ".join(f"`{code}`: {meaning}" for code, meaning in ERROR_CODES.items()),
    )
    message = serializers.CharField()


class VideoSerializer(serializers.Serializer[Generation]):
    """A video: 13 keys, always all of them, null where there is nothing to say."""

    id = VideoIdField(source="pk")
    object = ConstantField("video")
    model = serializers.CharField(source="video_model.name")
    status = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    created_at = UnixTimeField()
    completed_at = UnixTimeField(source="finished_at", allow_null=True)
    expires_at = UnixTimeField(source="goes_at", allow_null=True, help_text=EXPIRES_HELP)
    prompt = serializers.CharField(allow_null=True)
    size = serializers.CharField()
    seconds = serializers.CharField(source="duration_seconds")
    remixed_from_video_id = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "enum": list(dict.fromkeys(STATUSES.values()))})
    def get_status(self, generation: Generation) -> str:
        return STATUSES[generation.status]

    @extend_schema_field({"type": "integer", "minimum": 0, "maximum": 100})
    def get_progress(self, generation: Generation) -> int:
        """Per cent; 100 is kept for a video that can be downloaded."""
        return 100 if generation.is_ready else min(generation.progress, 99)

    @extend_schema_field({"type": ["string", "null"]})
    def get_remixed_from_video_id(self, generation: Generation) -> str | None:
        """The video that this one was made from, if that is still in the artist's own library."""
        parent = generation.parent
        if parent is None or parent.removed_at or parent.artist_id != generation.artist_id:
            return None
        return write_video_id(parent.pk)

    @extend_schema_field(VideoErrorSerializer(allow_null=True))
    def get_error(self, generation: Generation) -> dict[str, str] | None:
        if STATUSES[generation.status] != "failed":
            return None
        message = generation.failure_message or f"{generation.get_status_display()}."
        return {"code": _error_code(generation), "message": message}


class VideoListSerializer(ListAnswer):
    """A page of videos; the next one begins `after` this one's `last_id`."""

    data = VideoSerializer(many=True)
    first_id = VideoIdField(allow_null=True)
    last_id = VideoIdField(allow_null=True)
    has_more = serializers.BooleanField()


class DeletedVideoSerializer(serializers.Serializer[Any]):
    """What is left of a deleted video."""

    id = VideoIdField(source="pk")
    object = ConstantField("video.deleted")
    deleted = ConstantField(True)


def _error_code(generation: Generation) -> str:
    """One of ERROR_CODES; what exactly happened is for the message to say."""
    if generation.status == Status.CANCELLED:
        return "cancelled"
    if generation.status == Status.REFUSED:
        by_output = generation.failure_kind == FailureKind.SAFETY_OUTPUT
        return "output_moderation_blocked" if by_output else "moderation_blocked"
    return "expired" if generation.failure_kind in EXPIRED else "provider_error"
