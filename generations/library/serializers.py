"""The bodies of /api/submissions."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generations.appeals.serializers import AppealStateSerializer
from generations.appeals.services import appeal_of, appealable
from generations.models import Decision, Submission
from generations.prompts.api_fields import VideoIdField
from generations.sharing.amending import AMENDED
from generations.sharing.forms import AmendForm, SubmissionForm
from generations.sharing.serializers import GroundSerializer, ShareSerializer
from portal.api_fields import (
    BodyRequest,
    ConstantField,
    ListAnswer,
    TextField,
    UnixTimeField,
    YesOrNoField,
)


class SubmissionRequest(BodyRequest):
    """What `POST /api/submissions` takes. The form of the page checks the words."""

    video_id = VideoIdField()
    title = TextField(max_length=120)
    credit_name = TextField(
        max_length=80,
        required=False,
        help_text="The name that the public page shows; yours where it is left out.",
    )
    note = TextField(
        max_length=1000, default="", allow_blank=True, help_text="Only reviewers read it."
    )
    show_prompt = YesOrNoField(default=False, help_text="Whether the public page shows the prompt.")
    destination = TextField(
        max_length=200,
        default="",
        allow_blank=True,
        help_text="Where it is meant to go. Only reviewers read it.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs.setdefault("credit_name", self.context["artist"].credit_name)
        form = SubmissionForm(attrs)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        return {"video_id": attrs["video_id"], **form.cleaned_data}


class AmendRequest(BodyRequest):
    """What `PATCH /api/submissions/{id}` takes: what is left out stays as it is."""

    title = TextField(max_length=120, required=False)
    credit_name = TextField(max_length=80, required=False)
    note = TextField(max_length=1000, required=False, allow_blank=True)
    show_prompt = YesOrNoField(required=False)
    destination = TextField(max_length=200, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        submission = self.context["submission"]
        form = AmendForm({**model_to_dict(submission, fields=AMENDED), **attrs})
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        return form.cleaned_data


class DecisionSerializer(serializers.Serializer[Decision]):
    """What a reviewer decided; a refusal has a ground and a reason."""

    outcome = serializers.ChoiceField(choices=Decision.Outcome.values)
    ground = GroundSerializer(allow_null=True)
    reason = serializers.CharField()
    decided_at = UnixTimeField(source="created_at")


class SubmissionSerializer(serializers.Serializer[Submission]):
    """A request to share a video, and what became of it."""

    id = serializers.UUIDField()
    object = ConstantField("submission")
    video_id = VideoIdField(source="generation_id")
    title = serializers.CharField()
    credit_name = serializers.CharField()
    note = serializers.CharField()
    show_prompt = serializers.BooleanField()
    destination = serializers.CharField()
    set_id = serializers.IntegerField(
        allow_null=True, help_text="Those that were submitted together have the same one."
    )
    previous_id = serializers.UUIDField(
        allow_null=True, help_text="The submission that it follows, whose changes were asked for."
    )
    status = serializers.ChoiceField(
        source="stage",
        choices=[*Submission.Status.values, Submission.IN_REVIEW[0]],
        help_text="`claimed`: somebody reviews it now.",
    )
    created_at = UnixTimeField()
    due_at = UnixTimeField(
        source="answer_due_at",
        help_text="You have an answer by then. It moves, with an apology, where a date has passed.",
    )
    first_due_at = UnixTimeField(source="due_at", help_text="As promised when it was submitted.")
    closed_at = UnixTimeField(allow_null=True, help_text="When it was decided or taken back.")
    decision = DecisionSerializer(allow_null=True)
    share = ShareSerializer(allow_null=True)
    appeal = serializers.SerializerMethodField()
    appeal_until = serializers.SerializerMethodField(
        help_text="Until when you may appeal; null where there is nothing to appeal against."
    )

    @extend_schema_field(AppealStateSerializer(allow_null=True))
    def get_appeal(self, submission: Submission) -> Any:
        found = appeal_of(submission)
        return AppealStateSerializer(found).data if found else None

    @extend_schema_field({"type": ["integer", "null"], "format": "unixtime"})
    def get_appeal_until(self, submission: Submission) -> int | None:
        refusal = appealable(submission)
        return int(refusal.until.timestamp()) if refusal and refusal.is_open else None


class SubmissionListSerializer(ListAnswer):
    """A page of submissions; the next one begins `after` this one's `last_id`."""

    data = SubmissionSerializer(many=True)
    first_id = serializers.UUIDField(allow_null=True)
    last_id = serializers.UUIDField(allow_null=True)
    has_more = serializers.BooleanField()
