"""The bodies of appeals and of /api/refused_prompts."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generations.appeals.forms import TEXT_MAX, AppealForm
from generations.appeals.refused import until
from generations.models import Appeal, AppealMessage, Opinion, RefusedPrompt
from generations.sharing.serializers import GroundSerializer
from portal.api_fields import BodyRequest, ConstantField, LinesField, ListAnswer, UnixTimeField


class AppealTextRequest(BodyRequest):
    """What an appeal, and a message in its thread, take. The form of the page checks the words."""

    text = LinesField(max_length=TEXT_MAX)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        form = AppealForm(attrs)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        return form.cleaned_data


class AppealMessageSerializer(serializers.Serializer[AppealMessage]):
    """One message of the thread, which you and whoever decides read, and nobody else."""

    id = serializers.IntegerField()
    by = serializers.SerializerMethodField()
    text = serializers.CharField()
    created_at = UnixTimeField()

    def get_by(self, message: AppealMessage) -> str:
        return "you" if message.is_from_artist else "decider"


class AppealSerializer(serializers.Serializer[Appeal]):
    """A request that somebody else decide again."""

    id = serializers.UUIDField()
    object = ConstantField("appeal")
    submission_id = serializers.SerializerMethodField()
    refused_prompt_id = serializers.UUIDField(source="refused_id", allow_null=True)
    against = serializers.ChoiceField(
        source="against.outcome",
        allow_null=True,
        help_text="Null: against the refusal of a prompt, which no person decided.",
        choices=[
            Opinion.Outcome.REJECT.value,
            Opinion.Outcome.CHANGES.value,
            Opinion.Outcome.TAKE_DOWN.value,
        ],
    )
    text = serializers.CharField()
    status = serializers.ChoiceField(
        source="stage",
        choices=["waiting", "claimed", "upheld", "overturned", "withdrawn"],
        help_text="`claimed`: somebody is on it now.",
    )
    created_at = UnixTimeField()
    due_at = UnixTimeField(source="review.due_at", help_text="You have an answer by then.")
    decided_at = UnixTimeField(allow_null=True, help_text="When it was decided or taken back.")
    answer = serializers.CharField(help_text="What whoever decided wrote to you.")
    messages = AppealMessageSerializer(source="messages.in_order", many=True)

    def get_submission_id(self, appeal: Appeal) -> UUID | None:
        return None if appeal.refused_id else appeal.the_submission.pk


class AppealStateSerializer(serializers.Serializer[Appeal]):
    """How an appeal stands; the rest of it is at `…/appeal` of what it is about."""

    id = serializers.UUIDField()
    status = serializers.CharField(source="stage")
    due_at = UnixTimeField(source="review.due_at")
    decided_at = UnixTimeField(allow_null=True)


class RefusedPromptSerializer(serializers.Serializer[RefusedPrompt]):
    """A prompt that the checks refused before it cost anything."""

    id = serializers.UUIDField()
    object = ConstantField("refused_prompt")
    prompt = serializers.CharField()
    model = serializers.CharField(source="video_model.name")
    ground = GroundSerializer()
    refused_by = serializers.CharField(source="by", help_text="The rule, or the category.")
    times = serializers.IntegerField(help_text="How often you sent these words.")
    created_at = UnixTimeField()
    last_at = UnixTimeField(help_text="When they were refused last.")
    allowed_at = UnixTimeField(
        allow_null=True, help_text="Since when they pass, because an appeal was won."
    )
    appeal = AppealStateSerializer(allow_null=True)
    appeal_until = serializers.SerializerMethodField(
        help_text="Until when you may appeal; null where there is nothing to appeal against."
    )

    @extend_schema_field({"type": ["integer", "null"], "format": "unixtime"})
    def get_appeal_until(self, refused: RefusedPrompt) -> int | None:
        end = until(refused)
        return int(end.timestamp()) if end else None


class RefusedPromptListSerializer(ListAnswer):
    """A page of refused prompts; the next one begins `after` this one's `last_id`."""

    data = RefusedPromptSerializer(many=True)
    first_id = serializers.UUIDField(allow_null=True)
    last_id = serializers.UUIDField(allow_null=True)
    has_more = serializers.BooleanField()
