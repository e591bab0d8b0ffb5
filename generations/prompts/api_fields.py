"""The kinds of value that /v1/videos takes and gives."""

from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generations.ids import read_video_id, write_video_id
from generations.media.images import read_first_image
from generations.prompts.cleaning import PROMPT_MAX_CHARS, clean_prompt
from generations.prompts.references import read_reference
from portal.api_fields import TextField


@extend_schema_field(
    {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+$"}]}
)
class WholeNumberField(serializers.IntegerField):
    """A whole number, or its digits in a text: a form has nothing but texts."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "format": "binary"},
            {
                "type": "object",
                "properties": {"image_url": {"type": "string", "pattern": "^data:image/"}},
                "required": ["image_url"],
            },
        ]
    }
)
class FirstImageField(serializers.Field[Any, Any, Any, Any]):
    """An uploaded image, or one in a data URL."""

    def to_internal_value(self, data: Any) -> "ContentFile[bytes]":
        return read_first_image(read_reference(data))


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": PROMPT_MAX_CHARS})
class PromptField(TextField):
    """A prompt, checked and cleaned as the page checks and cleans it."""

    default_error_messages = dict.fromkeys(
        ("blank", "null", "required"), "Say what the video should show."
    )

    def to_internal_value(self, data: Any) -> str:
        return clean_prompt(super().to_internal_value(data))


@extend_schema_field({"type": "string", "pattern": "^video_[0-9a-f]{32}$"})
class VideoIdField(serializers.Field[UUID, Any, str, Any]):
    default_error_messages = {"invalid": "This is not the id of a video."}

    def to_internal_value(self, data: Any) -> UUID:
        generation_id = read_video_id(data) if isinstance(data, str) else None
        if generation_id is None:
            self.fail("invalid")
        return generation_id

    def to_representation(self, value: UUID) -> str:
        return write_video_id(value)
