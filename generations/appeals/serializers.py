"""The bodies of /api/submissions/{id}/appeal."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

from generations.appeals.forms import TEXT_MAX, AppealForm
from generations.models import Appeal, AppealMessage, Opinion
from portal.api_fields import ConstantField, TextField, UnixTimeField


class AppealTextRequest(serializers.Serializer[Any]):
    """What an appeal, and a message in its thread, take. The form of the page checks the words."""

    text = TextField(max_length=TEXT_MAX)

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
    submission_id = serializers.UUIDField(source="the_submission.pk")
    against = serializers.ChoiceField(
        source="against.outcome",
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
