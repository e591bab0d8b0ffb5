"""Searching one's own works."""

from typing import Any

from django import forms
from django.conf import settings

from generations.models import VideoModel
from generations.models.generation import ACTIVE, GenerationQuerySet, Status

STATES = {
    "ready": ("Ready", (Status.READY,)),
    "active": ("Being made", ACTIVE),
    "ended": ("Not made", (Status.FAILED, Status.REFUSED, Status.CANCELLED)),
}


DRAFTS = "drafts"


class LibraryForm(forms.Form):
    q = forms.CharField(label="Words in the prompt", required=False, max_length=200)
    status = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "All"), *((value, label) for value, (label, _) in STATES.items())],
    )
    model = forms.ModelChoiceField(
        VideoModel.objects.all(),
        label="Video model",
        required=False,
        to_field_name="name",
        empty_label="All",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.DRAFT_DAYS:
            states: Any = self.fields["status"]
            states.choices = [*states.choices, (DRAFTS, "Drafts that will be removed")]

    def apply(self, works: GenerationQuerySet) -> GenerationQuerySet:
        """Narrow the works down to what is asked for; what is not understood narrows nothing."""
        self.is_valid()
        for word in self.cleaned_data.get("q", "").split():
            works = works.filter(prompt__icontains=word)
        if state := self.cleaned_data.get("status"):
            works = works.drafts() if state == DRAFTS else works.filter(status__in=STATES[state][1])
        if model := self.cleaned_data.get("model"):
            works = works.filter(video_model=model)
        return works
